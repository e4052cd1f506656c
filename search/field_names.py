"""The names of fields as archivists type them, in both scripts and in English."""

from __future__ import annotations

from typing import Final

#: What may stand before a colon, in lower case, and the field or rule it means.
FIELD_NAMES: Final = {
    "标题": "title",
    "標題": "title",
    "题名": "title",
    "title": "title",
    "文号": "number",
    "文號": "number",
    "发文字号": "number",
    "number": "number",
    "索引号": "index_number",
    "索引號": "index_number",
    "index": "index_number",
    "index_number": "index_number",
    "机构": "office",
    "機構": "office",
    "发布机构": "office",
    "office": "office",
    "来源": "source_name",
    "來源": "source_name",
    "source": "source_name",
    "source_name": "source_name",
    "主题": "topic",
    "主題": "topic",
    "topic": "topic",
    "县": "region",
    "縣": "region",
    "地区": "region",
    "region": "region",
    "日期": "date",
    "date": "date",
    "原字形": "glyphs",
    "glyphs": "glyphs",
}
#: Small words before a colon that stand in texts and are meant as text.
PLAIN_WORDS: Final = frozenset(
    "http https ftp mailto tel fax email mail line fb ig qq wechat www url id no pm am re".split()
)
