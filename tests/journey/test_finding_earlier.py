"""What only an earlier revision says is found when it is asked for, and labelled."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from commanding import Gongbao
from homes import a_home, add_article

from bulletin.config import IndexSettings, Settings
from desk.tasks.asking import Asking
from desk.tasks.earlier import earlier_url, search_with_earlier, update_earlier
from desk.tasks.finding import search
from desk.tasks.indexing import update_index
from desk.wiring import Home
from search.engines import schemes

SCHEMES = [scheme for scheme in schemes() if scheme != "memory"]


@pytest.fixture
def gongbao(tmp_path: Path) -> Gongbao:
    """Articles 0 to 2; 0 was 清淤 and became 加固."""
    a_home(tmp_path / "home", articles=3, sealed=False).close()
    return Gongbao(tmp_path / "home")


def test_by_default_only_what_bulletins_say_today_is_found(gongbao: Gongbao) -> None:
    assert gongbao("search", "第0号河道清淤", "--json").json["total"] == 0
    assert not (gongbao.home / "index-earlier").exists()


def test_an_earlier_revision_is_found_when_asked_and_labelled(gongbao: Gongbao) -> None:
    told = gongbao("search", "第0号河道清淤", "--earlier", "--json").json
    assert told["total"] == 1
    hit = told["hits"][0]
    assert (hit["revision"], hit["revisions"]) == (1, 2)
    assert "【清淤】" in gongbao("search", "清淤", "--earlier").out
    shown = gongbao("search", "第0处河道清淤", "--earlier")
    assert "in revision 1 of 2" in shown.out
    assert gongbao("show", hit["id"], "--revision", "1", "--json").json["title"] == hit["title"]


def test_what_is_said_today_comes_first_and_pages_follow_each_other(gongbao: Gongbao) -> None:
    everything = gongbao("search", "清淤", "--earlier", "--facets", "--explain", "--json").json
    assert everything["total"] == 3
    assert [hit["revisions"] for hit in everything["hits"]] == [None, None, 2]
    assert everything["facets"]["kind"] == {"article": 3}
    assert {"what": "earlier revisions", "how": "1 bulletins more"} in everything["explain"]
    pages = [
        gongbao("search", "清淤", "--earlier", "--json", "--limit", "1", "--offset", str(at)).json["hits"]
        for at in range(4)
    ]
    assert [hit["id"] for page in pages for hit in page] == [hit["id"] for hit in everything["hits"]]


def test_filters_hold_for_earlier_revisions(gongbao: Gongbao) -> None:
    assert gongbao("search", "第0号河道清淤", "--earlier", "--from", "2100", "--undated", "exclude", "--json").json[
        "total"
    ] in (0,)
    assert gongbao("search", "清淤", "--earlier", "--without", "kind=article", "--json").json["total"] == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_engine_follows_further_revisions(tmp_path: Path, scheme: str) -> None:
    a_home(tmp_path, articles=2, sealed=False).close()
    settings = Settings(home=tmp_path, index=IndexSettings(url=f"{scheme}://{tmp_path / 'other'}"))
    with Home(settings) as home:
        update_index(home)
        assert search_with_earlier(home, Asking("第0号河道清淤"), limit=5).total == 1
        add_article(home, 0, word="绿化", at=NOW + timedelta(days=2))
        update_index(home)
        found = search_with_earlier(home, Asking("第0号河道加固"), limit=5)
        assert [(hit.revision, hit.revisions) for hit in found.hits] == [(2, 3)]
        both = search_with_earlier(home, Asking("第0号河道"), limit=5)
        assert [hit.revisions for hit in both.hits] == [None]
        newest = search_with_earlier(home, Asking("清淤 OR 加固"), limit=5)
        assert [hit.revision for hit in newest.hits if hit.revisions] == [2]


def test_a_damaged_index_of_earlier_revisions_is_made_anew(gongbao: Gongbao) -> None:
    assert gongbao("search", "第0号河道清淤", "--earlier", "--json").json["total"] == 1
    for file in (gongbao.home / "index-earlier").rglob("*.db"):
        if file.name != "writer.lock":
            file.write_bytes(b"x" * 100)
    assert gongbao("search", "第0号河道清淤", "--earlier", "--json").json["total"] == 1


def test_while_another_writes_it_answers_from_what_is_there(gongbao: Gongbao) -> None:
    from search import open_index

    with Home(Settings(home=gongbao.home)) as home:
        update_earlier(home)
        with open_index(earlier_url(home)):
            assert search_with_earlier(home, Asking("第0号河道清淤"), limit=5).total == 1
        assert search(home, Asking("第0号河道清淤"), limit=5).total == 0
