"""The commands in one tree, and the options they all share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer
import typer.main
from typer.core import TyperGroup

from bulletin.config import load
from desk.cli.printing import Printer, Session

#: Commands and the files they are in, in the order of the help. A file is loaded when its command is typed: all of them
#: together, with what they need, take two seconds.
_FILES: Final = {
    "demo": "demo",
    "init": "keeping",
    "status": "overseeing",
    "metrics": "measuring",
    "doctor": "doctoring",
    "upgrade": "upgrading",
    "crawl": "crawling",
    "read": "reading",
    "import": "reading",
    "repair": "repairing",
    "search": "finding",
    "show": "finding",
    "export": "exporting",
    "verify": "verifying",
    "backup": "copying",
    "restore": "copying",
    "diff": "comparing",
    "replay": "replaying",
    "withdrawn": "withdrawing",
    "worker": "worker",
    "source": "sources",
    "index": "indexing",
    "saved": "saved",
    "schedule": "schedules",
    "runs": "runs",
    "alerts": "alerts",
    "config": "keeping",
}


class _Commands(Mapping[str, Any]):
    """The commands by name, each loaded when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        module = import_module(f"desk.cli.{_FILES[name]}")
        part = typer.Typer(rich_markup_mode=None)
        module.add_to(part)
        return typer.main.get_group(part).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_FILES)

    def __len__(self) -> int:
        return len(_FILES)


class _Tree(TyperGroup):
    """All commands, none of them loaded."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = cast(Any, _Commands())

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)


app = typer.Typer(
    name="gongbao",
    cls=_Tree,
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
