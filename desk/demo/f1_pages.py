"""The pages of practice site F1 as its publishing system prints them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from desk.demo.article import Article, File
from desk.demo.govmeta import COLUMNS, SITE_NAME, article_metas, column_metas, site_metas
from desk.demo.markup import Line, body_html, filled, metas
from desk.demo.places import SITE_CODE

#: Lines that belong to the page and never to a bulletin.
CHROME: Final = (
    "当前位置：",
    "扫一扫在手机打开当前页",
    "分享到：",
    "相关链接",
    "字体大小：",
    "打印",
    "热点",
    "设为首页",
    "无障碍",
    "主办：云岫县人民政府",
    "云ICP备20260101号",
    "云公网安备61990102000007号",
    f"网站标识码：{SITE_CODE}",
    ".TRS_Editor P",
)


def _page(title: str, pairs: Sequence[tuple[str, str]], body: str) -> str:
    return filled("f1_page.html", title=escape(title), metas=metas(pairs), body=body)


def home_page(host: str, newest: Sequence[Line]) -> str:
    links = "".join(f'<li><a href="/zwgk/{c}/">{n}</a></li>' for c, (n, _) in COLUMNS.items() if c != "fcsj")
    body = f'<div class="cols"><ul>{links}</ul></div>\n<div class="news"><ul>{_rows(newest)}</ul></div>'
    return _page(SITE_NAME, site_metas(host), body)


def list_page(host: str, column: str, lines: Sequence[Line], hot: Sequence[Line], pager: str) -> str:
    name = COLUMNS[column][0]
    rows = f'<ul class="list-t">\n{_rows(lines)}</ul>' if lines else '<div class="list-t">暂无相关信息</div>'
    body = filled("f1_list.html", name=name, rows=rows, pager=pager, hot=_rows(hot))
    return _page(f"{name}_{SITE_NAME}", [*site_metas(host), *column_metas(column)], body)


def _rows(lines: Sequence[Line]) -> str:
    return "".join(map(_row, lines))


def _row(line: Line) -> str:
    title = f' title="{escape(line.title)}"' if line.title else ""
    mark = '<font color="#ff0000">[置顶]</font>' if line.pinned else ""
    day = f"<span>{line.day}</span>" if line.day else ""
    return f'<li><a href="{line.href}"{title} target="_blank">{mark}{escape(line.shown)}</a>{day}</li>\n'


def detail_page(
    host: str, article: Article, block: Sequence[tuple[str, str]], related: Sequence[Line], beside: Sequence[File]
) -> str:
    """`block` is the disclosure box as printed, `beside` the files of the box under the body."""
    name = COLUMNS[article.column][0]
    body = filled(
        "f1_detail.html",
        name=name,
        title=escape(article.title),
        box="".join(f"<li><b>{label}：</b>{escape(value)}</li>" for label, value in block),
        stamp=f"{article.published_on} {article.published_time}",
        source=escape(article.source_name),
        body=body_html(article.parts),
        byline=f"<p>（作者：{article.author}　责任编辑：{article.editor}）</p>\n" if article.author else "",
        files="".join(f'<p><a href="{f.href}">{escape(f.name)}</a></p>' for f in beside),
        related="".join(f'<li><a href="{line.href}">{escape(line.shown)}</a></li>' for line in related),
    )
    return _page(f"{article.title}_{SITE_NAME}", article_metas(host, article), body)


def stub_page() -> bytes:
    """What stands after the last list page: status 200, exactly 350 bytes, no article."""
    text = '<html><head><meta charset="utf-8"><title></title></head><body><div class="list-t"></div><!--'
    return (text + " " * (350 - len(text) - len("--></body></html>\n")) + "--></body></html>\n").encode()
