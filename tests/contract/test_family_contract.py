"""What every CMS family owes, asked of each one that is there: a new file in the folder is tested the moment it exists.

Its evidence is a folder of its own name under golden/families: a list page, an article page, and what is to be read.
"""

import json
from pathlib import Path

import pytest

from bulletin.source import Column, Source
from crawler.extract.page import open_page
from crawler.families import families, recognise
from crawler.families.family import Ask, Likeness, Listing
from desk.demo.sites import names, site

GOLDEN = Path(__file__).parents[1] / "golden" / "families"
EACH = pytest.mark.parametrize("name", families())


def evidence(name):
    return json.loads((GOLDEN / name / "expected.json").read_text("utf-8"))


def golden(name, kind):
    return open_page((GOLDEN / name / f"{kind}.html").read_bytes(), url=evidence(name)[kind])


def column(name):
    return Column("c", "栏目", evidence(name)["column"])


@EACH
def test_it_brings_its_evidence(name):
    assert {path.name for path in (GOLDEN / name).iterdir()} >= {"list.html", "article.html", "expected.json"}


@EACH
def test_it_says_who_it_is(name):
    family = families()[name]
    assert family.name == name
    assert isinstance(family.version, int)
    assert family.version >= 1


@EACH
def test_it_is_recognised_on_its_own_pages_and_no_other_is(name):
    judged = recognise([golden(name, "list"), golden(name, "article")])
    assert judged[0][0].name == name
    assert all(0 < likeness.score <= 1 and likeness.reasons for _, likeness in judged)
    assert all(likeness.score < 0.5 for _, likeness in judged[1:])


@EACH
def test_it_is_not_sure_of_the_others_pages(name):
    for other in families():
        if other != name:
            for kind in ("list", "article"):
                likeness = families()[name].resemblance(golden(other, kind))
                assert isinstance(likeness, Likeness)
                assert likeness.score < 0.5, f"{name} claims the {kind} page of {other}"


@EACH
def test_it_reads_the_rows_of_its_list(name):
    rows = families()[name].outlinks(golden(name, "list"), column(name))
    assert [[row.title, row.url, row.date] for row in rows] == evidence(name)["rows"]


@EACH
def test_it_finds_the_next_page(name):
    ask = families()[name].next_listing(golden(name, "list"), column(name))
    assert (ask.url if ask else None) == evidence(name)["next"]


@EACH
def test_its_listing_says_the_same_as_its_answers(name):
    family, page = families()[name], golden(name, "list")
    listing = family.listing(page, column(name), family.first_listing(column(name)))
    assert isinstance(listing, Listing)
    assert listing.rows == tuple(family.outlinks(page, column(name)))
    assert [ask.url for ask in listing.further] == [evidence(name)["next"]]


@EACH
def test_it_begins_with_the_columns_address(name):
    assert families()[name].first_listing(column(name)) == Ask(evidence(name)["column"])


@EACH
def test_it_reads_its_article(name):
    told = evidence(name)
    family = families()[name]
    source = Source("619902_x", "某县", "619902", told["column"], (column(name),), family=name)
    harvest = family.read(golden(name, "article"), source)
    assert harvest.title == told["title"]
    assert all(line in harvest.text.split("\n") for line in told["text_holds"])
    assert not [word for word in told["text_lacks"] if word in harvest.text]
    assert harvest.read_by.partition("/")[0] == name


@EACH
def test_it_answers_the_same_twice(name):
    """A family remembers nothing between pages."""
    family, page = families()[name], golden(name, "list")
    assert family.outlinks(page, column(name)) == family.outlinks(golden(name, "list"), column(name))
    assert family.next_listing(page, column(name)) == family.next_listing(page, column(name))


def sites_of_a_family():
    """Practice sites whose system is there to be recognised."""
    return [name for name in names() if site(name).expected()["family"] in set(families()) - {"generic"}]


@pytest.mark.parametrize("place", sites_of_a_family())
def test_practice_sites_are_recognised_from_three_pages(place):
    served = site(place)
    told = served.expected()
    urls = [told["list_urls"][0], told["list_urls"][-1], told["article_urls"][0]]
    pages = [open_page(served.answer("GET", "/" + url.split("/", 3)[3], {}, b"").body, url=url) for url in urls]
    judged = recognise(pages)
    assert judged[0][0].name == told["family"]
    assert all(likeness.score < 0.5 for _, likeness in judged[1:])
