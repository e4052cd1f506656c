"""The pages of one article put together, and what says that an article has further pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bulletin.harvest import Doubt, Harvest, Pages
from crawler.extract.lines import lines_of
from crawler.extract.sections import sections_of

_T = TypeVar("_T")


def stitch(parts: Sequence[tuple[int, Harvest]], of: int) -> Harvest:
    """The pages of one article as one harvest, in order of their numbers (from 1), of `of` in all.

    Fields come from the first page that has them. A page not among `parts`, or one that repeats the text of another (as
    servers do beyond the last page), is named in `pages.missing` and in a doubt. Raises ValueError without any part.
    """
    if not parts:
        raise ValueError("no page to put together")
    kept: dict[int, Harvest] = {}
    seen: set[str] = set()
    for number, harvest in sorted(parts, key=lambda part: part[0]):
        if number not in kept and (harvest.text not in seen or not harvest.text):
            kept[number] = harvest
            seen.add(harvest.text)
    harvests = list(kept.values())
    of = max(of, *kept)
    missing = tuple(number for number in range(1, of + 1) if number not in kept)
    doubts = list(_unlike(doubt for harvest in harvests for doubt in harvest.doubts))
    if missing:
        doubts.append(Doubt("pages", f"of {of} pages these are missing: {', '.join(map(str, missing))}"))
    text = "\n".join(harvest.text for harvest in harvests if harvest.text)
    return replace(
        _fields(harvests),
        text=text,
        sections=sections_of(lines_of(text)),
        attachments=_unlike((a for h in harvests for a in h.attachments), key=lambda a: a.url or a.name),
        tables=tuple(table for harvest in harvests for table in harvest.tables),
        rows=_unlike((row for harvest in harvests for row in harvest.rows), key=lambda row: row.url),
        chrome=_unlike(line for harvest in harvests for line in harvest.chrome),
        doubts=tuple(doubts),
        links=(),
        pages=Pages(1, of, missing),
    )


_FIELDS = (
    "title kicker subtitle issue issue_number number number_raw index_number office genre disclosure validity dated_on "
    "signed_on published_on published_at effective_on expires_on author source_name editor reviewer topic block "
    "language script"
).split()


def _fields(harvests: Sequence[Harvest]) -> Harvest:
    """The first harvest, its gaps filled from the later ones (a signature stands on the last page)."""
    found = harvests[0]
    evidence = dict(found.evidence)
    for later in harvests[1:]:
        gaps = {name: getattr(later, name) for name in _FIELDS if not getattr(found, name) and getattr(later, name)}
        evidence |= {name: value for name, value in later.evidence if name in gaps}
        found = replace(found, **gaps)
    return replace(found, evidence=tuple(evidence.items()))


def _unlike(items: Iterable[_T], key: Callable[[_T], object] = lambda item: item) -> tuple[_T, ...]:
    found: dict[object, _T] = {}
    for item in items:
        found.setdefault(key(item), item)
    return tuple(found.values())
