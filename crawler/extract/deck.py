"""Kicker, title and subtitle (引题, 主题, 副题): which of the lines above a text is which.

Position comes first, shape decides: a subtitle begins with a dash or stands in brackets, a kicker is a row of parallel
phrases or ends in a dash or comma; a title may be broken over two lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bulletin.text.dates import find_dates
from crawler.extract.chrome import role_of
from crawler.extract.imprint import entries_of
from crawler.extract.lines import matching
from crawler.extract.outline import Outline
from crawler.extract.signature import is_office

#: A line shorter than this is a menu word beside a longer one.
_SHORTEST: Final = 7
_DASH: Final = re.compile(r"^(?:[—–―－\-─]{1,4}|[(（【〔])")
_DASHES: Final = re.compile(r"^[—–―－\-─\s]{1,6}|[—–―－\-─\s]{1,6}$")
_GOES_ON: Final = re.compile(
    r"^(?:关于|的通知|的公告|的意见|的决定|的批复|的报告|的通报|的函|的实施|的补充|印发|转发|通知|"
    r"公告|通告|批复|决定)"
)
_UNFINISHED: Final = re.compile(r"(?:[、的和与及]|关于.*《[^》]*|关于(?:印发|转发)?)$")
_KIND: Final = re.compile(
    r"(?:的?(?:通知|公告|通告|意见|决定|批复|报告|通报|函|方案|办法|纪要|公示|"
    r"令))(?:\([^()]{1,12}\))?$"
)
_ORDER_NUMBER: Final = re.compile(r"\(?第.{1,6}号\)?")
_SUBJECT: Final = re.compile(r"[县市区镇乡村州省局委办院校]|关于")


@dataclass(frozen=True, slots=True)
class Deck:
    """What is absent is None; dashes around kicker and subtitle are kept as printed."""

    kicker: str | None = None
    title: str | None = None
    subtitle: str | None = None


def read_deck(lines: Sequence[str]) -> Deck:
    """The headline deck in consecutive lines; of more than three only the last three are one.

    Words of menus and buttons are left out where a line long enough for a headline stands beside them.
    """
    lines = [line for line in lines if any(character.isalnum() for character in line)]
    given: list[str] = []
    for text in [line for line in lines if _is_long_enough(line)] or lines:
        if given and matching(given[-1]) == matching(text):
            continue
        if given and _continues(given[-1], text):
            given[-1] += text
        else:
            given.append(text)
    match given[-3:]:
        case []:
            return Deck()
        case [title]:
            return Deck(title=title)
        case [first, second]:
            return _two(first, second)
        case [title, second, _] if _DASH.match(second):
            return Deck(title=title, subtitle=second)
        case [kicker, title, subtitle]:
            return Deck(kicker, title, subtitle)
    raise AssertionError("unreachable")


def _is_long_enough(line: str) -> bool:
    return (len(line) >= _SHORTEST and line[0] not in ">＞»×") or bool(_ORDER_NUMBER.fullmatch(matching(line)))


def _continues(above: str, text: str) -> bool:
    """Whether a title was only broken: an office and 关于…, an open book title, …的 and its noun."""
    if _DASH.match(text):
        return False
    key, before = matching(text), matching(above)
    if before.endswith("令") and _ORDER_NUMBER.fullmatch(key):
        return True
    if before.count("《") > before.count("》") or _UNFINISHED.search(before):
        return True
    return bool(_GOES_ON.match(key)) and (
        is_office(above) or key.startswith(("的", "通知", "公告")) or not _KIND.search(before)
    )


def _two(first: str, second: str) -> Deck:
    if _DASH.match(second):
        return Deck(title=first, subtitle=second)
    if _DASHES.sub("", first) != first and not _DASH.match(first):
        return Deck(first, second, None)
    if _KIND.search(matching(first)) and not _KIND.search(matching(second)):
        return Deck(title=first, subtitle=second)
    if _parallel(second) and not _parallel(first) and _SUBJECT.search(matching(first)):
        return Deck(title=first, subtitle=second)
    return Deck(first, second, None)


def _parallel(text: str) -> bool:
    """A row of phrases of equal length: 抓产业 促就业 稳民心."""
    phrases = [phrase for phrase in re.split(r"[\s、,，·]+", text) if phrase]
    return len(phrases) >= 2 and max(map(len, phrases)) - min(map(len, phrases)) <= 1 and max(map(len, phrases)) <= 9


#: How templates name the elements of kicker and subtitle.
_KICKER_NAME: Final = re.compile(
    r"kicker|yinti|yin-ti|eyebrow|shoulder|pre-?title|up-?title|intro-?title|title-?up|jianti"
)
_SUBTITLE_NAME: Final = re.compile(r"sub-?title|sub-?head|futi|fubiaoti|f-?title|title-?sub|second-?title|title-?down")
#: Lines of a deck are shorter.
_LONGEST: Final = 60


def deck_around(outline: Outline, at: int, above: int | None, below: int | None) -> tuple[str | None, str | None]:
    """Kicker and subtitle among the lines next to the title on line `at` of a page.

    A line is one where its element is named so, or where it stands in the title's own container and has the shape: a
    row of parallel phrases or a dash at its end above the title, a dash before it below.
    """
    title = outline.texts[at]
    kicker = subtitle = None
    if above is not None and _is_deck_line(outline, above):
        text = outline.texts[above]
        shaped = _beside(outline, above, at) and (
            _parallel(text) or (_DASHES.sub("", text) != text and not _DASH.match(text))
        )
        if _named(outline, above, _KICKER_NAME) or (shaped and not _KIND.search(matching(text))):
            kicker = read_deck([text, title]).kicker
    if below is not None and _is_deck_line(outline, below):
        text = outline.texts[below]
        dashed = text[0] in "—–―－─" and len(text) >= _SHORTEST and _beside(outline, below, at)
        subtitle = text if dashed or _named(outline, below, _SUBTITLE_NAME) else None
    return kicker, subtitle


def _is_deck_line(outline: Outline, index: int) -> bool:
    text = outline.texts[index]
    if not 4 <= len(text) <= _LONGEST or outline.links[index] or "。" in text or ">" in text:
        return False
    return not (entries_of(text, "head") or role_of(text, "head") or find_dates(text))


def _named(outline: Outline, index: int, names: re.Pattern[str]) -> bool:
    owner = outline.owners[index]
    return bool(names.search(f"{owner.get('class') or ''} {owner.get('id') or ''}".lower()))


def _beside(outline: Outline, index: int, title: int) -> bool:
    """Whether a line's element is the title's own, or its brother."""
    one, other = outline.owners[index], outline.owners[title]
    return one is other or one.getparent() is other.getparent()
