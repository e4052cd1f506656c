"""SIGKILL between any two steps of keeping and depositing, also where WARC files are rolled: what was told to be kept
is there, nothing half-written is to be seen, and the next run goes on. (Killed crawls and backups:
test_crawl_broken_off, test_backup.)"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commanding import Gongbao
from homes import a_home

from archive.warc_check import check
from bulletin.config import ArchiveSettings, Settings
from desk.wiring import Home

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL")

LATER = datetime(2030, 1, 1, tzinfo=UTC)

#: A process that takes articles in and tells each when it is deposited: document, WARC file, offset, length, digest.
TAKING_IN = """
import json, sys
from datetime import timedelta
from pathlib import Path
from builders import NOW
from homes import add_article
from bulletin.config import ArchiveSettings, Settings
from desk.wiring import Home
with Home(Settings(home=Path(sys.argv[1]), archive=ArchiveSettings(warc_size=int(sys.argv[3])))) as home:
    for n in range(int(sys.argv[2]), int(sys.argv[2]) + 400):
        document = add_article(home, n, at=NOW + timedelta(hours=1), attached=b"attached %d" % n if n % 5 == 0 else b"")
        record = home.archive.revision(document).record
        print(json.dumps([document, record.warc, record.offset]), flush=True)
"""


def killed(home: Path, first: int, warc_size: int, after: int, pause: float) -> list[tuple[str, str, int]]:
    """What a process told that was killed a moment after it had told so many articles."""
    tests = Path(__file__).resolve().parents[1]
    env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(tests), str(tests.parent)]))
    command = [sys.executable, "-c", TAKING_IN, str(home), str(first), str(warc_size)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(after)]
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    return [tuple(json.loads(line)) for line in lines if line.endswith("\n")]


def is_whole(home: Path, warc_size: int, told: list[tuple[str, str, int]]) -> None:
    """All that was told is there and can be read; every file is ended, and every record in it sound."""
    with Home(Settings(home=home, archive=ArchiveSettings(warc_size=warc_size))) as opened:
        for document, warc, offset in told:
            revision = opened.archive.revision(document)
            assert revision is not None
            assert revision.record is not None
            assert (revision.record.warc, revision.record.offset) == (warc, offset)
            assert opened.vault.read(revision.record).status == 200
        files = sorted((home / "vault").iterdir())
        assert [path.name for path in files if not path.name.endswith(".warc.gz")] == []
        newest = opened.archive.last_seq()
        assert len(list(opened.archive.changes())) <= newest
    faults = [finding for finding in check(files, now=LATER) if finding.severity == "fault"]
    # Between response and request the last file of a killed process may end.
    assert [fault for fault in faults if fault.rule != 7] == []


@pytest.mark.parametrize("warc_size", [1_000_000_000, 2_000], ids=["deposit", "roll"])
def test_killed_while_it_deposits(tmp_path: Path, warc_size: int) -> None:
    series(tmp_path / "home", warc_size, kills=2)


@pytest.mark.more
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("warc_size", [1_000_000_000, 2_000], ids=["deposit", "roll"])
def test_killed_at_fifteen_random_moments_while_it_deposits(tmp_path: Path, warc_size: int) -> None:
    series(tmp_path / "home", warc_size, kills=15)


def series(home: Path, warc_size: int, kills: int) -> None:
    chance = random.Random(warc_size)
    with a_home(home, articles=2, warc_size=warc_size):
        pass
    told: list[tuple[str, str, int]] = []
    for n in range(kills):
        told += killed(home, 100 + 20 * n, warc_size, chance.randint(1, 12), chance.random() / 50)
        is_whole(home, warc_size, told)
    assert len({document for document, *_ in told}) >= kills
    gongbao = Gongbao(home)
    assert gongbao("index", "update").code == 0
    verified = gongbao("verify", "--adopt", "--json")
    assert [fault for fault in verified.json["faults"] if "rule 7" not in fault["reason"]] == []
    assert gongbao("search", "河道", "--json", "--limit", "1").json["total"] >= len({document for document, *_ in told})
