"""The contents of an issue: which pages hold them, what they lead to, and how far they are followed."""

from dataclasses import replace
from datetime import date

import pytest
from builders import a_harvest, a_source
from hypothesis import given
from hypothesis import strategies as st

from bulletin.document import Contents, Known
from bulletin.harvest import Row
from bulletin.source import Column, Seed
from crawler.contents import in_issue, with_foreign_documents
from crawler.errand import Errand
from crawler.extract.contents import MOST_NAMED
from crawler.extract.page import open_page
from crawler.extract.pages import stitch
from crawler.extract.reading import read_page
from crawler.families.family import Ask, Listing
from crawler.frontier import Frontier
from crawler.steps import ArticleStep, ListStep

HOST = "http://www.yunxiu.example"
ISSUE = "云岫县人民政府公报2019年第3期"
TITLES = ("云岫县人民政府关于河道清淤的通知", "云岫县人民政府关于表彰先进集体的决定", "县政府办公室关于春季防火的通知")


def linked(titles=TITLES, form="<p>{}</p>", around="<div class=TRS_Editor>{}</div>"):
    lines = (form.format(f"<a href='/wj/{n}.html'>{title}</a>") for n, title in enumerate(titles, 1))
    return around.format("".join(lines))


def read(body, title=ISSUE, tagged=True):
    meta = f"<meta name=ArticleTitle content='{title}'><meta name=PubDate content='2019-04-02'>" if tagged else ""
    nav = "<div class=nav><a href='/'>首页</a><a href='/gb/'>政府公报</a><a href='/xxgk/'>信息公开指南和年报</a></div>"
    foot = "<div class=foot>版权所有：云岫县人民政府 技术支持：县信息中心</div>"
    html = f"<html><head><title>{title}</title>{meta}</head><body>{nav}<h1>{title}</h1>{body}{foot}</body></html>"
    return read_page(open_page(html.encode(), url=f"{HOST}/gb/t20190402_3.html"))


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tagged", [True, False])
@pytest.mark.parametrize("around", ["<div class=TRS_Editor>{}</div>", "<div class=mulu>{}</div>", "<ul>{}</ul>"])
@pytest.mark.parametrize("form", ["<p>{}</p>", "<li>{}</li>", "<li>{}<span>2019-03-07</span></li>"])
def test_the_titles_of_an_issue_are_its_text_and_lead_to_its_documents(form, around, tagged):
    harvest = read(linked(form=form, around=around), tagged=tagged)
    assert (harvest.kind, harvest.issue) == ("article", "2019年第3期")
    assert [(row.title, row.url) for row in harvest.rows] == [
        (title, f"{HOST}/wj/{n}.html") for n, title in enumerate(TITLES, 1)
    ]
    assert all(title in harvest.text for title in TITLES)
    assert "text" in [doubt.field for doubt in harvest.doubts]


def test_files_other_issues_and_pagers_are_no_documents():
    assert [row.title for row in read(linked((*TITLES, "前期物业服务收费办法"))).rows][3:] == ["前期物业服务收费办法"]
    more = (
        "<p><a href='/gb/3.pdf'>云岫县人民政府公报2019年第3期全文下载</a></p>"
        "<p><a href='/gb/2.html'>云岫县人民政府公报2019年第2期</a></p><p><a href='/gb/4.html'>下一期：公报目录</a></p>"
        "<p><a href='/wj/1.html'>云岫县人民政府关于河道清淤的通知</a> <a href='#'>页首</a> <a href='/x'>12</a></p>"
    )
    harvest = read(linked(around=f"<div class=TRS_Editor>{{}}{more}</div>"))
    assert [row.url for row in harvest.rows] == [f"{HOST}/wj/{n}.html" for n in (1, 2, 3)]
    assert [file.url for file in harvest.attachments] == [f"{HOST}/gb/3.pdf"]


def test_a_list_of_issues_is_a_list():
    issues = [f"云岫县人民政府公报2019年第{n}期" for n in range(1, 6)]
    harvest = read(linked(issues, "<li>{}<span>2019-03-07</span></li>", "<ul>{}</ul>"), tagged=False)
    assert (harvest.kind, len(harvest.rows)) == ("list", 5)


def test_an_article_with_a_list_beside_it_is_an_article():
    prose = "各镇人民政府要在三月底前完成河道清淤，逾期未完成的由县水务局通报，并于四月十日前报送台账。" * 3
    harvest = read(f"<div class=con><p>{prose}</p></div>" + linked(around="<div class=side>{}</div>"))
    assert harvest.rows == ()


def test_a_page_that_names_too_much_is_cut_off_and_says_so():
    harvest = read(linked([f"云岫县人民政府关于第{n}件事项的通知" for n in range(MOST_NAMED + 20)]))
    assert len(harvest.rows) == MOST_NAMED
    assert [doubt.reason for doubt in harvest.doubts if doubt.field == "rows"] == [
        "520 documents are named; those behind the first 500 are left out"
    ]


def test_the_pages_of_long_contents_are_put_together():
    first, second = read(linked(TITLES)), read(linked((*TITLES, "云岫县人民政府关于停航检修的公告")))
    assert [row.url[-6:] for row in stitch([(1, first), (2, second)], 2).rows] == [
        "1.html",
        "2.html",
        "3.html",
        "4.html",
    ]


# -- what is said of it ------------------------------------------------------------------------------------------------


def test_the_issue_is_noted_where_the_bulletin_does_not_name_one():
    contents = Contents("2019年第3期", 3, ())
    noted = in_issue(a_harvest(), contents)
    assert (noted.issue, noted.issue_number) == ("2019年第3期", 3)
    assert in_issue(a_harvest(issue="2018年第9期"), contents).issue == "2018年第9期"
    assert in_issue(a_harvest(), Contents(None, None, ())) == a_harvest()
    assert in_issue(a_harvest(), None) == a_harvest()


def test_documents_on_other_hosts_are_named_in_a_doubt():
    rows = (Row("甲", f"{HOST}/1"), Row("乙", "http://www.songquan.example/2"), Row("丙", "http://[/"))
    (doubt,) = with_foreign_documents(a_harvest(rows=rows, doubts=()), a_source()).doubts
    assert doubt.reason == "not followed, on another host: http://www.songquan.example/2, http://[/"
    assert with_foreign_documents(a_harvest(rows=rows[:1]), a_source()) == a_harvest(rows=rows[:1])


# -- the frontier ------------------------------------------------------------------------------------------------------

GB = Column("gb", "政府公报", f"{HOST}/gb/")


def at(name):
    return f"{HOST}/{name}.html"


def row(name, **more):
    return Row(f"关于{name}的通知", at(name), **more)


def issue(*names):
    return a_harvest(issue="2019年第3期", rows=tuple(map(row, names)))


def kept(**pages):
    return {at(page): Contents("2019年第3期", None, tuple(map(row, names))) for page, names in pages.items()}


def a_frontier(*listed, errand=None, names="", contents=None, **remembered):
    known = {at(name): Known(at(name), name.upper(), "gb", **remembered) for name in names}
    frontier = Frontier(
        a_source(columns=(GB,)), errand or Errand(), known=known, pending=(), swept={}, first={"gb": Ask(GB.url)},
        max_pages=9, contents=contents,
    )  # fmt: skip
    assert isinstance(frontier.next(), ListStep)
    frontier.listed("gb", Listing(rows=tuple(map(row, listed))))
    return frontier


def rest(frontier):
    found = []
    while step := frontier.next():
        assert isinstance(step, ArticleStep)
        found.append(step.seed.url.rpartition("/")[2].removesuffix(".html"))
    return found


def urls(seeds):
    return [seed.url.rpartition("/")[2].removesuffix(".html") for seed in seeds]


def test_what_an_issue_names_is_asked_for_once():
    frontier = a_frontier("i")
    verdict = frontier.opened(Seed(at("i"), "gb"), issue("a", "b", "a", "i"))
    assert verdict.seeds == (Seed(at("a"), "gb", "关于a的通知"), Seed(at("b"), "gb", "关于b的通知"))
    assert rest(frontier) == ["i", "a", "b"]
    assert frontier.opened(Seed(at("i"), "gb"), issue("a", "b")).seeds == ()
    assert frontier.issue_of(at("a")).issue == "2019年第3期"
    assert frontier.issue_of(at("i")) is None


def test_what_is_known_is_met_again_and_not_asked_for():
    frontier = a_frontier("i", names="iab")
    verdict = frontier.opened(Seed(at("i"), "gb"), issue("a", "b", "c"))
    assert (urls(verdict.seeds), urls(verdict.sighted)) == (["c"], ["a", "b"])
    frontier = a_frontier("i", names="ia", errand=Errand(full=True))
    assert urls(frontier.opened(Seed(at("i"), "gb"), issue("a", "b")).seeds) == ["a", "b"]


def test_of_what_a_list_shows_too_the_list_speaks():
    frontier = a_frontier("i", "a", names="a")
    verdict = frontier.opened(Seed(at("i"), "gb"), issue("a"))
    assert (verdict.seeds, verdict.sighted) == ((), ())


def test_contents_that_other_contents_led_to_are_not_followed_unless_a_list_shows_them():
    frontier = a_frontier("i")
    frontier.opened(Seed(at("i"), "gb"), issue("j"))
    assert frontier.opened(Seed(at("j"), "gb"), issue("a")).seeds == ()
    frontier = a_frontier("i", "j")
    frontier.opened(Seed(at("i"), "gb"), issue("j"))
    assert urls(frontier.opened(Seed(at("j"), "gb"), issue("a")).seeds) == ["a"]
    frontier = a_frontier("x", contents=kept(i="j"))
    assert frontier.opened(Seed(at("j"), "gb"), issue("a")).seeds == ()


def test_contents_as_they_were_kept_count_until_they_are_read():
    frontier = a_frontier("i", names="iab", contents=kept(i="ab"))
    assert frontier.compare() == []
    frontier = a_frontier("i", names="iab", contents=kept(i="ab"))
    frontier.opened(Seed(at("i"), "gb"), issue("b"))
    assert frontier.compare() == ["A"]
    frontier = a_frontier("i", names="iab", contents=kept(i="ab"))
    frontier.opened(Seed(at("i"), "gb"), a_harvest())
    assert frontier.compare() == ["A", "B"]


def test_what_two_issues_name_is_named_while_one_of_them_names_it():
    frontier = a_frontier("i", "j", names="ija", contents=kept(i="a", j="a"))
    frontier.opened(Seed(at("i"), "gb"), issue("b"))
    assert frontier.issue_of(at("a")).issue == "2019年第3期"
    assert frontier.compare() == []


def test_contents_that_no_list_shows_list_nothing():
    assert a_frontier("x", names="iab", contents=kept(i="ab")).compare() == ["I", "A", "B"]


def test_an_unchanged_page_is_followed_as_it_was_kept():
    frontier = a_frontier("i", names="i", contents=kept(i="ab"))
    assert urls(frontier.opened(Seed(at("i"), "gb")).seeds) == ["a", "b"]


def test_what_was_missing_and_is_named_again_is_asked_for():
    frontier = a_frontier("i", names="a", missing=True)
    verdict = frontier.opened(Seed(at("i"), "gb"), issue("a"))
    assert verdict.relisted == ("A",)
    assert rest(frontier) == ["i", "a"]


def test_a_probe_follows_nothing_and_since_leaves_older_ones_alone():
    frontier = a_frontier("i", errand=Errand(probe=True))
    assert frontier.opened(Seed(at("i"), "gb"), issue("a")).seeds == ()
    frontier = a_frontier("i", errand=Errand(since=date(2019, 4, 1)))
    rows = (row("a", date="2019-03-31"), row("b", date="2019-04-01"), row("c"))
    named = replace(issue(), rows=rows)
    assert urls(frontier.opened(Seed(at("i"), "gb"), named).seeds) == ["b", "c"]


def test_other_hosts_are_counted_and_told():
    frontier = a_frontier("i")
    named = replace(issue("a"), rows=(row("a"), Row("乙", "http://www.songquan.example/2"), Row("丙", "http://[/")))
    verdict = frontier.opened(Seed(at("i"), "gb"), named)
    assert (urls(verdict.seeds), verdict.external) == (["a"], 2)
    assert verdict.notes == (f"{at('i')} names 2 of 3 on another host: not followed",)


NAMES = st.sampled_from("abcdefgh")


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=6)), st.lists(NAMES, max_size=3), st.sets(NAMES), st.booleans())
def test_however_pages_name_one_another_each_is_asked_for_once_and_one_step_from_a_list(named, listed, known, full):
    frontier = a_frontier(*listed, errand=Errand(full=full), names="".join(sorted(known)))
    asked = []
    while step := frontier.next():
        name = step.seed.url.rpartition("/")[2].removesuffix(".html")
        asked.append(name)
        frontier.opened(step.seed, issue(*named[name]) if name in named else a_harvest())
    assert len(asked) == len(set(asked))
    reached = set(listed).union(*(named.get(name, ()) for name in listed if full or name not in known))
    assert set(asked) == (reached if full else reached - known)
