"""What an archivist types -> Query.

    防火 通知              both                      防火 OR 防汛, 防火 | 防汛     either
    "森林防火工作"         as one run                -防汛, NOT 防汛               without
    (a | b) c              grouping                  防火*                         begins so
    标题: 文号: 索引号: 机构: 来源: 县: 日期:         title: number: index: office: source: region: date:
    2019-01..2019-06       a range of dates          "防火 宣传"~5                 near each other
    2019年, 2019年1月至6月  a date, or this text      原字形:發展                   these very glyphs

Text between two blanks is one run of characters: punctuation within it says nothing. Input that is not balanced is
mended, and a note says how.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Final

from bulletin.errors import UsageError, did_you_mean
from bulletin.query import AllOf, AnyOf, Filters, Glyphs, Near, Node, Not, Phrase, Query, Words
from search.characters import characters
from search.entry import CHINA
from search.field_names import FIELD_NAMES, PLAIN_WORDS
from search.lexing import Lexeme, lex
from search.values import VALUED, Regions, Values

MAX_TERMS: Final = 200
MAX_RUN: Final = 2_000
MAX_DISTANCE: Final = 1_000

SORTS: Final = ("relevance", "newest", "oldest", "number")

_FIELD: Final = re.compile(r"([^\s:：]{1,20})[:：](.*)", re.DOTALL)
_LONGEST_NAME: Final = 5
_LATIN_NAME: Final = re.compile(r"[a-z_]{2,20}")
_NEGATION: Final = "-－−﹣‐‑"
_DASHES: Final = "–—"
_NEAREST: Final = 3
_SHOWN: Final = 8  # single characters named in a note


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
    reading = _Reading(lexemes, notes, Values(notes, given, today or datetime.now(CHINA).date(), regions))
    words = reading.whole()
    reading.tell_singles()
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
    values: Values
    at: int = 0
    terms: int = field(default=0)
    singles: list[str] = field(default_factory=list)

    def whole(self) -> Node | None:
        return self._either("")

    def tell_singles(self) -> None:
        """One note for all single characters, which a scanned text full of blanks has by the dozen."""
        singles = list(dict.fromkeys(self.singles))
        shown = "、".join(map(repr, singles[:_SHOWN])) + "…" * (len(singles) > _SHOWN)
        if len(singles) == 1:
            self.notes.append(f"{shown} is one character: it finds very much. Two or more say more.")
        elif singles:
            advice = 'In quotes, "…", what stands between blanks is searched as one run.'
            self.notes.append(f"{shown} are one character each: they find very much. {advice}")

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
            return None if self._is_dash(lexeme) else self._negated(lexeme.text[1:], where)
        return self._word(lexeme.text, where)

    def _is_dash(self, lexeme: Lexeme) -> bool:
        """Whether a minus stands between blanks, as a dash does in a text that was pasted: 云岫县 - 通知."""
        following = self._next()
        if len(lexeme.text) > 1 or (following and following.glued):
            return False
        self.notes.append(f"A {lexeme.text} before a blank was read as a dash; -word leaves a word out.")
        return True

    def _negated(self, rest: str, where: str) -> Node | None:
        times = 1
        while not rest and (again := self._next()) and again.kind == "word" and again.text == "NOT":
            self.at += 1
            times += 1
        following = self._next()
        if rest:
            part = self._word(rest, where)
        elif following and following.kind != "close" and not _is_or(following):
            part = self._one(where)
        else:
            return None
        return Not(part) if part is not None and times % 2 else part

    def _word(self, text: str, where: str) -> Node | None:
        named = _FIELD.fullmatch(text)
        if named and not where:
            name, value = named[1].lower(), named[2]
            if name in FIELD_NAMES:
                return self._field(named[1], FIELD_NAMES[name], value)
            self._refuse_unknown(text, name, value)
        if not where and (ranged := self.values.range(text)):
            return ranged
        if not where and (days := self.values.printed(text)):
            return _joined(AnyOf, [self._leaf(text, ""), days])
        if text[0] in _DASHES and characters(text):
            self.notes.append(f"{text} was searched as text; a short -{text.lstrip(_DASHES)} leaves it out.")
        return self._leaf(text, where)

    def _refuse_unknown(self, text: str, name: str, value: str) -> None:
        """A Latin name is refused where a field must be meant: it is nearly one, or a value hangs on it."""
        if not name.isascii() and value and len(name) <= _LONGEST_NAME and all(map(str.isalpha, name)):
            shared = {known: len(set(name) & set(known)) for known in FIELD_NAMES if not known.isascii()}
            near = [known for known, count in shared.items() if 2 * count >= len(known)]
            meant = f" Did you mean {', '.join(near[:_NEAREST])}?" if near else ""
            self.notes.append(f"{name} is the name of no field: it was searched as text.{meant}")
        if not _LATIN_NAME.fullmatch(name) or name in PLAIN_WORDS or value.startswith("//"):
            return
        latin = [known for known in FIELD_NAMES if known.isascii()]
        if (not value or text[len(name)] == "：") and not get_close_matches(name, latin):
            # AQI：111 and width: 12px are pasted from pages.
            self.notes.append(f"{name} is the name of no field: it was searched as text.")
            return
        raise UsageError(
            f"There is no field {name!r} to search in.",
            f'{did_you_mean(name, latin)} To search the text itself: "{name}: …"',
        )

    def _field(self, name: str, meaning: str, value: str) -> Node | None:
        """What stands behind a field's name. In Chinese it may as well be meant as text: 来源:县政府 is printed so."""
        start = self.at
        if not value and meaning in VALUED and self._is_plain():
            value = self.lexemes[self.at].text
            start = self.at = self.at + 1
        if value:
            found = self._leaf(value, meaning, name)
        elif (lexeme := self._next()) and lexeme.kind in ("word", "quote", "open"):
            found = self._one(meaning)
        else:
            self.notes.append(f"Nothing stands behind {name}: it was searched as text.")
            return self._leaf(name, "")
        if found is None or name.isascii() or meaning in ("glyphs", "region", "date"):
            return found
        behind = self.lexemes[start : self.at]
        if len(behind) > 1 or (behind and behind[0].kind == "word" and _marked(behind[0].text)):
            return found
        return AnyOf((found, Phrase(name + value + "".join(lexeme.text for lexeme in behind))))

    def _is_plain(self) -> bool:
        """Whether a text comes next that is not to be left out."""
        lexeme = self._next()
        return bool(lexeme and (lexeme.kind == "quote" or (lexeme.kind == "word" and not _marked(lexeme.text))))

    def _leaf(self, text: str, where: str, name: str = "") -> Node | None:
        """A text in the field `where`; what is no value of one that takes values is text, with its `name` before it."""
        if where in VALUED:
            return self.values.meant(text, where) or self._leaf(name + text, "")
        prefix = text.endswith(("*", "＊"))
        found = self._counted(text)
        if not found:
            return None
        if where == "glyphs":
            return Glyphs(text)
        if len(found) == 1:
            self.singles.append(text)
        if number := self.values.number(text, where, prefix):
            return number
        text = text.rstrip("*＊") if prefix else text
        if where == "source_name":
            return self.values.source(text, prefix)
        return self.values.office(text, prefix) if where == "office" else Words(text, where, prefix)

    def _quote(self, lexeme: Lexeme, where: str) -> Node | None:
        if where in VALUED:
            return self._leaf(lexeme.text, where)
        if lexeme.distance is not None:
            texts = tuple(text for text in lexeme.text.split() if self._counted(text))
            if len(texts) > 1:
                return self._near(texts, lexeme.distance, where)
            if texts:
                self.notes.append(f'"{lexeme.text}"~ is one text: near each other stand two, with a blank between.')
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

    def _near(self, texts: tuple[str, ...], distance: int, where: str) -> Node:
        if distance > MAX_DISTANCE:
            self.notes.append(f"A distance of {distance} was read as {MAX_DISTANCE}.")
        near = Near(texts, min(distance, MAX_DISTANCE), "" if where == "glyphs" else where)
        if where != "glyphs":
            return near
        self.notes.append(
            "Glyphs are not told apart by distance: each was looked for anywhere in these glyphs besides."
        )
        return AllOf((near, *map(Glyphs, texts)))


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
