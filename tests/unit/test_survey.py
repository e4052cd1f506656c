"""A look at a site, step by step, without a network."""

import pytest
from builders import a_capture, a_source
from crawling import article, listed

from bulletin.source import Column
from crawler.addresses import whole_site
from crawler.looking import provisional
from crawler.survey import Survey
from crawler.troubles import Trouble

HOME = "http://www.yunxiu.example/"


def answer(url, html, status=200):
    body = html.encode()
    return a_capture(url=url, body=body, payload=body, status=status, headers=(("Content-Type", "text/html"),))


def looked_at(pages, survey=None, most=60):
    """The survey after asking for everything it wants from `pages` (path -> HTML), and what it asked for."""
    survey = survey or Survey(provisional(HOME))
    asked = []
    while (step := survey.next()) and len(asked) < most:
        path = step.ask.url.removeprefix(HOME[:-1])
        asked.append(path)
        if path in pages:
            survey.took(step, answer(step.ask.url, pages[path]))
        else:
            survey.took(step, answer(step.ask.url, "x", 404))
    return survey.result(len(asked)), asked


def trs_site(columns=("gb", "tzgg"), count=6):
    names = {"gb": "政府公报", "tzgg": "通知公告", "jb": "工作简报"}
    menu = "".join(f'<a href="/{name}/">{names.get(name, name)}</a>' for name in columns)
    pages = {"/": f"<title>云岫县人民政府</title><meta name=SiteIDCode content=6199010007>{menu}"}
    for at, name in enumerate(columns):
        numbers = range(1000 + at * 100, 1000 + at * 100 + count)
        pages[f"/{name}/"] = listed(*(f"./t20260301_{n}.html" for n in numbers))
        pages |= {f"/{name}/t20260301_{n}.html": article(n) for n in numbers}
    return pages


def test_home_then_lists_then_articles_of_each_in_turn():
    found, asked = looked_at(trs_site())
    assert asked[:3] == ["/", "/gb/", "/tzgg/"]
    assert {path.split("/")[1] for path in asked[3:5]} == {"gb", "tzgg"}
    assert len(found.samples) == 10
    assert (found.source.id, found.source.family, found.source.region) == ("619901_yunxiu", "trs", "619901")
    assert [seen.rows for seen in found.columns] == [6, 6]


def test_nothing_is_asked_for_twice():
    _, asked = looked_at(trs_site())
    assert len(set(asked)) == len(asked)


def test_a_site_of_many_columns_is_not_read_to_the_end():
    many = [f"通知{chr(0x4E00 + n)}公告" for n in range(40)]
    found, asked = looked_at(trs_site(many, count=3))
    assert sum(not path.endswith(".html") for path in asked) <= 11
    assert any("not followed" in note for note in found.notes)


def test_two_links_to_one_list_are_one_column():
    pages = trs_site(("gb",))
    pages["/"] = pages["/"] + '<a href="/gb/index.html">公报</a>'
    pages["/gb/index.html"] = pages["/gb/"]
    found, _ = looked_at(pages)
    assert [seen.column.url for seen in found.columns] == [HOME + "gb/"]


def test_a_menu_that_promises_and_does_not_keep_it_is_no_column():
    pages = trs_site(("gb",)) | {"/xw/": "<p>本栏目正在建设之中</p>"}
    pages["/"] += '<a href="/xw/">新闻</a><a href="/gone/">简报</a>'
    found, _ = looked_at(pages)
    assert [column.id for column in found.source.columns] == ["gb"]
    assert any("简报" in note and "404" in note for note in found.notes)


def test_frames_are_looked_into():
    pages = trs_site(("gb",))
    pages["/left.html"] = pages["/"]
    pages["/"] = '<frameset cols="160,*"><frame src="left.html"><frame src="http://other.example/"></frameset>'
    found, asked = looked_at(pages)
    assert asked[:3] == ["/", "/left.html", "/gb/"]
    assert found.source.columns


def test_a_site_nobody_knows_is_said_to_be_unknown():
    rows = "".join(f'<li><a href="/a/{n}.php">某镇第{n}次工作会议召开</a> 2026-03-0{n}</li>' for n in range(1, 6))
    pages = {"/": "<a href='/dt/'>工作动态</a>", "/dt/": f"<ul>{rows}</ul>"}
    pages |= {f"/a/{n}.php": article(n).replace("TRS_Editor", "x") for n in range(1, 6)}
    found, _ = looked_at(pages)
    assert found.family is None
    assert found.source.family == "generic"
    assert found.source.region == "000000"
    assert any("no known publishing system" in note for note in found.notes)
    assert any("region unknown" in note for note in found.notes)


def test_the_code_and_system_of_a_former_division():
    pages = trs_site()
    pages["/"] = pages["/"].replace("6199010007", "6109280003")
    found, _ = looked_at(pages)
    assert found.source.region == "610981"
    assert found.source.site_code == "6109280003"


@pytest.mark.parametrize("trouble", [Trouble("down", "refused"), Trouble("challenged_js", "521: a challenge")])
def test_a_site_that_does_not_answer(trouble):
    survey = Survey(provisional(HOME))
    survey.failed(survey.next(), trouble)
    assert survey.next() is None
    found = survey.result(1)
    assert (found.code, found.reason, found.source) == (trouble.code, trouble.words, None)


def test_a_known_source_is_looked_at_as_it_is_described():
    pages = trs_site(("gb", "tzgg"))
    source = a_source(columns=(Column("gb", "政府公报", HOME + "gb/"),), site_code="6199010001")
    found, asked = looked_at(pages, Survey(source, given=True))
    assert "/tzgg/" not in asked
    assert found.source == source
    assert found.site_codes == ("6199010007",)
    assert len(found.samples) == 6


@pytest.mark.parametrize("html", ["", "<html>", "\x00" * 50, "<a href='http://['>公报</a>" * 3, "<frameset>" * 900])
def test_pages_of_nonsense_end_well(html):
    found, asked = looked_at({"/": html})
    assert found.source is None
    assert len(asked) <= 3


ELSEWHERE = "http://zwgk.yunxiu.example"


def two_hosts(code="6199010007", where=ELSEWHERE):
    """A portal with one column, and a link to another that stands on a host of its own."""
    pages = trs_site(("gb",))
    pages["/"] += f'<a href="{where}/tzgg/">通知公告</a>'
    stated = f"<meta name=SiteIDCode content={code}>" if code else ""
    numbers = range(2000, 2006)
    pages[f"{where}/tzgg/"] = stated + listed(*(f"./t20260301_{n}.html" for n in numbers))
    return pages | {f"{where}/tzgg/t20260301_{n}.html": article(n) for n in numbers}


@pytest.mark.parametrize("code", ["6199010007", ""])
def test_columns_on_another_host_of_the_site_are_its_columns(code):
    found, _ = looked_at(two_hosts(code))
    assert [column.url for column in found.source.columns] == [HOME + "gb/", ELSEWHERE + "/tzgg/"]
    assert found.source.hosts == ("www.yunxiu.example", "yunxiu.example", "zwgk.yunxiu.example")
    assert {sample.column for sample in found.samples if sample.harvest} == {"tzgg", "gb"}


def test_a_host_under_the_same_name_may_be_another_site():
    found, asked = looked_at(two_hosts("6199020003"))
    assert [column.url for column in found.source.columns] == [HOME + "gb/"]
    assert found.source.hosts == ("www.yunxiu.example", "yunxiu.example")
    assert found.site_codes == ("6199010007",)
    assert any("通知公告" in note and "left out" in note and "6199020003" in note for note in found.notes)
    assert not [url for url in asked if url.startswith(ELSEWHERE + "/tzgg/t")]


def test_bulletins_on_another_host_of_the_site_bring_it_along():
    pages = trs_site(("gb",))
    pages["/gb/"] = listed(*(f"{ELSEWHERE}/t20260301_{n}.html" for n in range(3)))
    pages |= {f"{ELSEWHERE}/t20260301_{n}.html": article(n) for n in range(3)}
    assert "zwgk.yunxiu.example" in looked_at(pages)[0].source.hosts


def test_columns_of_other_sites_are_named_and_left_alone():
    found, asked = looked_at(two_hosts(where="http://www.songquan.example"))
    assert [column.url for column in found.source.columns] == [HOME + "gb/"]
    assert any("通知公告 (www.songquan.example)" in note for note in found.notes)
    assert not [url for url in asked if "songquan" in url]


@pytest.mark.parametrize(
    ("host", "whole"),
    [
        ("www.zb.gov.cn", "*.zb.gov.cn"),
        ("zwgk.zb.gov.cn", "*.zwgk.zb.gov.cn"),
        ("yunxiu.example", "*.yunxiu.example"),
        ("www.gov.cn", ""),
        ("www.cn", ""),
        ("localhost", ""),
        ("127.0.0.1", ""),
        ("::1", ""),
    ],
)
def test_the_name_that_a_sites_hosts_share(host, whole):
    assert whole_site(host) == whole
