"""What each field of an exported bulletin means: the data dictionary of the manifests, and labels for people."""

from __future__ import annotations

from typing import Final

#: field: (label as Chinese archives print it, meaning)
FIELDS: Final[dict[str, tuple[str, str]]] = {
    "id": ("标识", "id of the document: digest over its source and the URL first seen; never changes"),
    "revision": ("版本", "number of the revision, counted from 1; a revision is a change of content"),
    "revisions": ("版本数", "how many revisions the document has"),
    "kind": ("类型", "article, issue (several articles under one masthead), collection (texts of others) or list"),
    "source": ("来源站点", "id of the site as described in its source file"),
    "region": ("行政区划代码", "GB/T 2260 division code of the publisher"),
    "url": ("网址", "URL under which the document was first seen"),
    "title": ("标题", "title as displayed"),
    "kicker": ("肩题", "line above the title"),
    "subtitle": ("副标题", "line below the title"),
    "issue": ("期号", "issue label as printed"),
    "issue_number": ("总期数", "total number of the issue as an integer"),
    "number": ("文号", "document number, normal form"),
    "number_raw": ("文号（原样）", "document number as printed"),
    "index_number": ("索引号", "index number of the disclosure catalogue; not unique"),
    "office": ("发布机构", "issuing office as printed"),
    "topic": ("主题分类", "classification as printed"),
    "genre": ("文种", "kind of official document"),
    "disclosure": ("公开时限", "term of disclosure"),
    "validity": ("有效性", "validity as printed"),
    "dated_on": ("成文日期", "date of writing: disclosure block or masthead; Asia/Shanghai"),
    "signed_on": ("落款日期", "date under the signature; Asia/Shanghai"),
    "published_on": ("发布日期", "date of publication; Asia/Shanghai"),
    "published_at": ("发布时间", "moment of publication, Chinese time"),
    "effective_on": ("生效日期", "date on which it takes effect; Asia/Shanghai"),
    "expires_on": ("失效日期", "date on which it lapses; Asia/Shanghai"),
    "first_seen": ("首次发现", "moment at which the archive first saw it, UTC"),
    "last_seen": ("最近核实", "moment at which the archive last saw it, UTC"),
    "fetched_at": ("采集时间", "moment at which this revision was captured, UTC"),
    "author": ("作者", "author"),
    "source_name": ("信息来源", "source named on the page"),
    "editor": ("编辑", "editor"),
    "reviewer": ("审核", "reviewer"),
    "language": ("语种", "language"),
    "script": ("字体", "simplified, traditional, mixed, or converted (by a machine, from simplified)"),
    "text": ("正文", "text, paragraphs parted by a line break, headings and table cells once"),
    "sections": ("章节", "headings with the text below them"),
    "attachments": (
        "附件",
        "attached files with name, URL, media type, size, SHA-256 and text where they were fetched",
    ),
    "attachment_count": ("附件数", "how many files are attached"),
    "pages": ("分页", "which page of how many, and which are missing"),
    "block": ("信息公开栏", "disclosure box as printed, line by line"),
    "tables": ("表格", "tables; a merged cell is repeated in every place it covers"),
    "rows": ("列表", "lines of a list page"),
    "chrome": ("页面附属文字", "lines of the page that are not the bulletin's"),
    "evidence": ("依据", "which rule gave each field, and how sure that is, 0 to 1"),
    "doubts": ("存疑", "what an archivist should look at"),
    "repairs": ("修补", "mends of damaged text"),
    "read_by": ("读取规则", "family and version of the rule that read the page"),
    "content_digest": ("内容校验值", "SHA-256 over the cleaned content; decides revisions"),
    "payload_digest": ("原始校验值", "SHA-256 over the page as received, transfer-coding off; evidence"),
    "record": ("存档记录", "WARC file, byte offset and length of the capture"),
    "status": ("状态", "state at the source"),
}


def label(field: str) -> str:
    return FIELDS[field][0]


def meaning(field: str) -> str:
    return FIELDS[field][1]
