"""What pages say of their site."""

import pytest
from builders import a_source

from bulletin.text.regions import region
from crawler.extract.page import open_page
from crawler.prospecting import (
    candidates,
    column_id,
    holds_bulletins,
    place_of,
    promise_of,
    publisher,
    site_codes,
    site_name,
    source_id,
)

HOME = "http://www.yunxiu.example/"


def page(html, url=HOME):
    return open_page(html.encode(), url=url, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    "name", ["政府公报", "工作简报", "快报", "通知公告", "规范性文件", "政策文件", "要闻动态", "人事信息"]
)
def test_names_that_promise_bulletins(name):
    assert promise_of(name) >= 5


@pytest.mark.parametrize(
    "name",
    [
        "首页", "信息公开指南", "网上服务", "政务微信", "登录", "关于放假的通知", "云岫县人民政府关于印发方案的通知",
        "第12期", "2026年报告", "县长信箱", "更多", "", "图解政策", "政府信息公开年报", "x" * 60,
    ],
)  # fmt: skip
def test_names_that_do_not(name):
    assert promise_of(name) == 0


def test_the_most_promising_links_come_first_and_a_place_counts_once():
    html = """<a href="/xw/">新闻</a><a href="/gb/">信息</a><a href="gb/#top">政府公报</a><a href="/z/">联系我们</a>
      <a href="http://other.example/gb/">公报</a><a href="javascript:void(0)">通知公告</a>
      <a onclick="window.open('/tz/')">通知公告</a><a href="/long/" title="公示">2</a>"""
    found = candidates(page(html), a_source())
    assert [(one.name, one.url) for one in found] == [
        ("政府公报", HOME + "gb/"),
        ("通知公告", HOME + "tz/"),
        ("新闻", HOME + "xw/"),
    ]
    assert all(HOME in one.why for one in found)


def test_a_directory_in_a_script_is_read_by_its_family():
    html = """<script>window._CONFIG = {SID: '7', TREE: [{"id": 80, "name": "政务", "children": [
      {"id": 81, "name": "通知公告", "children": []}, {"id": 82, "name": "领导之窗", "children": []}]}]}</script>"""
    (found,) = candidates(page(html, HOME + "gkmlpt/index"), a_source())
    assert (found.url, found.family) == (HOME + "gkmlpt/index#81", "gkmlpt")


@pytest.mark.parametrize(
    "html",
    [
        "<meta name=SiteIDCode content=6199010007>",
        "<p>网站标识码：6199010007</p>",
        "<p>政府网站标识码:<span>6199010007</span></p>",
        "<p>网站标识码 6199010007</p>",
        '<a href="http://pucha.kaipuyun.example/exposure/jiucuo.html?site_code=6199010007&url=x">找错</a>',
    ],
)
def test_site_codes_wherever_they_stand(html):
    assert site_codes(page(html)) == ("6199010007",)


def test_what_is_no_site_code():
    assert site_codes(page("<p>网站标识码：61990</p><meta name=SiteIDCode content=''>")) == ()


def test_a_former_division_becomes_that_of_today():
    place = place_of(["6109280003"], "")
    assert place.code == "610981"
    assert region("610928").name in place.why
    assert "旬阳市" in place.why


def test_a_division_of_today_stays():
    assert place_of(["6107280001"], "").code == "610728"


def test_a_code_in_no_register_is_taken_and_said_to_be_so():
    place = place_of(["6199010007"], "")
    assert place.code == "619901"
    assert "no register" in place.why


@pytest.mark.parametrize("name", ["镇巴县人民政府门户网站", "镇巴县人民政府网", "镇巴县人民政府", "镇巴县政府网站首页"])
def test_without_a_code_the_name_says_it(name):
    assert place_of([], name).code == "610728"


def test_a_name_that_several_divisions_bear_decides_nothing():
    place = place_of([], "鼓楼区人民政府")
    assert place.code == ""
    assert "鼓楼区" in place.why


def test_an_invented_name_decides_nothing():
    assert place_of([], "云岫县人民政府网").code == ""


@pytest.mark.parametrize(
    ("footer", "name", "expected"),
    [
        ("主办单位：云岫县人民政府办公室 承办：某公司", "", "云岫县人民政府"),
        ("主办：云岫县水利局", "", "云岫县水利局"),
        ("白石滩县人民政府主办 白石滩县电子政务中心承办", "", "白石滩县人民政府"),
        ("", "云岫县人民政府网", "云岫县人民政府"),
        ("", "云岫县门户网站", "云岫县人民政府"),
        ("", "某某论坛", ""),
    ],
)
def test_who_publishes(footer, name, expected):
    assert publisher([page(f"<p>{footer}</p>")], name) == expected


def test_what_a_site_calls_itself():
    assert site_name([page("<title>x</title><meta name=SiteName content=云岫网>")]) == "云岫网"
    assert site_name([page("<title>通知公告_云岫县人民政府</title>")]) == "云岫县人民政府"
    assert site_name([]) == ""


def test_a_page_of_profiles_holds_no_bulletins():
    assert not holds_bulletins(page("<meta name=ColumnType content=概况信息>"))
    assert holds_bulletins(page("<meta name=ColumnType content=政策文件>"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (HOME + "zwgk/gb/", "gb"),
        (HOME + "zwgk/tzgg.htm", "tzgg"),
        (HOME + "col/col1200001/index.html", "col1200001"),
        (HOME + "gkmlpt/index#8001", "gkmlpt-8001"),
        (HOME + "public/column/700100?type=4&action=list&catId=8001", "700100-8001"),
        (HOME, "c"),
        (HOME + "%E9%80%9A/列表.asp", "c"),
    ],
)
def test_ids_of_columns(url, expected):
    assert column_id(url, ()).startswith(expected)


def test_ids_of_columns_are_never_given_twice():
    assert column_id(HOME + "a/gb/", ["gb", "gb-2"]) == "gb-3"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://www.zhenba.gov.cn/", "610728_zhenba"),
        ("https://zb.gov.cn/", "610728_zb"),
        ("http://10.0.0.1:8080/", "610728_10.0.0.1"),
    ],
)
def test_ids_of_sources(url, expected):
    assert source_id(url, "610728") == expected
