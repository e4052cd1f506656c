"""Two processes write to one home at once: both are right, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from commanding import Gongbao
from homes import a_home

from bulletin.config import Settings
from desk.wiring import Home

#: A process that takes articles in, some of them known to the other.
TAKING_IN = """
import sys
from datetime import timedelta
from pathlib import Path
from builders import NOW
from homes import add_article
from bulletin.config import Settings
from desk.wiring import Home
with Home(Settings(home=Path(sys.argv[1]))) as home:
    for n in range(int(sys.argv[2]), int(sys.argv[2]) + 40):
        add_article(home, n, at=NOW + timedelta(hours=1))
"""


def test_two_processes_take_in_side_by_side(tmp_path: Path) -> None:
    with a_home(tmp_path / "home", articles=3):
        pass
    tests = Path(__file__).resolve().parents[1]
    env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(tests), str(tests.parent)]))
    writers = [
        subprocess.Popen([sys.executable, "-c", TAKING_IN, str(tmp_path / "home"), str(first)], env=env)
        for first in (100, 120)
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    with Home(Settings(home=tmp_path / "home")) as home:
        counts = home.archive.counts()
        assert counts["documents"] == 3 + 60
        assert counts["revisions"] == counts["readings"] == 4 + 60
        assert {home.vault.read(row.record).status for row in home.archive.captures.everything()} == {200}
    gongbao = Gongbao(tmp_path / "home")
    assert gongbao("index", "update").code == 0
    assert gongbao("verify", "--json").json["faults"] == []
