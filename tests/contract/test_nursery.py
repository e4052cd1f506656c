"""Children of the nursery live, end and are heard of as fresh processes are."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from crawling import run, site_source

from crawler import conversing
from crawler.nursery import CAN_FORK, Nursery
from desk.demo.server import Serving
from desk.demo.sites import site

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="this system forks no process that goes on in Python")


@pytest.fixture(scope="module")
def nursery():
    born = Nursery()
    yield born
    born.close()


def end(child):
    """Close a child's pipes and hear its exit code."""
    child.stdin.close()
    code = child.wait()
    child.stdout.close()
    return code


def test_without_an_order_a_child_ends_badly_and_says_so(nursery, capfd):
    assert end(nursery.bear(os.environ, ())) == 1
    assert "JSONDecodeError" in capfd.readouterr().err


def test_a_killed_child_is_told_by_its_signal(nursery):
    child = nursery.bear(os.environ, ())
    assert child.poll() is None
    child.kill()
    assert end(child) == -9
    assert child.poll() == -9
    child.kill()  # of no effect: it is gone


def test_a_child_has_the_files_it_is_given_and_nobody_elses(nursery, tmp_path):
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("open files cannot be looked at here")
    others = [nursery.bear(os.environ, ()) for _ in range(2)]
    with (tmp_path / "lock").open("w") as lock:
        child = nursery.bear(os.environ, (lock.fileno(),))
    pipes = 2 + str(Path("/proc/self/fd/2").readlink()).startswith("pipe:")  # stdin, stdout, and stderr as it is here
    deadline = time.monotonic() + 120
    while (seen := _held(child.pid)) != (pipes, 0) and time.monotonic() < deadline:
        time.sleep(0.01)  # it has just been born, and lets go of what is not its own
    assert seen == (pipes, 0)
    assert str(tmp_path / "lock") in _files(child.pid)
    for other in (*others, child):
        end(other)


def _held(pid):
    """How many pipes and sockets a process has open."""
    names = set(_files(pid))
    return sum(name.startswith("pipe:") for name in names), sum(name.startswith("socket:") for name in names)


def _files(pid):
    names = []
    for number in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed meanwhile
            names.append(str(number.readlink()))
    return names


def test_a_child_lives_in_the_folder_and_with_the_variables_of_whoever_asks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with Serving([site("F1")]) as serving:
        done, _ = run(tmp_path, site_source(site("F1"), serving.address), limit=1)
    assert done.outcome == "done"
    assert done.tally.new == 1


def test_where_the_nursery_was_killed_another_is_begun(tmp_path):
    with Serving([site("F1")]) as serving:
        source = site_source(site("F1"), serving.address)
        assert run(tmp_path, source, limit=1)[0].tally.new == 1
        before = conversing._NURSERY._process
        before.kill()
        before.wait()
        assert run(tmp_path, source, limit=2)[0].tally.new == 2
        assert conversing._NURSERY._process is not before


class Killed:
    """A child that is killed in the middle of telling something."""

    def __init__(self) -> None:
        self.stdin, self.stdout = io.StringIO(), io.StringIO('{"event": "begun"}\n{"event": "depos')

    def poll(self):
        return -signal.SIGKILL

    wait = poll


def test_what_a_killed_child_told_by_half_is_passed_over(monkeypatch):
    class Heard(list):
        stopping, take = False, list.append

    monkeypatch.setattr(conversing, "_begun", lambda held: Killed())
    heard = Heard()
    assert conversing.converse({}, (), heard) == "the crawling process ended with SIGKILL"
    assert heard == [{"event": "begun"}]


KILLED = """
import os, signal
from crawler.nursery import Nursery
nursery = Nursery()
child = nursery.bear(os.environ, ())
print(nursery._process.pid, child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_nothing_outlives_a_killed_parent():
    root = str(Path(conversing.__file__).parents[1])
    parent = subprocess.run(
        [sys.executable, "-c", KILLED], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=root
    )
    left = [int(number) for number in parent.stdout.split()]
    assert len(left) == 2
    deadline = time.monotonic() + 120
    while left and time.monotonic() < deadline:
        left = [pid for pid in left if _lives(pid)]
        time.sleep(0.05)
    assert not left


def _lives(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def test_orders_given_at_one_time_are_all_carried_out(tmp_path):
    with Serving([site("F1")]) as serving, ThreadPoolExecutor(4) as pool:
        source = site_source(site("F1"), serving.address)
        homes = [tmp_path / str(number) for number in range(4)]
        for home in homes:
            home.mkdir()
        done = list(pool.map(lambda home: run(home, source, limit=1)[0], homes))
    assert [run.tally.new for run in done] == [1] * 4
