"""An index outlives kills, damage and full disks, and never answers from half of itself."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from answering import same_answers
from searchables import a_change, some_entries

from bulletin.errors import DiskFullError, LockedError, SearchError
from search import Searcher, catch_up, needs_rebuild, open_index, open_searcher, parse_query, rebuild
from search.engines import schemes
from search.generations import told

CHANGES = [a_change(8, seq) for seq in range(1, 241)] + [a_change(9, 240 + n, number=n) for n in range(1, 121)]


def newest(after: int, upto: int = len(CHANGES)) -> list[object]:
    """As the archive announces it: the newest revision of each document, in ascending order."""
    last = {change.document.id: change for change in CHANGES[:upto]}
    return sorted((change for change in last.values() if change.seq > after), key=lambda change: change.seq)


DURABLE = [scheme for scheme in schemes() if scheme != "memory"]


@pytest.fixture(params=DURABLE)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"{request.param}://{tmp_path / 'index'}"


@pytest.fixture
def whoosh(tmp_path: Path) -> str:
    return f"whoosh://{tmp_path / 'index'}"


def fresh_build() -> Searcher:
    url = f"memory://{uuid4()}"
    with open_index(url) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
    return open_searcher(url)


def test_a_kill_between_the_two_commits_is_made_good(whoosh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exact layer has the batch, Whoosh has not: the last batch is written again."""

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with open_index(whoosh) as index:
        index.write(some_entries(8, 50), upto=50)
    with monkeypatch.context() as patch, open_index(whoosh) as index:
        patch.setattr("search.engines.whoosh_engine.words_writer", killed)
        with pytest.raises(Killed):
            index.write(some_entries(8, 100)[50:], upto=100)
    with open_searcher(whoosh) as searcher:
        assert searcher.count() == 100  # found already, though not yet ranked by their words
    with open_index(whoosh) as index:
        assert index.checkpoint() == 50
        assert catch_up(index, newest, batch=100) > 0  # type: ignore[arg-type]
    with open_searcher(whoosh) as searcher, fresh_build() as oracle:
        same_answers(searcher, oracle)


def test_what_only_whoosh_holds_is_taken_out(whoosh: str, tmp_path: Path) -> None:
    """A lost commit of the exact layer (power cut) leaves strangers in Whoosh."""
    with open_index(whoosh) as index:
        index.write(some_entries(8, 20), upto=20)
    generation = next((tmp_path / "index").glob("g0*"))
    with sqlite3.connect(generation / "exact.db") as db:
        db.execute("UPDATE meta SET value = '10' WHERE key = 'checkpoint'")
    with sqlite3.connect(generation / "exact.db") as db:
        for (row,) in db.execute("SELECT row FROM card WHERE seq > 10").fetchall():
            db.execute("DELETE FROM card WHERE row = ?", (row,))
            db.execute("DELETE FROM content WHERE row = ?", (row,))
        db.execute("DELETE FROM sqlite_sequence")
    with open_index(whoosh) as index:
        assert (index.count(), index.checkpoint()) == (10, 10)
        index.write(some_entries(77, 30)[20:], upto=30)
    with open_searcher(whoosh) as searcher:
        assert searcher.find(parse_query("防火 OR 工作 OR 通知", limit=100)).total <= 20


def test_what_a_killed_commit_left_is_not_in_the_way_of_the_next(tmp_path: Path) -> None:
    """tantivy names the file of deleted bulletins by the number of the commit, which comes again."""
    url = f"tantivy://{tmp_path / 'index'}"
    entries = some_entries(8, 40)
    with open_index(url) as index:
        index.write(entries, upto=40)
    generation = next((tmp_path / "index").glob("g0*"))
    committed = (generation / "meta.json").read_bytes()
    with open_index(url) as index:
        index.write(entries[:10], upto=50)
        left = list(generation.glob("*.del"))
        held = {file: file.read_bytes() for file in generation.iterdir()}
    for file, data in held.items():
        file.write_bytes(data)
    (generation / "meta.json").write_bytes(committed)  # killed before the new state was put in its place
    assert left
    with open_index(url) as index:
        assert index.checkpoint() == 40
        index.write(entries[:10], upto=50)
        assert (index.count(), index.checkpoint()) == (40, 50)


#: An indexer that follows the archive up to a change, and then waits for its end.
KILLED = """
import sys
sys.path[:0] = [{tests!r}]
from test_index_life import newest
from search import catch_up, open_index
def so_far(after):
    return newest(after, int(sys.argv[1]))
with open_index({url!r}) as index:
    print("open", flush=True)
    catch_up(index, so_far, batch=int(sys.argv[2]), on_progress=lambda n: print(n, flush=True))
    sys.stdin.read()
"""


@pytest.mark.more
@pytest.mark.timeout(900)
def test_thirty_kills_leave_an_index_that_catches_up(url: str, tmp_path: Path) -> None:
    """Each follows an archive that has grown since the one before."""
    rng = random.Random(30)
    program = KILLED.format(tests=str(Path(__file__).parent), url=url)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    reached = []
    for turn in range(1, 31):
        command = [sys.executable, "-c", program, str(12 * turn), str(rng.choice([1, 5, 20]))]
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as run:
            assert run.stdout
            assert all(run.stdout.readline() for _ in range(turn % 3))  # open, and a batch written
            time.sleep(rng.random() * 0.3)
            run.send_signal(signal.SIGKILL)
            assert run.wait() == -signal.SIGKILL
        with open_index(url) as index:
            reached.append(index.checkpoint())
            assert index.checkpoint() <= 12 * turn
    assert reached == sorted(reached)
    assert reached[-1] > 0
    with open_index(url) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
        assert (index.count(), index.checkpoint()) == (240, 360)
    with open_searcher(url) as searcher, fresh_build() as oracle:
        same_answers(searcher, oracle, 150)


def test_two_processes_do_not_both_write(url: str) -> None:
    program = f"import sys; from search import open_index; i = open_index({url!r}); print('held', flush=True); input()"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    other = subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(LockedError):
        open_index(url)
    with pytest.raises(LockedError):
        rebuild(url, newest)  # type: ignore[arg-type]
    other.kill()
    other.wait()
    other.stdout.close()
    open_index(url).close()


def damage(folder: Path, what: str) -> None:
    generation = next(folder.glob("g0*"))
    match what:
        case "terms":
            for file in generation.glob("*.term"):
                file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
        case "store gone":
            for file in generation.glob("*.store"):
                file.unlink()
        case "meta":
            (generation / "meta.json").write_bytes(b"{junk")
        case "meta gone":
            (generation / "meta.json").unlink()
        case "emptied":
            for file in generation.iterdir():
                file.unlink()
        case "exact":
            (generation / "exact.db").write_bytes(b"no database " * 1000)
        case "exact gone":
            for file in generation.glob("exact.db*"):
                file.unlink()
        case "segment":
            for file in generation.glob("*.seg"):
                file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
        case "segment gone":
            for file in generation.glob("*.seg"):
                file.unlink()
        case "contents":
            next(generation.glob("*.toc")).write_bytes(b"\x80\x04junk")
        case "contents gone":
            next(generation.glob("*.toc")).unlink()
        case "pointer":
            (folder / "current").write_text("g999999", encoding="utf-8")
        case "pointer gone":
            (folder / "current").unlink()
        case "outside":
            (folder / "current").write_text("../elsewhere", encoding="utf-8")


DAMAGES = {
    "whoosh": ("exact", "exact gone", "segment", "segment gone", "contents", "contents gone"),
    "tantivy": ("terms", "store gone", "meta", "meta gone"),
}
ANYWHERE = ("emptied", "pointer", "pointer gone", "outside")


@pytest.mark.parametrize(
    ("scheme", "what"), [(scheme, what) for scheme in DURABLE for what in (*DAMAGES.get(scheme, ()), *ANYWHERE)]
)
def test_a_damaged_index_says_so_and_is_rebuilt(scheme: str, what: str, tmp_path: Path) -> None:
    url = f"{scheme}://{tmp_path / 'index'}"
    with open_index(url) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
    damage(tmp_path / "index", what)
    with pytest.raises(SearchError) as told:  # noqa: SIM117
        with open_searcher(url) as searcher:
            searcher.find(parse_query("防火 工作"))
    assert "gongbao index" in told.value.advice
    assert rebuild(url, newest) == 240  # type: ignore[arg-type]
    with open_searcher(url) as searcher, fresh_build() as oracle:
        same_answers(searcher, oracle, 20)


def test_a_folder_of_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "letters.txt").write_text("mine", encoding="utf-8")
    for opening in (open_index, open_searcher):
        with pytest.raises(SearchError, match="not an index of ours"):
            opening(f"whoosh://{tmp_path / 'index'}")
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("mark", [None, b"", b"\x00\xff" * 40, b'["junk"]'])
def test_an_index_that_lost_its_mark_is_not_opened_and_made_anew(url: str, mark: bytes | None, tmp_path: Path) -> None:
    with open_index(url) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
    file = tmp_path / "index" / "gongbao-index.json"
    if mark is None:
        file.unlink()
    else:
        file.write_bytes(mark)
    for opening in (open_index, open_searcher):
        with pytest.raises(SearchError, match="not an index of ours"):
            opening(url)
    assert rebuild(url, newest) == 240  # type: ignore[arg-type]
    with open_searcher(url) as searcher:
        assert searcher.count() == 240


def test_one_bit_in_what_whoosh_pickles_is_told_or_without_effect(whoosh: str, tmp_path: Path) -> None:
    with open_index(whoosh) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
    query = parse_query("防火 OR 工作")
    with open_searcher(whoosh) as searcher:
        expected = searcher.find(query).total
    file = next((tmp_path / "index").glob("g0*/*.toc"))
    good, rng, refused = file.read_bytes(), random.Random(1), 0
    for at in range(0, len(good), 5):
        file.write_bytes(good[:at] + bytes([good[at] ^ 1 << rng.randrange(8)]) + good[at + 1 :])
        try:
            with open_searcher(whoosh) as searcher:
                assert searcher.find(query).total == expected
        except SearchError as told_:
            refused += "rebuild" in told_.advice
    assert refused > 50


def test_tantivys_fields_are_those_of_its_version(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    url = f"tantivy://{tmp_path / 'index'}"
    with open_index(url) as index:
        index.write(some_entries(1, 3), upto=3)
    file = next((tmp_path / "index").glob("g0*/meta.json"))
    file.write_bytes(file.read_bytes().replace(b'"in_index_number"', b'"in_index_numbes"'))
    with pytest.raises(SearchError, match="damaged"):
        open_searcher(url)


def test_what_lies_beside_an_index_without_a_mark_is_not_touched(url: str, tmp_path: Path) -> None:
    open_index(url).close()
    folder = tmp_path / "index"
    (folder / "gongbao-index.json").unlink()
    (folder / "letters.txt").write_text("mine", encoding="utf-8")
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(SearchError, match="not an index of ours"):
        rebuild(url, newest)  # type: ignore[arg-type]
    assert sorted(path.name for path in folder.iterdir()) == before


def test_an_index_of_another_analysis_is_read_but_not_added_to(url: str, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("白云驿站议事会", encoding="utf-8")
    with open_index(url) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
        assert not needs_rebuild(index.stamp())
        assert "lexicon" in needs_rebuild(index.stamp(), words)
    with open_index(url, lexicon=words) as index, pytest.raises(SearchError) as told:
        index.write(some_entries(1, 1), upto=500)
    assert "rebuild" in told.value.advice
    with open_searcher(url, lexicon=words) as searcher:
        assert searcher.count() == 240
    rebuild(url, newest, lexicon=words)  # type: ignore[arg-type]
    with open_index(url, lexicon=words) as index:
        assert not needs_rebuild(index.stamp(), words)


def test_an_empty_index_of_another_analysis_is_made_anew(url: str, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("白云驿站议事会", encoding="utf-8")
    open_index(url).close()
    with open_index(url, lexicon=words) as index:
        assert catch_up(index, newest) == 240  # type: ignore[arg-type]


FULL = {
    "exact layer": ("whoosh", "search.exact.ExactLayer._put"),
    "Whoosh": ("whoosh", "whoosh.writing.SegmentWriter.commit"),
    "tantivy": ("tantivy", "search.engines.tantivy_engine.checkpoint_document"),
}


@pytest.mark.parametrize("layer", FULL)
def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layer: str) -> None:
    scheme, where = FULL[layer]
    url = f"{scheme}://{tmp_path / 'index'}"
    with open_index(url) as index:
        index.write(some_entries(8, 20), upto=20)
        with monkeypatch.context() as patch:
            patch.setattr(where, _no_room)
            with pytest.raises(DiskFullError) as told:
                index.write(some_entries(8, 40)[20:], upto=40)
        assert told.value.exit_code == 8
        assert index.checkpoint() == 20
        catch_up(index, newest)  # type: ignore[arg-type]
    with open_searcher(url) as searcher, fresh_build() as oracle:
        same_answers(searcher, oracle, 30)


def _no_room(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


ASK_WITHOUT_ROOM = """
import resource, sys
from bulletin.errors import GongbaoError
from search import open_index, open_searcher, parse_query
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
with open_searcher(sys.argv[1]) as searcher:
    print(searcher.count(), searcher.find(parse_query("防火", facets=True)).total)
"""


def asked_without_room(url: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"}
    asked = [sys.executable, "-c", ASK_WITHOUT_ROOM, url]
    return subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit for the size of a file")
def test_searches_go_on_where_no_file_can_grow(url: str) -> None:
    with open_index(url) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
    with open_searcher(url) as searcher:
        expected = f"240 {searcher.find(parse_query('防火')).total}"
    answer = asked_without_room(url)
    assert answer.stdout.strip() == expected, answer.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit for the size of a file")
def test_what_waits_in_a_log_is_not_passed_over(whoosh: str, tmp_path: Path) -> None:
    """Where nothing can be written the file is read as it lies, unless a writer left something beside it."""
    with open_index(whoosh) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
    next((tmp_path / "index").glob("g0*/exact.db")).with_name("exact.db-wal").write_bytes(b"something")
    answer = asked_without_room(whoosh)
    assert answer.stdout == ""
    assert "cannot be read" in answer.stderr or "No room" in answer.stderr


def test_a_database_without_room_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = SimpleNamespace(free=0)
    monkeypatch.setattr("shutil.disk_usage", lambda place: full)
    with pytest.raises(DiskFullError), told(tmp_path):
        raise sqlite3.OperationalError("disk I/O error")


def test_a_rebuild_that_would_lose_something_is_not_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new index is asked before it is used: one that does not find what it holds stays out."""
    with open_index(url) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
    with monkeypatch.context() as patch:
        patch.setattr("search.proving._questions", lambda entry: iter(["此处绝无此文"]))
        with pytest.raises(SearchError, match="does not find") as told:
            rebuild(url, newest)  # type: ignore[arg-type]
    assert "stays in use" in told.value.message
    with open_searcher(url) as searcher, fresh_build() as oracle:
        same_answers(searcher, oracle, 10)


def test_an_index_of_another_layout_is_made_anew(url: str, tmp_path: Path) -> None:
    with open_index(url) as index:
        catch_up(index, newest)  # type: ignore[arg-type]
    mark = tmp_path / "index" / "gongbao-index.json"
    mark.write_text(mark.read_text(encoding="utf-8").replace('"layout": 1', '"layout": 99'), encoding="utf-8")
    for opening in (open_searcher, open_index):
        with pytest.raises(SearchError, match="another version"):
            opening(url)
    assert rebuild(url, newest) == 240  # type: ignore[arg-type]
    assert open_searcher(url).count() == 240


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(13, "no"),
        sqlite3.OperationalError("attempt to write a readonly database"),
        OSError(30, "Read-only file system"),
        EOFError('Failed to acquire Lockfile: IoError(Os { code: 30, kind: ReadOnlyFilesystem, message: "…" })'),
    ],
)
def test_an_index_that_belongs_to_others_is_not_called_damaged(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(SearchError, match="by this user"), told(tmp_path):
        raise error


def test_a_slip_of_our_own_is_not_called_damage(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def slip(*_: object) -> None:
        raise TypeError("a slip")

    with open_index(url) as index:
        index.write(some_entries(8, 5), upto=5)
    with open_searcher(url) as searcher:
        monkeypatch.setattr("search.folders.answer", slip)
        with pytest.raises(TypeError, match="a slip"):
            searcher.find(parse_query("防火"))


def test_older_generations_are_swept_away(url: str, tmp_path: Path) -> None:
    for _ in range(3):
        rebuild(url, newest)  # type: ignore[arg-type]
    assert len(list((tmp_path / "index").glob("g*/"))) == 1
    assert open_searcher(url).count() == 240
