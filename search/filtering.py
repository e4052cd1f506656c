"""Which papers come into question at all: dates, source, region, office, number. The same for every engine."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bulletin.errors import UsageError, did_you_mean
from bulletin.query import DateRange, Filters
from bulletin.text.docnumber import match_key, parse_docnumber
from bulletin.text.numerals import by_place, number_of
from bulletin.text.regions import regions_named
from search.characters import BORDER, characters
from search.entry import Entry
from search.office_names import office_needles

DATES: Final = ("published", "dated", "seen")
UNDATED: Final = ("include", "exclude", "only")
_LONGEST: Final = 60
_SERIAL: Final = "[0-9０-９]{1,5}|[〇○零一二三四五六七八九十百千]{1,7}(?=[号號])"
#: Code, year and serial without all that stands between them: 〔2019〕第9号, [2019]9, 2019年9号, 〔二〇一九〕九号.
_PIECE: Final = re.compile(
    r"([^\W\d_]{0,12})[\[［〔【〖﹝｛{《〈<＜（(]?((?:19|20|１９|２０)\d{2}|[一二][〇○零一二三四五六七八九]{3})"
    rf"(?:[\]］〕】〗﹞｝}}》〉>＞）)]年?第?|年第?|第)({_SERIAL})([号號]?)"
)
_SERIAL_ALONE: Final = re.compile(rf"第({_SERIAL})([号號])")


@dataclass(frozen=True, slots=True)
class Card:
    """What is kept in memory of each bulletin: enough to filter, order, count and name it.

    `office_key` and `number_keys` are in the exact layer's characters; `number_order` sorts as document numbers count;
    `length` counts its words as the ranking does.
    """

    document_id: str
    revision: int
    seq: int
    source: str
    region: str
    url: str
    kind: str
    title: str
    number: str | None
    index_number: str | None
    office: str | None
    dated_on: date | None
    published_on: date | None
    first_seen: date | None
    office_key: str
    number_keys: str
    number_order: str
    topic: tuple[str, ...]
    length: int

    def day(self, name: str) -> date | None:
        """The date called `published`, `dated` or `seen`."""
        return self.published_on if name == "published" else self.dated_on if name == "dated" else self.first_seen


def card_of(entry: Entry, length: int) -> Card:
    return Card(
        document_id=entry.document_id,
        revision=entry.revision,
        seq=entry.seq,
        source=entry.source,
        region=entry.region,
        url=entry.url,
        kind=entry.kind,
        title=entry.title,
        number=entry.number,
        index_number=entry.index_number,
        office=entry.office,
        dated_on=entry.dated_on,
        published_on=entry.published_on,
        first_seen=entry.first_seen,
        office_key=characters(entry.office or ""),
        number_keys=BORDER.join(characters(n) for n in (entry.number, entry.number_raw, entry.index_number) if n),
        number_order=number_order(entry.number or ""),
        topic=entry.topic,
        length=length,
    )


def number_order(number: str) -> str:
    """A key that puts document numbers by code, year and serial; "" for none. What is no number stands as printed."""
    key = match_key(number) if number else None
    return f"{key[0]}\0{key[1] or 0:04}\0{key[2]:012}" if key else characters(number)


def passes(filters: Filters) -> Callable[[Card], bool]:
    """A test for one card. UsageError for filters that cannot be meant."""
    tests: list[Callable[[Card], bool]] = []
    if filters.range != DateRange():
        tests.append(_in_range(filters.range))
    if filters.source:
        sources = frozenset(filters.source)
        tests.append(lambda card: card.source in sources)
    if filters.region:
        prefixes = region_prefixes(filters.region)
        tests.append(lambda card: card.region.startswith(prefixes))
    if filters.office:
        _asked(filters.office, "office")
        offices = office_needles(filters.office)
        tests.append(lambda card: any(office in card.office_key for office in offices))
    if filters.number:
        _asked(filters.number, "number")
        needles = number_needles(filters.number)
        tests.append(lambda card: any(needle in card.number_keys for needle in needles))
    return lambda card: all(test(card) for test in tests)


def _in_range(asked: DateRange) -> Callable[[Card], bool]:
    if asked.date not in DATES:
        raise UsageError(f"There is no date called {asked.date!r}.", did_you_mean(asked.date, list(DATES)))
    if asked.undated not in UNDATED:
        raise UsageError(f"undated cannot be {asked.undated!r}.", did_you_mean(asked.undated, list(UNDATED)))
    start, end = asked.start or date.min, asked.end or date.max
    if start > end:
        raise UsageError(f"The date range {start} to {end} ends before it begins.", "Exchange its two ends.")
    undated, only, name = asked.undated != "exclude", asked.undated == "only", asked.date

    def test(card: Card) -> bool:
        day = card.day(name)
        return undated if day is None else not only and start <= day <= end

    return test


def _asked(text: str, name: str) -> str:
    found = characters(text)
    if not found:
        raise UsageError(
            f"The {name} {text!r} holds no letter, digit or Chinese character.", f"Give a part of the {name}."
        )
    return found


def number_needles(text: str) -> tuple[str, ...]:
    """The forms in which a document number, or a piece of one, is looked for: as typed, and as it would be printed."""
    parsed = parse_docnumber(text)
    forms = (characters(text), characters(parsed.canonical) if parsed else "", _as_printed(text))
    return tuple(dict.fromkeys(form for form in forms if form))


def is_number(text: str) -> bool:
    """Whether a text is a document number, or a piece of one that tells year and serial, or 第9号."""
    return bool(parse_docnumber(text) or _as_printed(text))


def _as_printed(text: str) -> str:
    """The characters of a piece of a number as they stand in numbers: 2019年第9号 is 20199号 there; "" for no piece."""
    dense = "".join(text.split()) if len(text) <= _LONGEST else ""
    if alone := _SERIAL_ALONE.fullmatch(dense):
        return characters(f"{number_of(alone[1]) or ''}{alone[2]}") if number_of(alone[1]) else ""
    piece = _PIECE.fullmatch(dense)
    year, serial = (by_place(piece[2]), number_of(piece[3])) if piece else (None, None)
    return characters(f"{piece[1]}{year}{serial}{piece[4]}") if piece and year and serial else ""


def region_codes(text: str) -> tuple[str, ...]:
    """Division codes for a code, its leading digits, or a name; none for a name nobody knows."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text.isascii() and text.isdigit():
        return (text,) if len(text) <= 12 else ()
    return tuple(dict.fromkeys(region.code for region in regions_named(text))) if text else ()


def region_prefixes(text: str) -> tuple[str, ...]:
    codes = region_codes(text)
    if not codes:
        advice = "Give the six digits of a division code, its first two or four, or the full name of a place."
        raise UsageError(f"No region is called {text!r}.", advice)
    return tuple(_leading(code) for code in codes)


def _leading(code: str) -> str:
    """The digits all places below a division share: 610000 is every 61…, 610700 every 6107…"""
    if len(code) == 6:
        return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return code
