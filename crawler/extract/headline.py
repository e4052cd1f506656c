"""The title of a page: what the tags say, checked against what the page shows.

Meta tags are trusted first, but site names, column names, `null` and titles cut with dots are not titles. What the
<title> says counts without the site's name around it. A headline shown on the page completes a cut one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from bulletin.text.docnumber import parse_docnumber
from crawler.extract.article import is_furniture
from crawler.extract.headings import number_before
from crawler.extract.imprint import entries_of
from crawler.extract.labels import is_box_label
from crawler.extract.outline import HEADINGS, Outline
from crawler.extract.page import Page
from crawler.extract.signature import is_office

_META = ("og:title", "twitter:title", "dc.title", "title", "headline", "name")
_SEPARATOR = re.compile(r"\s*(?:[-_|｜—–»>]+|--|::)\s*")
#: Candidates that are looked for on the page, and characters of a tag that can be a title.
_TRIED, _LONGEST = 60, 400
_LONGEST_SHOWN = 160
#: Lines among which a title is looked for.
_DEPTH = 2000
_CUT = re.compile(r"(?:\.{2,}|…+|。{2,})\s*$")
_NAMED = re.compile(r"title|biaoti|\bbt\b|headline|art_tit|tit\b|xl-?tit|content_h|h1")
#: A day alone, as some templates set it under the title in the same heading.
_DAY = re.compile(
    r"[\[(（【]?\s*(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\])）】]?"
)
_TRAIL = re.compile(r"[>＞»›→/]")
_SITE = re.compile(r"(?:网|网站|门户|平台|频道|政府|县委|[局委办部会院校]|中心|公众号)$")
#: Who a site belongs to, by names that no title ends with.
_OWNER = re.compile(
    r"[\u4e00-\u9fff]{2,7}[省市州县区镇乡旗][\u4e00-\u9fff]{0,12}(?:人民政府|办公室|委员会|局|法院|检察院)"
)
_FONT_SIZE = re.compile(r"font-size\s*:\s*(\d{2})(?:\.\d+)?\s*(pt|px)", re.I)
#: What is longer and given as the name of the column is the title again.
_LONGEST_COLUMN = 12
#: Lines among which menus and the trail of columns are looked for.
_MENUS = 120
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\ufeff\u2060"))


@dataclass(frozen=True, slots=True)
class Title:
    """The title, the lines [start, end) it is shown on (None where it is not shown), origin and confidence."""

    text: str
    start: int | None
    end: int
    origin: str
    confidence: float


def squeezed(text: str) -> str:
    """Letters only, NFKC: how titles are compared."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain if plain.isprintable() else plain.translate(_ZERO_WIDTH)


def find_title(page: Page, outline: Outline) -> Title | None:
    """The title by what the tags say; None or a low confidence where only the page's looks can tell."""
    shown = [squeezed(text) if len(text) <= _LONGEST_SHOWN else "" for text in outline.texts[:_DEPTH]]
    places: dict[str, list[int]] = {}
    for index, text in enumerate(shown):
        places.setdefault(text, []).append(index)
    best: Title | None = None
    for text, origin, confidence in islice(_candidates(page, outline), _TRIED):
        wanted = squeezed(text)
        if not (is_name(page, wanted) or (origin == "meta" and confidence == 1.0 and len(wanted) >= 8)):
            continue
        found = _place(wanted, shown, places, outline, cut=bool(_CUT.search(text)))
        if found:
            full = "".join(outline.texts[found[0] : found[1]]) if _CUT.search(text) else text
            return Title(full, found[0], found[1], origin, confidence)
        if best is None or confidence - 0.25 > best.confidence:
            best = Title(text, None, 0, origin, confidence - 0.25)
    return _without_columns(best, outline) if best and best.origin == "title" else best


def _without_columns(title: Title, outline: Outline) -> Title:
    """A title the page does not show, without the columns that follow it: those its menus and its trail name."""
    menus = [
        squeezed(text)
        for text, linked in zip(outline.texts[:_MENUS], outline.links[:_MENUS], strict=True)
        if linked or "首页" in text or "位置" in text
    ]
    text = title.text
    for cut in reversed([match.span() for match in _SEPARATOR.finditer(text)]):
        column = squeezed(text[cut[1] :])
        named = len(column) >= 2 and any(column in menu for menu in menus)
        if cut[0] < 2 or not (named or _SITE.search(column)):
            break
        text = text[: cut[0]].strip()
    return Title(text, None, 0, title.origin, title.confidence)


def is_name(page: Page, wanted: str) -> bool:
    """Whether a squeezed text can name a bulletin: the names of the site and the column do not, nor does `null`."""
    if len(wanted) < 2 or wanted.lower() in ("null", "undefined", "none"):
        return False
    number = parse_docnumber(wanted) if wanted[-1] == "号" and len(wanted) <= 24 else None
    if number and number.raw == wanted:
        return False
    names = ("sitename", "og:site_name", "columntype", "columnname")[: 4 if len(wanted) <= _LONGEST_COLUMN else 3]
    others = (page.meta.get(name, "") for name in names)
    return wanted not in {squeezed(other) for other in others if other}


def shown_title(page: Page, outline: Outline, start: int) -> Title | None:
    """The heading that looks like the title of the body from line `start` on: the best marked, then the nearest."""
    best: tuple[float, Title] | None = None
    shown: Iterator[tuple[float, int, int, str]] = chain(
        _headings(outline), _set_off(outline, start), _above_head_line(outline, start)
    )
    for rank, first, last, text in shown:
        distance = start - first if first <= start else 3 * (first - start)
        if distance > 30 or not is_name(page, squeezed(text)) or number_before(text) or is_box_label(text):
            continue
        if _OWNER.fullmatch(text) and squeezed(page.title).endswith(squeezed(text)):
            continue  # the site's name, as a heading on every page of it
        score = rank * 10 + distance
        if best is None or score < best[0]:
            best = (score, Title(text, first, last, "headline", 0.7 if rank < 3 else 0.5))
    return best[1] if best else None


def _candidates(page: Page, outline: Outline) -> Iterator[tuple[str, str, float]]:
    if value := page.meta.get("articletitle"):
        yield " ".join(value[:_LONGEST].split()), "meta", 1.0
    for text in (text for _, _, _, text in _headings(outline, 2)):
        shown = squeezed(_CUT.sub("", text))
        rest = squeezed(page.title).removeprefix(shown)
        if rest != squeezed(page.title) and (len(text) >= 4 or not rest or _SEPARATOR.match(rest)):
            yield text, "headline", 0.95
    yield from ((text, "headline", 0.9) for text in _beginnings(page.title, outline))
    yield from ((text, "headline", 0.85) for text in _ends_of_trails(outline))
    for name in _META:
        if value := page.meta.get(name):
            yield value[:_LONGEST], "meta", 0.9
            yield from ((part, "meta", 0.8) for part in _without_site(value))
    if page.title:
        yield from ((part, "title", 0.8) for part in _without_site(page.title))
        yield page.title, "title", 0.4 if is_office(page.title) else 0.6


def _beginnings(title: str, outline: Outline) -> list[str]:
    """Lines with which the page title begins (the site's name and the column follow), the longest first."""
    whole = squeezed(title)
    if len(whole) < 8:
        return []
    found = {
        _continued(outline, index, whole)
        for index, (text, linked) in enumerate(zip(outline.texts[:_DEPTH], outline.links[:_DEPTH], strict=True))
        if 8 <= len(text) <= len(title)
        and linked < len(text)
        and text[0] == title[0]
        and whole.startswith(squeezed(text))
    }
    return sorted((text for text in found if not _OWNER.fullmatch(text)), key=len, reverse=True)


def _continued(outline: Outline, index: int, whole: str) -> str:
    """A line with those after it that carry the title on: offices stand on a line of their own."""
    text = outline.texts[index]
    for following in outline.texts[index + 1 : index + 4]:
        if not whole.startswith(squeezed(text + following)):
            break
        text += following
    return text


def _ends_of_trails(outline: Outline) -> Iterator[str]:
    """What the trail of columns ends with, where a line of the page says the same."""
    lines = outline.texts[:_MENUS]
    for text in lines:
        if len(text) <= _LONGEST and ("位置" in text or "首页" in text):
            last = _TRAIL.split(text)[-1].strip()
            if len(last) >= 8 and last != text and last in lines:
                yield last


def _without_site(title: str) -> Iterator[str]:
    """The title without what follows or precedes a separator, longest first; titles hold hyphens of their own."""
    title = " ".join(title[:_LONGEST].split())
    cuts = [match.span() for match in _SEPARATOR.finditer(title)]
    for start, _ in reversed(cuts):
        if len(title[:start].strip()) >= 4:
            yield title[:start].strip()
    for _, end in cuts:
        if len(title[end:].strip()) >= 6 and not _OWNER.fullmatch(title[end:].strip()):
            yield title[end:].strip()


def _headings(outline: Outline, shortest: int = 4) -> list[tuple[int, int, int, str]]:
    """(rank, start, end, text) of elements marked up as a title: h1, elements named title, then h2 and h3."""
    found = []
    for span in outline.spans:
        if not 0 < span.end - span.start <= 4:
            continue
        level = HEADINGS.get(span.tag, 0)
        rank = 1 if level == 1 else 2 if span.name and _is_named(span.name) else 3 if level in (2, 3) else 0
        size = outline.size(span.start, span.end) if rank else 0
        if size < shortest or outline.linked(span.start, span.end) >= 0.5 * size:
            continue
        end = span.end
        while end > span.start and (
            _DAY.fullmatch(outline.texts[end - 1]) or entries_of(outline.texts[end - 1], "head")
        ):
            end -= 1
        text = "".join(outline.texts[span.start : end])
        if shortest <= len(text) <= 150:
            found.append((rank, span.start, end, text))
    return sorted(found, key=lambda heading: heading[:2])


@lru_cache(maxsize=4096)
def _is_named(names: str) -> bool:
    return bool(_NAMED.search(names.lower()))


def _set_off(outline: Outline, start: int) -> Iterator[tuple[int, int, int, str]]:
    """Short lines around the beginning of the body that are centred, bold or in a larger font."""
    for index in range(max(0, start - 8), min(start + 3, len(outline.texts))):
        line = outline.line(index)
        if not 4 <= len(line.text) <= 60 or line.link_share >= 0.5 or line.text[-1] in "。：:；，":
            continue
        if is_furniture(line.text) or entries_of(line.text, "head"):
            continue
        if line.bold or line.centered or _is_large(outline.owners[index]):
            yield 2 if line.bold and line.centered else 3, index, index + 1, line.text


def _above_head_line(outline: Outline, start: int) -> Iterator[tuple[float, int, int, str]]:
    """The line above the one with the day of publication, whatever it looks like; a subtitle may stand between.

    A day alone tells nothing: it stands under the lines of lists and under signatures too.
    """
    texts = outline.texts
    for index in range(max(1, start - 10), min(start + 4, len(texts))):
        entries = entries_of(texts[index], "head")
        dated = any(entry.field == "published" and _DAY.search(entry.value) for entry in entries)
        if not dated or not any(entry.label or entry.field == "source_name" for entry in entries):
            continue
        last = index - 1 - (texts[index - 1][0] in "—–―─" and index > 1)
        text, first = texts[last], last
        if text.startswith(("关于", "關於")) and last and is_office(texts[last - 1]) and not outline.links[last - 1]:
            text, first = texts[last - 1] + text, last - 1
        plain = not outline.links[last] and not is_furniture(text) and not entries_of(text, "head")
        if plain and 6 <= len(text) <= 100 and text[-1] not in "。；，：:" and text.count("，") < 3:
            yield 1.5, first, last + 1, text


def _is_large(owner: Any) -> bool:
    """Whether an element sets its text in a larger font, by the tag or the style of what it holds."""
    for element in islice(owner.iter("font", "span", "strong", "b", "p", "div", "td"), 4):
        if element.tag == "font" and (element.get("size") or "").lstrip("+")[:1] in tuple("4567"):
            return True
        size = _FONT_SIZE.search(element.get("style") or "")
        if size and int(size[1]) >= (16 if size[2].lower() == "pt" else 20):
            return True
    return False


def _place(
    wanted: str, shown: list[str], places: dict[str, list[int]], outline: Outline, *, cut: bool
) -> tuple[int, int] | None:
    """The lines on which a title is shown: one line, or up to four that make it together."""
    if cut:
        wanted = _CUT.sub("", wanted)
        for index, text in enumerate(shown):
            if text.startswith(wanted) and len(text) > len(wanted) and outline.links[index] < len(outline.texts[index]):
                return index, index + 1
        return None
    whole = [index for index in places.get(wanted, ()) if outline.links[index] < len(outline.texts[index])]
    if whole:
        return whole[0], whole[0] + 1
    for index, text in enumerate(shown):
        if len(text) >= 2 and len(text) < len(wanted) and wanted.startswith(text):
            joined = text
            for end in range(index + 1, min(index + 4, len(shown))):
                joined += shown[end]
                if joined == wanted:
                    return index, end + 1
                if not wanted.startswith(joined):
                    break
    return None
