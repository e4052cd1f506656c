"""What an answer says about a bulletin we know: is it there, is it gone, or can nobody say? Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from bulletin.capture import Capture
from bulletin.harvest import Harvest
from bulletin.ids import canonical_url
from bulletin.ledger import BLOCKED, GONE, REDIRECTED_HOME, REPLACED, SITE_DOWN, SOFT_404, UNCLEAR
from bulletin.source import Source
from bulletin.text.clean import squeeze
from crawler import troubles
from crawler.addresses import own_host
from crawler.troubles import SHORT, Trouble, capture_is_html

# A page without text (`empty`, `shell_page`) is not among them: where scripts fetch the text, all pages are like that.
_FINDINGS: Final = {
    "gone": GONE,
    "soft_404": SOFT_404,
    "redirected_home": REDIRECTED_HOME,
    "replaced": REPLACED,
}
_FRONT_PAGE: Final = re.compile(r"/(?:(?:index|default|main|home)\.\w{2,5})?", re.I)
_ERROR_PAGE: Final = re.compile(r"/(?:\w{1,20}/)?(?:404|error|not_?found|no_?page)\w{0,10}(?:\.\w{2,5})?", re.I)
# Where a page without content sends a browser: <meta http-equiv=refresh content="0;url=/">, location.href='/'.
_ONWARD: Final = re.compile(
    rb"""(?:http-equiv\s{0,3}=\s{0,3}["']?refresh[^>]{0,80}?url\s{0,3}=|"""
    rb"""location(?:\.href)?\s{0,3}=|location\.replace\s{0,3}\()\s{0,3}["']?([^"'>\s;)]{1,300})""",
    re.I,
)
_ABSENT_WORDS: Final = re.compile(
    "(?:页面|网页|頁面|文章|稿件)(?:不存在|已?经?被?(?:删除|刪除|失效|下线))|找不到(?:该|您|此|网)?页|"
    "无法找到(?:该|您|此|网)?页|(?:访问|请求|查看)的(?:页面|网页|頁面|文章)"
)
#: Letters up to which the text of a page can be an excuse for another.
_EXCUSE: Final = 150
#: Letters below which a text says too little to be told from another.
_TELLING: Final = 30
_RUN: Final = 5
#: Shares of runs in common below which two texts, and of neighbouring letters below which two titles, are of two
#: papers. Of 4,000 pairs of notices of one office 99 % were below both; versions of one law share 0.77 in the median.
_SAME_TEXT: Final = 0.3
_SAME_TITLE: Final = 0.75


def finding_of(trouble: Trouble) -> str | None:
    """What a trouble with a known bulletin's page means for the ledger; None: it was not asked for at all."""
    code = trouble.code
    if code == troubles.LIMIT_REACHED:
        return None
    if code in troubles.BLOCKED:
        return BLOCKED
    if code in troubles.UNREACHED or code == "disconnected":
        return SITE_DOWN
    return _FINDINGS.get(code, UNCLEAR)


def strayed(source: Source, asked: str, capture: Capture, *, to_list: bool = True) -> Trouble | None:
    """Whether a request ended at the site's front page, one of its error pages or (`to_list`) one of its lists,
    instead of where it was meant to; redirected by the server, or by a page that holds nothing else."""
    end = _onward(capture) or capture.url
    try:
        if canonical_url(end) == canonical_url(asked) or not own_host(source, end):
            return None
        path = urlsplit(canonical_url(end)).path
        home = bool(_FRONT_PAGE.fullmatch(path)) and not _FRONT_PAGE.fullmatch(urlsplit(asked).path)
        lists = {canonical_url(column.url) for column in source.columns} | {canonical_url(source.url)}
        if home or (to_list and canonical_url(end) in lists):
            return Trouble("redirected_home", f"redirected to {end}")
    except ValueError:
        return None
    if _ERROR_PAGE.fullmatch(path):
        return Trouble("soft_404", f"redirected to {end}")
    return None


def _onward(capture: Capture) -> str:
    """Where a page that holds nothing else sends the browser; "" if it does not."""
    if capture.status != 200 or len(capture.body) > SHORT or not capture_is_html(capture):
        return ""
    found = _ONWARD.search(capture.body)
    if not found or b"<a " in capture.body.lower():
        return ""
    onward: bytes = found[1]
    return urljoin(capture.url, onward.decode("ascii", "replace"))


def excuse(harvest: Harvest) -> Trouble | None:
    """Whether all that a page says is that there is no such page. Long ones with menus are told by this, when the menus
    are off."""
    if harvest.attachments or len(squeeze(harvest.text[: 4 * _EXCUSE])) > _EXCUSE:
        return None
    text = squeeze(harvest.text)
    if len(text) > _EXCUSE or not _ABSENT_WORDS.search(squeeze(harvest.title or "") + text):
        return None
    return Trouble("soft_404", "status 200, but the page says that there is no such page")


def replaced(kept: Harvest, met: Harvest) -> Trouble | None:
    """Whether the page now carries another paper than the one that was kept, rather than another state of it.

    The same number or index number, the same date of publication, most of the title or a third of the text make it the
    same paper. Of a text too short to be told from another nothing is concluded.
    """
    if any(a and a == b for a, b in ((kept.number, met.number), (kept.index_number, met.index_number))):
        return None
    if min(len(squeeze(kept.text)), len(squeeze(met.text))) < _TELLING or not (kept.title and met.title):
        return None
    if kept.published_on == met.published_on and "published_on" in dict(met.evidence) and not _from_row(met):
        return None
    if _shared(kept.title, met.title, 2) >= _SAME_TITLE or _shared(kept.text, met.text, _RUN) >= _SAME_TEXT:
        return None
    return Trouble("replaced", f"the address now carries another paper: {met.title}")


def _from_row(harvest: Harvest) -> bool:
    return dict(harvest.evidence)["published_on"].origin == "row"


def _shared(one: str, other: str, length: int) -> float:
    """The share of runs of that many letters that the poorer text has in common with the other."""
    runs = [_runs(squeeze(text), length) for text in (one, other)]
    return len(runs[0] & runs[1]) / max(1, min(len(runs[0]), len(runs[1])))


def _runs(text: str, length: int) -> set[str]:
    return {text[at : at + length] for at in range(max(1, len(text) - length + 1))}
