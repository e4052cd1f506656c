"""Which element of a page is the bulletin: the CMS's own container, or else the block where the prose is.

Known containers come first (field guide, 7). The generic finder is made for Chinese official pages: it counts the
characters of lines that read like sentences, outside links, and takes the innermost element that holds nearly all of
them; what stands above the headline or inside navigation counts for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from crawler.extract.outline import Outline, Span

#: Ids and classes under which publishing systems put the body, and the body alone.
CONTAINERS = frozenset(
    "ucapcontent ucap-content trs_editor_view trs_ueditor trs_editor trs_paper_default zoom zoomcon v_news_content "
    "ivs_content article_content article-content articlecontent xxgk-content detail-content detail_content pages_content "
    "con_con xl-cont main-txt art_con m-article article_zw wenz con_wen bt_content article-conter article_con info_cont "
    "news_cont_d_wrap tdcontent tblinfo news_content newscontent newstext article-body articlebody article_body "
    "arttext artibody js_content rich_media_content cont_txt zhengwen wzzw wznr neirong detailcontent wenzhang-content "
    "news-content post-content entry-content text_content maintext txt_content content_text".split()
)
_CONTAINER_STEM = re.compile(r"vsb_content\w*|trs_editor\w*|ucap-?content\w*|ivs_content\w*")
_ASIDE = re.compile(
    r"(?:^|[\W_])(?:foot\w*|bottom\d*|copyright|copy|nav\w*|menu\w*|header|top\w*|crumbs?|breadcrumbs?|pagination|pager|"
    r"comments?|related|relate|recommend\w*|sidebar|aside|share\w*|tools?\w*|hot\w*|rank\w*|xgwz|xgyd|xgxx|links?|yqlj)(?:$|[\W_])"
)
_SENTENCE = re.compile(r"[，。；！？、,;]")
_NOT_PROSE = re.compile(
    r"版权所有|技术支持|ICP备|公网安备|网站标识码|主办单位|承办单位|copyright|建议使用|分辨率|浏览器|^(?:上|下)一(?:篇|条|页)"
    r"|您?(?:当前|现在)?的?(?:所在)?位置|^(?:分享|打印|关闭|收藏|责任编辑|编辑)|扫一扫|联系电话|网站地图|^附件下载",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Body:
    """The lines [start, end) of the body, the element, what it was chosen by, and how sure that is."""

    start: int
    end: int
    element: Any
    origin: str
    confidence: float


def find_body(outline: Outline, headline: int | None = None) -> Body | None:
    """The body of an article page; None where there is no text at all. `headline` is the line of the title."""
    if not outline.texts:
        return None
    sums = _prose_sums(outline, headline)
    whole = outline.spans[0] if outline.spans else Span(outline.owners[0], "", 0, len(outline.texts))
    generic = _densest(outline, sums, whole)
    known = _known(outline, sums)
    if known:
        held = sums[known.end] - sums[known.start]
        best = sums[generic.end] - sums[generic.start]
        if held >= 0.35 * best or (held and best < 60):
            return Body(known.start, known.end, known.element, "family", min(1.0, 0.6 + held / max(best, 1) * 0.4))
    share = (sums[generic.end] - sums[generic.start]) / max(1, sums[-1])
    return Body(generic.start, generic.end, generic.element, "generic", 0.4 + 0.5 * share)


def _prose_sums(outline: Outline, headline: int | None) -> list[int]:
    aside = _asides(outline)
    weights = []
    for index, text in enumerate(outline.texts):
        own = len(text) - outline.links[index]
        if own <= 0 or aside[index] or (headline is not None and index <= headline) or _NOT_PROSE.search(text):
            weights.append(0)
        elif own >= 30 or (own >= 8 and _SENTENCE.search(text)):
            weights.append(own)
        else:
            weights.append(own // 3)
    return [0, *accumulate(weights)]


def _asides(outline: Outline) -> bytearray:
    """1 for the lines inside elements named as navigation, footer, tools; never most of the page."""
    marked = bytearray(len(outline.texts))
    total = outline.text_sum[-1] - outline.link_sum[-1]
    for span in outline.spans:
        if span.end == span.start or span.tag in ("html", "body"):
            continue
        name = f"{span.element.get('id') or ''} {span.element.get('class') or ''}".lower()
        if not (span.tag in ("footer", "nav") or (len(name) > 1 and _ASIDE.search(name))):
            continue
        own = outline.size(span.start, span.end) - outline.linked(span.start, span.end)
        if own < 0.4 * total:
            marked[span.start : span.end] = b"\x01" * (span.end - span.start)
    return marked


def _densest(outline: Outline, sums: list[int], whole: Span) -> Span:
    """The innermost element holding nine tenths of the prose (the share public crawlers found to work)."""
    enough = 0.9 * (sums[whole.end] - sums[whole.start])
    best = whole
    for span in outline.spans:
        if span.tag in ("tr", "tbody", "p") and span.end - span.start < 2:
            continue
        if sums[span.end] - sums[span.start] >= enough and span.end - span.start <= best.end - best.start:
            best = span
    return best


def _known(outline: Outline, sums: list[int]) -> Span | None:
    """The known container with most prose; of nested ones the innermost that still holds nine tenths."""
    found = [span for span in outline.spans if span.end > span.start and is_container(span.element)]
    if not found:
        return None
    held = [sums[span.end] - sums[span.start] for span in found]
    best = max(held)
    good = [span for span, prose in zip(found, held, strict=True) if prose >= 0.9 * best]
    return min(good, key=lambda span: span.end - span.start)


def is_container(element: Any) -> bool:
    """Whether the element is named as publishing systems name the body."""
    if element.tag == "ucapcontent":
        return True
    names = (element.get("class") or "").lower().split()
    if identity := element.get("id"):
        names.append(identity.lower())
    return any(name in CONTAINERS or _CONTAINER_STEM.fullmatch(name) for name in names)
