"""What an archivist types, cut into lexemes: words, quoted texts, brackets, bars. Unbalanced input is mended here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from search.field_names import FIELD_NAMES

#: Closing marks for each opening one. Input methods mix them freely.
QUOTES: Final = {'"': '"＂”', "＂": '"＂”', "“": '”"＂', "”": '”"＂', "「": "」", "『": "』", "„": '”"“', "‘": "’"}
_OPEN, _CLOSE, _BAR = "(（", ")）", "|｜"
_DISTANCE: Final = re.compile(r"[ \u3000]{0,3}[~～]([0-9０-９]{1,9})")
_MAX_DEPTH: Final = 20
_B: Final = r"[ \u3000]{0,3}"
#: A document number is one word, though brackets or blanks stand in it: 云政发（2019）第7号, (2019)7, 〔2019〕 7 号.
_NUMBER: Final = re.compile(
    r"[^\s()（）|｜\"＂“”„「」『』‘]{0,40}"
    rf"[（(〔［\[【]{_B}(?:(?:19|20|１９|２０)\d{{2}}|[一二][〇○零一二三四五六七八九]{{3}}){_B}年?{_B}[）)〕］\]】]"
    rf"{_B}第?{_B}(?:\d{{1,5}}{_B}[号號]?|[〇○零一二三四五六七八九十百]{{1,7}}{_B}[号號])(?![^\s()（）|｜])"
)
_OR: Final = frozenset(("OR", "或", "或者"))
_AND: Final = frozenset(("AND", "并且", "並且"))
_ENDED: Final = frozenset(("word", "quote", "close"))
_BEGUN: Final = frozenset(("word", "quote", "open"))
_DAY: Final = r"(?:\d{4}|[一二][〇○零一二三四五六七八九]{3})(?:[-/.年]\d{1,2}|年)?[-/.月]?(?:\d{1,2})?[日号月年]?"
#: A day with the end of a range behind it, or the beginning of one before it.
_BEGINS: Final = re.compile(rf"{_DAY}(?:\.\.|…)")
_ENDS: Final = re.compile(rf"(?:\.\.|…){_DAY}")
_DATED: Final = re.compile(_DAY)
_WORDS_BETWEEN: Final = frozenset(("至", "到"))
_BETWEEN: Final = _WORDS_BETWEEN | {"..", "...", "…", "……", "-", "－", "–", "—", "——", "~", "～"}


@dataclass(frozen=True, slots=True)
class Lexeme:
    """`kind` is word, quote, open, close or bar. `glued`: nothing stands between it and the one before."""

    kind: str
    text: str = ""
    glued: bool = False
    distance: int | None = None


def lex(text: str) -> tuple[list[Lexeme], list[str]]:
    """The lexemes of a query and notes on what had to be mended. Brackets come out balanced."""
    lexemes: list[Lexeme] = []
    notes: list[str] = []
    at, glued = 0, False
    while at < len(text):
        char = text[at]
        if char.isspace():
            at, glued = at + 1, False
            continue
        if char in QUOTES:
            lexeme, at = _quoted(text, at, glued, notes)
        elif char in _OPEN + _CLOSE + _BAR and not _NUMBER.match(text, at):
            kind = "open" if char in _OPEN else "close" if char in _CLOSE else "bar"
            lexeme, at = Lexeme(kind, char, glued), at + 1
        else:
            lexeme, at = _word(text, at, glued)
        lexemes.append(lexeme)
        glued = True
    return _balanced(_operators(_joined(lexemes), notes), notes), notes


def _joined(lexemes: list[Lexeme]) -> list[Lexeme]:
    """Blanks taken out of what is meant as one word: 标题 ：防火, 2019-01 .. 2019-06, 2019年1月 至 2019年6月."""
    kept: list[Lexeme] = []
    for lexeme in lexemes:
        last = kept[-1] if kept else None
        if last and last.kind == lexeme.kind == "word" and not lexeme.glued and _are_one(last.text, lexeme.text):
            kept[-1] = replace(last, text=last.text + lexeme.text)
            continue
        before = kept[-2] if len(kept) > 1 else None
        if (
            last
            and before
            and before.kind == last.kind == lexeme.kind == "word"
            and last.text in _BETWEEN
            and _DATED.fullmatch(before.text)
            and _DATED.fullmatch(lexeme.text)
        ):
            between = last.text if last.text in _WORDS_BETWEEN else ".." if last.text[0] in ".…" else "~"
            kept[-2:] = [replace(before, text=before.text + between + lexeme.text)]
            continue
        kept.append(lexeme)
    return kept


def _are_one(first: str, second: str) -> bool:
    if second[0] in ":：":
        return first.lower() in FIELD_NAMES
    return bool(
        (_BEGINS.fullmatch(first) and _DATED.fullmatch(second)) or (_DATED.fullmatch(first) and _ENDS.fullmatch(second))
    )


def _operators(lexemes: list[Lexeme], notes: list[str]) -> list[Lexeme]:
    """或 and or between two terms mean OR, and means AND: one who types them wants no bulletin less."""
    kept: list[Lexeme] = []
    for at, lexeme in enumerate(lexemes):
        meant = unicodedata.normalize("NFKC", lexeme.text).upper() if lexeme.kind == "word" else ""
        if (
            meant in _OR | _AND
            and lexeme.text not in ("OR", "AND")
            and kept
            and kept[-1].kind in _ENDED
            and at + 1 < len(lexemes)
            and lexemes[at + 1].kind in _BEGUN
        ):
            known = "OR" if meant in _OR else "AND"
            notes.append(f'{lexeme.text} was read as {known}; in quotes ("{lexeme.text}") it is searched as text.')
            lexeme = replace(lexeme, text=known)
        kept.append(lexeme)
    return kept


def _quoted(text: str, at: int, glued: bool, notes: list[str]) -> tuple[Lexeme, int]:
    ends = [end for mark in QUOTES[text[at]] if (end := text.find(mark, at + 1)) >= 0]
    if not ends:
        notes.append("A quotation mark was not closed: the quotation was read as far as the end.")
        return Lexeme("quote", text[at + 1 :], glued), len(text)
    end = min(ends)
    distance = _DISTANCE.match(text, end + 1)
    after = distance.end() if distance else end + 1
    return Lexeme("quote", text[at + 1 : end], glued, int(distance[1]) if distance else None), after


def _word(text: str, start: int, glued: bool) -> tuple[Lexeme, int]:
    if number := _NUMBER.match(text, start):
        return Lexeme("word", number[0], glued), number.end()
    at = start
    while (
        at < len(text) and not text[at].isspace() and text[at] not in QUOTES and text[at] not in _OPEN + _CLOSE + _BAR
    ):
        at += 1
    return Lexeme("word", text[start:at], glued), at


def _balanced(lexemes: list[Lexeme], notes: list[str]) -> list[Lexeme]:
    kept: list[Lexeme] = []
    depth = ignored = unopened = 0
    for lexeme in lexemes:
        if lexeme.kind == "open" and depth >= _MAX_DEPTH:
            ignored += 1
        elif lexeme.kind == "close" and ignored:
            ignored -= 1
        elif lexeme.kind == "close" and not depth:
            unopened += 1
        else:
            depth += {"open": 1, "close": -1}.get(lexeme.kind, 0)
            kept.append(lexeme)
    if unopened:
        notes.append("A bracket was closed that was never opened: it was left out.")
    if depth:
        notes.append("A bracket was not closed: it was closed at the end.")
    return kept + [Lexeme("close", ")")] * depth
