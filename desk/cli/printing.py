"""How answers look: data to stdout, words about the work to stderr; tables and progress on a terminal only."""

from __future__ import annotations

import json as jsonlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bulletin.config import Settings
from desk.cli.columns import aligned, as_records, column_widths
from desk.wiring import Home

#: Every this many steps a line where there is no terminal to draw a bar on.
_PLAIN_STEP = 50


@dataclass(frozen=True)
class Printer:
    """Prints in the manner asked for."""

    json: bool = False
    quiet: bool = False
    verbose: bool = False
    progress: bool = True

    @cached_property
    def out(self) -> Console:
        return Console(soft_wrap=True, highlight=False, markup=False, no_color=_no_color(), emoji=False)

    @cached_property
    def err(self) -> Console:
        return Console(stderr=True, soft_wrap=True, highlight=False, markup=False, no_color=_no_color(), emoji=False)

    @property
    def on_terminal(self) -> bool:
        return sys.stdout.isatty()

    @property
    def in_colour(self) -> bool:
        return self.on_terminal and not _no_color()

    def say(self, words: str) -> None:
        """Words about the work."""
        if not self.quiet:
            self.err.print(words)

    def warn(self, words: str) -> None:
        """Words that --quiet does not silence."""
        self.err.print(words)

    def line(self, text: str | Text = "") -> None:
        self.out.print(text)

    def answer(self, value: Any) -> None:
        """One JSON object, lone surrogates escaped."""
        sys.stdout.write(jsonlib.dumps(value, ensure_ascii=False) + "\n")

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Aligned columns, Chinese characters counted as two; without frames, so that it can be cut and grepped."""
        shown = [[str(cell) for cell in row] for row in rows]
        if not self.on_terminal:
            for line in aligned([list(columns), *shown]):
                sys.stdout.write(line + "\n")
        elif widths := column_widths(columns, shown, self.out.width):
            drawn = Table(box=None, pad_edge=False, header_style="bold")
            for column, width in zip(columns, widths, strict=True):
                drawn.add_column(column, min_width=width, overflow="fold")
            for row in shown:
                drawn.add_row(*row)
            self.out.print(drawn)
        else:
            for line in as_records(columns, shown, self.out.width):
                self.out.print(line)

    @contextmanager
    def steps(self, what: str, total: int | None = None) -> Iterator[Callable[[int, str], None]]:
        """A function to call with (done so far, what is at hand): a bar on a terminal, else a line now and then."""
        if self.quiet or not self.progress:
            yield lambda done, note: None
        elif sys.stderr.isatty():
            with self._bar(what, total) as step:
                yield step
        else:
            yield self._plain(what, total)

    @contextmanager
    def _bar(self, what: str, total: int | None) -> Iterator[Callable[[int, str], None]]:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
        )
        with Progress(*columns, console=self.err, transient=True) as progress:
            task = progress.add_task(what, total=total, note="", rate="")

            def step(done: int, note: str) -> None:
                speed = progress.tasks[0].speed
                rate = f"{speed:.1f}/s" if speed else ""
                progress.update(task, completed=done, note=note[:48], rate=rate)

            yield step

    def _plain(self, what: str, total: int | None) -> Callable[[int, str], None]:
        told = 0

        def step(done: int, note: str) -> None:
            nonlocal told
            if done - told >= _PLAIN_STEP:
                told = done
                self.say(f"{what}: {done}" + (f" of {total}" if total else ""))

        return step


@dataclass
class Session:
    """What every command gets: how to print, and the home it works on (settings are read when first asked for)."""

    printer: Printer
    settings_of: Callable[[], Settings]

    @cached_property
    def settings(self) -> Settings:
        return self.settings_of()

    def home(self, *, must_exist: bool = True) -> Home:
        """The home; one that changes things makes it where there is none."""
        home = Home(self.settings)
        if must_exist:
            return home.require()
        if home.make():
            self.printer.say(f"Made a home at {self.settings.home}.")
        return home


def _no_color() -> bool:
    return bool(os.environ.get("NO_COLOR"))
