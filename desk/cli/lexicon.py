"""gongbao index lexicon, and the trial of gongbao index rebuild --dry-run"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from bulletin.errors import UsageError
from bulletin.results import Hit
from desk.cli.printing import Printer, Session
from desk.tasks.lexicon import Effect, changed_lexicon, lexicon_file, own_words, try_index, write_lexicon
from desk.wiring import Home

WORDS = list[str] | None


def add_to(app: typer.Typer) -> None:
    example = "Example: gongbao index lexicon --add 云岫县水利局 --add 青溪河 --dry-run"
    app.command("lexicon", epilog=example)(lexicon)


def lexicon(
    context: typer.Context,
    add: Annotated[WORDS, typer.Option(help="A word of your own: a place, an office (repeatable).")] = None,
    remove: Annotated[WORDS, typer.Option(help="One of your words, taken out (repeatable).")] = None,
    file: Annotated[Path | None, typer.Option("--from", help="A text file with a word a line, all added.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Build a trial index; show what saved searches gain or lose.")
    ] = False,
) -> None:
    """Your own words for the index, which decide the order of hits. Without options: which they are."""
    session: Session = context.obj
    printer = session.printer
    with session.home() as home:
        wanted = [*(add or ()), *(_lines(file) if file else ())]
        if not wanted and not remove and not dry_run:
            _tell_words(printer, home)
            return
        text = changed_lexicon(home, wanted, remove or ())
        if dry_run:
            trial(session, home, text)
            return
        write_lexicon(home, text)
        _tell_words(printer, home)
    printer.say("The index is made anew with them by `gongbao index update`.")


def _lines(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}", "Name a UTF-8 text file with a word a line.") from error
    return [word for line in lines if (word := line.partition("#")[0].strip())]


def _tell_words(printer: Printer, home: Home) -> None:
    words = own_words(home)
    if printer.json:
        printer.answer({"file": str(lexicon_file(home)), "words": words})
        return
    for word in words:
        printer.line(word)
    printer.say(f"{len(words)} words of your own in {lexicon_file(home)}.")


def trial(session: Session, home: Home, words: str | None) -> None:
    """Ask a trial index every saved search, and tell what each gains and loses."""
    printer = session.printer
    total = home.archive.counts()["documents"]
    with printer.steps("building a trial index", total) as step:
        effects = try_index(home, words, lambda done: step(done, ""))
    if printer.json:
        printer.answer({"searches": list(map(_record, effects))})
        return
    for effect in effects:
        _tell(printer, effect)
    if not effects:
        printer.say("No search is saved, so that nothing can be compared; `gongbao saved add` keeps one.")
        return
    differing = sum(bool(effect.gained or effect.lost) for effect in effects)
    ordered = sum(bool(effect.risen or effect.fallen) for effect in effects)
    printer.say(
        f"{len(effects)} saved searches: {differing} gain or lose hits, {ordered} have others among the first ten. "
        "Nothing was changed."
    )


def _tell(printer: Printer, effect: Effect) -> None:
    if effect.error:
        printer.line(f"{effect.name}: {effect.error}")
        return
    printer.line(f"{effect.name}: {effect.before} before, {effect.after} after")
    parts: tuple[tuple[str, Sequence[Hit]], ...] = (
        ("gained", effect.gained),
        ("lost", effect.lost),
        ("now among the first ten", effect.risen),
        ("no longer among them", effect.fallen),
    )
    for what, hits in parts:
        for hit in hits:
            printer.line(f"  {what}: {hit.title or '(no title)'}  {hit.document_id}")


def _record(effect: Effect) -> dict[str, Any]:
    lists = ("gained", "lost", "risen", "fallen")
    return asdict(effect) | {
        name: [{"id": hit.document_id, "title": hit.title} for hit in getattr(effect, name)] for name in lists
    }
