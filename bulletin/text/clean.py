"""Harmless differences between two copies of a text: line ends, blanks, marks without width.

`clean` is for keeping and comparing, `squeeze` for comparing letters only. Neither takes away or adds a letter, and
neither joins lines.
"""

from __future__ import annotations

import re
import unicodedata

_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af"
_LINE_END = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
# Joiners shape emoji and some scripts; beside Chinese or Latin letters they only part words from themselves.
_JOINERS = re.compile("[\u200c\u200d]+")
_PLAIN = re.compile(f"[!-~{_HAN}]")
_INDENT = " \t\u3000"
_WIDTHLESS = "\u00ad\u180e\u200b\u200e\u200f\u2060\ufeff" + "".join(
    map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
)
_CONTROLS = "".join(map(chr, [*range(9), *range(0x0E, 0x1C), 0x1F, *range(0x7F, 0x85), *range(0x86, 0xA0)]))
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_MARKS = str.maketrans(dict.fromkeys(_WIDTHLESS + _CONTROLS) | dict.fromkeys(_BLANKS, " "))
#: Whatever `clean` changes within a line; most texts hold none of it, and are spared the slower steps.
_UNCLEAN = re.compile(
    "[\r\v\f\x1c-\x1e\x85\u2028\u2029\u200c\u200d\ud800-\udfff"
    + re.escape(_WIDTHLESS + _BLANKS)
    + "\x00-\x08\x0e-\x1b\x1f\x7f-\x9f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"[\s\u200c\u200d]+")


def clean(text: str) -> str:
    """`text` with one `\\n` between paragraphs, no indentation, no trailing blanks, no marks without width.

    Every kind of line end becomes `\\n`, runs of them one; no-break and other odd spaces become plain ones; U+3000 goes
    at both ends of a line and stays inside it; control characters go; a lone surrogate, which no file can hold, becomes
    U+FFFD. Cleaning twice changes nothing more.
    """
    if _UNCLEAN.search(text):
        text = _LINE_END.sub("\n", text).translate(_MARKS)
        text = _SURROGATE.sub("\ufffd", _JOINERS.sub(_joiners, text))
    return "\n".join(filter(None, (line.strip(_INDENT) for line in text.split("\n"))))


def _joiners(run: re.Match[str]) -> str:
    beside = run.string[run.start() - 1 : run.start()] + run.string[run.end() : run.end() + 1]
    return "" if _PLAIN.search(beside) else run[0]


def squeeze(text: str) -> str:
    """NFKC of `text` without any white space or mark without width: two copies of one text become equal."""
    dense = _SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_MARKS))
    return unicodedata.normalize("NFKC", dense)
