"""A clock that jumps back: what comes later counts as later, whatever the clock says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from builders import NOW, a_harvest
from commanding import Gongbao
from homes import HOST, SOURCE, a_home, add_article, exchange, keep, page

from archive.proof import broken_links, days_in
from bulletin.config import Settings
from desk.tasks.sealing import proof_folder, seal_home
from desk.wiring import Home

EARLIER = NOW - timedelta(days=40)


def test_a_state_met_later_counts_though_its_clock_is_behind(tmp_path: Path) -> None:
    url = f"{HOST}/gb/7.html"
    with a_home(tmp_path / "home") as home:
        for word, at in (("清淤", NOW), ("加固", EARLIER)):
            record = keep(home, exchange(url, page(7, word), at))
            harvest = replace(a_harvest(), title=f"第七号河道{word}", text=f"第七号河道{word}，按期完成。" * 5)
            home.archive.deposit(
                SOURCE, "tzgg", url, harvest, fetched_at=at, payload_digest=record.payload_digest, record=record  # type: ignore[attr-defined,arg-type]
            )  # fmt: skip
        (document,) = home.archive.find_id(url)
        newest = home.archive.revision(document)
        assert newest is not None
        assert (newest.number, newest.harvest.title) == (2, "第七号河道加固")
        kept = home.archive.document(document)
        assert kept is not None
        assert (kept.first_seen, kept.last_seen) == (EARLIER, NOW)
    gongbao = Gongbao(tmp_path / "home")
    assert gongbao("index", "update").code == 0
    assert gongbao("show", url, "--json").json["title"] == "第七号河道加固"
    assert gongbao("verify", "--json").json["faults"] == []


def test_what_comes_on_an_earlier_day_is_sealed_under_the_newest_one(tmp_path: Path) -> None:
    with a_home(tmp_path / "home", sealed=False) as home:
        seal_home(home, NOW)
        add_article(home, 30, at=EARLIER)
        home.vault.close()
        seal_home(home, EARLIER)
        folder = proof_folder(home)
        assert days_in(folder) == [f"{NOW:%Y-%m-%d}"]
        assert list(broken_links(folder)) == []
    Gongbao(tmp_path / "home")("index", "update")
    assert Gongbao(tmp_path / "home")("verify", "--json").json["faults"] == []
    with Home(Settings(home=tmp_path / "home")) as home:
        (file, *_) = (path for path in (tmp_path / "home" / "vault").iterdir() if path.stat().st_size)
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    assert Gongbao(tmp_path / "home")("verify", "--json").code == 7
