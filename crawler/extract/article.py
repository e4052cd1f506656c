"""Which element of a page is the bulletin: the CMS's own container, or else the block where the prose is.

Known containers come first (field guide, 7). The generic finder is made for Chinese official pages: it counts the
characters of lines that read like sentences, outside links, and takes the innermost element that holds nearly all of
them; what stands above the headline or inside navigation counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from crawler.extract.outline import Outline, Span

#: Ids and classes under which publishing systems put the body, and the body alone.
CONTAINERS = frozenset(
    "ucapcontent ucap-content trs_editor_view trs_ueditor trs_editor trs_paper_default zoom zoomcon v_news_content "
    "ivs_content article_content article-content articlecontent xxgk-content detail-content detail_content "
    "pages_content con_con xl-cont main-txt art_con m-article article_zw wenz con_wen bt_content article-conter "
    "article_con info_cont news_cont_d_wrap tdcontent tblinfo news_content newscontent newstext article-body "
    "articlebody article_body arttext artibody js_content rich_media_content cont_txt zhengwen wzzw wznr neirong "
    "detailcontent wenzhang-content news-content post-content entry-content text_content maintext txt_content "
    "content_text".split()
)
_CONTAINER_STEM = re.compile(r"vsb_content\w*|trs_editor\w*|ucap-?content\w*|ivs_content\w*")
_ASIDE = re.compile(
    r"(?:^|[\W_])(?:foot\w*|bottom\d*|copyright|copy|nav\w*|menu\w*|header|top\w*|crumbs?|breadcrumbs?|pagination|pager|"
    r"comments?|pinglun|reply|related|relate|recommend\w*|sidebar|aside|share\w*|tools?\w*|hot\w*|rank\w*|xgwz|xgyd|xgxx|links?|yqlj)(?:$|[\W_])"
)
SENTENCE = re.compile(r"[，。；！？、,;]")
CHROME = re.compile(
    r"版权所有|技术支持|ICP备|公网安备|网站标识码|主办单位|承办单位|copyright|建议使用|分辨率|浏览器|^(?:上|下)一(?:篇|条|页)(?:[:：\s]|$)"
    r"|(?:^|[您你]|当前|现在|目前)的?(?:所在)?的?位置|^(?:分享|打印|关闭|收藏|责任编辑|编辑)|^返回(?:首页|顶部|列表|上页|上一页|主页)$|"
    r"(?:政府|办公室|中心|委员会|[局委办部])\s*(?:主办|承办|版权所有)|扫一扫|网站地图|^附件下载",
    re.I,
)
#: What stands in footers only, even in a sentence.
FOOTER = re.compile(
    r"ICP备|公网安备|网站标识码|copyright|(?:技术支持|主办单位|承办单位|版权所有)\s*[:：©]|分辨率|©", re.I
)
#: A line of labels under a headline.
INFO = re.compile(
    r"(?:[Dd]ate|来源|(?<![\u4e00-\u9fff])(?:时间|日期|時間)|(?:[发發][布佈]|发表|發表|发稿|发文|更新|修改|录入|上传|上载|添加|创建|公布|公开|公示|信息|加入|归档|成文|"
    r"生成|编辑|稿件|文章|提交|入库|刊发|上网|来信|留言|写信|提问)(?:时间|日期|時間)|发布|更新|字[体号]大?小?|浏览(?:次数|量)?|阅读(?:次数|量|数)?|点击(?:率|数|量|次数)?|访问(?:次数|量)|人气|"
    r"作者|责?编辑?|记者|打印|索引号|发布机构|分享(?:到|至)?|信息来源|[來来]源|發[布佈]|字體)\s*[:：∶]|【?字体|^分享到?|\[\s*大\s*中\s*小|A-\s*A"
)
#: When something takes place, as likely as when a page was put up.
_WHEN = re.compile(r"(?:时间|日期)\s*[:：]\s*(?:19|20)\d\d年[^:：]*(?:[:：]\d\d[^:：]*){0,3}$")
#: Short lines that open what follows an article: nothing after them decides which element is the body.
AFTER = re.compile(
    r"[【\[]?(?:(?:相关|延伸|推荐|热门|精彩|最新|猜你|为您|更多|大家|今日|精华|热点|编辑)(?:新闻|链接|阅读|文章|推荐|信息|内容|资讯|报道|稿件|"
    r"文档|解读|政策|图集|排行|喜欢|评论|专题|关注|精选|视频|话题)[:：]?.{0,4}$|(?:网友|最新|全部|热门|查看|发表|我要|用户)?评论"
    r"(?:[:：(（\d].*|区|列表)?$|.{0,4}条评论|(?:我要|读者|网友|网上|在线)(?:留言|提问|咨询)(?:[(（]\d{0,4}[)）])?$|(?:上|下)一(?:篇|条|则)\s*(?:[:：>》]|$)|(?:热点|点击|阅读|新闻|本周|今日).{0,2}排行|分享(?:到|至)?[:：]?$)"
)
_DISCLAIMER = re.compile(
    r"免责声明|凡本(?:站|网)|未经.{0,8}(?:授权|许可)|本(?:站|网)(?:站|注明)?.{0,12}(?:转载|版权)|著作权归"
)
#: Characters from which a line is not said twice by chance.
_TOLD = 24
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|rar|zip|7z)\b", re.I)


@dataclass(frozen=True, slots=True)
class Body:
    """The lines [start, end) of the body, the element, what it was chosen by, and how sure that is."""

    start: int
    end: int
    element: Any
    origin: str
    confidence: float


def find_body(outline: Outline, worths: Sequence[float]) -> Body | None:
    """The body of an article page by the worth of its lines; None where there is no text at all."""
    spans = [span for span in outline.spans if span.end > span.start]
    if not spans:
        return None
    sums = [0.0, *accumulate(worths)]
    held = {id(span): sums[span.end] - sums[span.start] for span in spans}
    generic = min(spans, key=lambda span: (-held[id(span)], span.end - span.start))
    if generic.end - generic.start <= 2:
        generic = _around(generic, spans, worths)
    best = max(1.0, held[id(generic)])
    named = [span for span in spans if is_container(span)]
    if named:
        known = min(named, key=lambda span: (-held[id(span)], span.end - span.start))
        inside = known.start <= generic.start and generic.end <= known.end
        tidy = not inside or held[id(generic)] - held[id(known)] < 60
        if held[id(known)] >= 0.3 * best and tidy:
            confidence = 0.6 + 0.4 * min(1.0, held[id(known)] / best)
            start, end, element = _with_twins(known, named, held)
            return Body(start, end, element, "family", confidence)
    read = sum(max(0.0, later - earlier) for earlier, later in pairwise(sums))
    start, end, element = _with_rest(generic, spans, worths)
    return Body(start, end, element, "generic", 0.4 + 0.5 * best / max(1.0, read))


def _with_rest(found: Span, spans: Sequence[Span], worths: Sequence[float]) -> tuple[int, int, Any]:
    """A paragraph that holds a whole text, parted by line breaks, has its signature in the next one."""
    parent = next((span for span in spans if span.element is found.element.getparent()), None)
    if found.tag != "p" or parent is None or found.end == parent.end or worths[found.end] <= 0:
        return found.start, found.end, found.element
    end = found.end
    while end < parent.end and worths[end] > 0:
        end += 1
    return found.start, end, parent.element


def _around(paragraph: Span, spans: Sequence[Span], worths: Sequence[float]) -> Span:
    """Where a single paragraph came out best because head line and tools stand among its brothers: their parent."""
    parent = next((span for span in spans if span.element is paragraph.element.getparent()), None)
    if parent is None:
        return paragraph
    beside = [*worths[parent.start : paragraph.start], *worths[paragraph.end : parent.end]]
    gain = sum(worth for worth in beside if worth > 0)
    cost = -sum(worth for worth in beside if worth < 0)
    return parent if gain >= 8 and gain >= 0.25 * cost else paragraph


def _with_twins(known: Span, named: Sequence[Span], held: dict[int, float]) -> tuple[int, int, Any]:
    """Some templates give every part of a text a container of the same name, one after the other."""
    parent = known.element.getparent()
    twins = [
        span
        for span in named
        if span.element.getparent() is parent
        and span.element.get("class") == known.element.get("class")
        and held[id(span)] > 0
    ]
    if len(twins) < 2:
        return known.start, known.end, known.element
    return min(span.start for span in twins), max(span.end for span in twins), parent


def pictured(outline: Outline) -> Body | None:
    """A known container that holds pictures or a viewer instead of text."""
    for span in outline.spans:
        if is_container(span) and next(span.element.iter("img", "iframe", "embed", "object"), None) is not None:
            return Body(span.start, span.end, span.element, "family", 0.6)
    return None


def worths_of(outline: Outline, headline: int | None = None) -> list[float]:
    """What each line adds to an element's claim to be the body: sentences much, fragments little, chrome below zero.

    `headline` is the line of the title: what stands above it adds nothing. Nor does what was said already: pages carry
    their text a second time for the printer, or in large letters for the old.
    The element of the greatest sum is found by itself neither too small (it would lose sentences) nor too large (it
    would take in links and tools).
    """
    aside = _asides(outline)
    worths = []
    told: set[str] = set()
    prose = 0.0
    after = False
    for index, text in enumerate(outline.texts):
        value = worth(text, outline.links[index], bool(aside[index]))
        if headline is not None and index <= headline:
            value = min(value, 0.0)
        elif after or (prose > 100 and len(text) <= 20 and AFTER.match(text)):
            after = True
            value = value * 0.2 if value > 60 else min(value, 0.0)
        if len(text) >= _TOLD:
            value = min(value, 0.0) if text in told else value
            told.add(text)
        prose += max(0.0, value)
        worths.append(value)
    return worths


def worth(text: str, linked: int, aside: bool = False) -> float:
    """What a line tells: its characters where it reads like prose, less for fragments, below zero for furniture."""
    size = len(text)
    own = size - linked
    if aside:
        return -4.0
    if linked * 2 >= size:
        return size * 0.5 if _FILE.search(text) or text.startswith("附件") else -4.0 - size * 0.2
    if is_furniture(text) or _DISCLAIMER.search(text):
        return 0.0 if _WHEN.match(text) else -12.0
    if own >= 30 or (own >= 8 and SENTENCE.search(text)):
        return float(own)
    return own * 0.3 if own >= 3 else 0.0


def is_furniture(text: str) -> bool:
    """A line of labels, tools or site information, by its own words."""
    size = len(text)
    if size > 200 or (size > 24 and text[-1] in "。；！？”）)" and not CHROME.match(text)):
        return False
    if text[-1] in "。！？" and not FOOTER.search(text):
        return False
    if size < 80 and (CHROME.match(text) or (CHROME.search(text) and not SENTENCE.search(text))):
        return True
    found = INFO.search(text)
    return bool(found and (found.start() < 12 or INFO.search(text, found.end())))


def _asides(outline: Outline) -> bytearray:
    """1 for the lines inside elements named as navigation, footer, tools; never most of the page."""
    marked = bytearray(len(outline.texts))
    total = outline.text_sum[-1] - outline.link_sum[-1]
    for span in outline.spans:
        if span.end == span.start or span.tag in ("html", "body"):
            continue
        if not (span.tag in ("footer", "nav") or (span.name and _is_aside(span.name))):
            continue
        own = outline.size(span.start, span.end) - outline.linked(span.start, span.end)
        if own < 0.4 * total:
            marked[span.start : span.end] = b"\x01" * (span.end - span.start)
    return marked


def is_container(span: Span) -> bool:
    """Whether the element is named as publishing systems name the body."""
    return span.tag == "ucapcontent" or bool(span.name and _is_named(span.name))


@lru_cache(maxsize=4096)
def _is_named(names: str) -> bool:
    return any(name in CONTAINERS or _CONTAINER_STEM.fullmatch(name) for name in names.lower().split())


@lru_cache(maxsize=4096)
def _is_aside(names: str) -> bool:
    return bool(_ASIDE.search(names.lower()))
