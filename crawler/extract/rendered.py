"""A page somebody has already rendered to text: lines in, Harvest out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from bulletin.harvest import BlockEntry, Chrome, Doubt, Evidence, Harvest, Section
from bulletin.source import Source
from bulletin.text.dates import find_dates
from bulletin.text.docnumber import parse_docnumber
from bulletin.text.repair import repair
from bulletin.text.script import script_of
from crawler.extract.byline import byline_of
from crawler.extract.collection import Collection, is_part_heading, offers_samples, read_collection
from crawler.extract.contradictions import contradictions_of
from crawler.extract.deck import read_deck
from crawler.extract.disclosure import fields_of
from crawler.extract.imprint import entries_of, read_headline
from crawler.extract.layout import Layout, lay_out
from crawler.extract.lines import Line, lines_of, matching
from crawler.extract.masthead import Masthead, read_masthead
from crawler.extract.pager import pages_of
from crawler.extract.sections import sections_of
from crawler.extract.signature import read_signature

READ_BY: Final = "rendered/1"
#: 某某人民政府令第7号 is title and number at once.
_LONGEST_ORDER: Final = 40
_BANNER: Final = re.compile(r"(.{4,30}?)(?:文件|\(?公文\)?)$")


@dataclass(slots=True)
class _Reading:
    """A Harvest in the making: values with their origins; what was read first stays."""

    values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def take(self, values: dict[str, Any], origin: str, confidence: float) -> None:
        for name, value in values.items():
            if value not in (None, "", ()) and self.values.get(name) is None:
                self.values[name] = value
                self.evidence[name] = Evidence(origin, confidence)


def read_rendered(text: str, *, url: str = "", source: Source | None = None, today: date | None = None) -> Harvest:
    """Read a page of which only the text is left. Pure; linear in its length; never fails.

    Damage is mended first where it can be mended (`repairs`, `text_received`); what is left of it is doubted. With
    `today`, dates after it are doubted.
    """
    mended = repair(text)
    lines = lines_of(mended.text)
    masthead = read_masthead(lines)
    layout = lay_out(lines, start=masthead.body if masthead else 0, several=masthead is not None)
    lines = [replace(line, tag="figcaption") if i in layout.captions else line for i, line in enumerate(lines)]
    collection = None if _is_published(lines, layout, masthead) else read_collection(lines)
    reading = _Reading()
    if collection:
        body, sections, kind = _read_collection(lines, layout, collection, reading)
    else:
        body, sections, kind = _read_bulletin(lines, layout, masthead, reading)
    reading.doubts += mended.doubts
    found = "\n".join(lines[index].text for index in body)
    if found:
        reading.evidence["text"] = Evidence("text", 0.8 if reading.values.get("title") else 0.6)
    harvest = Harvest(
        kind=kind,
        **reading.values,
        text=found,
        sections=sections,
        language="zh" if found else None,
        script=script_of(found),
        chrome=tuple(Chrome(role, lines[index].text) for index, role in sorted(layout.chrome.items())),
        evidence=tuple(reading.evidence.items()),
        repairs=mended.repairs,
        text_received=text if mended.repairs else None,
        read_by=READ_BY,
    )
    return replace(harvest, doubts=(*reading.doubts, *contradictions_of(harvest, today=today)))


def _is_published(lines: Sequence[Line], layout: Layout, masthead: Masthead | None) -> bool:
    """Whether the page shows a publisher of its own: a disclosure box, a masthead."""
    return bool(layout.block) or masthead is not None


def _read_bulletin(
    lines: Sequence[Line], layout: Layout, masthead: Masthead | None, reading: _Reading
) -> tuple[list[int], tuple[Section, ...], str]:
    """The fields, body and sections of one bulletin: an article or an issue of several."""
    values, doubts = fields_of(layout.block)
    reading.take(values, "block", 0.95)
    reading.doubts += doubts
    if layout.block:
        reading.values["block"] = layout.block.entries
    if masthead:
        _take_masthead(masthead, reading)
    body = _take_deck(lines, layout, masthead, reading)
    _take_imprint(lines, layout, set(masthead.used) if masthead else set(), reading)
    _take_number(lines, layout, reading)
    _take_pages(lines, layout, reading)
    kept = set(body)
    articles = [index for index in masthead.articles if index in kept] if masthead else []
    if len(articles) >= 2:
        return body, _issue(lines, body, articles), "issue"
    texts = [lines[index] for index in body]
    _take_signature(texts, reading)
    _take_byline(texts, reading)
    if not reading.values.get("title"):
        reading.doubts.append(Doubt("title", "no title stands on this page"))
    return body, sections_of(texts), "article"


def _take_masthead(masthead: Masthead, reading: _Reading) -> None:
    label = masthead.label
    values = {
        "title": masthead.name,
        "issue": label.raw,
        "issue_number": label.total if label.total is not None else label.first,
        "office": masthead.office,
        "dated_on": masthead.day,
    }
    reading.take(values, "headline", 0.9)


def _take_deck(lines: Sequence[Line], layout: Layout, masthead: Masthead | None, reading: _Reading) -> list[int]:
    """Title, kicker and subtitle; candidates above them are the site's own, those below belong to the text."""
    used = set(masthead.used) if masthead else set()
    groups = [[i for i in group if i not in used] for group in layout.groups]
    groups = [group for group in groups if group]
    if masthead:
        groups = [[i for i in group if lines[i].text != masthead.name or i >= masthead.body] for group in groups]
        below = sorted(index for group in groups for index in group if index >= masthead.body)
        for group in groups:
            layout.chrome |= {index: "top" for index in group if index < masthead.body}
        if below and not masthead.articles and not reading.values.get("title"):
            reading.take({"title": lines[below[-1]].text}, "text", 0.7)
            below = below[:-1]
        return sorted([*below, *layout.body])
    chosen = _deck_group(groups, layout)
    if chosen is None:
        return list(layout.body)
    group = _without_banner(lines, _once(lines, groups, chosen), reading)
    deck = read_deck([lines[index].text for index in group])
    reading.take({"kicker": deck.kicker, "title": deck.title, "subtitle": deck.subtitle}, "headline", 0.85)
    told = {matching(part) for part in (deck.kicker, deck.title, deck.subtitle) if part}
    rest = [index for part in groups for index in part if matching(lines[index].text) not in told]
    rest = [index for index in rest if index not in group or matching(lines[index].text) not in "".join(told)]
    after = groups[chosen][-1]
    layout.chrome |= {index: "top" for index in rest if index <= after}
    return sorted([*(index for index in rest if index > after), *layout.body])


def _once(lines: Sequence[Line], groups: Sequence[list[int]], chosen: int) -> list[int]:
    """The chosen group, or an earlier line that says the same unbroken."""
    whole = matching("".join(lines[index].text for index in groups[chosen]))
    same = [i for group in groups[:chosen] for i in group if matching(lines[i].text) == whole]
    return same[-1:] or groups[chosen]


def _deck_group(groups: Sequence[Sequence[int]], layout: Layout) -> int | None:
    """The group the title stands in: the last above the imprint, else the last above the text."""
    if not groups:
        return None
    above = [i for i, group in enumerate(groups) if layout.head and group[-1] < layout.head[0]]
    return above[-1] if above else len(groups) - 1


def _without_banner(lines: Sequence[Line], group: Sequence[int], reading: _Reading) -> list[int]:
    """The lines without the red head of a document (某某办公室文件), which names the office."""
    kept: list[int] = []
    for index in group:
        banner = _BANNER.fullmatch(lines[index].text)
        if banner and len(group) > 1:
            reading.take({"office": banner.group(1).strip()}, "headline", 0.8)
        else:
            kept.append(index)
    return kept


def _take_imprint(lines: Sequence[Line], layout: Layout, used: set[int], reading: _Reading) -> None:
    """Head line and editor's line; a date of the masthead (`used`) is none of publication."""
    head = read_headline([lines[index] for index in layout.head if index not in used], "head")
    tail = read_headline([lines[index] for index in layout.tail], "tail")
    for index, position in [*((i, "head") for i in layout.head), *((i, "tail") for i in layout.tail)]:
        if any(_is_unread(entry) for entry in entries_of(lines[index].text, position)):
            layout.chrome[index] = "tools"  # what no field holds (hits, photographers) is kept with its line
    for imprint in (head, tail):
        values: dict[str, Any] = {name: getattr(imprint, name) for name in _IMPRINT}
        if imprint.published:
            values |= {"published_on": imprint.published.day, "published_at": imprint.published.moment}
        reading.take(values, "headline", 0.9)
        reading.doubts += imprint.doubts
    if head.updated and not reading.values.get("published_on"):
        reading.take({"published_on": head.updated.day, "published_at": head.updated.moment}, "headline", 0.5)
        reading.doubts.append(Doubt("published_on", "the page shows only when it was last updated"))


def _is_unread(entry: BlockEntry) -> bool:
    """Whether a value of a head line is in no field."""
    return bool(entry.value) and (
        entry.field in _NO_FIELD or (entry.field == "published" and not find_dates(entry.value))
    )


_NO_FIELD: Final = frozenset({"", "views", "tools", "archived", "updated"})
_IMPRINT: Final = ("author", "source_name", "editor", "reviewer", "office")


def _take_number(lines: Sequence[Line], layout: Layout, reading: _Reading) -> None:
    for index in layout.numbers:
        number = parse_docnumber(lines[index].text.strip(" ()（）"))
        if number is not None:
            reading.take({"number": number.canonical, "number_raw": number.raw}, "headline", 0.9)
    title = reading.values.get("title") or ""
    order = parse_docnumber(title) if len(title) <= _LONGEST_ORDER else None
    if order is not None:
        reading.take({"number": order.canonical, "number_raw": order.raw}, "headline", 0.9)


def _take_pages(lines: Sequence[Line], layout: Layout, reading: _Reading) -> None:
    pages = pages_of([lines[index].text for index, role in layout.chrome.items() if role == "pager"])
    if pages is not None:
        reading.take({"pages": pages}, "text", 0.9)
        missing = ", ".join(map(str, pages.missing))
        reading.doubts.append(Doubt("pages", f"page {pages.number} of {pages.of}; not here: {missing}"))


def _take_signature(texts: Sequence[Line], reading: _Reading) -> None:
    signature = read_signature(texts)
    if signature is None:
        return
    reading.take({"signed_on": signature.day}, "text", 0.8 if signature.doubts else 0.9)
    reading.take({"office": signature.offices[0] if signature.offices else None}, "text", 0.7)
    reading.doubts += signature.doubts


def _take_byline(texts: Sequence[Line], reading: _Reading) -> None:
    """The author in brackets at the end of the text, or of the last paragraph above an annex."""
    if texts and not reading.values.get("author"):
        reading.take({"author": byline_of(texts[-1].text)}, "text", 0.75)


def _issue(lines: Sequence[Line], body: Sequence[int], articles: Sequence[int]) -> tuple[Section, ...]:
    """A section for every article: its heading, the text before its own headings, its sections."""
    sections: list[Section] = []
    ends = [*articles[1:], len(lines)]
    for start, end in zip(articles, ends, strict=True):
        texts = [lines[index] for index in _between(body, start + 1, end)]
        sections.append(_section(lines[start].text, texts))
    return tuple(sections)


def _between(body: Sequence[int], start: int, end: int) -> Sequence[int]:
    """The lines of a body, which are in order, from `start` to before `end`."""
    return body[bisect_left(body, start) : bisect_left(body, end)]


def _section(heading: str, texts: Sequence[Line]) -> Section:
    return Section(heading, "\n".join(line.text for line in texts), sections_of(texts))


def _read_collection(
    lines: Sequence[Line], layout: Layout, collection: Collection, reading: _Reading
) -> tuple[list[int], tuple[Section, ...], str]:
    """The texts of a collection, one section each. No field of theirs is taken for the page's own."""
    kept = set(layout.body) | {index for group in layout.groups for index in group} | set(layout.numbers)
    kept -= set(collection.preamble)
    layout.chrome |= dict.fromkeys(collection.preamble, "preamble")
    first = collection.parts[0][0]
    title = [index for index in sorted(kept) if index < first and len(lines[index].text) <= 60]
    title = [index for index in title if offers_samples(lines[index].text)] or title
    if title:
        reading.take({"title": lines[title[-1]].text}, "headline", 0.6)
    else:
        reading.doubts.append(Doubt("title", "no title stands on this page"))
    layout.chrome |= {index: "preamble" for index in kept if index < first}
    body = [index for index in sorted(kept) if index >= first]
    reading.doubts += collection.doubts
    sections: list[Section] = []
    for start, end in collection.parts:
        texts = [lines[index] for index in _between(body, start, end)]
        heading = texts[0].text if len(texts) > 1 and is_part_heading(texts[0].text) else ""
        sections.append(_section(heading, texts[1:] if heading else texts))
    return body, tuple(sections), "collection"
