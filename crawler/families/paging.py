"""How lists say where they go on: the pager calls and links that many families share. Pure."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

import lxml.html

from crawler.extract.listing import href_of
from crawler.extract.page import Page

_CALL: Final = re.compile(
    r"createPage(?:HTML)?\(\s*(?:(?P<box>['\"][^'\"]{0,60}['\"])\s*,\s*)?"
    r"(?P<numbers>\d{1,7}(?:\s*,\s*\d{1,7}){1,2})\s*,\s*"
    r"['\"](?P<stem>[^'\"]{1,80})['\"]\s*,\s*['\"]\.?(?P<suffix>\w{1,8})['\"](?:\s*,\s*['\"]?(?P<total>\d{1,7}))?"
)
_COUNT: Final = re.compile(r"\bvar\s+countPage\s*=\s*['\"]?(\d{1,6})")
_CURRENT: Final = re.compile(r"\bvar\s+currentPage\s*=\s*['\"]?(\d{1,6})")
_TOTAL: Final = re.compile(
    r"共\s{0,4}(?:有)?\s{0,4}(\d{1,7})\s{0,4}(?:条|篇|项|个)(?:记录|信息|结果)?|总记录数[:：]?\s{0,4}(\d{1,7})"
)
_PAGES: Final = re.compile(r"共\s{0,4}(\d{1,6})\s{0,4}页|(?:页次|第)\s{0,4}\d{1,6}\s{0,4}/\s{0,4}(\d{1,6})\s{0,4}页")
_PLACE: Final = re.compile(r"(?<!\d)(\d{1,6})\s{0,4}/\s{0,4}(\d{1,6})\s{0,4}页")
_NEXT: Final = re.compile(r"(?:下一?[页頁]|后一?页|后页|next(?:\s*page)?)\s*[>»›]*", re.I)
_SIGN: Final = re.compile(r"[>»›]{1,2}")
_CALENDAR: Final = re.compile(r"calendar|datepick|\brili\b", re.I)
_DAYS: Final = re.compile(r"(?:^|&)(?:y|m|d|year|month|day|date|ym|riqi)=", re.I)
_BARE_TOTAL: Final = re.compile(r"(?<!\d)(\d{1,7})\s{0,4}条")
_PACKED: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_MOST_PACKED: Final = 20_000
_PAGER_LABEL: Final = re.compile(r"[\[(]?\d{1,4}[\])]?|首页|上一?页|尾页|末页|下一?页")
_PAGE_LABEL: Final = re.compile(r"第?\s?\d{1,4}\s?页?|第\s?[一二三四五六七八九十百]{1,5}\s?页")
_PAGE_PARAMETERS: Final = "page pageno pagenum pageindex currpage cur_page pn p paging".split()


@dataclass(frozen=True, slots=True)
class PagerCall:
    """A call like `createPageHTML(5, 0, "index", "html")`: pages in all, the number of this one, and the file names the
    others have. `boxed`: the call begins with the id of an element, and counts pages from 1."""

    pages: int
    current: int
    stem: str
    suffix: str
    total: int | None
    boxed: bool


def pager_call(text: str) -> PagerCall | None:
    """The pager call of a page, in any of its forms: (pages, current, stem, suffix), (entries, pages, current, stem,
    suffix), or with the id of an element before and the count of entries behind; or the variables of an older script.
    """
    found = _CALL.search(text)
    if not found:
        return _older(text)
    numbers = [int(number) for number in found["numbers"].split(",")]
    total = int(found["total"]) if found["total"] else None
    if len(numbers) == 3:
        total, numbers = numbers[0], numbers[1:]
    return PagerCall(numbers[0], numbers[1], found["stem"], found["suffix"], total, bool(found["box"]))


def _older(text: str) -> PagerCall | None:
    count, current = _COUNT.search(text), _CURRENT.search(text)
    if not count:
        return None
    return PagerCall(int(count[1]), int(current[1]) if current else 0, "index", "html", None, False)


def next_file(call: PagerCall, base: int | None) -> tuple[str, int] | None:
    """The file name of the page after this one, and the number its family gives to a first page (0 or 1).

    Files are called after the number the call gives them: counted from 0, page 2 is `_1`; counted from 1, it is `_2`.
    `base` is what is known from the first page; without it, a boxed call counts from 1, others from 0, except that a
    first number of 1 in a list with an unnumbered address says otherwise (see `first_number`).
    """
    start = base if base is not None else int(call.boxed)
    number = call.current + 1
    if number - start >= call.pages:
        return None
    return f"{call.stem}_{number}.{call.suffix}", start


def first_number(page: Page, call: PagerCall) -> int | None:
    """What the call counts its first page as, if this is that page: its address then carries no number."""
    name = urlsplit(page.url).path.rpartition("/")[2].rpartition(".")[0]
    unnumbered = not re.fullmatch(re.escape(call.stem) + r"_\d+", name)
    return call.current if unnumbered and call.current in (0, 1) else None


def stated_total(text: str) -> int | None:
    """How many entries a list says it has (共N条)."""
    found = _TOTAL.search(text)
    return int(found[1] or found[2]) if found else None


def pager_total(pager: Page) -> int | None:
    """How many entries a pager names, 共N条 or N条; nothing else in a pager is counted so."""
    found = _BARE_TOTAL.search(pager.text)
    return int(found[1]) if found else None


def stated_pages(text: str) -> int | None:
    """How many pages a list says it has (共N页, 1/N页)."""
    found = _PAGES.search(text)
    return int(found[1] or found[2]) if found else None


def says_last(text: str) -> bool:
    """Whether a list says that this is its last page (3/3页)."""
    found = _PLACE.search(text)
    return found is not None and int(found[1]) >= int(found[2]) > 0


def next_link(page: Page) -> str | None:
    """Where the link to the next page leads: one that says so, or that carries the number after the current page's."""
    links = [(element, _label(element)) for element in page.root.iter("a", "link") if element.get("href")]
    for element, label in links:
        said = element.get("rel") == "next" or (element.tag == "a" and _NEXT.fullmatch(label))
        if said and (url := _leading(page, element)):
            return url
    wanted = str(page_number(page.url) + 1)
    known: dict[Any, bool] = {}
    signs = [link for link, label in links if link.tag == "a" and _SIGN.fullmatch(label)]
    numbered = [link for link, label in links if label.strip("[]【】()（） ") == wanted and _in_pager(link, known)]
    found = (url for link in (*signs, *numbered) if (url := _leading(page, link)) and not _turns_days(link, url))
    return next(found, None) or _clicked(page) or _chosen(page)


def _clicked(page: Page) -> str | None:
    """Where a button for the next page leads, when its own script says so."""
    if "onclick" not in page.text.lower():
        return None
    for element in page.root.xpath("//*[@onclick]"):
        label = (element.get("value") or "").strip() if element.tag == "input" else _label(element)
        href = href_of(element) if _NEXT.fullmatch(label) else ""
        led = any(mark in href for mark in "/.?")  # 2 is what a script counts its pages by
        if led and (url := _absolute(page, href)) and not _turns_days(element, url):
            return url
    return None


def _chosen(page: Page) -> str | None:
    """The address after this page's in a field to choose pages from, each an option with its number."""
    for field in page.root.iter("select"):
        options = list(field.iter("option"))
        if len(options) < 2 or not all(_PAGE_LABEL.fullmatch(_label(option)) for option in options):
            continue
        urls = [_absolute(page, option.get("value") or "") for option in options]
        here = [at for at, option in enumerate(options) if option.get("selected") is not None]
        at = here[0] if here else next((at for at, url in enumerate(urls) if url is None), -1)
        if 0 <= at < len(urls) - 1 and "/" in (options[at + 1].get("value") or "").replace(".", "/"):
            return urls[at + 1]
    return None


def unpacked_pager(page: Page) -> Page | None:
    """The pager that stands packed in an element `pages` (Base64 over percent-escapes, blanks as +), as a page of its
    own at the same address. Seen on dnr.yn.gov.cn, whose script unpacks it in the browser.
    """
    for box in page.root.xpath("//*[@id='pages']"):
        text = "".join("".join(box.itertext()).split())
        if not 40 < len(text) < _MOST_PACKED or not _PACKED.fullmatch(text):
            continue
        try:
            markup = unquote_plus(base64.b64decode(text).decode("ascii"))
        except ValueError:
            continue
        return replace(page, text=markup, root=lxml.html.fragment_fromstring(markup, create_parent="div"))
    return None


def scripted_next(page: Page) -> bool:
    """Whether there is a link to a next page that only a script could follow."""
    return any(
        _says_next(_label(element)) and (element.get("href") or "").strip().lower().startswith("javascript:")
        for element in page.root.iter("a")
    )


def _turns_days(element: Any, url: str) -> bool:
    """Whether a link belongs to a calendar, whose months and days never end."""
    if _DAYS.search(urlsplit(url).query):
        return True
    around = [element, *islice(element.iterancestors(), 6)]
    return any(_CALENDAR.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in around)


def _says_next(label: str) -> bool:
    return bool(_NEXT.fullmatch(label) or _SIGN.fullmatch(label))


def _label(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())[:40]


def _leading(page: Page, element: Any) -> str | None:
    return _absolute(page, element.get("href").strip())


def _absolute(page: Page, href: str) -> str | None:
    """Where an address of this page leads; None for nowhere else."""
    if not href or href.startswith("#") or href.lower().startswith(("javascript:", "mailto:")):
        return None
    url = page.resolve(href).partition("#")[0]
    if not url.startswith(("http://", "https://")):
        return None
    return url if url != page.url.partition("#")[0] else None


def _in_pager(element: Any, known: dict[Any, bool]) -> bool:
    """Whether a link stands among at least one other that is a bare number or says 上一页, 尾页 ...; `known` remembers
    what was found out about the elements around."""
    around = element.getparent()
    for _ in range(2):
        if around is None:
            return False
        if around not in known:
            known[around] = sum(bool(_PAGER_LABEL.fullmatch(_label(other))) for other in around.iter("a")) > 1
        if known[around]:
            return True
        around = around.getparent()
    return False


def page_number(url: str) -> int:
    """The number of a list page as its address gives it; 1 without one."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _PAGE_PARAMETERS and value.isdigit() and len(value) < 6:
            return int(value)
    found = re.search(r"[_/-](\d{1,4})(?:\.\w{2,6})?/?$", parts.path)
    return int(found[1]) if found else 1


def counted_on(url: str) -> str | None:
    """The address with its page parameter one higher; None where it has none."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    for at, (name, value) in enumerate(query):
        if name.lower() in _PAGE_PARAMETERS and value.isdigit() and len(value) < 6:
            query[at] = (name, str(int(value) + 1))
            return urlunsplit(parts._replace(query=urlencode(query)))
    return None
