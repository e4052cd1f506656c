"""Bulletins that stand whole in the JSON answer of a list: title, text, source and the fields of their box. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any, Final
from urllib.parse import urljoin

from bulletin.errors import ReadingError
from bulletin.harvest import Doubt, Harvest
from bulletin.ids import canonical_url
from bulletin.source import Source
from crawler.extract.page import Page, open_page
from crawler.families.bodies import read_in
from crawler.families.family import Family

#: The keys of a record's fields, and the labels that the same fields have on a page.
_LABELS: Final = {
    "indexnumber": "索引号",
    "theme": "主题分类",
    "refno": "发文字号",
    "writedate": "成文日期",
    "pubdate": "发布日期",
    "source": "来源",
}


def carried_in(family: Family, page: Page, url: str, source: Source, bodies: Sequence[str]) -> Harvest | None:
    """The bulletin of `url` as a search answer tells it (`data.results`, with `contentHtml` or `content`); None where
    the answer does not hold it, or only its name. It is read like a page that shows the same."""
    for result in _results(page):
        text = _text_of(result)
        if text and canonical_url(urljoin(page.url, str(result.get("url") or "-"))) == canonical_url(url):
            shown = open_page(_as_page(result, text).encode(), url=url, content_type="text/html; charset=utf-8")
            try:
                harvest = read_in(family, shown, source, bodies)
            except ReadingError:
                return None
            doubt = Doubt("text", "the page itself shows nothing; this is what its list's answer carries")
            return replace(harvest, doubts=(*harvest.doubts, doubt))
    return None


def _results(page: Page) -> list[dict[str, Any]]:
    try:
        results = json.loads(page.text, strict=False)["data"]["results"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [result for result in results if isinstance(result, dict)] if isinstance(results, list) else []


def _text_of(result: Mapping[str, Any]) -> str:
    """The text of a record as mark-up; "" without any."""
    marked, plain = result.get("contentHtml"), result.get("content")
    if isinstance(marked, str) and marked.strip():
        return marked
    lines = plain.split("\n") if isinstance(plain, str) else []
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line.strip())


def _as_page(result: Mapping[str, Any], text: str) -> str:
    title, fields = escape(str(result.get("title") or "")), dict(_fields(result.get("domainMetaList")))
    moment = escape(str(result.get("publishedTimeStr") or ""))
    tags = {"ArticleTitle": title, "PubDate": moment, "ContentSource": fields.get("source", "")}
    metas = "".join(f'<meta name="{name}" content="{value}">' for name, value in tags.items() if value)
    box = "".join(f"<tr><td>{_LABELS[key]}：</td><td>{value}</td></tr>" for key, value in fields.items())
    time = f"<p>发布时间：{moment}</p>" if moment else ""
    head = f"<html><head>{metas}<title>{title}</title></head>"
    return f"{head}<body><table>{box}</table><h1>{title}</h1>{time}<ucapcontent>{text}</ucapcontent></body></html>"


def _fields(lists: Any) -> Iterator[tuple[str, str]]:
    for one in lists if isinstance(lists, list) else ():
        pairs = one.get("resultList") if isinstance(one, dict) else None
        for pair in pairs if isinstance(pairs, list) else ():
            key, value = (pair.get("key"), pair.get("value")) if isinstance(pair, dict) else ("", "")
            if isinstance(key, str) and key.lower() in _LABELS and isinstance(value, str) and value.strip():
                yield key.lower(), escape(value.strip())
