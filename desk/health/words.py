"""One word for a source: 正常 normal, 停更 stalled, 疑似改版 redesigned, 站点故障 fault, 被拦截 blocked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bulletin.vitals import WORDS, Finding, Observed
from desk.health.abnormal import changes_of
from desk.health.rhythm import Rhythm, rhythm_of
from desk.health.workdays import guessed

#: Each word as archivists know it, and in English.
SPOKEN: Final[dict[str, tuple[str, str]]] = {
    "normal": ("正常", "normal"),
    "stalled": ("停更", "stalled"),
    "redesigned": ("疑似改版", "suspected redesign"),
    "fault": ("站点故障", "site fault"),
    "blocked": ("被拦截", "blocked"),
}


@dataclass(frozen=True, slots=True)
class ColumnHistory:
    """What is known of one column when a run has ended.

    `now` is what this run observed (None: it did not come to the column), `before` earlier runs, newest first. `days`
    are those on which its bulletins say they were published; `last_on` is the last sign of life of any kind. `read_on`
    is when its list was last read, `watched_from` when it was first.
    """

    column: str
    name: str
    now: Observed | None
    before: Sequence[Observed] = ()
    days: Sequence[date] = ()
    last_on: date | None = None
    read_on: date | None = None
    watched_from: date | None = None

    def rhythm(self, today: date) -> Rhythm | None:
        """What is expected of the column; None where too little is known of it."""
        return rhythm_of(self.days, today, self.last_on)


def judge(columns: Sequence[ColumnHistory], today: date, more: Iterable[Finding] = ()) -> tuple[str, list[Finding]]:
    """The word for a source and everything that speaks for one, the gravest first. `more` are findings from elsewhere.

    A single list out of reach while others are read is a passing trouble at first: it counts when it comes twice. A
    list that never had entries counts where no other has any either.
    """
    met = [column for column in columns if column.now is not None]
    reached = any(column.now and column.now.pages for column in met)
    barren = not any(column.now and column.now.rows for column in met)
    findings = [*more, *(finding for column in met for finding in _changes(column, reached))]
    if barren:
        findings = [replace(one, word="redesigned") if one.code == "list_empty" else one for one in findings]
    findings += _silences(columns, today)
    findings.sort(key=lambda finding: -WORDS.index(finding.word))
    return (findings[0].word if findings else "normal"), findings


def _changes(column: ColumnHistory, reached: bool) -> Iterator[Finding]:
    """`reached`: some list of the site was read in this run."""
    assert column.now is not None
    for finding in changes_of(column.now, column.before):
        again = bool(column.before) and bool(column.before[0].list_trouble)
        passing = finding.code == "unreachable" and reached and not again
        yield replace(finding, word="normal") if passing else finding


def _silences(columns: Sequence[ColumnHistory], today: date) -> Iterator[Finding]:
    """Columns that have been silent for too long. One that was so when it was first looked at has ended, and is no
    news (code `ended`); beside columns that publish it says nothing about the site."""
    broken = [(column, rhythm) for column in columns if (rhythm := _broken(column, today))]
    for column, rhythm in broken:
        assert column.read_on is not None
        ended = column.watched_from is not None and rhythm.is_broken(column.watched_from)
        words = (
            f"nothing since {rhythm.last_on}, for {rhythm.silence(column.read_on)} working days; nine of ten gaps "
            f"are {rhythm.usual} at most, so {rhythm.patience} are too many"
        )
        if years := guessed(rhythm.last_on, column.read_on):
            words += f" (public holidays of {', '.join(map(str, years))} unknown)"
        word = "normal" if ended and len(broken) < len(columns) else "stalled"
        yield Finding("ended" if ended else "silent", column.column, words, word)


def _broken(column: ColumnHistory, today: date) -> Rhythm | None:
    """The rhythm of a column that was silent for too long when its list was last read."""
    rhythm = column.rhythm(today)
    return rhythm if rhythm and column.read_on and rhythm.is_broken(column.read_on) else None


def is_trouble(findings: Iterable[Finding]) -> bool:
    """Whether somebody should look at a source of which this was found."""
    return any(finding.word != "normal" and finding.code != "ended" for finding in findings)


def reasons(findings: Iterable[Finding]) -> str:
    """What speaks against a source, in words."""
    against = [finding for finding in findings if finding.word != "normal"]
    return "; ".join(f"{one.column}: {one.reason}" if one.column else one.reason for one in against)


def said(word: str) -> str:
    """A word in Chinese and English."""
    chinese, english = SPOKEN[word]
    return f"{chinese} {english}"
