"""What is no longer as a source's description says. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bulletin.harvest import Harvest
from bulletin.probe import SURE, ColumnSeen, Drift, Probe, Sample
from bulletin.source import Source

#: Fields every bulletin of a county has; where most fresh ones lack one, the reading no longer fits the pages.
_ALWAYS: Final = ("title", "text", "published_on")
#: Fields a bulletin may have; what an earlier reading found there should still be found.
_SOMETIMES: Final = ("number", "index_number", "office", "source_name", "dated_on")


def drifts_of(source: Source, probe: Probe, *, had: Mapping[str, int], kept: Mapping[str, Harvest]) -> list[Drift]:
    """Every difference between the source as described and as it was seen.

    `had` counts the bulletins kept of each column, `kept` holds the newest reading of those looked at again, by URL.
    """
    if probe.code:
        return [Drift("site_unreachable", source.url, f"{probe.code}: {probe.reason}")]
    found = [drift for seen in probe.columns for drift in _column(source, seen, had.get(seen.column.id, 0))]
    if source.site_code and probe.site_codes and source.site_code not in probe.site_codes:
        words = f"the pages carry {', '.join(probe.site_codes)}, not {source.site_code}"
        found.append(Drift("site_code_changed", source.url, words))
    by_column: dict[str, list[Sample]] = {}
    for sample in probe.samples:
        by_column.setdefault(sample.column, []).append(sample)
    for column, samples in by_column.items():
        found += _readings(column, samples, kept)
    return found


def _column(source: Source, seen: ColumnSeen, had: int) -> Iterator[Drift]:
    where = f"{seen.column.name} ({seen.column.url})"
    if seen.code:
        yield Drift("column_unreachable", where, f"{seen.code}: {seen.trouble}")
        return
    if not seen.families:
        return  # not looked at: the few requests of one look went to other columns
    if not seen.rows and (had or not seen.says_empty):
        kept = f"; {had} bulletins are kept of it" if had else ""
        yield Drift("column_empty", where, "no entries were found" + kept)
    elif seen.trouble:
        yield Drift("column_unreachable", where, seen.trouble)
    expected = seen.column.family or source.family
    likely = max((one for one in seen.families if one.name != "generic"), key=lambda one: one.score, default=None)
    score = next((one.score for one in seen.families if one.name == expected), 0.0)
    if expected != "generic" and score < SURE:
        now = (
            f"now like {likely.name} ({likely.score:.2f})"
            if likely and likely.score >= SURE
            else "like no known system"
        )
        yield Drift("family_changed", where, f"little of {expected} is left ({score:.2f}); {now}")


def _readings(column: str, samples: Sequence[Sample], kept: Mapping[str, Harvest]) -> Iterator[Drift]:
    read = [(sample.url, sample.harvest) for sample in samples if sample.harvest]
    unread = [sample for sample in samples if sample.harvest is None]
    if unread and len(unread) * 2 >= len(samples):
        words = ", ".join(dict.fromkeys(sample.code for sample in unread))
        yield Drift("unreadable", column, f"{len(unread)} of {len(samples)} bulletins could not be read ({words})")
    for field in _ALWAYS:
        lacking = [url for url, harvest in read if not getattr(harvest, field)]
        if lacking and len(lacking) * 2 > len(read):
            yield Drift("fields_missing", column, f"{len(lacking)} of {len(read)} bulletins have no {field}")
    for field in _SOMETIMES:
        lost = [url for url, harvest in read if not getattr(harvest, field) and getattr(kept.get(url), field, None)]
        if lost:
            yield Drift("fields_missing", column, f"{field} is gone from {len(lost)} bulletins, such as {lost[0]}")
