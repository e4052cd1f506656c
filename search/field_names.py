"""The names of fields as archivists type them, in both scripts and in English."""

from __future__ import annotations

from typing import Final

#: What may stand before a colon, in lower case, and the field or rule it means. Pages print some of them as labels, and
#: what is pasted from a page means the same. `date` is the date the whole question goes by.
FIELD_NAMES: Final = {
    "标题": "title",
    "標題": "title",
    "题名": "title",
    "題名": "title",
    "title": "title",
    "文号": "number",
    "文號": "number",
    "发文字号": "number",
    "發文字號": "number",
    "文件编号": "number",
    "文件編號": "number",
    "number": "number",
    "索引号": "index_number",
    "索引號": "index_number",
    "信息索引": "index_number",
    "信息索引号": "index_number",
    "索取号": "index_number",
    "index": "index_number",
    "index_number": "index_number",
    "机构": "office",
    "機構": "office",
    "发布机构": "office",
    "發布機構": "office",
    "发文机关": "office",
    "發文機關": "office",
    "发文机构": "office",
    "发文单位": "office",
    "发布单位": "office",
    "office": "office",
    "来源": "source_name",
    "來源": "source_name",
    "信息来源": "source_name",
    "文章来源": "source_name",
    "source": "source_name",
    "source_name": "source_name",
    "主题": "topic",
    "主題": "topic",
    "主题分类": "topic",
    "topic": "topic",
    "县": "region",
    "縣": "region",
    "区县": "region",
    "區縣": "region",
    "地区": "region",
    "地區": "region",
    "region": "region",
    "county": "region",
    "日期": "date",
    "date": "date",
    "发布日期": "published",
    "發布日期": "published",
    "published": "published",
    "成文日期": "dated",
    "生成日期": "dated",
    "dated": "dated",
    "原字形": "glyphs",
    "glyphs": "glyphs",
}
#: Small words before a colon that stand in texts and are meant as text.
PLAIN_WORDS: Final = frozenset(
    "http https ftp mailto tel fax email mail line fb ig qq wechat www url id no pm am re".split()
)
