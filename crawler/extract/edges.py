"""Where, inside the element that holds it, the body begins and ends.

Containers often take in the headline and its labels above, or sharing buttons and links below. Position decides what is
cut: the same words between two paragraphs stay.
"""

from __future__ import annotations

import re

from bulletin.text.dates import find_dates
from bulletin.text.docnumber import parse_docnumber
from crawler.extract.article import AFTER, FOOTER, Body, is_furniture, worth
from crawler.extract.chrome import role_of
from crawler.extract.headline import Title
from crawler.extract.imprint import entries_of
from crawler.extract.outline import Outline

#: Lines among which a headline and its labels may stand, and prose after which they no longer can.
_HEAD_LINES = 24
_HEAD_PROSE = 60.0
#: After a paragraph of this length only a line with one of these labels can still belong to the head.
_PARAGRAPH = 15.0
_FOOTER_LENGTH = 320
#: Lines right under a title among which the one with date, source and names stands.
_STAMP_LINES = 3
_HEAD_LINE = re.compile(
    r"(?:来源|发布时间|发布日期|更新时间|發布日期|來源)\s*[:：]|(?<![\u4e00-\u9fff])(?:时间|日期)\s*[:：].*[^\d\s]\s*[:：]"
)
#: What names an attachment or a link that is not there.
_EMPTY_LABEL = re.compile(r"(?:相关)?(?:附件|文件|文档|下载|链接)(?:下载|列表|信息)?[:：]?")
_PAGER = re.compile(
    r"(?:(?:首页|上一页|上页|下一页|下页|末页|尾页|共\s*\d+\s*页|[<>«»‹›]|上一篇|下一篇|返回(?:列表|目录)|[【\[(（]?(?<!\d)\d{1,3}(?!\d)[】\])）]?)[\s|/,，:：…]*){2,}"
)
#: Lines that close a text and open what systems put under it: whoever put it up, the neighbours, a ruled line, buttons.
_CLOSER = re.compile(
    r"[（(【\[]?\s*(?:责任编辑|责编|文章录入|信息录入|录入)\s*[:：].{0,24}|[-—–_=─]{3,}\s*分[隔割]线?\s*[-—–_=─]{3,}|顶一下|满意度(?:评价|调查)?\s*[:：].{0,40}|"
    r"(?:本文|文章|原文)(?:链接|地址|网址)\s*[:：]\s*https?:.*|转载(?:时)?请注明.*|您(?:觉得|认为|对)[^。]{0,16}(?:满意|有用|有帮助)[^。]{0,6}|(?:关键词|关键字|标签|tags?)\s*[:：].{0,60}|"
    r"(?:上|下)一?(?:篇|条|则|页)(?:文章|新闻|信息|内容)?\s*[:：].*|"
    r"(?:[【\[]\s*(?:发表评论|查看评论|我要评论|加入收藏|告诉好友|推荐给?好友|打印(?:此文|本页|文章)?|关闭(?:窗口|当前页面?|本页|页面)?|返回(?:顶部|列表)?|收藏)\s*[】\]][\s|]*)+"
)
_LONGEST_CLOSER = 100
#: Dots with which a teaser ends, and how long one is.
_CUT = re.compile(r"\s*(?:\.{2,}|…+)$")
_SHORTEST_TEASER = 12
_LONGEST_VALUE = 20
_LONGEST_STAMP = 40
_PAPER = re.compile(r"(?:网|网站|报|台|融媒体中心|发布)$")
#: Elements of systems and their plug-ins that never hold a text, by the names they give them.
_PLUGIN = re.compile(
    r"(?:^|[\W_])(?:cookies?|digg?|vote|rat(?:e|ing)|pingjia|pingfen|comments?|pinglun|relate[ds]?|xgwz|xgyd|xgxx|bd-?share\w*|b?share|fenxiang|"
    r"copyright|foot(?:er)?|prev-?next|pre-?next|shangxia|sxpage|sxp|pagination|pager)(?:$|[\W_])"
)
_FILED = re.compile(r"附件|\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|rar|zip)\b", re.I)
#: A line that is a day, alone or before a name: what stands under a title and says nothing else.
_DATELINE = re.compile(
    r"[\[【(（]?(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?[^,，。；;、~至]{0,24}"
    r"|年\d{1,2}月\d{1,2}日(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?[\])】）]?(?:\s*星期[一二三四五六日天][^,，。；;、]{0,24})?)"
)
_PUBLISHED = re.compile(r"[发發][布佈表]")
_RELATED = re.compile(r"[【\[]?(?:关联|相关)(?:文件|政策|解读|稿件|链接|文档)[】\]]?\s*[:：]")
_CREDIT = re.compile(
    r"[（(【\[]?\s*(?:责任|网络|本[网文期])?(?:编辑|责编|来源|[图文资]{1,2}[料文片]?来源|作者|记者|供稿|撰稿|审[核稿校]|[一二三初复终]审|转载请注明|(?:主办|承办|协办)(?:单位)?[:：])"
)


def trim(outline: Outline, body: Body, title: Title | None) -> tuple[int, int]:
    """The lines [start, end) of `body` that are text of the bulletin."""
    start = _head(outline, body, title)
    ends = body.end, _unplugged(outline, start, body)  # a footer under the plug-ins tells what stands above it, too
    end = min(_tail(outline, start, end) for end in ends)
    while start < end and _furniture(outline, start):
        start += 1
    return start, end


def _head(outline: Outline, body: Body, title: Title | None) -> int:
    start = body.start
    if title and title.start is not None and body.start <= title.start < min(body.end, body.start + _HEAD_LINES):
        start = title.end
    first, prose = start, 0.0
    below_title = range(title.end, title.end + _STAMP_LINES) if title and title.start is not None else ()
    for index in range(start, min(body.end, start + _HEAD_LINES)):
        if (
            index in below_title
            and prose < _PARAGRAPH
            and (_is_stamped(outline.texts[index]) or _timed(outline, index))
        ):
            start = index + 1
        elif _furniture(outline, index) or _leads_off(outline, index):
            if prose < _PARAGRAPH or _HEAD_LINE.search(outline.texts[index]):
                start = index + 1
        elif index == start > first and _is_value(outline, index):
            start = index + 1
        else:
            prose += max(0.0, worth(outline.texts[index], outline.links[index]))
            if prose > _HEAD_PROSE:
                break
    if start < body.end or not any(_FILED.search(text) for text in outline.texts[first : body.end]):
        return _after_teaser(outline, start, body.end)
    return first  # a body that is a file and its credits has no head


def _leads_off(outline: Outline, index: int) -> bool:
    """Whether a line above a text names the document that it explains, with the link to it."""
    text = outline.texts[index]
    return outline.links[index] * 2 > len(text) and bool(_RELATED.match(text))


def _is_value(outline: Outline, index: int) -> bool:
    """Whether a cell is the value of the label in the cell above it."""
    label, text = outline.texts[index - 1], outline.texts[index]
    return outline.owners[index].tag in ("dd", "td") and label[-1] in ":：" and len(text) <= _LONGEST_VALUE


def _after_teaser(outline: Outline, start: int, end: int) -> int:
    """A summary that systems cut out of the text and set above it, with dots where it was cut, is no part of it."""
    text = outline.texts[start] if start < end else ""
    stem = _CUT.sub("", text)
    if stem == text or len(stem) < _SHORTEST_TEASER:
        return start
    return start + any(below.startswith(stem) for below in outline.texts[start + 1 : min(end, start + 6)])


def _timed(outline: Outline, index: int) -> bool:
    """Whether a line is what an element `time` shows, and nothing else."""
    shown = (time for time in outline.owners[index].iter("time") if time.get("datetime"))
    return any(" ".join("".join(time.itertext()).split()) == outline.texts[index] for time in shown)


def _is_stamped(text: str) -> bool:
    """A line of labels and names with a day and a time of day, or of a paper and a day: when a page was put up.

    An office and a day may be the first words of a speech or an order.
    """
    if _DATELINE.fullmatch(text):
        return True
    entries = entries_of(text, "head")
    if len(entries) == 2 and any(entry.field == "source_name" and _PAPER.search(entry.value) for entry in entries):
        return len(text) <= _LONGEST_STAMP and any(entry.field == "published" for entry in entries)
    named = {entry.field for entry in entries if entry.label and entry.field not in ("", "tools")}
    if (len(named) >= 2 or parse_docnumber(text)) and any(
        _PUBLISHED.search(entry.label) and find_dates(entry.value) for entry in entries
    ):
        return True
    shown = [entry.value for entry in entries if entry.field == "published"]
    return any(found.moment is not None for value in shown for found in find_dates(value))


def _tail(outline: Outline, start: int, end: int) -> int:
    left = 0.0
    for index in range(end - 1, start - 1, -1):
        text = outline.texts[index]
        if _closes(outline, start, index, end):
            end, left = index, 0.0
        left += max(0.0, worth(text, outline.links[index]))
        if left >= 20:
            break
    footed = False  # whether the site's own footer stood in the container, and with it what is above a footer
    while end > start:
        text = outline.texts[end - 1]
        footing = FOOTER.search(text[-_FOOTER_LENGTH:]) and not _own_words(outline, start, end - 1)
        role = role_of(text, "tail") if footed or footing else None
        footed |= role == "footer"
        if not role and not _is_tail(outline, start, end - 1):
            break
        end -= 1
    return end


def _closes(outline: Outline, start: int, index: int, end: int) -> bool:
    """Whether a line opens what stands under the text, by its own words; files below it are still the bulletin's."""
    text = outline.texts[index]
    if len(text) <= 24 and AFTER.match(text):
        return True
    if len(text) > _LONGEST_CLOSER or not _CLOSER.fullmatch(text) or _own_words(outline, start, index):
        return False
    return not any(_FILED.search(below) for below in outline.texts[index + 1 : end])


def _unplugged(outline: Outline, start: int, body: Body) -> int:
    """The end of the body without the plug-ins under the text: sharing, votes, comments, notices; files stay."""
    end = body.end
    while end > start and not _FILED.search(outline.texts[end - 1]):
        element, inside = outline.owners[end - 1], False
        while element is not None and element is not body.element and not inside:
            inside = bool(_PLUGIN.search(f"{element.get('id') or ''} {element.get('class') or ''}".lower()))
            element = element.getparent()
        if not inside or element is None:
            break
        end -= 1
    return end if end > start else body.end


def _own_words(outline: Outline, start: int, index: int) -> bool:
    """The line of an editor or a source set as a paragraph of the text itself."""
    owner, before = outline.owners[index], outline.owners[max(start, index - 1)]
    credit = _CREDIT.match(outline.texts[index])
    return bool(credit) and owner.tag == before.tag and owner.getparent() is before.getparent()


def _is_tail(outline: Outline, start: int, index: int) -> bool:
    """Furniture, except the line of an editor or a source set as the last paragraph of the text itself."""
    text = outline.texts[index]
    if len(text) <= 120 and (_EMPTY_LABEL.fullmatch(text) or _is_pager(text)):
        return True
    return _furniture(outline, index) and not _own_words(outline, start, index)


def _furniture(outline: Outline, index: int) -> bool:
    text = outline.texts[index]
    return (
        (len(text) == 1 and (text.isascii() or not text.isalnum()) and not text.isdigit())
        or is_furniture(text)
        or bool(AFTER.match(text) and len(text) <= 24)
        or _is_pager(text)
    )


def _is_pager(text: str) -> bool:
    return len(text) < 120 and bool(_PAGER.fullmatch(text))
