"""Blocks, error pages and shells, told apart by what they plainly show. Pure. Nothing here is ever got around.

The signs come from saved pages and the public rule set of wafw00f; a sign counts only together with the status or the
shape it was seen with, because the same products also stand before pages that are served normally.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bulletin.capture import Capture
from bulletin.source import Source

#: Codes that mean: the site does not want us (now), and we stay away.
BLOCKED: Final = frozenset(
    "challenged_js waf_denied geo_or_ip_fenced rate_limited forbidden robots_unknown robots_forbidden".split()
)
#: Codes that mean: what the link led to is not there (any more).
ABSENT: Final = frozenset({"gone", "soft_404", "redirected_home", "replaced"})
#: Codes that mean: the site itself cannot be reached, whatever page is asked for.
UNREACHED: Final = frozenset({"tls_failed", "dns_failed", "down", "timeout", "private_address"})
#: Codes that mean: the link leads to another site, where nothing is asked for.
ELSEWHERE: Final = frozenset({"off_host"})
#: Codes that may be otherwise tomorrow: the page stays on the list of what is to be fetched.
PASSING: Final = frozenset(
    "timeout dns_failed tls_failed down disconnected rate_limited challenged_js waf_denied geo_or_ip_fenced forbidden "
    "robots_unknown request_limit".split()
)
#: No trouble with the page: the source's own limit of requests for one crawl.
LIMIT_REACHED: Final = "request_limit"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a page is not what was asked for: a code for the tally, and words for a person. `whole`: what is wrong is
    wrong with the site, and no other page of it need be asked for."""

    code: str
    words: str
    whole: bool = False


_ABSENT_WORDS: Final = re.compile(
    "页面不存在|网页不存在|頁面不存在|内容不存在|页面已(?:被)?删除|页面已不存在|找不到(?:该|您|此|网)?页|无法找到|"
    r"您?访问的页面|请求的页面|not found|\b404\b",
    re.I,
)
_TITLE: Final = re.compile(rb"<title[^>]{0,200}>(.{0,300}?)</title", re.I | re.S)
_TAGS: Final = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>|&nbsp;?|\s+", re.I | re.S)

#: Bytes under which a page can be an error page or a shell; longer ones have content of their own.
SHORT: Final = 2_000


def trouble_of(capture: Capture) -> Trouble | None:
    """What is wrong with an answer before anyone reads it as a bulletin, or None."""
    if capture.truncated == "length":
        return Trouble("too_large", f"longer than allowed; {len(capture.payload):,} bytes of it are kept")
    status = capture.status
    blocked = _block(capture)
    if blocked:
        return blocked
    if status in (404, 410):
        return Trouble("gone", f"the server answers {status}")
    if status == 429 or (status == 503 and capture.header("Retry-After")):
        return Trouble("rate_limited", f"the server answers {status} and asks for patience")
    if status in (401, 403, 405, 412, 451):
        return Trouble("forbidden", f"the server answers {status}")
    if status >= 500:
        return Trouble("down", f"the server answers {status}")
    if status >= 400 or (300 <= status < 400 and status != 304):
        return Trouble(f"http_{status}", f"the server answers {status} {capture.reason}".rstrip())
    return None if status == 304 else _hollow(capture)


def _block(capture: Capture) -> Trouble | None:
    status = capture.status
    server = capture.header("Server").lower()
    cookies = " ".join(value for name, value in capture.headers if name.lower() == "set-cookie")
    start = capture.body[:20_000]
    if status == 521 or (capture.header("X-Via-JSL") and status >= 400):
        return Trouble("challenged_js", f"{status}: a script challenge (Jiasule) instead of the page")
    ruishu = "FSSBBIl1UgzbN7N80" in cookies or b"$_ts" in start
    if status in (202, 400, 412) and ruishu:
        return Trouble("challenged_js", f"{status}: a script challenge (Ruishu) instead of the page")
    wzws = capture.header("WZWS-Ray") or b"wzws-waf-cgi" in start or "qianxin-waf" in server or status == 493
    if wzws and status >= 400:
        if b"reason:GeoBL" in start:
            return Trouble("geo_or_ip_fenced", f"{status}: the firewall refuses this region (WZWS, GeoBL)")
        return Trouble("waf_denied", f"{status}: refused by a firewall (WZWS)")
    signs = {
        "Jiasule": b"notice-jiasule" in start or "jiasule-waf" in server,
        "Chuangyu": b"www.365cyd.com" in start or b"help.365cyd.com" in start,
        "Yunsuo": "yunsuo_session" in cookies,
        "Safedog": b"safedog-flow-item" in start or b"404.safedog.cn" in start,
        "Yundun": "yundun" in server,
        "Aliyun": b"errors.aliyun.com" in start,
        "Tencent": b"waf.tencent-cloud.com" in start,
        "Huawei": "HWWAFSESID" in cookies,
    }
    seen = next((name for name, there in signs.items() if there), "")
    if seen and 400 <= status < 500 and status not in (404, 410):
        return Trouble("waf_denied", f"{status}: refused by a firewall ({seen})")
    return None


def _hollow(capture: Capture) -> Trouble | None:
    body = capture.body
    if not body.strip():
        return Trouble("empty", "the server answers 200 with nothing")
    if len(body) > SHORT or not capture_is_html(capture):
        return None
    text = _text(body)
    words = _TAGS.sub("", text)
    title = _TITLE.search(body)
    heading = _text(title[1]) if title else ""
    if "ArticleTitle" not in text and _ABSENT_WORDS.search(heading + " " + words):
        return Trouble("soft_404", "status 200, but the page says that there is no such page")
    if len(words) < 40 and "<script" in text.lower() and "location" not in text and "<a " not in text.lower():
        return Trouble("shell_page", "status 200, but only a script that would build the page")
    return None


def capture_is_html(capture: Capture) -> bool:
    """Whether an answer claims, or looks, to be a page rather than a file."""
    kind = capture.header("Content-Type").partition(";")[0].strip().lower()
    if kind in ("", "application/octet-stream", "text/plain"):
        return b"<" in capture.body[:200] and not capture.body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    return "html" in kind or "xml" in kind


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def identity_trouble(meta: Mapping[str, str], source: Source) -> Trouble | None:
    """Whether a page's own meta tags say that it belongs to another site: a mirror or a hijacked copy.

    The site code decides where both sides have one. A domain counts as the same where one name contains the other or
    the last three labels agree, because counties stand under their city's domain. Of a source without hosts (what was
    imported) nothing is known that a page could contradict.
    """
    code = meta.get("siteidcode", "").strip()
    if source.site_code and code:
        if code.lower() == source.site_code.lower():
            return None
        return Trouble("identity_mismatch", f"the page says its site code is {code}, not {source.site_code}")
    stated = meta.get("sitedomain", "").strip().lower()
    domain = (urlsplit(stated).hostname if "//" in stated else stated.partition("/")[0].partition(":")[0]) or ""
    if not source.hosts or "." not in domain or any(_related(domain, host) for host in source.hosts):
        return None
    return Trouble("identity_mismatch", f"the page says it belongs to {domain}")


def _related(one: str, other: str) -> bool:
    one, other = one.removeprefix("www."), other.partition(":")[0].removeprefix("www.")
    if one == other or one.endswith("." + other) or other.endswith("." + one):
        return True
    return one.count(".") >= 2 and one.split(".")[-3:] == other.split(".")[-3:]
