"""What an archivist types, cut into lexemes: words, quoted texts, brackets, bars. Unbalanced input is mended here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Closing marks for each opening one. Input methods mix them freely.
QUOTES: Final = {'"': '"＂”', "＂": '"＂”', "“": '”"＂', "”": '”"＂', "「": "」", "『": "』", "„": '”"“'}
_OPEN, _CLOSE, _BAR = "(（", ")）", "|｜"
_DISTANCE: Final = re.compile(r"[~～]([0-9]{1,9})")
_MAX_DEPTH: Final = 20
#: A document number is one word, though round brackets stand in it: 云政发（2019）第7号, (2019)7.
_NUMBER: Final = re.compile(
    r"[^\s()（）|｜\"＂“”„「」『』]{0,40}"
    r"[（(][ \u3000]?(?:19|20|１９|２０)\d{2}[ \u3000]?年?[）)]"
    r"[ \u3000]?第?[ \u3000]?\d{1,5}[号號]?(?![^\s()（）|｜])"
)


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
    return _balanced(lexemes, notes), notes


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
