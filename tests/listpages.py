"""Invented list pages and answers, for tests of the CMS families."""

from bulletin.source import Column
from crawler.extract.page import open_page

HOST = "http://www.yunxiu.example"


def column(path):
    return Column("c", "栏目", HOST + path)


def page(body, path="/", **more):
    return open_page(body.encode() if isinstance(body, str) else body, url=HOST + path, **more)


def reply(body, ask, **more):
    return open_page(body.encode(), url=ask.url, **more)


def items(*numbers, path="/a/{}.htm"):
    return [
        f'<li><a href="{path.format(n)}">云岫县第{n}号渡口检修安排</a><span>2026-03-{n % 28 + 1:02d}</span></li>'
        for n in numbers
    ]


def numbers_of(rows):
    return [int(row.title.removeprefix("云岫县第").removesuffix("号渡口检修安排")) for row in rows]
