"""A small site whose pages are all made beforehand: the form the five layouts share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from desk.demo.answering import ROBOTS, Sheet, answer_with, not_found, sheet
from desk.demo.article import Article, expected_of
from desk.demo.markup import Line
from desk.demo.site import Answer, source_file


@dataclass(frozen=True, slots=True)
class SmallSite:
    """One publisher with one column. `lists` are the paths of its list pages in order, `sheets` everything served."""

    name: str
    host: str
    source_id: str
    publisher: str
    region: str
    column: tuple[str, str]  # id and name
    lists: Sequence[str]
    articles: Sequence[Article]
    sheets: Mapping[str, Sheet]
    chrome: Sequence[str]
    skipped: Sequence[tuple[str, str]] = ()
    more: Mapping[str, Any] = field(default_factory=dict)  # further entries of the oracle

    def answer(self, method: str, path_and_query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if method not in ("GET", "HEAD"):
            return Answer(405, b"", (("Allow", "GET, HEAD"),))
        path = path_and_query.partition("?")[0]
        found = sheet(ROBOTS, media_type="text/plain") if path == "/robots.txt" else self.sheets.get(path)
        return answer_with(found, headers) if found else not_found()

    def expected(self) -> dict[str, Any]:
        rows = [
            {
                "url": article.url,
                "title": article.title,
                "shown": article.title,
                "date": (article.listed_on or article.published_on or "")
                and str(article.listed_on or article.published_on),
                "pinned": False,
            }
            for article in self.articles
        ]
        column, name = self.column
        first = f"http://{self.host}{self.lists[0]}"
        return {
            "site": self.name,
            "host": self.host,
            "family": "generic",
            "region": self.region,
            "list_urls": [f"http://{self.host}{path}" for path in self.lists],
            "article_urls": [article.url for article in self.articles],
            "documents": len(self.articles),
            "cross_posted": [],
            "per_article": {article.url: expected_of(article) for article in self.articles},
            "columns": {column: {"name": name, "url": first, "rows": rows, "pages": len(self.lists)}},
            "skipped_links": [{"url": url, "why": why} for url, why in self.skipped],
            "chrome": list(self.chrome),
            **self.more,
        }

    def source_toml(self, address: str) -> str:
        return source_file(
            self,
            address,
            id=self.source_id,
            name=self.publisher,
            region=self.region,
            family="generic",
            columns=[(*self.column, self.lists[0])],
        )


def rows_html(articles: Sequence[Article], host: str) -> str:
    """The articles as rows of a plain list: link and date."""
    lines = [
        Line(
            article.url.removeprefix(f"http://{host}"),
            article.title,
            "",
            str(article.listed_on or article.published_on),
        )
        for article in articles
    ]
    return "\n".join(
        f'<li><a href="{line.href}">{escape(line.shown)}</a><span>{line.day}</span></li>' for line in lines
    )


def paged_lists(articles: Sequence[Article], per_page: int, stem: str) -> list[tuple[str, Sequence[Article], str]]:
    """Path, articles and pager of each list page: `stem`.html, `stem`_2.html and so on, with links to the next."""
    count = max(1, -(-len(articles) // per_page))
    pages = []
    for number in range(1, count + 1):
        links = []
        if number > 1:
            links.append(f'<a href="{_numbered(stem, number - 1)}">上一页</a>')
        if number < count:
            links.append(f'<a href="{_numbered(stem, number + 1)}">下一页</a>')
        pager = f"共{len(articles)}条 第{number}/{count}页 " + " ".join(links)
        pages.append((_numbered(stem, number), articles[(number - 1) * per_page : number * per_page], pager))
    return pages


def _numbered(stem: str, number: int) -> str:
    return f"{stem}.html" if number == 1 else f"{stem}_{number}.html"
