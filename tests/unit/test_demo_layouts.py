"""The five layouts show what makes each of them hard."""

import re
from urllib.parse import urlsplit

import pytest

from desk.demo.composing import chinese_day, day_of, spoken_number
from desk.demo.sites import site


def page(practice, url):
    answer = practice.answer("GET", urlsplit(url).path, {}, b"")
    assert answer.status == 200, url
    return answer.body.decode()


def truths(name, **switches):
    practice = site(name, **switches)
    expected = practice.expected()
    return practice, [(url, expected["per_article"][url]) for url in expected["article_urls"]]


@pytest.mark.parametrize("name", ["express", "news", "disclosure", "paged", "collection"])
def test_every_row_is_on_a_list_page(name):
    practice = site(name)
    expected = practice.expected()
    lists = "".join(page(practice, url) for url in expected["list_urls"])
    (column,) = expected["columns"].values()
    assert re.findall(r'<li><a href="([^"]+)">[^<]+</a><span>', lists) == [
        urlsplit(r["url"]).path for r in column["rows"]
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"]) for row in column["rows"])


@pytest.mark.parametrize("name", ["express", "news", "disclosure"])
def test_list_pages_are_chained(name):
    practice = site(name)
    urls = practice.expected()["list_urls"]
    assert len(urls) == 2
    assert f'<a href="{urlsplit(urls[1]).path}">下一页</a>' in page(practice, urls[0])
    assert "下一页" not in page(practice, urls[1])


def test_an_express_issue_has_masthead_contents_and_several_articles():
    practice, issues = truths("express")
    totals = [truth["issue_number"] for _, truth in issues]
    assert totals == list(range(totals[0], totals[0] - len(totals), -1))
    assert len({re.sub(r"[\d一二三四五六七八九十百]+", "", truth["issue"]) for _, truth in issues}) == 3
    for url, truth in issues:
        html = page(practice, url)
        assert truth["kind"] == "issue"
        assert 2 <= len(truth["articles"]) <= 4
        assert spoken_number(truth["issue_number"]) in truth["title"]
        for article in truth["articles"]:
            assert html.count(article["heading"]) == 2
            assert not article["byline"] or f"（{article['byline']}）" in html
        assert truth["issue"] in html
        assert truth["office"] in html


def test_the_express_is_also_served_damaged():
    practice, issues = truths("express")
    versions = practice.expected()["versions"]
    assert [version["of"] for version in versions.values()] == [url for url, _ in issues]
    for url, version in versions.items():
        html = page(practice, url)
        assert version["damaged"]
        assert "縣(xiàn)" in html
        assert "縣" not in "".join(version["paragraphs"])
    damaged, same = truths("express", damaged=True)
    assert [url for url, _ in same] == list(versions)
    assert "/big5/kb/list.html" in damaged.source_toml("127.0.0.1:1")


def test_a_news_page_has_kicker_subtitle_and_captions():
    practice, articles = truths("news")
    assert 0 < sum(bool(truth["kicker"]) for _, truth in articles) < len(articles)
    assert 0 < sum(bool(truth["subtitle"]) for _, truth in articles) < len(articles)
    for url, truth in articles:
        html = page(practice, url)
        assert len(truth["sections"]) == 3
        assert len(truth["captions"]) == 2
        assert f"（责任编辑：{truth['editor']} 审核：{truth['reviewer']}）" in html
        for picture in re.findall(r'src="\./(W0\d{18}_600\.jpg)"', html):
            assert practice.answer("GET", urlsplit(url).path.rpartition("/")[0] + "/" + picture, {}, b"").status == 200


def test_a_disclosure_page_has_its_six_labels_and_an_annex():
    practice, papers = truths("disclosure")
    for url, truth in papers:
        box = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page(practice, url)))
        assert box["索引号"] == truth["index_number"]
        assert box["文号"] == truth["number"]
        assert box["生成日期"] == f"{truth['dated_on']} 00:00:00"
        assert box["主题分类"] == ";".join(truth["topic"])
        assert box["公开时限"] == truth["disclosure"]
        assert truth["signed_on"] < truth["dated_on"]
        assert len(truth["sections"]) >= 5


def test_paged_articles_have_all_their_pages_but_one():
    practice, articles = truths("paged")
    lost = [(url, truth) for url, truth in articles if truth["missing_pages"]]
    assert len(lost) == 1
    url, truth = lost[0]
    assert (truth["page_count"], truth["missing_pages"], len(truth["pages"])) == (4, [3], 3)
    assert practice.answer("GET", urlsplit(url).path.replace(".html", "_3.html"), {}, b"").status == 404
    for url, truth in articles:
        first = page(practice, url)
        assert ("本新闻共" in first) == (truth["page_count"] > 1)
        if truth["page_count"] > 1:
            assert f"本新闻共 {truth['page_count']}页,当前在第 01页" in first
            assert first.count('_2.html">02</a>') == 1


def test_a_collection_is_about_many_places_and_says_it_is_samples():
    practice, pages = truths("collection")
    for url, truth in pages:
        html = page(practice, url)
        assert truth["kind"] == "collection"
        assert len(truth["articles"]) == 5
        assert truth["office"] is truth["number"] is truth["published_on"] is None
        assert "范文" in html
        assert sum(county in "".join(truth["paragraphs"]) for county in ("松泉县", "落霞县", "青石桥县")) == 3
    assert {bool(truth["articles"][0]["heading"]) for _, truth in pages} == {True, False}


@pytest.mark.parametrize(
    ("number", "spoken"),
    [(5, "五"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (268, "二百六十八"), (1010, "一千零一十")],
)
def test_numbers_are_spoken_as_people_speak_them(number, spoken):
    assert spoken_number(number) == spoken


def test_days_are_two_apart_and_never_out_of_order():
    assert [str(day_of(k)) for k in (-1, 0, 1)] == ["2026-04-02", "2026-03-31", "2026-03-29"]
    many = [day_of(k, 100_000) for k in range(0, 100_000, 501)]
    assert many == sorted(many, reverse=True)
    assert chinese_day(day_of(0)) == "二〇二六年三月三十一日"
