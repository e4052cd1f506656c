"""What a site says its list holds, in several dialects, and that a difference is told."""

import pytest
from crawling import HOST
from listpages import column, items, page
from smallcms import COLUMNS, DIALECTS, SmallCms

from bulletin.source import Column, Source
from crawler.errand import Errand
from crawler.extract.page import open_page
from crawler.families import families
from crawler.families.family import Ask
from crawler.frontier import Frontier
from crawler.steps import ListStep


def notes_of(site, name):
    """What the finished sweep of a column says, with nothing fetched."""
    there = Column(name, name, site.columns()[name])
    source = Source("619901_x", "云岫县", "619901", f"http://{HOST}/", (there,), hosts=(HOST,))
    frontier = Frontier(source, Errand(), known={}, pending=(), swept={}, first={name: Ask(there.url)}, max_pages=50)
    notes = []
    while step := frontier.next():
        if isinstance(step, ListStep):
            html = site.pages[step.ask.url.removeprefix(f"http://{HOST}")]
            shown = open_page(html.encode(), url=step.ask.url)
            notes += frontier.listed(name, families()[site.dialect.family].listing(shown, there, step.ask)).notes
    return notes


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize("stated", [17, 21])
def test_a_total_that_differs_is_told(name, stated):
    site = SmallCms(DIALECTS[name])
    for path, html in site.pages.items():
        if isinstance(html, str):
            for words in ("共{}条", "共 {} 条", "<strong>{}</strong>条"):
                html = html.replace(words.format(COLUMNS["zfwj"]), words.format(stated))
            site.pages[path] = html
    told = notes_of(site, "zfwj")
    assert told == ([] if stated == 17 else ["zfwj: the site counts 21 entries, the list showed 17"])


@pytest.mark.parametrize(
    ("family", "pager"),
    [
        ("trs", '<script>createPageHTML(21, 2, 0, "index", "html")</script>'),
        ("ucap", "<script>createPageHTML('page_div',2, 1,'list','shtml',21)</script>"),
        ("vsb", "<td id=fanye1>共21条&nbsp;1/2</td>"),
        ("legacy", "<span>总记录数：21</span>"),
        ("generic", "<div>共有 21 条记录</div>"),
        ("nfcms", "<div>共21条</div>"),
    ],
)
def test_totals_are_read_where_the_dialect_states_them(family, pager):
    path = {"trs": "/a/t20260301_10{:02d}.html", "ucap": "/a/202603/" + "ab" * 15 + "{:02d}.shtml"}.get(
        family, "/a/{}.htm"
    )
    listed = page(f"<ul>{''.join(items(10, 11, 12, 13, path=path))}</ul>{pager}", "/a/")
    assert families()[family].listing(listed, column("/a/"), Ask(f"http://{HOST}/a/")).total == 21
