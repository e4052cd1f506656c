"""Directories behind searches, trees, labels and interfaces."""

import json
from datetime import UTC, datetime

import pytest
from listpages import HOST, column, items, numbers_of, page, reply

from bulletin.capture import Capture
from bulletin.record import CHINA
from bulletin.source import Seed, Source
from crawler.answers import harvest_in
from crawler.families import families
from crawler.families.family import Ask

UCAP = families()["ucap"]
GB = column("/yxx/gb/list.shtml")


def test_ucap_rows_are_told_from_boxes_by_their_addresses():
    topics = "".join(f'<li><a href="/zt{k}/index.shtml">专题之{k}：云岫的春天与渡口</a></li>' for k in range(30))
    listed = "".join(items(1, 2, path="/yxx/gb/202603/" + "ab" * 15 + "{:02d}.shtml"))
    assert numbers_of(UCAP.outlinks(page(f"<ul>{topics}</ul><ul>{listed}</ul>"), GB)) == [1, 2]


def test_ucap_lists_behind_a_search_are_read_to_their_end():
    script = "$.getJSON('/common/search/'+channelId+'?page=1&_pageSize=2&_isJson=true')"
    head = f"<meta name=channelId content={'c4' * 16}>"
    shell = page(f"<html><head>{head}</head><body><script>{script}</script></body></html>", "/yxx/gb/list.shtml")
    (ask,) = UCAP.listing(shell, GB, Ask(GB.url)).further
    assert ask.url == f"{HOST}/common/search/{'c4' * 16}?page=1&_pageSize=2&_isJson=true"
    results = [
        {"title": "云岫县渡口<em>检修</em>", "url": "/yxx/gb/1.shtml", "publishedTimeStr": "2026-03-02 09:00:00"},
        {"title": "没有地址的一条"},
        {"title": "云岫县渡口停航", "url": "/yxx/gb/2.shtml", "publishedTimeStr": None},
    ]
    found = UCAP.listing(reply(json.dumps({"data": {"total": 3, "rows": 2, "results": results}}), ask), GB, ask)
    assert [(row.title, row.url, row.date) for row in found.rows] == [
        ("云岫县渡口检修", f"{HOST}/yxx/gb/1.shtml", "2026-03-02"),
        ("云岫县渡口停航", f"{HOST}/yxx/gb/2.shtml", ""),
    ]
    (second,) = found.further
    assert "page=2" in second.url
    assert not UCAP.listing(reply('{"data":{"total":3,"rows":2,"results":[]}}', second), GB, second).further
    assert UCAP.listing(reply("<html>", second), GB, second).trouble


def test_ucap_trees_lead_to_their_lists_on_this_site():
    directory = column("/yxx/xxgkml.shtml")
    shell = page("<ul id=tree></ul><script>$.ajax({url:'/u/channel/treeNew/yx',dataType:'jsonp'})</script>")
    (ask,) = UCAP.listing(shell, directory, Ask(directory.url)).further
    assert ask.url == f"{HOST}/u/channel/treeNew/yx"
    nodes = [
        {"id": 1, "name": "一", "children": [{"iframeurl": "/yxx/a/list.shtml"}, {"iframeurl": "/yxx/null.shtml"}]},
        {"id": 2, "iframeurl": "https://www.elsewhere.example/list.shtml"},
        {"id": 3, "iframeurl": "/yxx/b/list.shtml"},
    ]
    branches = UCAP.listing(reply(f"callback({json.dumps(nodes)});", ask), directory, ask)
    assert {branch.url for branch in branches.further} == {f"{HOST}/yxx/a/list.shtml", f"{HOST}/yxx/b/list.shtml"}
    leaf = branches.further[0]
    listed = "".join(items(1, 2, path="/yxx/a/202603/" + "ab" * 15 + "{:02d}.shtml"))
    call = "<script>createPageHTML('p',3, 1,'list','shtml',40)</script>"
    found = UCAP.listing(reply(f"<ul>{listed}</ul>{call}", leaf), directory, leaf)
    assert found.total is None  # one of several lists
    assert [ask.url.rpartition("/")[2] for ask in found.further] == ["list_2.shtml"]


@pytest.mark.parametrize("body", ["", "callback(", "callback({})", "[" * 100_000])
def test_ucap_a_tree_that_cannot_be_read_is_reported(body):
    ask = Ask(f"{HOST}/u/channel/treeNew/yx", note="tree")
    assert UCAP.listing(reply(body, ask), GB, ask).trouble


LONSUN = families()["lonsun"]
SHELL = column("/public/column/7001?type=4&action=list&catId=1")
LABEL = "/yx/site/label/8888?labelName=publicInfoList&catId=1&pageSize=3&file=/xxgk/list"


def fragment(*numbers):
    return "".join(
        f'<div class="xxgk_navli"><ul><li class="mc"><div><a href="/public/7001/{n}00.html" '
        f'title="云岫县第{n}号渡口检修安排">云岫…</a></div></li><li class="rq">2026-03-{n:02d}</li></ul></div>'
        for n in numbers
    )


@pytest.mark.parametrize(
    "script",
    [
        f'var url = "{LABEL}"; x({{ pageCount:2 }})',
        f"var url = '{LABEL}&amp;pageIndex=1'; x({{ pageCount: 2 }})",
        'Ls.ajax({url: "/yx/site/label/8888", data: {labelName: "publicInfoList", catId: 1, pageSize: 3,'
        ' file: "/xxgk/list"}}); x({pageCount:2})',
    ],
)
def test_lonsun_labels_are_taken_from_the_page(script):
    listing = LONSUN.listing(page(f"<div></div><script>{script}</script>"), SHELL, Ask(SHELL.url))
    assert listing.rows == ()
    assert [ask.url for ask in listing.further] == [f"{HOST}{LABEL}&pageIndex=1"]


def test_lonsun_fragments_go_on_while_they_are_full():
    ask = Ask(f"{HOST}{LABEL}&pageIndex=2", note="of:2")
    full = LONSUN.listing(reply(fragment(4, 5, 6), ask), SHELL, ask)
    assert [row.date for row in full.rows] == ["2026-03-04", "2026-03-05", "2026-03-06"]
    assert full.further[0].url.endswith("pageIndex=3")  # the list has grown since its pages were counted
    assert LONSUN.listing(reply(fragment(7), ask), SHELL, ask).further == ()
    nothing = LONSUN.listing(reply('<div class="xxgk_navli">暂无相关信息</div>', ask), SHELL, ask)
    assert (nothing.rows, nothing.further) == ((), ())


@pytest.mark.parametrize(("day", "validity"), [(1, None), (2, "废止"), (30, "废止")])
def test_a_day_of_repeal_has_come_when_the_page_was_fetched(day, validity):
    """At 01:00 on 2 April in China it is still the first elsewhere."""
    box = "<tr><th>索引号：</th><td>619901/2026-1</td><th>废止时间：</th><td>2026-04-02</td></tr>"
    body = "<div class='j-fontContent'><p>渡船每年检验一次，未检验的不得载客。</p></div>"
    html = f"<title>办法</title><table>{box}</table><h1>渡口管理办法</h1>{body}".encode()
    moment = datetime(2026, 4, day, 1, tzinfo=CHINA).astimezone(UTC)
    capture = Capture(f"{HOST}/public/700100/1500.html", moment, 200, (("Content-Type", "text/html"),), html, html)
    source = Source("619901_x", "云岫县", "619901", HOST, (), family="lonsun")
    read = [harvest_in(source, Seed(capture.url, ""), capture) for _ in range(2)]
    assert read[0].validity == validity
    assert read[0] == read[1]


GKMLPT = families()["gkmlpt"]


def config(tree="[]", detail="null"):
    return f"<script>window._CONFIG = {{ SID: '7609', TREE: {tree}, DETAIL: {detail} }};</script>"


def test_gkmlpt_without_a_category_every_leaf_is_a_list():
    tree = json.dumps(
        [
            {"id": 8, "jump_url": "", "children": [{"id": 81, "jump_url": ""}, {"id": 82, "jump_url": "//x/"}]},
            {"id": 9, "jump_url": "", "children": []},
        ]
    )
    whole = column("/bm/gkmlpt/index")
    asks = GKMLPT.listing(page(config(tree), "/bm/gkmlpt/index"), whole, Ask(whole.url)).further
    assert {ask.url for ask in asks} == {f"{HOST}/bm/gkmlpt/api/all/{n}?page=1&sid=7609" for n in (81, 9)}


def test_gkmlpt_rows_carry_the_day_in_shanghai():
    entry = {"title": "渡口检修", "url": "/gkmlpt/content/1/1/post_1.html", "date": 1772380800, "is_top": True}
    ask = Ask(f"{HOST}/gkmlpt/api/all/81?page=1&sid=7609", note="page:1:1")
    body = json.dumps({"total": 101, "articles": [entry, {"title": "无地址"}, entry | {"date": "x"}]})
    listing = GKMLPT.listing(reply(body, ask), column("/gkmlpt/index#81"), ask)
    assert [(row.date, row.pinned) for row in listing.rows] == [("2026-03-02", True), ("", True)]
    assert listing.total == 101
    assert listing.further[0].url == f"{HOST}/gkmlpt/api/all/81?page=2&sid=7609"


def test_gkmlpt_a_body_in_the_page_stays_and_one_in_the_script_is_drawn():
    source = Source("619901_x", "云岫县", "619901", HOST, ())
    told = json.dumps({"content": "<p>渡船每年检验一次，未检验的不得载客。</p>"})
    empty = page(config(detail=told) + "<h1>渡口管理办法</h1><div class='article-content'></div>")
    assert GKMLPT.read(empty, source).text == "渡船每年检验一次，未检验的不得载客。"
    assert GKMLPT.read(empty, source) == GKMLPT.read(empty, source)
    shown = page(
        config(detail=told) + "<h1>渡口管理办法</h1><div class='article-content'><p>渡船每年检验两次。</p></div>"
    )
    assert GKMLPT.read(shown, source).text == "渡船每年检验两次。"
