"""What an archive does for itself besides crawling: each chore by its name, as a run of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bulletin.alert import Matter
from bulletin.errors import IntegrityError, UsageError, did_you_mean
from bulletin.record import CHINA
from desk.alerts.message import clean
from desk.tasks.alerting import announce
from desk.tasks.copying import back_up
from desk.tasks.crawling import follow_up
from desk.tasks.saving import Fresh, run_saved, saved_names, saved_search
from desk.tasks.verifying import verify
from desk.wiring import Home

#: So many days it takes until every kept capture has been read again.
SHARES: Final = 30


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` gives words about what it did; the argument is what its schedule was given. `cron` is when it is done
    unless somebody says otherwise; "" is when it is scheduled by hand, or follows another run."""

    words: str
    do: Callable[[Home, str, datetime], list[str]]
    cron: str = ""
    check: Callable[[Home, str], None] = lambda home, argument: _check_word(argument)


def the_chore(kind: str) -> Chore:
    """UsageError for a word that names none."""
    if kind not in CHORES:
        raise UsageError(f"There is no chore {kind!r}.", did_you_mean(kind, list(CHORES)))
    return CHORES[kind]


def _index(home: Home, argument: str, now: datetime) -> list[str]:
    return [f"the index learnt of {follow_up(home)} bulletins"]


def _saved(home: Home, argument: str, now: datetime) -> list[str]:
    """What is new is on its way to the channels before it counts as announced."""
    told, broken = [], []
    for name in [argument] if argument else saved_names(home):
        try:
            fresh = run_saved(home, name, tell=lambda fresh: announce(home, _news_of(fresh), now))
        except UsageError as error:  # a file somebody wrote must not keep the other searches from being run
            broken.append(f"{name}: {error.message}")
            continue
        told += [f"{name}: {line}" for line in _found(fresh)]
    if broken:
        raise UsageError("; ".join(broken), "Correct these searches; the others were run.")
    return told or ["there is no saved search"]


def _news_of(fresh: Fresh) -> Matter:
    return Matter("", "saved", fresh.name, "\n".join(_found(fresh)))


def _found(fresh: Fresh) -> list[str]:
    results = fresh.results
    more = results.total - len(results.hits)
    lines = [f"{results.total} new of {fresh.total}", *(clean(f"{hit.title} {hit.url}") for hit in results.hits)]
    return [*lines, f"and {more} more: gongbao search --saved {fresh.name}"] if more else lines


def _verify(home: Home, argument: str, now: datetime) -> list[str]:
    """The share of the day; with the argument `all` everything. IntegrityError names the first mismatch."""
    share = None if argument == "all" else (now.astimezone(CHINA).toordinal(), SHARES)
    made = verify(home, share=share, now=now)
    if made.faults:
        first = made.faults[0]
        raise IntegrityError(
            f"{len(made.faults)} mismatches, the first: {first.where} {first.item}: {first.reason}",
            f"They stand in {made.report}",
        )
    part = "everything" if share is None else f"share {share[0] % share[1] + 1} of {share[1]}"
    return [f"{part}: {made.records} records in {made.files} files, {made.bytes} bytes, no mismatch"]


def _back_up(home: Home, argument: str, now: datetime) -> list[str]:
    made = back_up(home, Path(argument), now=now)
    return [f"{argument}: {len(made.files)} files, {made.copied} of them copied now"]


def _check_word(argument: str, *known: str) -> None:
    if argument and argument not in known:
        advice = f"It takes {' or '.join(known)}, or nothing." if known else "It takes nothing: leave out --to."
        raise UsageError(f"This chore does not know what to do with {argument!r}.", advice)


def _check_search(home: Home, argument: str) -> None:
    if argument:
        saved_search(home, argument)


def _check_folder(home: Home, argument: str) -> None:
    folder = Path(argument).expanduser()
    if not argument or not folder.is_absolute():
        raise UsageError("A backup needs a folder to go to.", "--to /mnt/copies/yunxiu")
    if folder == home.settings.home or folder.is_relative_to(home.settings.home):
        raise UsageError(f"{folder} lies in what is to be backed up.", "Name a folder elsewhere, on another disk.")


CHORES: Final[dict[str, Chore]] = {
    "index": Chore("let index and seals follow the archive", _index),
    "saved": Chore("run saved searches and tell what is new", _saved, check=_check_search),
    "verify": Chore(
        "read a share of what is kept again, and compare",
        _verify,
        "30 4 * * *",
        lambda home, argument: _check_word(argument, "all"),
    ),
    "backup": Chore("copy the home out", _back_up, check=_check_folder),
}
