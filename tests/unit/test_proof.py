"""The chain of days: what was sealed cannot be changed, moved or taken away unseen."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.proof import (
    RecordLeaf,
    RowLeaf,
    broken_links,
    days_in,
    inclusion,
    make_day,
    merkle_root,
    read_day,
    read_head,
    root_from,
    write_day,
)
from bulletin.errors import IntegrityError

DAYS = ("2026-04-01", "2026-04-02", "2026-04-03")


def leaf(n: int) -> RecordLeaf:
    return RecordLeaf("a.warc.gz", n * 100, 100, hashlib.sha256(bytes([n % 256])).hexdigest())


def a_chain(folder: Path) -> list[str]:
    """Three days; their lines."""
    before, lines = "", []
    for n, name in enumerate(DAYS):
        records = [leaf(n * 10 + k) for k in range(5)]
        day = make_day(
            name, before, records, [RowLeaf("captures", n, "00")], {"rows captures": n}, {"captures": ["id"]}
        )
        write_day(folder, day)
        before = day.head.line
        lines.append(before)
    return lines


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def test_the_root_of_three_is_made_as_the_standard_says() -> None:
    one, two, three = (hashlib.sha256(b"\0" + data).digest() for data in (b"a", b"b", b"c"))
    assert merkle_root([b"a", b"b", b"c"]) == node(node(one, two), three).hex()
    assert merkle_root([]) == hashlib.sha256(b"").hexdigest()


@given(st.integers(1, 40), st.data())
def test_one_record_can_be_proved_by_itself(count: int, data: st.DataObject) -> None:
    day = make_day("2026-04-01", "", [leaf(n) for n in range(count)], [], {}, {})
    chosen = day.records[data.draw(st.integers(0, count - 1))]
    path = inclusion(day, chosen)
    assert root_from(chosen, path) == day.head.records_root
    assert root_from(RecordLeaf("a.warc.gz", 7, 100, chosen.sha256), path) != day.head.records_root


def test_a_sound_chain_has_no_broken_link(tmp_path: Path) -> None:
    lines = a_chain(tmp_path)
    assert list(broken_links(tmp_path)) == []
    assert days_in(tmp_path) == list(DAYS)
    assert [read_head(tmp_path, day).line for day in DAYS] == lines
    assert read_day(tmp_path, DAYS[0]).records == tuple(leaf(n) for n in range(5))


def test_a_rewritten_day_is_found_at_the_next(tmp_path: Path) -> None:
    a_chain(tmp_path)
    day = read_day(tmp_path, DAYS[1])
    records = (leaf(99), *day.records[1:])
    write_day(tmp_path, make_day(DAYS[1], day.head.before, records, day.rows, day.head.upto, day.head.columns))
    assert [broken for broken, _ in broken_links(tmp_path)] == [DAYS[2]]


def test_a_leaf_changed_under_its_root_is_found(tmp_path: Path) -> None:
    a_chain(tmp_path)
    file = tmp_path / f"{DAYS[1]}.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines()
    changed = json.loads(lines[2]) | {"offset": 1}
    file.write_text("\n".join([*lines[:2], json.dumps(changed), *lines[3:]]) + "\n", encoding="utf-8")
    assert [broken for broken, _ in broken_links(tmp_path)] == [DAYS[1]]


def test_a_day_taken_away_is_found(tmp_path: Path) -> None:
    a_chain(tmp_path)
    (tmp_path / f"{DAYS[0]}.jsonl").unlink()
    assert [broken for broken, _ in broken_links(tmp_path)] == [DAYS[1]]


@pytest.mark.parametrize("data", [b"", b"\xff\n", b"[]\n", b'{"day": 1}\n', b'{"x"'])
def test_any_bytes_are_endured(tmp_path: Path, data: bytes) -> None:
    (tmp_path / f"{DAYS[0]}.jsonl").write_bytes(data)
    assert [broken for broken, _ in broken_links(tmp_path)] == [DAYS[0]]
    with pytest.raises(IntegrityError) as told:
        read_day(tmp_path, DAYS[0])
    assert told.value.advice
