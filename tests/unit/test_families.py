"""Pagers, rows and signs on small invented pages."""

import pytest

from bulletin.source import Column
from crawler.extract.page import open_page
from crawler.families import families, recognise
from crawler.families.family import Ask
from crawler.families.paging import counted_on, pager_call, stated_pages, stated_total

COLUMN = Column("gb", "政府公报", "http://www.yunxiu.example/zwgk/gb/")
TRS = families()["trs"]
GENERIC = families()["generic"]


def page(body, url=COLUMN.url):
    return open_page(f"<html><body>{body}</body></html>".encode(), url=url)


def items(*numbers, stem="./202603/t20260301_100", suffix=".html"):
    rows = "".join(
        f'<li><a href="{stem}{n}{suffix}" title="云岫县人民政府关于第{n}号事项的通知">云岫县人民政府关于第{n}...</a>'
        f"<span>2026-03-{n % 28 + 1:02d}</span></li>"
        for n in numbers
    )
    return f"<ul class=list>{rows}</ul>"


def call(text):
    return f"<div><script>{text}</script></div>"


@pytest.mark.parametrize(
    ("text", "pages", "current", "total", "boxed"),
    [
        ('createPageHTML(5, 0, "index", "html");', 5, 0, None, False),
        ("createPage(5,2,'index','shtml')", 5, 2, None, False),
        ('createPageHTML(23, 2, 0, "index", "html")', 2, 0, 23, False),
        ("createPageHTML('page_div',4, 1,'common_list','shtml',75);", 4, 1, 75, True),
        ("var countPage = 7\nvar currentPage = 3", 7, 3, None, False),
    ],
)
def test_pager_calls_in_all_forms(text, pages, current, total, boxed):
    found = pager_call(text)
    assert (found.pages, found.current, found.total, found.boxed) == (pages, current, total, boxed)


def test_a_page_without_a_call_has_none():
    assert pager_call("function createPageHTML(n, i, name, ext) {}") is None


@pytest.mark.parametrize(
    ("script", "url", "expected"),
    [
        ('createPageHTML(3, 0, "index", "html")', "", "index_1.html"),
        ('createPageHTML(3, 1, "index", "html")', "index_1.html", "index_2.html"),
        ('createPageHTML(3, 2, "index", "html")', "index_2.html", None),
        ('createPageHTML(1, 0, "index", "html")', "", None),
        ('createPageHTML(40, 2, 0, "index", "html")', "", "index_1.html"),
        ('createPageHTML(40, 2, 1, "index", "html")', "index_1.html", None),
        ('createPageHTML(3, 1, "index", "html")', "", "index_2.html"),  # a list that counts from 1
    ],
)
@pytest.mark.parametrize("family", [TRS, GENERIC], ids=["trs", "generic"])
def test_the_next_file_of_a_call(family, script, url, expected):
    found = family.listing(page(items(11, 12, 13) + call(script), COLUMN.url + url), COLUMN, Ask(COLUMN.url))
    assert [ask.url for ask in found.further] == ([COLUMN.url + expected] if expected else [])


def test_what_the_first_page_counts_from_is_remembered_to_the_last():
    url = COLUMN.url
    first = TRS.listing(page(items(1, 2) + call('createPageHTML(2, 1, "index", "html")')), COLUMN, Ask(url)).further[0]
    assert first.url == f"{url}index_2.html"
    last = page(items(3, 4) + call('createPageHTML(2, 2, "index", "html")'), first.url)
    assert TRS.listing(last, COLUMN, first).further == ()


def test_trs_lists_whose_links_are_printed_are_followed_too():
    pager = "<div>共6条 第1/2页 <a href='index_1.html'>下一页</a></div>"
    found = TRS.listing(page(items(11, 12, 13) + pager), COLUMN, Ask(COLUMN.url))
    assert [ask.url for ask in found.further] == [f"{COLUMN.url}index_1.html"]
    assert found.total == 6


def test_trs_rows_with_full_titles_and_addresses():
    rows = TRS.outlinks(page(items(11, 12)), COLUMN)
    assert [row.url for row in rows] == [f"{COLUMN.url}202603/t20260301_100{n}.html" for n in (11, 12)]
    assert rows[0].title == "云岫县人民政府关于第11号事项的通知"
    assert rows[0].date == "2026-03-12"


def test_boxes_of_links_into_other_columns_are_no_rows():
    noise = items(*range(20, 40), stem="/zwgk/hot/202603/t20260301_100")
    rows = TRS.outlinks(page(items(1) + f"<div class=right>{noise}</div>"), COLUMN)
    assert len(rows) == 1


def test_rows_of_any_kind_stand_in_the_list_itself():
    outside = '<li><a href="https://mp.weixin.qq.example/s/x">云岫县采茶季的直播回放</a><span>2026-03-02</span></li>'
    rows = TRS.outlinks(page(items(1, 2).replace("</ul>", outside + "</ul>")), COLUMN)
    assert [row.url for row in rows][-1] == "https://mp.weixin.qq.example/s/x"


@pytest.mark.parametrize("family", [TRS, GENERIC], ids=["trs", "generic"])
def test_an_empty_list_beside_a_box_of_links_is_empty(family):
    noise = items(*range(20, 28), stem="/zwgk/hot/202603/t20260301_100")
    assert list(family.outlinks(page(f"<ul class=list>暂无相关信息</ul><div>{noise}</div>"), COLUMN)) == []


def test_a_stub_beyond_the_end_has_no_rows_and_no_next():
    stub = page("<p>页面载入中</p>" + call('createPageHTML(9, 5, "index", "html")'))
    assert TRS.listing(stub, COLUMN, Ask(COLUMN.url)).further == ()
    assert TRS.listing(stub, COLUMN, Ask(COLUMN.url)).rows == ()


@pytest.mark.parametrize(
    ("pager", "url", "expected"),
    [
        ("<a href='?page=2'>下一页</a>", "list.asp", "list.asp?page=2"),
        ("<a href='list_3.html'>下页</a>", "list_2.html", "list_3.html"),
        ("<a href='p2.html'>&gt;</a>", "", "p2.html"),
        ("<a href='index_2.html'>2</a><a href='index_3.html'>3</a><a href='index_9.html'>尾页</a>", "", "index_2.html"),
        ("<a href='?p=1'>1</a><a href='?p=3'>3</a><a href='?p=2'>2</a>", "?p=2", "?p=3"),
        ("<span>共5页</span>", "?page=2", "?page=3"),
        ("<span>共5页</span>", "?page=5", None),
        ("<a href='list.asp'>下一页</a>", "list.asp", None),
        ("<a href='#'>下一页</a>", "", None),
        ("", "", None),
    ],
)
def test_the_generic_ladder(pager, url, expected):
    rows = items(*range(1, 9), stem="/a/", suffix=".htm")
    ask = GENERIC.next_listing(page(f"{rows}<div class=pager>{pager}</div>", COLUMN.url + url), COLUMN)
    assert (ask.url if ask else None) == (COLUMN.url + expected if expected else None)


@pytest.mark.parametrize("pager", ["<a href=\"javascript:__doPostBack('p','2')\">下一页</a>", "<span>共5页 1/5</span>"])
def test_a_list_that_cannot_be_followed_says_so(pager):
    rows = items(*range(1, 9), stem="/a/", suffix=".htm")
    listing = GENERIC.listing(page(rows + pager), COLUMN, Ask(COLUMN.url))
    assert listing.further == ()
    assert listing.trouble


def test_generic_rows():
    rows = GENERIC.outlinks(page(items(*range(1, 9), stem="/a/", suffix=".htm")), COLUMN)
    assert [row.url for row in rows] == [f"http://www.yunxiu.example/a/{n}.htm" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("text", "total", "pages"), [("共64条 1/5页", 64, None), ("共有 12 条记录，共 2 页", 12, 2), ("", None, None)]
)
def test_what_a_list_states(text, total, pages):
    assert stated_total(text) == total
    assert stated_pages(text) == pages


def test_counting_on_keeps_the_rest_of_the_query():
    url = "http://a.example/l.jsp?cat=3&cur_page=9&x="
    assert counted_on(url) == "http://a.example/l.jsp?cat=3&cur_page=10&x="
    assert counted_on("http://a.example/l.jsp?cat=3") is None


def test_recognise_puts_the_likeliest_first_with_reasons():
    judged = recognise([page(items(1, 2, 3) + call('createPageHTML(3, 0, "index", "html")'))])
    assert judged[0][0].name == "trs"
    assert judged[0][1].score > 0.5 > judged[1][1].score
    assert judged[0][1].reasons


def test_a_sign_seen_on_several_pages_is_told_once():
    several = [page(items(*range(1, 1 + count)) + call('createPageHTML(3, 0, "index", "html")')) for count in (3, 5, 4)]
    [trs] = [likeness for family, likeness in recognise(several) if family.name == "trs"]
    assert sum("tYYYYMMDD" in reason for reason in trs.reasons) == 1
    assert any(reason.startswith("5 ") for reason in trs.reasons)


def test_another_systems_pager_is_no_sign_of_trs():
    ucap = page(
        items(1, 2, 3, stem="./202603/", suffix="ab.shtml") + call("createPageHTML('page_div',4,1,'list','shtml',75)")
    )
    assert TRS.resemblance(ucap).score < 0.5


@pytest.mark.parametrize(
    "body", ["", "<", "<ul><li></ul>", "<a>", "<a href='http://['>下一页</a>" * 3, "共" * 50_000 + "1" * 50_000]
)
@pytest.mark.parametrize("family", families().values(), ids=families())
def test_no_page_makes_a_family_fail(family, body):
    hostile = page(body)
    family.resemblance(hostile)
    family.listing(hostile, COLUMN, Ask(COLUMN.url))


#: What each family notes on its requests; nothing else ever comes back to it.
NOTES = {
    "hanweb": ("record:7",),
    "jpaas": ("page:2:15",),
    "gkmlpt": ("page:1:1",),
    "lonsun": ("of:3",),
    "ucap": ("tree", "json", "leaf:", "leaf:1", "leaf:json", "1"),
    "legacy": ("post:2", "shell:1"),
    "trs": ("1", "shell:1"),
}


@pytest.mark.parametrize(
    "body",
    [
        "<datastore>" * 10_000,
        "<datastore><record>" * 6_000,
        "<nextgroup " * 10_000,
        "dataStore=[" * 20_000 + "'" * 9_999,
        "callback(" + " " * 300_000,
        "[" * 100_000,
        '{"data":{"results":[1,{}],"total":true,"rows":"x"},"articles":[1,{}],"classify":7}',
        "<div class=article-content>" * 3_000,
        "id=fanye" + "1" * 50_000,
        "_CONFIG SID:1 TREE:" + "[{" * 30_000,
        "<div querydata=\"'a':'\" count=9></div>" * 2_000,
        "/site/label/8888?" * 20_000,
        '<a href="javascript:__doPostBack(\'">2</a>' * 2_000,
    ],
    ids=lambda body: body[:20],
)
@pytest.mark.parametrize("family", families().values(), ids=families())
def test_no_answer_makes_a_family_fail(family, body):
    for note in ("", *NOTES.get(family.name, ())):
        ask = Ask(f"{COLUMN.url}?page=1&perpage=15&pageSize=15&pageIndex=1", note=note)
        family.listing(page(body, ask.url), COLUMN, ask)
    family.resemblance(page(body))
