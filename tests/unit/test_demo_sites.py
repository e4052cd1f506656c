"""The practice sites are what their oracles say, and the same on every run."""

import gzip
import json
import re
import tomllib
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from bulletin.errors import NotFoundError
from desk.demo.article import body_sha256
from desk.demo.sites import names, site
from desk.demo.subjects import SHARING

COOKIE = "CT6T=6199ab01"  # what H1 gives to every visitor
F1_COUNTS = {"gb": 23, "jb": 7, "tzgg": 64, "zfwj": 0}


class _Text(HTMLParser):
    """All text outside script and style."""

    def __init__(self):
        super().__init__()
        self.parts, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)


def text_of(html):
    parser = _Text()
    parser.feed(html)
    if body := re.search(r'"content": ("(?:[^"\\]|\\.)*")', html):
        parser.feed(json.loads(body[1]))
    return "".join("".join(parser.parts).split())


@cache
def known(name):
    """The site and its oracle, made once: both are the same on every call."""
    practice = site(name)
    return practice, practice.expected()


def fetch(practice, url):
    parts = urlsplit(url)
    assert parts.hostname == practice.host, url
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return practice.answer("GET", path, {"Host": practice.host, "Cookie": COOKIE}, b"")


def page(practice, url):
    answer = fetch(practice, url)
    assert answer.status == 200, url
    body = gzip.decompress(answer.body) if dict(answer.headers).get("Content-Encoding") == "gzip" else answer.body
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030")


@pytest.mark.parametrize("name", names())
def test_same_bytes_on_every_run(name):
    one, expected = known(name)
    two = site(name)
    assert expected == two.expected()
    for url in [*expected["list_urls"], *expected["article_urls"]]:
        assert fetch(one, url) == fetch(two, url)


@pytest.mark.parametrize("name", names())
def test_the_oracle_is_plain_json(name):
    _, expected = known(name)
    assert json.loads(json.dumps(expected)) == expected


@pytest.mark.parametrize("name", names())
def test_every_article_stands_at_its_url_with_its_title_and_body(name):
    practice, expected = known(name)
    assert expected["article_urls"]
    for url in expected["article_urls"]:
        truth = expected["per_article"][url]
        pages = [text_of(page(practice, u)) for u in truth["pages"] or [url]]
        shown = "".join(pages)
        if not truth["damaged"]:
            assert "".join((truth["title"] or "").split()) in shown
            for line in truth["paragraphs"]:
                assert "".join(line.split()) in shown, url
        assert truth["body_sha256"] == body_sha256("\n".join(truth["paragraphs"]))


@pytest.mark.parametrize("name", names())
def test_files_are_served_as_the_oracle_says(name):
    practice, expected = known(name)
    for truth in expected["per_article"].values():
        for file in truth["attachments"]:
            answer = fetch(practice, file["url"])
            assert answer.status == 200
            assert len(answer.body) == file["size"]


@pytest.mark.parametrize("name", names())
def test_no_chrome_is_part_of_a_body(name):
    _, expected = known(name)
    assert expected["chrome"]
    for truth in expected["per_article"].values():
        lines = {"".join(line.split()) for line in truth["paragraphs"]}
        assert not [c for c in expected["chrome"] if "".join(c.split()) in lines]


@pytest.mark.parametrize("name", names())
def test_the_source_file_leads_to_the_lists(name):
    practice, _ = known(name)
    source = tomllib.loads(practice.source_toml("127.0.0.1:8101"))
    assert source["hosts"] == [practice.host]
    assert source["resolve"] == {practice.host: "127.0.0.1:8101"}
    assert re.fullmatch(r"\d{6}", source["region"])
    for column in source["columns"]:
        assert fetch(practice, column["url"]).status == 200


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(NotFoundError, match="F1"):
        site("F99")


def test_f1_has_the_rows_and_pages_that_are_specified():
    expected = site("F1").expected()
    columns = expected["columns"]
    assert {key: len(column["rows"]) for key, column in columns.items()} == F1_COUNTS
    assert {key: column["pages"] for key, column in columns.items()} == {"gb": 2, "jb": 1, "tzgg": 5, "zfwj": 1}
    assert len(expected["article_urls"]) == len(set(expected["article_urls"])) == 92
    assert expected["documents"] == 91


def test_f1_lists_show_their_rows_fifteen_a_page_and_no_link_to_the_next():
    practice = site("F1")
    column = practice.expected()["columns"]["tzgg"]
    shown = []
    for number in range(5):
        html = page(practice, column["url"] + (f"index_{number}.html" if number else ""))
        left = html[: html.index("热点")]
        assert f'createPageHTML(5, {number}, "index", "html")' in html
        assert not re.search(r'href="[^"]*index_\d', html)
        shown += re.findall(r'<li><a href="(\./[^"]+|https:[^"]+)"[^>]* target', left)
    base = column["url"]
    assert [href.replace("./", base) if href.startswith(".") else href for href in shown] == [
        row["url"] for row in column["rows"]
    ]


def test_f1_ends_in_a_stub_and_serves_its_first_page_twice():
    practice = site("F1")
    base = "http://www.yunxiu.example/zwgk/tzgg/"
    assert fetch(practice, base).body == fetch(practice, base + "index.html").body
    stub = fetch(practice, base + "index_5.html")
    assert (stub.status, len(stub.body)) == (200, 350)
    assert b"<li>" not in stub.body
    assert 'createPageHTML(23, 2, 0, "index", "html")' in page(practice, "http://www.yunxiu.example/zwgk/gb/")
    assert "暂无相关信息" in page(practice, "http://www.yunxiu.example/zwgk/zfwj/")


def test_f1_holds_everything_that_is_difficult():
    practice = site("F1")
    expected = practice.expected()
    rows = expected["columns"]["tzgg"]["rows"]
    assert rows[0]["pinned"]
    assert rows[0]["date"] < rows[10]["date"]
    assert [row for row in rows if not row["date"]]
    assert [row for row in rows if row["shown"].endswith("...")]
    one, two = expected["cross_posted"][0]
    assert expected["per_article"][one]["body_sha256"] == expected["per_article"][two]["body_sha256"]
    truths = list(expected["per_article"].values())
    assert any(truth["tables"] for truth in truths)
    assert any(SHARING in "".join(truth["paragraphs"]) for truth in truths)
    assert any(len(truth["paragraphs"]) == 1 and truth["attachments"] for truth in truths)
    assert 0.35 < sum(bool(truth["editor"]) for truth in truths) / len(truths) < 0.65
    for link in expected["skipped_links"]:
        if link["why"] == "not_found":
            assert fetch(practice, link["url"]).status == 404


def test_f1_prints_two_lines_of_the_box_without_a_value():
    practice = site("F1")
    for url in practice.expected()["article_urls"]:
        box = re.search(r'<div class="sub"><ul>(.*?)</ul>', page(practice, url))[1]
        assert box.count("：</b></li>") == 2


def test_growth_adds_newer_rows_and_moves_nothing_else():
    old, new = site("F1").expected(), site("F1", grow=4).expected()
    added = set(new["article_urls"]) - set(old["article_urls"])
    assert len(added) == 4
    assert set(old["article_urls"]) < set(new["article_urls"])
    assert [row["url"] for row in new["columns"]["tzgg"]["rows"]][1:5] == sorted(added, reverse=True)
    for url in old["article_urls"]:
        assert old["per_article"][url] == new["per_article"][url]


def test_edits_new_titles_and_withdrawals_touch_only_what_they_name():
    plain = site("F1").expected()
    changed = site("F1", edit=["tzgg/3"], retitle=["tzgg/4"], withdraw=["tzgg/8"])
    expected = changed.expected()
    urls = [row["url"] for row in plain["columns"]["tzgg"]["rows"]][1:]
    assert expected["per_article"][urls[3]]["body_sha256"] != plain["per_article"][urls[3]]["body_sha256"]
    assert expected["per_article"][urls[3]]["title"] == plain["per_article"][urls[3]]["title"]
    assert expected["per_article"][urls[4]]["title"] != plain["per_article"][urls[4]]["title"]
    assert urls[8] not in expected["article_urls"]
    assert fetch(changed, urls[8]).status == 404
    assert fetch(changed, urls[3]).headers != fetch(site("F1"), urls[3]).headers


def test_scale_multiplies_the_articles():
    assert len(site("F1", scale=3).stock.by_path) == 3 * 94 - 2 + 3
