"""Real government pages: which family each is of, judged by looking at it, and what its list holds.

The table golden/government_pages.json names a family only where the page itself shows whose work it is; None stands for
systems that are no family here, and for pages that show too little.
"""

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest

from bulletin.source import Column
from crawler.extract.page import open_page
from crawler.families import recognise
from crawler.families.family import Ask

PAGES = Path(__file__).parents[2].parent / "shared" / "pages"
TABLE = json.loads((Path(__file__).parents[1] / "golden" / "government_pages.json").read_text("utf-8"))
#: A score from which on a family is named.
SURE = 0.5

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not PAGES.is_dir(), reason="no real pages beside the repository")]


def pages():
    return sorted(path for folder in TABLE for path in (PAGES / folder).glob("*.html"))


def told(path):
    return json.loads(path.with_suffix(".json").read_text("utf-8"))


def opened(path):
    return open_page(path.read_bytes(), url=told(path).get("url") or f"http://{told(path).get('site') or 'x'}/a/b/")


@pytest.mark.parametrize("path", pages(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_is_of_the_family_a_person_sees_or_of_none(path):
    judged = recognise([opened(path)])
    sure = [family.name for family, likeness in judged if likeness.score >= SURE]
    table = TABLE[path.parent.name]
    assert path.stem in table or "*" in table, "judge the page, and write its family into the table"
    wanted = table.get(path.stem, table.get("*"))
    assert sure == ([wanted] if wanted else [])


#: List page -> its next page, how many entries it says there are, and whether it says that it cannot be followed.
LISTS = {
    "ggzy_national": (None, 23621, True),  # the next page is a script's
    "gx_zrzyt": ("index_1.shtml", 1089, False),
    "hebei_zrzy": ("/heb/xinwen/stdt/index_2.html", None, False),
    "jyt.gansu.gov.cn": ("zwgklist_2.shtml", 200, False),
    "mee": ("index_1.shtml", None, False),
    "nea": (None, None, False),
    "sx_zrzyt": ("index_1.shtml", None, False),
    "xj_zrzyt": ("common_list_2.shtml", 500, False),
    "yn_zrzyt": ("2.html", 1463, False),
}


@pytest.mark.parametrize("name", LISTS)
def test_rows_and_the_next_page_are_as_the_reference_says(name):
    path = PAGES / "gov_list" / f"{name}.html"
    page, reference = opened(path), told(path)["list_reference"]
    column = Column("c", "栏目", page.url)
    listing = recognise([page])[0][0].listing(page, column, Ask(page.url))
    wanted = [
        (" ".join(item["title"].split()), urljoin(page.url, item.get("href") or item["url"]), item["date"])
        for item in reference["items"]
    ]
    assert [(row.title, row.url, row.date) for row in listing.rows] == wanted
    onward, total, stuck = LISTS[name]
    assert [ask.url for ask in listing.further] == ([urljoin(page.url, onward)] if onward else [])
    assert listing.total == total
    assert bool(listing.trouble) == stuck


def test_pinned_rows_are_seen():
    for name, pinned in (("hebei_zrzy", 1), ("sx_zrzyt", 3)):
        page = opened(PAGES / "gov_list" / f"{name}.html")
        rows = recognise([page])[0][0].outlinks(page, Column("c", "栏目", page.url))
        assert [row.pinned for row in rows] == [True] * pinned + [False] * (len(rows) - pinned)
