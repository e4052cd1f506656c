"""Page chrome: which lines are furniture of the site, and of which kind.

Position decides, not the words alone: what stands before or after the body in the words of a tool bar or a footer is
chrome; in the body only what can be nothing else (code, pagers, the caption of a page's own QR code).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from crawler.extract.furniture import FORMS, TOKENS
from crawler.extract.lines import Line, matching

_LONGEST: Final = 320
#: Share of link text from which a line counts as links.
_LINKED: Final = 0.8
_SEPARATORS: Final = re.compile(r"[\s|｜·•∙●▪■◆★☆→>＞»›/\\,，、;；\-—_]+|[\[\]【】()（）{}「」《》〈〉]+")
_EDGE: Final = ":： ."
_SENTENCE: Final = re.compile(r"[。！？!?；]")
_WALK: Final = re.compile(
    r"走进[\u4e00-\u9fff]{2,4}|看[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{2,6}(?:政府网|人民政府网|日报|在线|新闻网)"
)
_WHERE: Final = {"head": "h", "body": "b", "tail": "t"}
_ROLES: Final = ("tools", "top", "footer", "related", "navigation")
_SITE: Final = re.compile(
    r"(?:中国[·•])?[\u4e00-\u9fff]{2,14}(?:人民政府(?:办公室)?|政府信息公开|县委)?(?:门户网站?|"
    r"网站|政府网|公众信息网|信息网|网)"
    r"(?:欢迎您?|www\..{4,40})?|欢迎(?:访问|光临|来到).{2,40}|今天是.{4,40}|(?:19|"
    r"20)\d\d年\d{1,2}月\d{1,2}日星期.{0,20}"
)


def role_of(line: Line | str, position: str) -> str | None:
    """top, navigation, breadcrumb, tools, related, footer, code, pager or preamble; None for a line to keep.

    `position` is "head" before the body, "body", or "tail" after it.
    """
    text = line if isinstance(line, str) else line.text
    if not text or len(text) > _LONGEST:
        return None
    return _role(text, position, isinstance(line, Line) and line.link_share > _LINKED)


@lru_cache(maxsize=8192)
def _role(text: str, position: str, linked: bool) -> str | None:
    key = matching(text)
    where = _WHERE[position]
    told = _forms(where).fullmatch(key)
    if told and told.lastgroup:
        return told.lastgroup.rstrip("0123456789")
    if position == "head" and _SITE.fullmatch(key):
        return "top"
    if _SENTENCE.search(key):
        return None
    return _by_words(text, position, linked)


@cache
def _forms(where: str) -> re.Pattern[str]:
    """The forms that count at a place as one expression; the name of the group that matches is the role."""
    named = (f"(?P<{role}{i}>{form.pattern})" for i, (role, places, form) in enumerate(FORMS) if where in places)
    return re.compile("|".join(named))


def _by_words(text: str, position: str, linked: bool) -> str | None:
    """The role of a line that consists of chrome's own words; in the body only a line of several tools."""
    words = [word for raw in _SEPARATORS.split(text) if (word := matching(raw).strip(_EDGE))]
    if not words:
        return "tools" if position != "body" and len(text) <= 12 else None
    known = [_role_of_word(word, position) for word in words]
    named = [role for role in known if role]
    if position == "body":
        return "tools" if len(words) >= 2 and all(role == "tools" for role in known) else None
    if len(named) == len(words) or (len(words) >= 3 and len(named) >= 0.6 * len(words)):
        role = max(_ROLES, key=lambda role: (named.count(role), -_ROLES.index(role)))
        return "footer" if position == "tail" and role in ("top", "navigation") else role
    if position == "head" and (_is_menu(words, named, linked) or _is_barred(text, words)):
        return "navigation"
    return None


def _role_of_word(word: str, position: str) -> str | None:
    order = ("tools", "top", "navigation", "footer") if position == "head" else _ROLES
    for role in order:
        if word in TOKENS[role]:
            return role
    return "navigation" if _WALK.fullmatch(word) else None


def _is_barred(text: str, words: Sequence[str]) -> bool:
    """Short names between bars are a menu whatever they say."""
    return len(words) >= 3 and max(map(len, words)) <= 8 and text.count("|") + text.count("｜") >= len(words) - 1


def _is_menu(words: Sequence[str], named: Sequence[str], linked: bool) -> bool:
    """A row of short names that begins with 首页 or is linked all over is a menu, though its names are the site's."""
    short = all(len(word) <= 10 for word in words)
    return short and len(words) >= 4 and (words[0] in ("首页", "网站首页") or linked or len(named) * 2 >= len(words))
