"""What an archivist types -> Query.

    防火 通知              both                      防火 OR 防汛, 防火 | 防汛     either
    "森林防火工作"         as one run                -防汛, NOT 防汛               without
    (a | b) c              grouping                  防火*                         begins so
    标题: 文号: 索引号: 机构: 来源: 县: 日期:         title: number: index: office: source: region: date:
    2019-01..2019-06       a range of dates          "防火 宣传"~5                 near each other
    原字形:發展            these very glyphs

Text between two blanks is one run of characters: punctuation within it says nothing. Input that is not balanced is
mended, and a note says how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from bulletin.errors import UsageError, did_you_mean
from bulletin.query import AllOf, Among, AnyOf, DateRange, Filters, Glyphs, Near, Node, Not, Phrase, Query, Words
from bulletin.text.dates import date_range
from bulletin.text.docnumber import parse_docnumber
from search.characters import characters
from search.entry import CHINA
from search.field_names import FIELD_NAMES, PLAIN_WORDS
from search.filtering import number_needles, region_codes
from search.lexing import Lexeme, lex

MAX_TERMS: Final = 200
MAX_RUN: Final = 2_000
MAX_DISTANCE: Final = 1_000

SORTS: Final = ("relevance", "newest", "oldest", "number")

_FIELD: Final = re.compile(r"([^\s:：]{1,20})[:：](.*)", re.DOTALL)
_LONGEST_NAME: Final = 5
_LATIN_NAME: Final = re.compile(r"[a-z_]{2,20}")
_YEAR: Final = re.compile(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}[日号])?)?")
#: Year and serial without the code before them: 〔2019〕第9号, [2019]9, 2019年9号.
_PIECE_OF_NUMBER: Final = re.compile(
    r"[\[［〔【（(]?((?:19|20|１９|２０)\d{2})(?:[\]］〕】）)]年?第?|年第?|第)(\d{1,5})([号號]?)"
)
_NEGATION: Final = "-－−"

Regions = Callable[[str], Sequence[str]]


def parse_query(
    text: str,
    *,
    filters: Filters | None = None,
    sort: str = "relevance",
    limit: int = 10,
    offset: int = 0,
    facets: bool = False,
    explain: bool = False,
    today: date | None = None,
    regions: Regions | None = None,
    only: Sequence[tuple[str, str]] = (),
    without: Sequence[tuple[str, str]] = (),
    collapse: bool = False,
) -> Query:
    """The question `text` asks. `regions` gives the division codes of a name, beside those everybody knows.

    UsageError, with advice, for an unknown field, for a question that asks for nothing (only punctuation and no
    filter), and for one of more than MAX_TERMS terms or MAX_RUN characters in a run.
    """
    if sort not in SORTS:
        raise UsageError(f"There is no order {sort!r}.", did_you_mean(sort, list(SORTS)))
    if limit < 0 or offset < 0:
        raise UsageError("limit and offset count from 0.", "Give numbers that are not negative.")
    given = filters or Filters()
    lexemes, notes = lex(text)
    reading = _Reading(lexemes, notes, given, today or datetime.now(CHINA).date(), regions)
    words = reading.whole()
    if words is None and given == Filters() and not only and not without:
        message = "The query holds no letter, digit or Chinese character." if text.strip() else "The query is empty."
        raise UsageError(
            message, "Type a word, e.g. 防火, or give a filter such as a date range, a source or an office."
        )
    noted = tuple(dict.fromkeys(notes))
    asked = Query(words, given, sort, limit, offset, facets, explain, raw=text, notes=noted)
    return replace(asked, only=tuple(only), without=tuple(without), collapse=collapse)


@dataclass
class _Reading:
    """A recursive descent over the lexemes. Nesting is bounded by the lexer."""

    lexemes: list[Lexeme]
    notes: list[str]
    filters: Filters
    today: date
    regions: Regions | None
    at: int = 0
    terms: int = field(default=0)

    def whole(self) -> Node | None:
        return self._either("")

    def _next(self) -> Lexeme | None:
        return self.lexemes[self.at] if self.at < len(self.lexemes) else None

    def _either(self, where: str) -> Node | None:
        parts = [self._all(where)]
        while (lexeme := self._next()) and _is_or(lexeme):
            self.at += 1
            parts.append(self._all(where))
        return _joined(AnyOf, parts)

    def _all(self, where: str) -> Node | None:
        parts: list[Node | None] = []
        while (lexeme := self._next()) and lexeme.kind != "close" and not _is_or(lexeme):
            if lexeme.kind == "word" and lexeme.text == "AND":
                self.at += 1
            else:
                parts.append(self._one(where))
        return _joined(AllOf, parts)

    def _one(self, where: str) -> Node | None:
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.kind == "open":
            inner = self._either(where)
            self.at += 1
            return inner
        if lexeme.kind == "quote":
            return self._quote(lexeme, where)
        if lexeme.kind != "word":
            return None
        if lexeme.text == "NOT":
            return self._negated("", where)
        if lexeme.text[0] in _NEGATION and not lexeme.glued:
            return self._negated(lexeme.text[1:], where)
        return self._word(lexeme.text, where)

    def _negated(self, rest: str, where: str) -> Node | None:
        following = self._next()
        if rest:
            part = self._word(rest, where)
        elif following and following.kind != "close" and not _is_or(following):
            part = self._one(where)
        else:
            return None
        return Not(part) if part is not None else None

    def _word(self, text: str, where: str) -> Node | None:
        named = _FIELD.fullmatch(text)
        if named and not where:
            name, value = named[1].lower(), named[2]
            if name in FIELD_NAMES:
                return self._field(named[1], FIELD_NAMES[name], value)
            self._refuse_unknown(name, value)
        if not where and (ranged := self._range(text)) is not None:
            return ranged
        if not where and _YEAR.fullmatch(text):
            return self._year(text)
        return self._leaf(text, where)

    def _refuse_unknown(self, name: str, value: str) -> None:
        if not name.isascii() and value and len(name) <= _LONGEST_NAME and all(map(str.isalpha, name)):
            near = [known for known in FIELD_NAMES if not known.isascii() and not set(name).isdisjoint(known)]
            meant = f" Did you mean {', '.join(near)}?" if near else ""
            self.notes.append(f"{name} is the name of no field: it was searched as text.{meant}")
        if not _LATIN_NAME.fullmatch(name) or name in PLAIN_WORDS or value.startswith("//"):
            return
        advice = did_you_mean(name, [known for known in FIELD_NAMES if known.isascii()])
        raise UsageError(
            f"There is no field {name!r} to search in.", f'{advice} To search the text itself: "{name}: …"'
        )

    def _field(self, name: str, meaning: str, value: str) -> Node | None:
        """What stands behind a field's name. In Chinese it may as well be meant as text: 来源:县政府 is printed so."""
        start = self.at
        if meaning == "date":
            return self._dated(name, value)
        if meaning == "region":
            return self._region(name, value)
        if value:
            found = self._leaf(value, meaning)
        elif (lexeme := self._next()) and lexeme.kind in ("word", "quote", "open"):
            found = self._one(meaning)
        else:
            self.notes.append(f"Nothing stands behind {name}: it was searched as text.")
            return self._leaf(name, "")
        if found is None or name.isascii() or meaning == "glyphs":
            return found
        behind = self.lexemes[start : self.at]
        if len(behind) > 1 or (behind and behind[0].kind == "word" and _marked(behind[0].text)):
            return found
        return AnyOf((found, Phrase(name + value + "".join(lexeme.text for lexeme in behind))))

    def _leaf(self, text: str, where: str) -> Node | None:
        prefix = text.endswith("*")
        found = self._counted(text)
        if not found:
            return None
        if where == "glyphs":
            return Glyphs(text)
        if len(found) == 1:
            self.notes.append(f"{text!r} is one character: it finds very much. Two or more say more.")
        fragment = _PIECE_OF_NUMBER.fullmatch(text)
        if where == "number" or (not where and not prefix and (fragment or parse_docnumber(text))):
            spellings = dict.fromkeys(number_needles(text))
            if fragment:
                spellings |= dict.fromkeys([characters("".join(filter(None, fragment.groups())))])
            return _joined(AnyOf, [Words(needle, where, prefix) for needle in spellings])
        return Words(text.rstrip("*") if prefix else text, where, prefix)

    def _quote(self, lexeme: Lexeme, where: str) -> Node | None:
        if lexeme.distance is not None:
            texts = tuple(text for text in lexeme.text.split() if self._counted(text))
            if len(texts) > 1:
                if lexeme.distance > MAX_DISTANCE:
                    self.notes.append(f"A distance of {lexeme.distance} was read as {MAX_DISTANCE}.")
                return Near(texts, min(lexeme.distance, MAX_DISTANCE), "" if where == "glyphs" else where)
        if not self._counted(lexeme.text):
            return None
        return Glyphs(lexeme.text) if where == "glyphs" else Phrase(lexeme.text, where)

    def _counted(self, text: str) -> str:
        """The characters that are searched for, if the question has not grown beyond measure."""
        found = characters(text)
        if len(found) > MAX_RUN:
            message = f"A run of {len(found):,} characters is longer than any that can be searched ({MAX_RUN:,})."
            raise UsageError(message, "A dozen characters of it find the same bulletin.")
        self.terms += bool(found)
        if self.terms > MAX_TERMS:
            raise UsageError(f"The query has more than {MAX_TERMS} terms.", "Leave some out, or ask several questions.")
        return found

    def _range(self, text: str) -> Node | None:
        first, dots, last = text.partition("..")
        if not dots or not (first or last):
            return None
        try:
            start = date_range(first, self.today)[0] if first else None
            end = date_range(last, self.today)[1] if last else None
        except UsageError:
            return None
        if start and end and start > end:
            self.notes.append(f"{text} ends before it begins: the ends were exchanged.")
            start, end = date_range(last, self.today)[0], date_range(first, self.today)[1]
        return Among(Filters(range=replace(self.filters.range, start=start, end=end)))

    def _dated(self, name: str, value: str) -> Node | None:
        if not value and (lexeme := self._next()) and lexeme.kind in ("word", "quote"):
            self.at += 1
            value = lexeme.text
        if ranged := self._range(value):
            return ranged
        try:
            start, end = date_range(value, self.today)
        except UsageError:
            self.notes.append(f"{value!r} is no date: {name} was searched as text.")
            return self._leaf(name + value, "")
        return Among(Filters(range=replace(self.filters.range, start=start, end=end)))

    def _year(self, text: str) -> Node | None:
        """2019年 is a text and a date: what was published then, and what speaks of it."""
        try:
            start, end = date_range(text, self.today)
        except UsageError:
            return self._leaf(text, "")
        ranged = DateRange(start, end, self.filters.range.date, "exclude")
        return _joined(AnyOf, [self._leaf(text, ""), Among(Filters(range=ranged))])

    def _region(self, name: str, value: str) -> Node | None:
        if not value and (lexeme := self._next()) and lexeme.kind in ("word", "quote"):
            self.at += 1
            value = lexeme.text
        codes = [*(self.regions(value) if self.regions else ()), *region_codes(value)]
        if not codes:
            self.notes.append(f"No region is called {value!r}: {name}:{value} was searched as text.")
            return self._leaf(name + value, "")
        return _joined(AnyOf, [Among(Filters(region=code)) for code in dict.fromkeys(codes)])


def _is_or(lexeme: Lexeme) -> bool:
    return lexeme.kind == "bar" or (lexeme.kind == "word" and lexeme.text == "OR")


def _marked(text: str) -> bool:
    return text == "NOT" or text[0] in _NEGATION


def _joined(kind: type[AllOf] | type[AnyOf], parts: Sequence[Node | None]) -> Node | None:
    """The parts under one node, none for none, one for one, nested ones of the same kind lifted."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part] if part is not None else []
    return flat[0] if len(flat) == 1 else kind(tuple(flat)) if flat else None
