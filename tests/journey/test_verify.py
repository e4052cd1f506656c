"""`gongbao verify`: whatever is changed, taken away or put in is found and named, and exit code 7 tells."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW
from commanding import Gongbao
from homes import a_home, add_article, exchange, page

from archive import fixity
from bulletin.config import Settings
from desk.tasks import verifying
from desk.tasks.sealing import proof_folder, seal_home
from desk.wiring import Home


def made(folder: Path, **how: Any) -> Path:
    with a_home(folder, **how):
        return folder


def found(home: Path, *words: str) -> tuple[int, list[dict[str, str]]]:
    told = Gongbao(home)("verify", "--json", *words)
    return told.code, told.json["faults"]


def sql(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "gongbao.db")) as conn, conn:
        for statement in statements:
            assert conn.execute(statement).rowcount > 0, statement


@pytest.fixture(params=["sealed", "not sealed"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return made(tmp_path / "home", sealed=request.param == "sealed")


def test_a_sound_home_is_found_sound_and_its_proof_is_told(home: Path) -> None:
    told = Gongbao(home)("verify", "--json")
    assert (told.code, told.json["faults"]) == (0, [])
    assert told.json["files"] == 1
    assert told.json["records"] == 19  # warcinfo, nine captures with their requests
    assert len(told.json["proof"]["line"]) == 64
    assert json.loads(Path(told.json["report"]).read_text(encoding="utf-8"))["ok"]
    assert "faults" in Gongbao(home)("verify").out


def test_a_missing_file_is_named(home: Path) -> None:
    (file,) = (home / "vault").iterdir()
    file.unlink()
    code, faults = found(home)
    assert code == 7
    assert {"where": "vault", "item": file.name} in [{k: f[k] for k in ("where", "item")} for f in faults]


def test_a_cut_file_is_found(home: Path) -> None:
    (file,) = (home / "vault").iterdir()
    file.write_bytes(file.read_bytes()[:-30])
    code, faults = found(home)
    assert code == 7
    assert any(f["item"].startswith(file.name) for f in faults)


ROWS = {
    "capture gone": ("DELETE FROM captures WHERE id = 3", "captures"),
    "capture changed": ("UPDATE captures SET status = 404 WHERE id = 3", "captures 3"),
    "capture moved in time": (
        "UPDATE captures SET fetched_at = '2026-04-01 05:00:00.000000' WHERE id = 3",
        "captures 3",
    ),
    "capture of another URL": ("UPDATE captures SET url = 'http://www.yunxiu.example/x' WHERE id = 3", "captures 3"),
    "capture points elsewhere": ("UPDATE captures SET warc_offset = warc_offset + 1 WHERE id = 3", "@"),
    "title": ("UPDATE readings SET title = '另一个标题' WHERE id = 2", "read"),
    "text": ("UPDATE readings SET text = text || '。' WHERE id = 2", "read"),
    "reading gone": ("DELETE FROM readings WHERE id = 2", "read"),
    "revision gone": ("DELETE FROM revisions WHERE number = 2", "revision"),
    "revision of another payload": ("UPDATE revisions SET payload_digest = 'sha256:00' WHERE number = 2", "read"),
    "document gone": ("DELETE FROM documents WHERE url LIKE '%/3.html'", "documents"),
    "document of another URL": ("UPDATE documents SET url = url || 'x' WHERE url LIKE '%/3.html'", "documents"),
    "date repeated wrongly": (
        "UPDATE documents SET published_on = '2020-01-01' WHERE url LIKE '%/3.html'",
        "documents",
    ),
    "first seen too late": ("UPDATE documents SET first_seen = '2026-05-01 00:00:00.000000'", "documents"),
    "alias gone": ("DELETE FROM aliases WHERE url LIKE '%/3.html'", "documents"),
    "sighting gone": ("DELETE FROM sightings WHERE revision = 2", "sighting"),
    "change gone": ("DELETE FROM changes WHERE seq = 4", "changes"),
    "attachment gone": ("DELETE FROM attachments", "reading"),
    "attachment swapped": ("UPDATE attachments SET digest = 'sha256:00'", "attachment"),
    "source gone": ("DELETE FROM sources", "documents"),
}


@pytest.mark.parametrize(("statement", "named"), ROWS.values(), ids=ROWS.keys())
def test_a_row_changed_or_taken_away_is_named(home: Path, statement: str, named: str) -> None:
    sql(home, statement)
    code, faults = found(home)
    assert code == 7
    assert any(named in f["item"] + f["reason"] for f in faults), faults


UNWITNESSED = {
    "doubt put in": "INSERT INTO doubts VALUES (2, 0, 'title', '假')",
    "office of no digest": "UPDATE readings SET genre = '命令' WHERE id = 2",
    "moment of a sighting": "UPDATE sightings SET seen_at = '2026-04-01 02:30:00.000000' WHERE id = 8",
}


@pytest.mark.parametrize("statement", UNWITNESSED.values(), ids=UNWITNESSED.keys())
def test_what_nothing_else_bears_out_is_found_by_its_seal(tmp_path: Path, statement: str) -> None:
    home = made(tmp_path / "home")
    sql(home, statement)
    code, faults = found(home)
    assert code == 7
    assert {f["where"] for f in faults} == {"proof"}


def flip(file: Path, bit: int) -> None:
    data = bytearray(file.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    file.write_bytes(data)


def flipped(home: Path, bits: list[int]) -> list[int]:
    """The bits whose flip was not found, of those in the one file of the vault."""
    (file,) = (home / "vault").iterdir()
    unseen = []
    for bit in bits:
        flip(file, bit)
        with Home(_settings(home)) as opened:
            made = verifying.verify(opened, now=NOW + timedelta(days=2))
        flip(file, bit)
        if not any(file.name in fault.item for fault in made.faults):
            unseen.append(bit)
    return unseen


def _settings(home: Path) -> Settings:
    return Settings(home=home)


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    size = next((home / "vault").iterdir()).stat().st_size * 8
    chance = random.Random(7)
    # The head of the first member, where no checksum looks, and anywhere.
    assert flipped(home, [33, 66, *(chance.randrange(size) for _ in range(10))]) == []


@pytest.mark.more
@pytest.mark.timeout(1800)
def test_any_flipped_bit_is_found(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    size = next((home / "vault").iterdir()).stat().st_size * 8
    chance = random.Random(11)
    assert flipped(home, [*range(80), *(chance.randrange(size) for _ in range(400))]) == []


def test_a_flipped_bit_in_the_database_is_found(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    data, said = (home / "gongbao.db").read_bytes(), "处河道加固".encode()
    assert said in data
    other = said[:2] + bytes([said[2] ^ 1]) + said[3:]
    (home / "gongbao.db").write_bytes(data.replace(said, other))  # some of them SQLite itself has given up
    code, faults = found(home)
    assert code == 7
    assert faults


def test_an_index_that_lost_a_bulletin_is_found(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    with Home(_settings(home)) as opened:
        name = opened.archive.find_id("http://www.yunxiu.example/gb/3.html")[0]
        index = opened.index()
        index.forget([name], opened.archive.last_seq())
    code, faults = found(home)
    assert (code, [f["where"] for f in faults]) == (7, ["index"])
    assert name in faults[0]["item"]


def test_a_sealed_day_that_was_rewritten_is_found(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    with Home(_settings(home)) as opened:
        line = Gongbao(home)("verify", "--json").json["proof"]["line"]
        add_article(opened, 7, at=NOW + timedelta(days=2))
        seal_home(opened, NOW + timedelta(days=3))
        Gongbao(home)("index", "update")
        assert found(home, "--line", f"sha256:{line}") == (0, [])
        first = sorted(proof_folder(opened).iterdir())[0]
    head, *leaves = first.read_text(encoding="utf-8").splitlines()
    first.write_text("\n".join([head, *leaves[1:]]) + "\n", encoding="utf-8")
    code, faults = found(home)
    assert code == 7
    assert first.name.removesuffix(".jsonl") in {f["item"] for f in faults}
    assert found(home, "--line", "0" * 64)[0] == 7


def test_a_line_that_is_none_is_a_slip_and_no_fault(tmp_path: Path) -> None:
    with a_home(tmp_path / "home"):
        pass
    told = Gongbao(tmp_path / "home")("verify", "--line", "sha256:abc")
    assert told.code == 2
    assert not list((tmp_path / "home" / "logs").glob("verify-*"))  # nothing for `status` to remember


def test_a_growing_day_keeps_what_it_had(tmp_path: Path) -> None:
    with a_home(tmp_path / "home") as home:
        before = seal_home(home, NOW + timedelta(days=1))
        add_article(home, 8, at=NOW + timedelta(days=1))
        after = seal_home(home, NOW + timedelta(days=1))
        assert before
        assert after
        assert (after.day, after.before) == (before.day, before.before)
        assert after.records == before.records + 3  # with the warcinfo of a new file
        # A clock that went back opens no earlier day.
        add_article(home, 9, at=NOW + timedelta(days=1))
        again = seal_home(home, NOW - timedelta(days=40))
        assert again
        assert again.day == before.day


def test_a_sample_reads_some_captures_and_everything_else(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    told = Gongbao(home)("verify", "--sample", "100%", "--json").json
    assert (told["records"], told["faults"]) == (9, [])
    assert Gongbao(home)("verify", "--sample", "0.001", "--json").json["records"] <= 1
    for wrong in ("0", "101", "viel"):
        assert Gongbao(home)("verify", "--sample", wrong).code == 2
    (file,) = (home / "vault").iterdir()
    flip(file, file.stat().st_size * 4)
    assert found(home, "--sample", "100")[0] == 7
    file.unlink()
    assert found(home, "--sample", "0.001")[0] == 7


def test_an_interrupted_verification_goes_on_behind_the_last_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = made(tmp_path / "home", articles=12, warc_size=4000)
    files = sorted(path.name for path in (home / "vault").iterdir())
    assert len(files) > 3
    flip(home / "vault" / files[0], 9000)
    with Home(_settings(home)) as opened:
        with pytest.raises(KeyboardInterrupt):
            verifying.verify(opened, on_file=_stop_at(files[1]))
        looked: list[str] = []
        real = fixity.verify_file
        monkeypatch.setattr(fixity, "verify_file", lambda v, a, name, *r: looked.append(name) or real(v, a, name, *r))
        made_now = verifying.verify(opened)
    assert looked == files[2:]
    assert (made_now.files, made_now.resumed) == (len(files), 2)
    assert any(files[0] in fault.item for fault in made_now.faults), "what was found before the end counts"


def _stop_at(name: str) -> Callable[[int, str], None]:
    def stop(count: int, at: str) -> None:
        if at == name:
            raise KeyboardInterrupt

    return stop


def test_a_revisit_whose_original_lies_in_another_file_is_resolved(tmp_path: Path) -> None:
    home = made(tmp_path / "home", warc_size=2500)
    assert found(home) == (0, [])


def test_a_capture_nobody_noted_is_found(tmp_path: Path) -> None:
    with a_home(tmp_path / "home") as home:
        home.vault.keep(exchange("http://www.yunxiu.example/gb/77.html", page(77), NOW))
    code, faults = found(tmp_path / "home")
    assert code == 7
    assert "gb/77.html" in faults[0]["reason"]
    assert found(tmp_path / "home", "--adopt") == (0, [])
    with Home(_settings(tmp_path / "home")) as home:
        assert list(home.archive.captures.everything())[-1].url == "http://www.yunxiu.example/gb/77.html"


def test_reading_keeps_its_pace() -> None:
    slept: list[float] = []
    pace = fixity.Pace(100.0, clock=lambda: 0.0, sleep=slept.append)
    pace.passed(50)
    pace.passed(100)
    assert slept == [0.5, 1.5]
    fixity.Pace(0.0, clock=lambda: 0.0, sleep=slept.append).passed(10**9)
    assert len(slept) == 2


def test_an_export_is_verified_without_a_home(tmp_path: Path) -> None:
    home = made(tmp_path / "home")
    out = tmp_path / "given"
    out.mkdir()
    assert Gongbao(home)("export", "--format", "jsonl", "-o", str(out / "a.jsonl")).code == 0
    for file in (home / "vault").iterdir():
        (out / file.name).write_bytes(file.read_bytes())
    (out / "proof").mkdir()
    for file in (home / "proof").iterdir():
        (out / "proof" / file.name).write_bytes(file.read_bytes())
    stranger = Gongbao(tmp_path / "nowhere")
    sound = stranger("verify", "--export", str(out), "--json")
    assert sound.code == 0
    assert sound.json["records"] > 10
    warc = next(out.glob("*.warc.gz"))
    for file, where in ((out / "a.jsonl", "a.jsonl"), (warc, warc.name)):
        flip(file, 4000)
        told = stranger("verify", "--export", str(out), "--json")
        assert told.code == 7
        assert any(where in fault["item"] for fault in told.json["faults"])
        flip(file, 4000)
    (out / "a.jsonl").unlink()
    assert stranger("verify", "--export", str(out)).code == 7
    assert stranger("verify", "--export", str(tmp_path / "absent")).code == 2
    (tmp_path / "empty").mkdir()
    assert stranger("verify", "--export", str(tmp_path / "empty")).code == 2
