"""What pages say of their site: which links lead to lists of bulletins, who publishes, in what division. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bulletin.source import Source
from bulletin.text.indexnumber import is_site_code
from bulletin.text.regions import Region, region, regions_named
from crawler.addresses import own_host
from crawler.extract.listing import href_of
from crawler.extract.page import Page
from crawler.families import families

#: Words in the names of columns that hold bulletins, and how much they promise.
_PROMISING: Final = {
    "公报": 10, "简报": 10, "快报": 10, "通知公告": 10, "公告公示": 9, "公示公告": 9, "规范性文件": 9, "政府文件": 9,
    "政策文件": 9, "公告": 8, "公文": 8, "文件": 8, "通报": 7, "公示": 7, "通知": 7, "快讯": 7, "信息公开目录": 7,
    "法规": 6, "政策": 6, "要闻": 6, "动态": 6, "督查": 5, "信息": 5, "人事": 5, "招聘": 5, "新闻": 5, "报告": 4,
    "计划": 4, "规划": 4, "公开": 3, "目录": 3,
}  # fmt: skip
#: Words in the names of links that lead elsewhere, whatever else stands in them.
_ELSEWHERE: Final = re.compile(
    r"首页|登录|注册|邮箱|地图|无障碍|长者|关怀|英文|搜索|检索|客户端|微信|微博|抖音|视频|图片|图解|专题|服务|互动|"
    r"信箱|咨询|投诉|举报|留言|指南|年报|年度报告|平台|网上|联系|关于|版权|隐私|声明|申请|制度|机构|领导|概况|简介|更多|订阅|公报室|"
    r"RSS|English|繁[體体]|中国政府网|省政府|市政府"
)
#: An article's title, short as it may be.
_ARTICLE: Final = re.compile(r"^关于|的(?:通知|公告|通报|公示|意见|批复|决定|报告)$|[《》〔〕]|第.{1,9}[期号]|\d{4}")
#: Column types of the guideline for government websites under which no bulletins stand.
_NO_BULLETINS: Final = ("概况信息", "网站首页", "机构", "互动")
_LONGEST_NAME: Final = 14
#: A promise from which on a link that is not followed is worth a word.
_PLAINLY: Final = 8

_SITE_CODE: Final = re.compile(
    r"网站标识码\s*(?:</?\w+[^>]{0,80}>\s*){0,3}[:：]?\s*(?:<\w+[^>]{0,200}>\s*){0,3}(\w{10})\b"
)
_FINDER: Final = re.compile(r"[?&]site_code=(\w{10})\b")
_OF_SITE: Final = re.compile(
    r"(?:人民政府)?(?:门户|公众信息|政务|政府|信息)*(?:网站|门户|网|在线)+(?:首页|主站|[-_－—|].*)?$"
)
_OFFICE: Final = r"[\u4e00-\u9fff]{2,20}?(?:政府|委员会|局|办公室|中心)"
_HOST: Final = re.compile(rf"(?:主办单位|主办|版权所有)\s*[:：]?\s*({_OFFICE})|(?<![\u4e00-\u9fff])({_OFFICE})\s*主办")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link that may lead to a column: its name, address, how much the name promises, and where it was met."""

    name: str
    url: str
    promise: int
    why: str
    family: str = ""  # the system that itself named the column, where links do not


@dataclass(frozen=True, slots=True)
class Place:
    """A division as a site tells it: the code to write down, and in words what that rests on. `code` is "" where
    nothing says which."""

    code: str
    why: str


def candidates(page: Page, source: Source) -> list[Candidate]:
    """The links of a page that may lead to columns, most promising first; of one address, the best name counts.

    Links to other hosts are left out. What only a system's script shows, its family tells.
    """
    best: dict[str, Candidate] = {}
    for candidate in (*_links(page), *_told(page)):
        held = best.get(candidate.url)
        if own_host(source, candidate.url) and (held is None or held.promise < candidate.promise):
            best[candidate.url] = candidate
    return sorted(best.values(), key=lambda candidate: -candidate.promise)


def led_away(page: Page, source: Source) -> list[Candidate]:
    """The links whose names promise most, but that lead to hosts of others; most promising first, one for each host
    and name."""
    plainly = [one for one in _links(page) if one.promise >= _PLAINLY and not own_host(source, one.url)]
    found = {(one.name, one.url.split("/", 3)[2]): one for one in plainly if _is_whole(one.url)}
    return sorted(found.values(), key=lambda one: -one.promise)


def _is_whole(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _links(page: Page) -> Iterator[Candidate]:
    for anchor in page.root.iter("a", "area"):
        href = href_of(anchor)
        if not href or len(href) > 500:
            continue
        shown = "".join("".join(anchor.itertext()).split())
        name = min((text for text in (shown, _given(anchor)) if text), key=len, default="")
        name = name.strip("[]【】()（）·•>»|…")
        promise = promise_of(name)
        url = page.resolve(href).partition("#")[0]
        if promise and url.startswith(("http://", "https://")):
            yield Candidate(name, url, promise, f"a link {name!r} on {page.url}")


def _told(page: Page) -> Iterator[Candidate]:
    for family in families().values():
        for row in family.columns(page):
            promise = promise_of(row.title)
            if promise:
                words = f"{row.title!r} in the directory of {page.url}"
                yield Candidate(row.title, row.url, promise, words, family.name)


def _given(anchor: object) -> str:
    title = anchor.get("title") or ""  # type: ignore[attr-defined]
    return "".join(title.split())


def promise_of(name: str) -> int:
    """How much a link's text promises a list of bulletins; 0 for none."""
    if not 2 <= len(name) <= _LONGEST_NAME or _ELSEWHERE.search(name) or _ARTICLE.search(name):
        return 0
    return max((weight for word, weight in _PROMISING.items() if word in name), default=0)


def holds_bulletins(page: Page) -> bool:
    """Whether the page's own meta tags allow that it lists bulletins."""
    return not any(word in page.meta.get("columntype", "") for word in _NO_BULLETINS)


def site_codes(page: Page) -> tuple[str, ...]:
    """The site codes (网站标识码) a page carries: in its meta tags, its footer, its link to report mistakes."""
    found = [page.meta.get("siteidcode", "").strip()]
    found += [match[1] for pattern in (_SITE_CODE, _FINDER) for match in pattern.finditer(page.text)]
    return tuple(dict.fromkeys(code for code in found if is_site_code(code)))


def site_name(pages: Sequence[Page]) -> str:
    """What the site calls itself: its meta tag, or the title of its home page."""
    for page in pages:
        if name := page.meta.get("sitename", "").strip():
            return name
    return next((re.split(r"[-_－—|]", page.title)[-1].strip() for page in pages if page.title), "")


def publisher(pages: Sequence[Page], name: str) -> str:
    """Who publishes: the office the footer names, else the government the site's name names; "" where neither does."""
    for page in pages:
        text = " ".join("".join(page.root.itertext()).split())
        found = _HOST.search(text)
        if found:
            return str(found[1] or found[2])
    place = _OF_SITE.sub("", name)
    return f"{place}人民政府" if re.search(r"[县市区旗]$", place) else place if place.endswith("政府") else ""


def place_of(codes: Iterable[str], name: str) -> Place:
    """The division a site belongs to: by its code, whose first six digits are one, else by its name.

    A site keeps the code it was given, so that a code may be of a division that has since changed (旬阳 610928, since
    2021 610981): then today's is written down.
    """
    for code in codes:
        if code[:6].isdigit():
            known = region(code[:6])
            if known is None:
                return Place(code[:6], f"the site code {code} begins with it; it is in no register of divisions")
            last = _of_today(known)
            since = f"; {known.name} {known.code} has since become {last.name}" if last.code != known.code else ""
            return Place(last.code, f"the site code {code} belongs to {known.name}{since}")
    bare = _OF_SITE.sub("", name).removesuffix("人民政府")
    found = list(dict.fromkeys(_of_today(spell) for spell in regions_named(bare))) if bare else []
    counties = [spell for spell in found if spell.level == "county"] or found
    if len(counties) == 1:
        return Place(counties[0].code, f"the site is called {name}")
    if counties:
        several = ", ".join(f"{spell.code} {spell.name}" for spell in counties[:5])
        return Place("", f"the site is called {name}, and several divisions are: {several}")
    return Place("", f"neither a site code nor the name {name!r} says which division it belongs to")


def _of_today(spell: Region) -> Region:
    """The division that a former one has become, step by step."""
    for _ in range(8):
        after = region(spell.successor) if spell.successor and spell.successor != spell.code else None
        if after is None:
            return spell
        spell = after
    return spell


def source_id(url: str, code: str) -> str:
    """An id for a site: the division's code and what is telling about its host."""
    host = (urlsplit(url).hostname or "site").lower()
    labels = [label for label in host.split(".")[:-1] if label not in ("www", "gov", "com", "org", "net", "edu")]
    bare = "_".join(labels) if labels and not host.replace(".", "").isdigit() else host.replace(":", "_")
    return re.sub(r"[^a-z0-9_.-]", "_", f"{code}_{bare}")[:64].rstrip("_.-")


def column_id(url: str, taken: Iterable[str]) -> str:
    """A short id for a column, from the last telling part of its address."""
    parts = urlsplit(url)
    path = re.sub(r"%[0-9a-f]{2}", "", parts.path.lower())
    words = re.findall(r"[a-z0-9_-]+", path.rpartition(".")[0] or path)
    dull = ("index", "list", "common_list", "xlist", "moreinfo", "default", "column", "html", "xxgkml", "more")
    telling = [word for word in words if word not in dull]
    tail = re.findall(r"=(\w{1,20})(?:&|$)|^(\d{1,12})$", parts.query or parts.fragment)
    last = next((one or other for one, other in reversed(tail)), "") if tail else ""
    stem = telling[-1] if telling else "c"
    bare = re.sub(r"[^a-z0-9_.-]", "", f"{stem}-{last.lower()}" if last else stem)[:40].strip("_.-") or "c"
    used = set(taken)
    numbered = (bare if number == 1 else f"{bare}-{number}" for number in range(1, 1000))
    return next(name for name in numbered if name not in used)
