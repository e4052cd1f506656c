"""`gongbao doctor` finds what is wrong with a home, and mends what can be mended; `gongbao status` in one screen."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from builders import NOW, a_source
from commanding import Gongbao
from homes import a_home, add_article, exchange, keep
from sqlalchemy import text

from bulletin.config import Settings
from bulletin.run import Run
from bulletin.vitals import Condition, Finding, Observed
from desk.tasks.doctor import examine, mend
from desk.tasks.sealing import seal_home
from desk.tasks.signs import WORKER_SILENT
from desk.tasks.status import status_of
from desk.wiring import Home
from desk.worker.duties import DUTIES


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    a_home(folder).close()
    return folder


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Home:
    copytree(sound, tmp_path / "home")
    return Home(Settings(home=tmp_path / "home"))


def found(home: Home) -> dict[str, str]:
    return {one.code: one.item for one in examine(home, NOW + timedelta(days=2)).complaints if one.severity != "note"}


def file_of(home: Home) -> Path:
    return next(home.settings.vault_path.glob("*.warc.gz"))


def test_a_sound_home_has_no_complaint(home: Home) -> None:
    assert found(home) == {}
    assert examine(home).exit_code in (0, 4)


def test_looking_changes_nothing(home: Home) -> None:
    def state() -> dict[str, tuple[int, int]]:
        paths = [path for path in home.settings.home.rglob("*") if path.is_file() and "gongbao.db" not in path.name]
        return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}

    file_of(home).rename(file_of(home).with_name(file_of(home).name + ".open"))
    before = state()
    examine(home)
    assert state() == before


def test_a_missing_warc_file_is_a_fault(home: Home) -> None:
    file_of(home).unlink()
    examined = examine(home)
    codes = {one.code for one in examined.complaints if one.severity == "fault"}
    assert "warc_missing" in codes
    assert examined.exit_code == 7
    assert mend(home, examined).exit_code == 7


def test_an_open_file_of_a_dead_writer_is_ended(home: Home) -> None:
    path = file_of(home)
    path.rename(path.with_name(path.name + ".open"))
    examined = examine(home, NOW + timedelta(days=2))
    assert [one.code for one in examined.complaints if one.severity == "warning"] == ["warc_open"]
    assert examined.exit_code == 4
    assert mend(home, examined).exit_code == 0
    assert path.is_file()


def test_captures_without_a_row_are_noted(home: Home) -> None:
    record = home.vault.keep(exchange("http://www.yunxiu.example/gb/99.html", b"<html>99</html>", NOW))
    home.vault.close()
    examined = examine(home, NOW + timedelta(days=2))
    assert [one.item for one in examined.complaints if one.code == "captures_unnoted"] == [record.warc]
    mended = mend(home, examined)
    assert all(one.fixed for one in mended.complaints if one.code == "captures_unnoted")
    assert home.archive.captures.in_file(record.warc)


def test_a_part_of_an_export_is_removed_once_it_is_old(home: Home) -> None:
    part = home.settings.home / "exports" / ".a.jsonl.123.part"
    part.parent.mkdir()
    part.write_bytes(b"half")
    assert "part_left" not in found(home)
    os.utime(part, (1, 1))
    assert found(home)["part_left"] == "exports/.a.jsonl.123.part"
    mend(home, examine(home))
    assert not part.exists()


def test_an_index_behind_catches_up(home: Home) -> None:
    add_article(home, 50)
    home.vault.close()
    examined = examine(home, NOW + timedelta(days=2))
    assert [one.code for one in examined.complaints if one.fix] == ["index_behind"]
    assert mend(home, examined).exit_code == 0


def test_a_lost_index_is_built(home: Home) -> None:
    for path in sorted((home.settings.home / "index").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert "index_unusable" in found(home)
    mend(home, examine(home))
    assert "index_unusable" not in found(home)


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM captures WHERE id = (SELECT min(id) FROM captures)",
        "UPDATE revisions SET warc_offset = warc_offset + 1 WHERE number = 1",
        "DELETE FROM sightings",
        "UPDATE documents SET revisions = revisions + 1",
    ],
)
def test_broken_links_are_faults(home: Home, harm: str) -> None:
    home.archive.counts()
    with home.archive._engine.connect() as conn:
        conn.execute(text(harm))
        conn.commit()
    examined = examine(home)
    assert "link_broken" in {one.code for one in examined.complaints}
    assert examined.exit_code == 7


def test_an_attachment_without_its_capture_is_a_fault(home: Home) -> None:
    home.archive.counts()
    with home.archive._engine.connect() as conn:
        conn.execute(text("UPDATE attachments SET digest = 'sha256:00' WHERE digest != ''"))
        conn.commit()
    assert "attachment_unbacked" in {one.code for one in examine(home).complaints}


def test_a_run_of_a_dead_worker_is_ended(home: Home) -> None:
    begun = NOW + timedelta(days=1)
    run = Run(0, a_source().id, "hand", begun, worker="elsewhere/1/-x", lease_until=begun + timedelta(minutes=1))
    run = home.archive.timetable.begin(run)
    examined = examine(home, NOW + timedelta(days=2))
    assert [one.code for one in examined.complaints if one.severity == "warning"] == ["lease_expired"]
    mend(home, examined)
    assert home.archive.timetable.run(run.id).outcome == "interrupted"


def test_locks_of_dead_workers_are_litter(home: Home) -> None:
    lock = home.settings.home / "locks" / "worker-abc.lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text("123\n")
    examined = examine(home)
    assert "lock_left" in {one.code for one in examined.complaints}
    mend(home, examined)
    assert not lock.exists()


def test_a_clock_that_is_off_is_told_by_what_servers_say(home: Home) -> None:
    """Fourteen minutes, said by every answer."""
    for n in range(3):
        at = datetime(2026, 4, 3, 2, 14, tzinfo=UTC) + timedelta(seconds=n)
        capture = exchange(f"http://www.yunxiu.example/date/{n}.html", b"<html></html>", at)
        head = b"HTTP/1.1 200 OK\r\nDate: Fri, 03 Apr 2026 02:00:00 GMT\r\nContent-Type: text/html\r\n\r\n"
        headers = (("Date", "Fri, 03 Apr 2026 02:00:00 GMT"), ("Content-Type", "text/html"))
        keep(home, replace(capture, wire=head + capture.payload, headers=headers))
    home.vault.close()
    clock = [one for one in examine(home).complaints if one.code == "clock"]
    assert [(one.item, one.severity) for one in clock] == [("this machine", "warning")]
    assert "+841 s" in clock[0].words


def test_the_disk_is_forecast_from_the_growth_of_captures(home: Home) -> None:
    disk = [one for one in examine(home, NOW + timedelta(days=2)).complaints if one.code == "disk"]
    assert "a day lately" in disk[0].words


def test_doctor_says_first_what_it_would_mend(home: Home) -> None:
    part = home.settings.home / ".a.part"
    part.write_bytes(b"x")
    os.utime(part, (1, 1))
    home.close()
    gongbao = Gongbao(home.settings.home)
    told = gongbao("doctor", "--fix", "--dry-run")
    assert "would mend: .a.part: remove it" in told.err
    assert (told.code, part.exists()) == (4, True)
    told = gongbao("doctor", "--fix", "--json")
    assert "mending: .a.part: remove it" in told.err
    assert not part.exists()
    assert [one["fixed"] for one in told.json["findings"] if one["code"] == "part_left"] == [True]
    assert gongbao("doctor", "--dry-run").code == 2


# -- status -----------------------------------------------------------------------------------------------------------


def given_word(home: Home, word: str, code: str = "list_lost") -> None:
    findings = () if word == "normal" else (Finding(code, "gb", "the list is gone", word),)
    home.archive.vitals.settle(Condition(a_source().id, word, NOW, NOW, None, findings))


@pytest.mark.parametrize(
    ("word", "code"), [("normal", 0), ("stalled", 4), ("redesigned", 4), ("fault", 4), ("blocked", 5)]
)
def test_status_shows_the_word_and_a_monitor_goes_by_the_code(home: Home, word: str, code: int) -> None:
    given_word(home, word)
    home.close()
    gongbao = Gongbao(home.settings.home)
    told = gongbao("status", "--json")
    assert told.code == told.json["exit_code"] == code
    assert told.json["sources"][0]["word"] == word
    screen = gongbao("status")
    assert {"normal": "正常", "stalled": "停更", "redesigned": "疑似改版", "fault": "站点故障", "blocked": "被拦截"}[
        word
    ] in screen.out
    assert ("the list is gone" in screen.out) == (word != "normal")


def test_a_paused_source_is_in_nobodys_care(home: Home) -> None:
    given_word(home, "blocked")
    home.archive.pause_source(a_source().id, True)
    assert status_of(home).exit_code == 0


def test_a_site_that_had_ended_before_is_no_trouble(home: Home) -> None:
    given_word(home, "stalled", "ended")
    assert status_of(home).exit_code == 0


def test_a_word_keeps_its_day_as_long_as_it_stays(home: Home) -> None:
    vitals, source = home.archive.vitals, a_source().id
    for days, word in ((0, "normal"), (1, "blocked"), (2, "blocked"), (3, "normal")):
        at = NOW + timedelta(days)
        vitals.settle(Condition(source, word, at, at))
    assert [(one.word, (one.since - NOW).days) for one in vitals.conditions(source)] == [
        ("normal", 3),
        ("blocked", 1),
        ("normal", 0),
    ]
    assert vitals.conditions(source)[1].checked_at == NOW + timedelta(2)


def test_a_worker_that_has_stopped_is_told(home: Home) -> None:
    sign = home.settings.home / "worker.json"
    now = datetime.now(UTC)
    assert status_of(home).worker.state == "none"
    sign.write_text(json.dumps({"pid": 7, "host": "yunxiu", "at": now.isoformat()}))
    assert (status_of(home, now).worker.state, status_of(home, now).exit_code) == ("working", 0)
    later = status_of(home, now + timedelta(minutes=6))
    assert (later.worker.state, later.exit_code) == ("stopped", 1)
    for nonsense in ("", "[]", '{"at": "yesterday"}', '{"at": null}'):
        sign.write_text(nonsense)
        assert status_of(home, now).worker.state == "none"


def test_a_worker_gives_a_sign_of_life(home: Home) -> None:
    sign = next(duty for duty in DUTIES if duty.name == "sign")
    assert sign.every * 3 < WORKER_SILENT.total_seconds()
    sign.do(home, NOW)
    seen = status_of(home, NOW).worker
    assert (seen.state, seen.seen_at, seen.pid) == ("working", NOW, os.getpid())


def test_the_last_verification_and_backup_are_told(home: Home, tmp_path: Path) -> None:
    folder = home.settings.home
    seal_home(home, NOW)
    home.close()
    gongbao = Gongbao(folder)
    assert gongbao("backup", str(tmp_path / "copy")).code == 0
    assert gongbao("verify", "--sample", "100").code == 0
    told = gongbao("status", "--json").json
    assert told["verified"]["faults"] == 0
    assert told["backed_up_at"]
    assert told["attention"] == []


def test_a_verification_with_faults_is_told(home: Home) -> None:
    report = home.settings.home / "logs" / "verify-20260401-020000.json"
    report.write_text(json.dumps({"started_at": NOW.isoformat(), "faults": [{}, {}], "sample": None}))
    assert status_of(home, NOW).exit_code == 7


# -- what runs observe ------------------------------------------------------------------------------------------------


def test_observations_are_kept_by_run_and_column(home: Home) -> None:
    vitals, source = home.archive.vitals, a_source().id
    first = home.archive.begin_run(source, "hand", NOW)
    home.archive.end_run(first.id, "done", first.tally, "", NOW)
    second = home.archive.begin_run(source, "hand", NOW + timedelta(1))
    vitals.note(first.id, source, NOW, [Observed("gb", rows=1), Observed("jb", rows=2)])
    vitals.note(second.id, source, NOW + timedelta(1), [Observed("gb", rows=3)])
    vitals.note(second.id, source, NOW + timedelta(1), [Observed("gb", rows=4)])
    assert [visit.observed.rows for visit in vitals.visits(source, "gb")] == [4, 1]
    assert [visit.observed.rows for visit in vitals.visits(source, "gb", before_run=second.id)] == [1]
    assert [visit.observed.column for visit in vitals.of_run(first.id)] == ["gb", "jb"]
    assert vitals.watched_since(source)["gb"] == NOW
    vitals.note(second.id, source, NOW, [])
