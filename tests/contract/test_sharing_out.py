"""Work that several processes share: in order, all of it, and none of them outlives the one that asked."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from uuid import uuid4

import pytest
import sharing
from answering import same_answers
from searchables import a_change, some_entries

from bulletin.errors import SearchError
from bulletin.side_by_side import side_by_side
from search import catch_up, indexer, open_index, open_searcher, rebuild
from search.analysing import Analysing, analysed
from search.analyzer import open_analyzer
from search.engines import schemes


def test_parts_come_back_in_order_from_several_processes() -> None:
    own = os.getpid()
    squares: list[int] = []
    pids: set[int] = set()

    def squared_here(part: int) -> tuple[int, int]:
        time.sleep(0.001)  # or all would be done before another process has begun
        return part * part, own

    # There are parts until two have done some.
    parts = takewhile(lambda part: part < 100 or len(pids) < 2, range(100_000))
    for square, pid in side_by_side(parts, squared_here, sharing.squared_there, 3, (sharing.start, ())):
        squares.append(square)
        pids.add(pid)
    assert squares == [part * part for part in range(len(squares))]
    assert len(squares) >= 100
    assert own in pids
    assert len(pids) > 1


@pytest.mark.parametrize("parts", [[], [7]])
def test_no_process_is_started_for_one_part(parts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **more: object) -> None:
        raise AssertionError("a process would be started")

    monkeypatch.setattr("bulletin.side_by_side.ProcessPoolExecutor", refuse)
    assert list(side_by_side(parts, lambda part: part, sharing.nothing, 3, (sharing.start, ()))) == parts


def test_a_killed_process_leaves_none_of_those_that_helped_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    command = [sys.executable, sharing.__file__, str(lock)]
    asking = subprocess.Popen(
        command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert asking.stdout is not None
    # The helpers have begun when one of them holds the lock.
    while not lock.is_file() or _is_free(lock):
        assert asking.stdout.readline()
    asking.send_signal(signal.SIGKILL)
    asking.wait()
    while not _is_free(lock):
        time.sleep(0.05)
    asking.stdout.close()


def _is_free(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize("scheme", schemes())
def test_an_index_written_by_several_is_as_one_written_alone(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "_ALONE", 30)
    changes = [a_change(8, seq) for seq in range(1, 161)]
    changes += [a_change(9, 160 + n, number=n) for n in range(1, 61)]
    alone, several = f"memory://{uuid4()}", f"{scheme}://{tmp_path / 'index'}"
    told: list[int] = []
    with open_index(alone) as index:
        catch_up(index, lambda after: changes)
    assert rebuild(several, lambda after: changes, batch=30, workers=3, on_progress=told.append) == 220
    assert told == [30, 60, 90, 120, 150, 180, 210, 220]
    more = [a_change(10, 220 + n, number=n) for n in range(40, 130)]
    with open_index(alone) as one, open_index(several) as other:
        for index, workers in ((one, 1), (other, 2)):
            assert catch_up(index, lambda after: more, batch=30, workers=workers) == 90
            assert index.checkpoint() == more[-1].seq
    with open_searcher(alone) as one, open_searcher(several) as other:
        same_answers(one, other, 40)


@pytest.mark.parametrize("workers", [2, 4])
def test_a_process_that_is_ended_from_outside_is_told(workers: int) -> None:
    entries = some_entries(8, 40)
    batches = ((entries, seq) for seq in range(1, 1000))
    made = analysed(batches, Analysing(sharing.gives_up_elsewhere, open_analyzer()), workers)
    with pytest.raises(SearchError, match="ended from outside") as told:
        assert all(len(list(papers)) == count for papers, count, _ in made)
    assert "--workers 1" in told.value.advice
    assert not multiprocessing.active_children()


def test_a_batch_of_nothing_and_one_that_says_a_document_twice() -> None:
    first, second, other = some_entries(8, 3)
    twice = [first, other, replace(second, document_id=first.document_id)]
    for workers in (1, 2):
        analysing = Analysing(sharing.titles_of, open_analyzer())
        made = [
            (list(papers), count, upto) for papers, count, upto in analysed([([], 4), (twice, 7)], analysing, workers)
        ]
        assert made == [([], 0, 4), ([second.title, other.title], 3, 7)]


def test_so_many_bulletins_or_so_much_text_are_analysed_at_a_time() -> None:
    small, few = some_entries(8, 120), some_entries(9, 3)
    long = [replace(entry, text="文" * 300_000) for entry in few]
    analysing = Analysing(lambda entries, _: [len(entries)], open_analyzer())
    parts = [list(papers) for papers, _, _ in analysed([(small, 1), (long, 2)], analysing, 1)]
    assert parts == [[50, 50, 20], [2, 1]]
