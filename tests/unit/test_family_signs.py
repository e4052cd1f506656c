"""What speaks of a system and what does not: links to other sites, words of a text, one habit that many share."""

import pytest
from listpages import HOST, items, page

from crawler.extract.page import open_page
from crawler.families import recognise

ELSEWHERE = "http://www.songquan.example"
HEX = "0f" * 16
#: An address of each dialect.
ARTICLES = {
    "trs": "/zwgk/202603/t20260301_100{:02d}.html",
    "ucap": f"/sqx/tzgg/202603/{HEX[:-2]}{{:02d}}.shtml",
    "hanweb": "/art/2026/3/1/art_1200001_550{:02d}.html",
    "nfcms": "/zwgk/content/post_10000{:02d}.html",
    "vsb": "/info/1021/30{:02d}.htm",
    "lonsun": "/public/700100/150000{:02d}.html",
    "openness": f"/openness/detail/content/{HEX[:22]}{{:02d}}.html",
    "gkmlpt": "/gkmlpt/content/1/102/post_1{:02d}.html",
    "jeecms": "/gsgg/53{:02d}.jhtml",
    "empire": "/e/action/ListInfo/?classid={}",
}


def sure(html, path="/a/b/"):
    return [family.name for family, likeness in recognise([page(html, path)]) if likeness.score >= 0.5]


def likely(html, path="/a/b/"):
    return {family.name: likeness.score for family, likeness in recognise([page(html, path)])}


@pytest.mark.parametrize("name", ARTICLES)
def test_links_to_another_site_speak_of_that_site(name):
    rows = "".join(items(*range(10, 22), path=ELSEWHERE + ARTICLES[name]))
    assert name not in likely(f"<ul>{rows}</ul>")


@pytest.mark.parametrize("name", ARTICLES)
def test_the_same_links_at_home_speak_of_this_one(name):
    rows = "".join(items(*range(10, 22), path=HOST.replace("http:", "https:") + ARTICLES[name]))
    assert likely(f"<ul>{rows}</ul>")[name] >= 0.3


def test_where_a_page_came_from_is_not_always_known():
    rows = "".join(items(*range(10, 22), path=ELSEWHERE + ARTICLES["trs"]))
    assert recognise([open_page(f"<ul>{rows}</ul>".encode())])[0][0].name == "trs"


@pytest.mark.parametrize(
    "html",
    [
        "<p>关于织梦DedeCMS存在漏洞的风险提示：请使用DedeCMS、DedeBIZ的单位于月底前升级。</p>",
        "<p>网站升级采购公告：原系统为风讯 DotNetCMS（foosun.net），现招标迁移。</p>",
        "<p>采购清单：Visual SiteBuilder 9 授权一套，大汉版通一套，EmpireCMS 培训一次。</p>",
        "<div class='v_news_content' id='vsb_content'><p>自学院网站转载的启事，请各乡镇组织报名。</p></div>",
        "<div class='TRS_Editor'><p>自省网站转载的启事，请各乡镇组织报名。</p></div>",
    ],
    ids=["dede", "foosun", "bill", "pasted-vsb", "pasted-trs"],
)
def test_words_of_a_text_and_pasted_mark_up_make_nobody_sure(html):
    assert sure(f"<h1>通知</h1>{html}") == []


@pytest.mark.parametrize(
    ("html", "path"),
    [
        ("".join(f"<li><a href='/c{n}/list.shtml'>栏目{n}</a></li>" for n in range(9)), "/a/list.shtml"),
        ("".join(f"<li><a href='/a/{n}.jhtml'>公告{n}</a></li>" for n in range(9)), "/a/index.jhtml"),
        ("".join(f"<li><a href='/public/12345/678{n}.html'>公告{n}</a></li>" for n in range(9)), "/a/"),
        ("<ul class='xxgk_nav'><li><a href='/a/1.html'>政策</a></li></ul>", "/a/"),
        ("<ul class='pagelist'><li>1</li></ul><img src='/templates/a.png'>", "/a/"),
    ],
    ids=["list.shtml", "jhtml", "public", "xxgk_nav", "pagelist"],
)
def test_a_habit_that_many_share_makes_nobody_sure(html, path):
    assert sure(html, path) == []


def test_makers_that_name_themselves_at_the_foot_are_believed():
    assert sure("<p>x</p><div>Powered by <a href='http://www.dedecms.com'>DedeCMS</a></div>") == ["dede"]
    assert sure("<p>x</p><div>Powered by <a href='http://www.foosun.net'>www.Foosun.net</a></div>") == ["foosun"]
    assert sure("<!-- Announced by Visual SiteBuilder 9 --><p>x</p>") == ["vsb"]
