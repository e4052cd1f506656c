"""Archives of the past taken in after newer states are known: nothing is renumbered, and what was seen last counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW
from commanding import Gongbao
from crawling import a_county, article
from homes import exchange
from otherwarcs import HOST, Others

from archive import open_vault
from bulletin.config import Settings
from crawler.catalogue import dump_source
from desk.wiring import Home

URL = f"{HOST}/gb/t20260301_1001.html"
YEARS = {2015: "河道由各村清淤。", 2017: "河道由水利站清淤。", 2019: "河道由县水利局清淤。"}


def stated(year: int) -> bytes:
    return article(1, YEARS[year] + "各乡镇人民政府要在本月内报送台账，并抄送县档案馆备查。").encode()


def moment(year: int) -> datetime:
    return NOW.replace(year=year, month=6)


def a_warc(folder: Path, *years: int, page: int = 0) -> str:
    made = Others()
    for year in years:
        made.add("/gb/t20260301_1001.html", stated(page or year), moment(year))
    file = folder / f"{'-'.join(map(str, years))}-{page}.warc.gz"
    file.write_bytes(made.data)
    return str(file)


@pytest.fixture
def known(tmp_path: Path) -> Gongbao:
    """A home that knows the state of 2019."""
    gongbao = Gongbao(tmp_path / "home")
    (tmp_path / "yunxiu.toml").write_text(dump_source(a_county("127.0.0.1:9")), encoding="utf-8")
    assert gongbao("source", "add", str(tmp_path / "yunxiu.toml")).code == 0
    assert gongbao("import", a_warc(tmp_path, 2019), "--json").json["new"] == 1
    return gongbao


def states(gongbao: Gongbao) -> list[str]:
    """What each revision says, in their order."""
    with Home(Settings(home=gongbao.home)) as home:
        (document,) = home.archive.find_id(URL)
        assert home.archive.counts()["documents"] == 1
        return [
            next(str(year) for year, said in YEARS.items() if said in revision.harvest.text)
            for revision in home.archive.revisions(document)
        ]


def test_older_states_become_revisions_and_the_newest_state_still_counts(known: Gongbao, tmp_path: Path) -> None:
    before = known("show", URL, "--json").json
    told = known("import", a_warc(tmp_path, 2015, 2017), "--json").json
    assert (told["new"], told["changed"], told["errors"]) == (0, 2, [])
    assert states(known) == ["2019", "2015", "2017", "2019"]
    shown = known("show", URL, "--json").json
    assert (shown["text"], shown["fetched_at"]) == (before["text"], before["fetched_at"])
    assert (shown["first_seen"], shown["last_seen"]) == ("2015-06-01T02:00:00Z", before["last_seen"])
    assert known("search", "县水利局清淤", "--json").json["total"] == 1
    assert known("search", "水利站清淤", "--json").json["total"] == 0
    assert known("verify", "--json").json["faults"] == []


def test_the_source_named_is_the_one_that_knows_the_page(known: Gongbao, tmp_path: Path) -> None:
    told = known("import", a_warc(tmp_path, 2015), "--source", "619901_yunxiu", "--json").json
    assert (told["new"], told["changed"]) == (0, 1)
    assert known("show", URL, "--json").json["source"] == "619901_yunxiu"
    assert states(known) == ["2019", "2015", "2019"]


def test_the_same_again_brings_nothing(known: Gongbao, tmp_path: Path) -> None:
    known("import", a_warc(tmp_path, 2015, 2017))
    with Home(Settings(home=known.home)) as home:
        readings = home.archive.counts()["readings"]
    told = known("import", a_warc(tmp_path, 2015, 2017), "--json").json
    assert (told["new"], told["changed"]) == (0, 0)
    assert states(known) == ["2019", "2015", "2017", "2019"]
    with Home(Settings(home=known.home)) as home:
        assert home.archive.counts()["readings"] == readings


def test_an_older_capture_of_a_known_state_is_a_sighting_of_that_state(known: Gongbao, tmp_path: Path) -> None:
    told = known("import", a_warc(tmp_path, 2017, page=2019), "--json").json
    assert (told["changed"], told["unchanged"]) == (0, 1)
    assert states(known) == ["2019"]
    assert known("show", URL, "--json").json["first_seen"] == "2017-06-01T02:00:00Z"
    with Home(Settings(home=known.home)) as home:
        (document,) = home.archive.find_id(URL)
        sightings = [(met.seen_at, met.revision) for met in home.archive.sightings(document)]
    assert (moment(2017), 1) in sightings


def test_a_clock_that_jumps_back_leaves_every_capture_and_the_newest_state(tmp_path: Path) -> None:
    """A crawl's own order counts, whatever its clock says; files keep names of their own."""
    times = iter([NOW, NOW - timedelta(days=400), NOW - timedelta(days=400), NOW])
    kept = []
    for n in range(4):
        with open_vault(tmp_path / "vault", clock=lambda: next(times)) as vault:
            kept.append(vault.keep(exchange(f"{HOST}/{n}.html", b"x%d" % n, NOW)))
    with open_vault(tmp_path / "vault") as vault:
        assert [vault.read(ref).payload for ref in kept] == [b"x0", b"x1", b"x2", b"x3"]
        assert len(vault.files()) == 4
