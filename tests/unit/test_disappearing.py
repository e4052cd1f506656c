"""What an answer says about a bulletin we know."""

from dataclasses import replace

import pytest
from builders import a_capture, a_harvest, a_source

from bulletin.harvest import Attachment, Evidence
from bulletin.ledger import BLOCKED, GONE, REDIRECTED_HOME, REPLACED, SITE_DOWN, SOFT_404, UNCLEAR
from bulletin.source import Column
from crawler.disappearing import excuse, finding_of, replaced, strayed
from crawler.troubles import BLOCKED as REFUSALS
from crawler.troubles import UNREACHED, Trouble

ARTICLE = "http://www.yunxiu.example/zwgk/tzgg/202603/t20260320_1000001.html"
HOME = "http://www.yunxiu.example"


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        ("gone", GONE),
        ("soft_404", SOFT_404),
        ("empty", UNCLEAR),
        ("shell_page", UNCLEAR),
        ("redirected_home", REDIRECTED_HOME),
        ("replaced", REPLACED),
        *((code, BLOCKED) for code in sorted(REFUSALS)),
        *((code, SITE_DOWN) for code in sorted(UNREACHED)),
        ("disconnected", SITE_DOWN),
        ("identity_mismatch", UNCLEAR),
        ("redirect_loop", UNCLEAR),
        ("off_host", UNCLEAR),
        ("unreadable", UNCLEAR),
        ("http_418", UNCLEAR),
        ("request_limit", None),
    ],
)
def test_what_a_trouble_means(code, finding):
    assert finding_of(Trouble(code, "")) == finding


def ended_at(url, body=b"<html><body>" + b"x" * 3000, status=200):
    return a_capture(url=url, status=status, body=body, payload=body)


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (f"{HOME}/", "redirected_home"),
        (HOME, "redirected_home"),
        (f"{HOME}/index.html", "redirected_home"),
        (f"{HOME}/Default.aspx", "redirected_home"),
        (f"{HOME}/zwgk/tzgg/", "redirected_home"),
        (f"{HOME}/404.html", "soft_404"),
        (f"{HOME}/error/404.shtml", "soft_404"),
        (f"{HOME}/notFound.jsp", "soft_404"),
        (ARTICLE, None),
        (f"{HOME}/zwgk/tzgg/202603/t20260320_1000001_1.html", None),
        (f"{HOME}/zwgk/2026/4040.html", None),
        ("http://www.other.example/", None),
    ],
)
def test_where_a_redirect_ended(end, code):
    found = strayed(a_source(), ARTICLE, ended_at(end))
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    "onward",
    [
        '<meta http-equiv="refresh" content="0;url=/">',
        "<meta http-equiv=refresh content='3; URL=http://www.yunxiu.example/index.html'>",
        "<script>window.location.href = '/';</script>",
        '<script>location.replace("/index.htm")</script>',
    ],
)
def test_a_page_that_only_sends_home(onward):
    found = strayed(a_source(), ARTICLE, ended_at(ARTICLE, f"<html><head>{onward}</head></html>".encode()))
    assert found
    assert found.code == "redirected_home"


def test_a_page_with_content_may_lead_where_it_likes():
    page = b"<html><script>location.href='/'</script><body><a href=/>x</a>" + b"text " * 100
    assert strayed(a_source(), ARTICLE, ended_at(ARTICLE, page)) is None
    assert strayed(a_source(), ARTICLE, ended_at(ARTICLE, b"<script>location.href='/'</script>" + b"x" * 3000)) is None


def test_a_list_may_lead_to_a_list_but_not_home():
    source = a_source(columns=(Column("gb", "公报", f"{HOME}/gb/"), Column("jb", "简报", f"{HOME}/jb/")))
    assert strayed(source, f"{HOME}/gb/index_9.html", ended_at(f"{HOME}/gb/"), to_list=False) is None
    found = strayed(source, f"{HOME}/gb/", ended_at(f"{HOME}/"), to_list=False)
    assert found
    assert found.code == "redirected_home"


def test_the_front_page_itself_has_not_strayed():
    assert strayed(a_source(), f"{HOME}/", ended_at(f"{HOME}/index.html")) is None


@pytest.mark.parametrize(
    "said",
    [
        "抱歉，您访问的页面不存在或已被删除。",
        "对不起,该文章已被删除",
        "页面已失效，3秒后返回首页",
        "找不到该页，请检查网址",
        "很抱歉，您请求的网页暂时无法显示",
    ],
)
def test_an_excuse_is_no_bulletin(said):
    found = excuse(a_harvest(title="提示信息", text=said))
    assert found
    assert found.code == "soft_404"


@pytest.mark.parametrize(
    "harvest",
    [
        a_harvest(),
        a_harvest(text="各单位：原网站页面已失效的链接要逐条清理，清理情况于本月底前报送。" * 8),
        a_harvest(text="您访问的页面不存在", attachments=(Attachment("通知.pdf", f"{HOME}/a.pdf"),)),
        a_harvest(title="关于公布废止文件的公告", text="经研究，下列文件予以废止。"),
    ],
    ids=["plain", "long", "with a file", "short"],
)
def test_a_bulletin_is_no_excuse(harvest):
    assert excuse(harvest) is None


KEPT = a_harvest(
    number=None, number_raw=None, index_number=None, text="各乡镇要在汛前完成河道清淤，并将台账报县水利局备查。" * 3
)
OTHER = replace(
    KEPT,
    title="云岫县教育局关于中小学春季运动会的通报",
    text="春季运动会于四月举行，共有十二所学校参加，岫阳镇中心小学获得团体第一名，现予通报。" * 3,
    published_on=None,
)


def test_another_paper_under_the_same_address():
    found = replaced(KEPT, OTHER)
    assert found
    assert (found.code, OTHER.title in found.words) == ("replaced", True)


@pytest.mark.parametrize(
    "met",
    [
        KEPT,
        replace(OTHER, title=KEPT.title),
        replace(OTHER, text=KEPT.text[:40] + OTHER.text),
        replace(OTHER, title=""),
        replace(OTHER, text="见附件"),
        replace(OTHER, published_on=KEPT.published_on, evidence=(("published_on", Evidence("meta", 0.9)),)),
    ],
    ids=["same", "title", "half the text", "no title", "no text", "date"],
)
def test_another_state_of_the_same_paper(met):
    kept = replace(KEPT, text=KEPT.text[:44])
    assert replaced(kept, met) is None


def test_a_number_in_common_makes_it_the_same():
    assert replaced(replace(KEPT, number="云政发〔2026〕1号"), replace(OTHER, number="云政发〔2026〕1号")) is None
    assert replaced(replace(KEPT, index_number="a/1"), replace(OTHER, index_number="a/1")) is None
    assert replaced(replace(KEPT, number="云政发〔2026〕1号"), replace(OTHER, number="云政发〔2026〕2号"))


def test_a_date_taken_from_the_list_proves_nothing():
    met = replace(OTHER, published_on=KEPT.published_on, evidence=(("published_on", Evidence("row", 0.4)),))
    assert replaced(KEPT, met)
