"""`gongbao backup` and `gongbao restore` as a pair: what comes back is what went in, whatever happened meanwhile."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW
from commanding import Gongbao
from homes import a_home, add_article

from bulletin.config import Settings
from bulletin.query import Filters
from desk.tasks.copying import back_up
from desk.tasks.sealing import seal_home
from desk.wiring import Home

ROOT = Path(__file__).parents[2]
QUESTIONS = ("河道", "清淤", "汛前", "加固", "第3号")


def substance(folder: Path) -> Any:
    """What a home comes down to: documents with all revisions, captures as read, search answers."""
    with Home(Settings(home=folder)) as home:
        documents = [
            (document, home.archive.revisions(document.id), home.archive.sightings(document.id))
            for document, _ in home.archive.select(Filters())
        ]
        captures = [(row, home.vault.read(row.record)) for row in home.archive.captures.everything()]
    answers = [Gongbao(folder)("search", words, "--json", "--limit", "50").json["hits"] for words in QUESTIONS]
    return documents, captures, answers


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with a_home(tmp_path / "home", warc_size=3000):
        return tmp_path / "home"


def test_a_restored_home_is_equal(home: Path, tmp_path: Path) -> None:
    told = Gongbao(home)("backup", str(tmp_path / "copy"), "--json")
    assert told.code == 0, told.err
    assert told.json["copied"] == told.json["files"]
    shutil.move(home, tmp_path / "lost")
    again = Gongbao(tmp_path / "again")
    assert again("restore", str(tmp_path / "copy")).code == 0
    assert substance(tmp_path / "again") == substance(tmp_path / "lost")
    assert again("verify", "--json").json["faults"] == []


def test_the_second_time_only_what_is_new_is_copied(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    Gongbao(home)("backup", str(copy))
    before = {path.name: path.stat().st_ino for path in (copy / "vault").iterdir()}
    with Home(Settings(home=home)) as opened:
        add_article(opened, 20, at=NOW + timedelta(days=3))
    Gongbao(home)("index", "update")
    told = Gongbao(home)("backup", str(copy), "--json").json
    after = {path.name: path.stat().st_ino for path in (copy / "vault").iterdir()}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    assert told["copied"] == told["files"] - len(before)
    assert len(list((copy / "state").iterdir())) == 1
    Gongbao(tmp_path / "again")("restore", str(copy))
    assert substance(tmp_path / "again") == substance(home)


def test_the_last_good_copy_of_a_capture_outlives_its_loss(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    Gongbao(home)("backup", str(copy))
    gone, changed, touched, *_ = sorted((home / "vault").iterdir())
    good = {path.name: path.read_bytes() for path in (copy / "vault").iterdir()}
    gone.unlink()
    changed.write_bytes(changed.read_bytes()[:-1])
    os.utime(touched)
    for _ in range(2):
        told = Gongbao(home)("backup", str(copy))
        assert told.code == 7
        assert gone.name in told.err
        assert changed.name in told.err
        assert touched.name not in told.err
    assert {path.name: path.read_bytes() for path in (copy / "vault").iterdir()} == good
    again = Gongbao(tmp_path / "again")
    assert again("restore", str(copy)).code == 0
    assert again("verify", "--json").json["faults"] == []
    # Where no good copy was ever made, that is told too, and the rest is saved.
    assert Gongbao(home)("backup", str(tmp_path / "first")).code == 7
    assert (tmp_path / "first" / "backup.manifest.json").is_file()


def test_nothing_is_restored_over_a_home(home: Path, tmp_path: Path) -> None:
    Gongbao(home)("backup", str(tmp_path / "copy"))
    before = substance(home)
    told = Gongbao(home)("restore", str(tmp_path / "copy"))
    assert told.code == 2
    assert "not empty" in told.err
    assert substance(home) == before
    assert Gongbao(tmp_path / "new")("restore", str(tmp_path / "nowhere")).code == 2
    assert not (tmp_path / "new").exists()


def test_a_backup_is_not_put_where_it_does_not_belong(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    for place in (tmp_path / "mine", home, home / "vault", home / "inside"):
        assert Gongbao(home)("backup", str(place)).code == 2
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_changed_backup_is_not_restored(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    Gongbao(home)("backup", str(copy))
    file = sorted((copy / "vault").iterdir())[1]
    data = bytearray(file.read_bytes())
    data[100] ^= 4
    file.write_bytes(data)
    told = Gongbao(tmp_path / "again")("restore", str(copy))
    assert told.code == 7
    assert file.name in told.err
    assert not (tmp_path / "again").exists()
    assert Gongbao(tmp_path)("verify", "--export", str(copy)).code == 7


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "..\\evil", ""])
def test_a_manifest_leads_nowhere_else(home: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    Gongbao(home)("backup", str(copy))
    said = json.loads((copy / "backup.manifest.json").read_text(encoding="utf-8"))
    said["files"][0]["home"] = name
    (copy / "backup.manifest.json").write_text(json.dumps(said), encoding="utf-8")
    assert Gongbao(tmp_path / "again")("restore", str(copy)).code == 7
    assert not list(tmp_path.rglob("evil"))


def test_places_outside_of_the_home_are_left_out(home: Path, tmp_path: Path) -> None:
    live = tmp_path / "live.db"
    (home / "gongbao.db").rename(live)
    (home / "gongbao.toml").write_text(f'[archive]\nurl = "sqlite:///{live}"\n[crawl]\ndelay = 5.0\n', encoding="utf-8")
    Gongbao(home)("backup", str(tmp_path / "copy"))
    told = Gongbao(tmp_path / "again")("restore", str(tmp_path / "copy"), "--json")
    assert told.json["left_out"] == ["archive.url"]
    assert (tmp_path / "again" / "gongbao.db").is_file()
    assert Gongbao(tmp_path / "again")("config", "show", "--json").json["crawl.delay"]["value"] == 5.0


def test_a_backup_made_while_others_write_is_of_one_moment(home: Path, tmp_path: Path) -> None:
    copy, stop = tmp_path / "copy", threading.Event()
    failed: list[BaseException] = []

    def write() -> None:
        try:
            with Home(Settings(home=home)) as writer:
                for n in range(30, 3000):
                    if stop.is_set():
                        return
                    add_article(writer, n, at=NOW + timedelta(days=2))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        with Home(Settings(home=home)) as opened:
            for n in range(4):
                back_up(opened, copy, now=NOW + timedelta(days=3, minutes=n))
                time.sleep(0.05)
    finally:
        stop.set()
        thread.join()
    assert not failed
    again = Gongbao(tmp_path / "again")
    assert again("restore", str(copy)).code == 0
    told = again("verify", "--json").json
    assert told["faults"] == []


#: A process that backs a home up, slowly enough to be killed anywhere.
COPYING = """
import sys
from pathlib import Path
from bulletin.config import Settings
from desk.tasks.copying import back_up
from desk.wiring import Home
with Home(Settings(home=Path(sys.argv[1]))) as home:
    print("begun", flush=True)
    back_up(home, Path(sys.argv[2]))
"""


def killed_backup(home: Path, copy: Path, pause: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", COPYING, str(home), str(copy)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout
    process.stdout.readline()
    time.sleep(pause)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    process.stdout.close()


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_backup_killed_in_the_middle_leaves_the_one_before(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    Gongbao(home)("backup", str(copy))
    before = substance(home)
    with Home(Settings(home=home)) as opened:
        add_article(opened, 50, at=NOW + timedelta(days=5))
        seal_home(opened)
    Gongbao(home)("index", "update")
    killed_backup(home, copy, 0.004)
    Gongbao(tmp_path / "one")("restore", str(copy))
    assert substance(tmp_path / "one") in (before, substance(home))
    assert Gongbao(home)("backup", str(copy)).code == 0
    Gongbao(tmp_path / "two")("restore", str(copy))
    assert substance(tmp_path / "two") == substance(home)


@pytest.mark.more
@pytest.mark.timeout(1200)
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_backup_killed_at_many_moments(home: Path, tmp_path: Path) -> None:
    chance = random.Random(5)
    copy = tmp_path / "copy"
    Gongbao(home)("backup", str(copy))
    for n in range(20):
        with Home(Settings(home=home)) as opened:
            add_article(opened, 100 + n, at=NOW + timedelta(days=5 + n))
        killed_backup(home, copy, chance.random() / 20)
        place = tmp_path / f"again{n}"
        assert Gongbao(place)("restore", str(copy)).code == 0
        assert Gongbao(place)("verify", "--json").json["faults"] == []
    assert Gongbao(home)("backup", str(copy)).code == 0


def test_a_restore_killed_before_its_end_can_be_begun_again(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    Gongbao(home)("backup", str(copy))
    left = tmp_path / ".again.restoring"
    (left / "vault").mkdir(parents=True)
    (left / "vault" / "half").write_bytes(b"x")
    assert Gongbao(tmp_path / "again")("restore", str(copy)).code == 0
    assert not left.exists()
    assert not (tmp_path / "again" / "vault" / "half").exists()
