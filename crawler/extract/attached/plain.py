"""Plain text, tables of separated values, and rich text (RTF 1.9), by the bytes' own encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from crawler.extract.attached.outcome import Limits
from crawler.extract.decoding import decode

_WIDEST: Final = 4  # bytes of a character in any encoding that is met


def read_text(data: bytes, limits: Limits) -> str:
    """The text, decoded as pages are: byte order mark, then what the bytes show. Well-formed GB18030 that is no UTF-8
    counts as declared, because a text can be too short to show it."""
    data = data[: _WIDEST * limits.characters]
    declared = "charset=gb18030" if _is(data, "gb18030") and not _is(data, "utf-8") else ""
    return decode(data, declared).text


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def read_csv(data: bytes, limits: Limits) -> str:
    """The lines of the table with a tab between cells. Marks that hold a cell together are taken away."""
    text = read_text(data, limits)
    start = text[:10_000]
    divider = max(",\t;", key=start.count)
    quoted = re.compile(f'"((?:[^"]|"")*)"|{re.escape(divider)}')
    return quoted.sub(lambda m: "\t" if m[1] is None else " ".join(m[1].replace('""', '"').split()), text)


_TOKEN: Final = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I
)
#: Destinations that hold no text of the document (RTF 1.9, "Destinations"); those after \* are left out beside them.
_SILENT: Final = frozenset(
    "fonttbl colortbl stylesheet info pict object themedata colorschememapping latentstyles datastore listtable "
    "listoverridetable revtbl rsidtbl generator xmlnstbl fldinst filetbl mmathPr nonshppict".split()
)
_WORDS: Final = {"par": "\n", "line": "\n", "row": "\n", "cell": "\t", "tab": "\t", "page": "\n", "sect": "\n"} | {
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}


def read_rtf(data: bytes, limits: Limits) -> str:
    """The text of a rich text file. Bytes are in the code page the file names; Chinese programs name 936."""
    pieces: list[str] = []
    left = limits.characters
    for piece in _Rtf(data.decode("latin-1")).pieces():
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            break
    return "".join(pieces)


class _Rtf:
    """One walk over the tokens of a file. A group's state: whether it is silent, and how many fallback characters
    follow a character given by its number (\\uc)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._codepage = "gb18030"
        self._state = (False, 1)
        self._stack: list[tuple[bool, int]] = []
        self._bytes = bytearray()
        self._skip = 0
        self._high = ""

    def pieces(self) -> Iterator[str]:
        for token in _TOKEN.finditer(self._text):
            word, number, byte, sign, brace, plain = token.groups()
            if byte:
                self._byte(bytes.fromhex(byte))
                continue
            if plain and not self._state[0]:
                self._byte(plain.encode("latin-1"), each=True)
                continue
            if self._bytes and (word or sign or brace):
                yield self._flushed()
            if brace:
                self._group(brace)
            elif sign == "*":
                self._state = (True, self._state[1])
            elif word:
                yield self._word(word, number)
            elif sign and not self._state[0]:
                yield {"~": " ", "_": "-", "-": ""}.get(sign, sign)
        yield self._flushed()

    def _byte(self, data: bytes, each: bool = False) -> None:
        skipped = min(self._skip, len(data)) if each else min(self._skip, 1)
        self._skip -= skipped
        if not self._state[0]:
            self._bytes += data[skipped:]

    def _flushed(self) -> str:
        text = bytes(self._bytes).decode(self._codepage, "replace")
        self._bytes.clear()
        return text

    def _group(self, brace: str) -> None:
        self._skip = 0
        if brace == "{":
            if len(self._stack) < 10_000:
                self._stack.append(self._state)
        elif self._stack:
            self._state = self._stack.pop()

    def _word(self, word: str, number: str | None) -> str:
        silent, fallbacks = self._state
        if word in _SILENT:
            self._state = (True, fallbacks)
        elif word == "uc" and number:
            self._state = (silent, min(abs(int(number)), 8))
        elif word == "ansicpg" and number:
            self._codepage = _codepage(number)
        elif word == "u" and number and not silent:
            self._skip = fallbacks
            return self._character(int(number) & 0xFFFF)
        elif word in _WORDS and not silent:
            return _WORDS[word]
        return ""

    def _character(self, unit: int) -> str:
        """A UTF-16 unit; characters beyond the first plane come as two."""
        if 0xD800 <= unit < 0xDC00:
            self._high = chr(unit)
            return ""
        pair, self._high = self._high + chr(unit), ""
        return pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _codepage(number: str) -> str:
    name = {"936": "gb18030", "950": "big5hkscs"}.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "gb18030"
