"""What was found broken stays told until it was read again and found sound; what failed or was missed stands in the
status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from commanding import Gongbao
from homes import a_home

from bulletin.config import Settings
from bulletin.run import Run
from desk.metrics import readyz
from desk.tasks.signs import WORKER_FILE, last_verification
from desk.tasks.status import status_of
from desk.tasks.troubles import matters_of
from desk.tasks.verifying import verify
from desk.wiring import Home

DAY = timedelta(days=1)
LOST = {"where": "vault", "item": "a.warc.gz@7", "reason": "the block digest is wrong", "severity": "fault"}
ROW = {"where": "database", "item": "document 1", "reason": "it has no revision", "severity": "fault"}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with a_home(tmp_path / "home") as made:
        yield made


def report(home: Home, day: int, *faults: object, share: int | None = None, sample: float | None = None) -> None:
    at = NOW + day * DAY
    told = {"started_at": at.isoformat(), "faults": faults, "sample": sample, "share": share and [share, 3]}
    (home.settings.home / "logs").mkdir(exist_ok=True)
    (home.settings.home / "logs" / f"verify-{at:%Y%m%d-%H%M%S}.json").write_text(json.dumps(told))


def standing(home: Home) -> int:
    checked = last_verification(home)
    assert checked
    return checked.faults


def test_a_fault_of_one_share_outlives_the_next_share(home: Home) -> None:
    report(home, 1, LOST, share=1)
    report(home, 2, share=2)
    assert standing(home) == 1
    assert status_of(home, NOW + 2 * DAY).exit_code == 7
    assert ("fixity", "faults") in [(one.kind, one.word) for one in matters_of(home, NOW + 2 * DAY)]
    report(home, 3, sample=50.0)
    assert standing(home) == 1
    report(home, 4, share=1)
    assert standing(home) == 0


def test_everything_read_again_ends_it_and_all_shares_do(home: Home) -> None:
    report(home, 1, LOST)
    report(home, 2, share=1)
    report(home, 3, share=2)
    assert standing(home) == 1
    report(home, 4, share=3)
    assert standing(home) == 0
    report(home, 6, LOST, sample=5.0)
    report(home, 7)
    assert standing(home) == 0


def test_what_is_looked_at_each_time_stands_only_in_the_newest(home: Home) -> None:
    report(home, 1, ROW, LOST, LOST, share=1)
    report(home, 2, ROW, share=2)
    assert standing(home) == 2
    report(home, 3, share=3)
    assert standing(home) == 1


def test_a_damaged_capture_is_told_by_the_share_that_reads_it_and_by_the_status_ever_after(home: Home) -> None:
    file = next(home.settings.vault_path.glob("*.warc.gz"))
    row = next(iter(home.archive.captures.everything()))
    bytes_now = bytearray(file.read_bytes())
    bytes_now[row.record.offset + row.record.length // 2] ^= 0xFF
    file.write_bytes(bytes_now)
    found = verify(home, share=(row.id + 30, 30), now=NOW)
    assert found.faults
    assert json.loads(Path(found.report).read_text())["share"] == [row.id % 30, 30]
    verify(home, share=(row.id + 8, 30), now=NOW + DAY)
    told = Gongbao(home.settings.home)("status", "--json")
    assert told.code == 7
    assert told.json["verified"]["faults"] >= 1
    looked = Gongbao(home.settings.home)("doctor", "--json")
    assert looked.code == 7
    assert "verify_faults" in [finding["code"] for finding in looked.json["findings"]]


def test_chores_that_failed_and_runs_that_were_missed_stand_in_the_status(home: Home) -> None:
    def ended(kind: str, outcome: str) -> None:
        home.archive.timetable.enqueue(Run(0, "", "schedule", NOW, NOW, outcome, reason="the disk is away", kind=kind))

    assert status_of(home, NOW).attention == ()
    for kind, outcome in (("backup", "failed"), ("verify", "failed"), ("index", "missed")):
        ended(kind, outcome)
    told = "\n".join(status_of(home, NOW).attention)
    assert "backup: the disk is away: gongbao runs list --kind backup" in told
    assert "verify: the disk is away" in told
    assert "gongbao runs list --outcome missed" in told
    assert {one.word for one in matters_of(home, NOW) if one.kind == "chore"} == {"backup", "verify"}
    report(home, 0, LOST)
    assert {one.word for one in matters_of(home, NOW) if one.kind == "chore"} == {"backup"}


def test_a_sign_of_life_from_the_future_is_none(home: Home) -> None:
    sign = home.settings.home / WORKER_FILE
    sign.write_text(json.dumps({"pid": 7, "host": "yunxiu", "at": (NOW + 300 * DAY).isoformat()}))
    assert status_of(home, NOW).worker.state == "stopped"


def test_a_home_without_anything_asks_for_nothing_and_is_ready(tmp_path: Path) -> None:
    assert Gongbao(tmp_path)("init").code == 0
    with Home(Settings(home=tmp_path)) as home:
        assert status_of(home).attention == ()
        assert readyz(home)[0]
