"""gongbao init, gongbao config"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bulletin.config import CONFIG_NAME, SECRETS
from desk.cli.printing import Session
from desk.wiring import Home

config_app = typer.Typer(
    help="The settings, and the layer each came from.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    app.command("init", epilog="Example: gongbao init 云岫档案")(init)
    app.add_typer(config_app, name="config")


def init(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="Where; --home or ./gongbao-home without it.", metavar="DIR")
    ] = None,
) -> None:
    """Make a home: a folder for the database, the index, the captures and the logs."""
    session: Session = context.obj
    settings = session.settings
    if folder is not None:
        settings = replace(settings, home=folder.expanduser().absolute())
    with Home(settings) as home:
        made = home.make()
        home.archive.counts()  # the database is made, or its version refused, now and not at the first crawl
    if session.printer.json:
        session.printer.answer({"home": str(settings.home), "made": made})
        return
    session.printer.line(f"{settings.home}  {'made' if made else 'was there already'}")
    session.printer.say(
        f"Settings: {settings.home / CONFIG_NAME}. Next: gongbao --home {settings.home} source add FILE"
    )


@config_app.command("show")
def show(context: typer.Context) -> None:
    """Every setting, its value, and the layer that gave it: default, file, environment or flag."""
    session: Session = context.obj
    settings = session.settings
    values = [
        (name, "(set)" if name in SECRETS and value else value, layer) for name, value, layer in settings.values()
    ]
    rows = [("home", str(settings.home), settings.origins.get("home", "default")), *values]
    if session.printer.json:
        session.printer.answer({name: {"value": value, "from": layer} for name, value, layer in rows})
    else:
        session.printer.table(("setting", "value", "from"), [(n, v if v != "" else "–", layer) for n, v, layer in rows])


@config_app.command("check")
def check(context: typer.Context) -> None:
    """Read all settings; a wrong one is named, with what to put in its place."""
    session: Session = context.obj
    settings = session.settings
    if session.printer.json:
        session.printer.answer({"home": str(settings.home), "ok": True})
    else:
        session.printer.line(f"The settings of {settings.home} are in order.")
