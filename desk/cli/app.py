"""The commands in one tree, and the options they all share."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from bulletin.config import load
from desk.cli import (
    alerts,
    comparing,
    copying,
    crawling,
    demo,
    doctoring,
    exporting,
    finding,
    indexing,
    keeping,
    measuring,
    overseeing,
    reading,
    repairing,
    replaying,
    runs,
    saved,
    schedules,
    sources,
    upgrading,
    verifying,
    withdrawing,
    worker,
)
from desk.cli.printing import Printer, Session

app = typer.Typer(
    name="gongbao",
    help="Gongbao 公报 collects, keeps and finds the bulletins of Chinese county governments.",
    epilog="--home, --config, --json, --quiet, --verbose and --no-progress may stand before or after the command.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gongbao {version('gongbao')}")
        raise typer.Exit


@app.callback()
def _session(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(help="The home: database, index, captures, logs.", envvar="GONGBAO_HOME")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A configuration file in place of the home's gongbao.toml.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing about the work.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more about the work; show traces.")] = False,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress bars.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    # A group's --help must work where the configuration is broken, so settings are read when first asked for.
    printer = Printer(json=json, quiet=quiet, verbose=verbose, progress=not no_progress)
    context.obj = Session(printer, lambda: load(home=home, config=config))


for module in (
    demo,
    keeping,
    overseeing,
    measuring,
    doctoring,
    upgrading,
    crawling,
    reading,
    repairing,
    finding,
    exporting,
    verifying,
    copying,
    comparing,
    replaying,
    withdrawing,
    worker,
):
    module.add_to(app)
app.add_typer(sources.app, name="source")
app.add_typer(indexing.app, name="index")
app.add_typer(saved.app, name="saved")
app.add_typer(schedules.app, name="schedule")
app.add_typer(runs.app, name="runs")
app.add_typer(alerts.app, name="alerts")
app.add_typer(keeping.config_app, name="config")
