"""A crawl of practice sites, or of a handful of invented pages, for tests."""

import tomllib
from pathlib import Path

from bulletin.config import CrawlSettings, Settings
from bulletin.source import Column, Manners, Source
from crawler.catalogue import source_of
from crawler.run import crawl
from desk.demo.site import Answer

HOST = "www.yunxiu.example"


class Pages:
    """A site of the pages it is given: path -> Answer, bytes or text. What is not there is answered with 404."""

    def __init__(self, pages, host=HOST):
        self.name = self.host = host
        self.pages = {"/robots.txt": Answer(404)} | pages

    def answer(self, method, path_and_query, headers, body):
        page = self.pages.get(path_and_query, Answer(404, b"no such page"))
        page = page(headers) if callable(page) else page
        if isinstance(page, str):
            page = page.encode()
        return page if isinstance(page, Answer) else Answer(200, page)


def listed(*paths, more=""):
    """A list page in TRS clothes."""
    rows = "".join(
        f'<li><a href="{path}">云岫县人民政府关于{path.strip("./")}号事项的通知</a><span>2026-03-01</span></li>'
        for path in paths
    )
    return f"<html><body><ul class=list>{rows}</ul>{more}</body></html>"


def article(number, text=""):
    """An article page; each number has its own sentences."""
    body = (
        text or f"第{number}号：各乡镇人民政府要在本月内把第{number}处河道清淤完毕，并于次月上旬报送第{number}份台账。"
    )
    title = f"云岫县人民政府第{number}号通知"
    head = f"<title>{title}</title><meta name=ArticleTitle content='{title}'>"
    text = f"<h1>{title}</h1><div class=TRS_Editor><p>{body}</p><p>{body}</p></div>"
    return f"<html><head>{head}</head><body>{text}</body></html>"


def a_county(address, *, columns=("gb",), family="trs", host=HOST, **changes):
    """A source for pages served at `address` under the stable name of the invented county."""
    there = tuple(Column(name, name, f"http://{host}/{name}/") for name in columns)
    given = {"hosts": (host,), "manners": Manners(delay=0.0), "resolve": ((host, address),)} | changes
    return Source("619901_yunxiu", "云岫县", "619901", f"http://{host}/", there, family=family, **given)


def site_source(served, address):
    """The source a practice site writes for itself."""
    return source_of(tomllib.loads(served.source_toml(address)))


def settings(home: Path, **crawling) -> Settings:
    return Settings(home=home, crawl=CrawlSettings(**({"timeout": 60.0, "retries": 1} | crawling)))


def run(home, source, *, crawling=None, **options):
    """Crawl one source; its Run and all events."""
    events = []
    runs = crawl([source], settings(home, **(crawling or {})), on_event=events.append, **options)
    return runs[0], events


def problems(done):
    return dict(done.tally.problems)
