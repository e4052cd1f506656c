"""What a source is called after a run, and why."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from archive import Archive
from bulletin.errors import GongbaoError
from bulletin.ledger import TEMPLATE_CHANGED
from bulletin.record import CHINA
from bulletin.run import Run
from bulletin.source import Source
from bulletin.vitals import Condition, Finding, Observed
from desk.health.words import ColumnHistory, judge
from desk.wiring import Home

log: Final = logging.getLogger(__name__)

#: Earlier runs of a column that are looked at.
RUNS: Final = 20
#: A bulletin that was found late is a sign of life only if it is not old.
_FRESH: Final = timedelta(30)


def check_sources(home: Home, runs: Iterable[Run]) -> list[Condition]:
    """Finds the word for every source that was just crawled, and keeps it. A run that met no column says nothing of
    its site and changes nothing: one that asked for nothing, or ended by a fault of ours. What the crawl brought does
    not depend on this: a fault here is logged."""
    found = []
    for run in runs:
        try:
            condition = judge_run(home.archive, run) if run.ended_at else None
        except GongbaoError:
            raise
        except Exception:
            log.exception("the word for %s could not be found", run.source_id)
            continue
        found += [condition] if condition else []
    return found


def judge_run(archive: Archive, run: Run) -> Condition | None:
    """The word for the source of a run that has ended, kept. None where there is nothing to go by."""
    source = archive.source(run.source_id)
    met = {visit.observed.column: visit.observed for visit in archive.vitals.of_run(run.id)}
    if source is None or not met:
        return None
    today = _day(run.started_at)
    columns = list(histories(archive, source, met, run.id, today))
    if not any(column.now for column in columns):
        return None
    word, findings = judge(columns, today, _events(archive, run))
    named = tuple(replace(finding, column=_name(source, finding.column)) for finding in findings)
    return archive.vitals.settle(Condition(source.id, word, run.started_at, run.started_at, run.id, named))


def histories(
    archive: Archive, source: Source, met: Mapping[str, Observed], run_id: int | None, today: date
) -> Iterator[ColumnHistory]:
    """What is known of each column of a source: what a run met there, by column id, and what was before that run."""
    every = archive.vitals.publishing(source.id)
    first = archive.vitals.watched_since(source.id)
    for column in source.columns:
        now, published = met.get(column.id), every.get(column.id, [])
        before = archive.vitals.visits(source.id, column.id, RUNS, run_id)
        looked = [visit for visit in before if visit.observed.pages]
        begun = _day(first[column.id]) if column.id in first else None
        read_on = today if now and now.pages else _day(looked[0].seen_at) if looked else None
        shown = [one.newest_on for one in (now, *(visit.observed for visit in looked[:1])) if one]
        yield ColumnHistory(
            column.id,
            column.name,
            now,
            [visit.observed for visit in before],
            [day for day, _ in published if day],
            _last_sign(published, shown, begun, today),
            read_on,
            begun,
        )


def _last_sign(
    published: Sequence[tuple[date | None, date]], shown: Sequence[str], begun: date | None, today: date
) -> date | None:
    """The last day on which a column showed life: the newest date on its bulletins or in its list, or the day before a
    fresh bulletin was found, whatever its date, that had not been there when the column was first read."""
    days = [day for day, _ in published if day]
    days += [day for text in shown if (day := _day_in(text))]
    if begun:
        found = (seen for day, seen in published if seen > begun and (day is None or seen - day <= _FRESH))
        days += [seen - timedelta(1) for seen in found]
    return max((day for day in days if day <= today), default=None)


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None  # a list may show no more than a month


def _events(archive: Archive, run: Run) -> Iterator[Finding]:
    """What the ledger noticed in the course of this run."""
    for event in archive.ledger.events(run.source_id, kind=TEMPLATE_CHANGED, since=run.started_at):
        yield Finding("template_changed", "", event.note, "redesigned")


def _name(source: Source, column_id: str) -> str:
    column = source.column(column_id)
    return f"{column.name} ({column_id})" if column and column.name != column_id else column_id


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
