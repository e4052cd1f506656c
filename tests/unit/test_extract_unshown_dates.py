"""A day that a page neither shows nor tags: in its scripts, or in its address."""

import pytest

from crawler.extract.page import open_page
from crawler.extract.reading import read_page

TEXT = "<p>因管网抢修，九月十二日文昌路以东区域停水，请居民提前储水。</p><p>恢复供水的时间另行通知，敬请谅解。</p>"


def published_on(script="", url="http://www.yunxiu.example/gg/1.html", head=""):
    html = (
        f"<meta charset=utf-8><title>停水通知</title><h1>停水通知</h1>{head}<div>{TEXT}</div><script>{script}</script>"
    )
    day = read_page(open_page(html.encode(), url=url)).published_on
    return day and day.isoformat()


@pytest.mark.parametrize(
    ("script", "day"),
    [
        ("var pubDate = '2022-04-28 10:00:00';", "2022-04-28"),
        ('{"publish_time": "2022/4/28"}', "2022-04-28"),
        ("var pubDate = '2022-04-28'; x = {pubtime: '2022-04-28 10:00'}", "2022-04-28"),
        ("[{pubDate: '2022-04-28'}, {pubDate: '2022-04-29'}]", None),
        ("var birthDate = '2022-04-28';", None),
        ("var pubDate = '2022-13-28';", None),
    ],
)
def test_scripts_give_the_day_only_where_they_agree(script, day):
    assert published_on(script) == day


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/gg/202204/t20220428_1.html", "2022-04-28"),
        ("/html/2022-04/28/content_1.htm", "2022-04-28"),
        ("/gg/20220428/1.html", "2022-04-28"),
        ("/art/2022/4/8/art_1_2.html", "2022-04-08"),
        ("/gg/t20221328_1.html", None),
        ("/gg/202204/1.html", None),
        ("/gg/20220428.html", None),
    ],
)
def test_addresses_give_the_day_on_which_a_page_was_put_up(path, day):
    assert published_on(url="http://www.yunxiu.example" + path) == day


def test_what_is_shown_goes_before():
    assert published_on("var pubDate='2022-04-28'", head="<p>发布时间：2022-04-27</p>") == "2022-04-27"
    assert published_on(head='<p><time datetime="2022-04-26T08:00:00+08:00">4月26日</time></p>') == "2022-04-26"


def test_a_day_that_is_not_shown_is_doubted():
    html = f"<meta charset=utf-8><title>停水通知</title><h1>停水通知</h1><div>{TEXT}</div>".encode()
    read = read_page(open_page(html, url="http://www.yunxiu.example/gg/t20220428_1.html"))
    assert [doubt.reason for doubt in read.doubts if doubt.field == "published_on"] == [
        "the page shows no date; this is the one in its address"
    ]
    shown = read_page(
        open_page(html.replace(b"</h1>", "</h1><p>发布时间：2022-04-28</p>".encode()), url="http://a/t20220428_1.html")
    )
    assert not [doubt for doubt in shown.doubts if doubt.field == "published_on"]
