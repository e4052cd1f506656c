"""Whichever library inflates, the same comes of whole, cut, damaged and endless streams."""

from __future__ import annotations

import importlib.util
import random
import sys
import zlib
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import inflating

TEXT = "".join(f"<li class='tz'>关于第{n}次防汛演练的通知</li>\n" for n in range(90)).encode()
SAMPLES = (
    b"",
    b"a",
    TEXT,
    random.Random(3).randbytes(2000),
    TEXT + random.Random(4).randbytes(900) + TEXT,
    b"0" * 99999,
)


def _drawn(library: Any, form: int, data: bytes, feed: int, most: int) -> tuple[str, bytes, bytes]:
    """What is said at the end, what was inflated, and what stands behind the stream."""
    reader, kept, position, rest = library.decompressobj(form), b"", 0, b""
    while not reader.eof:
        rest = reader.unconsumed_tail or data[position : position + feed]
        position += 0 if reader.unconsumed_tail else len(rest)
        try:
            piece = reader.decompress(rest, most)
        except library.error as error:
            return str(error), kept, b""
        kept += piece
        if not rest and not piece:
            return "cut", kept, b""
    return "whole", kept, reader.unused_data + data[position:]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.sampled_from((inflating.GZIP, inflating.ZLIB, inflating.RAW)),
    st.sampled_from((0, 1, 6)),
    st.integers(0),
    st.integers(0),
    st.sampled_from((b"", b"\0" * 9, b"more")),
    st.sampled_from((50, 8192, 1 << 30)),
    st.sampled_from((100, 1 << 16)),
)
def test_it_is_as_zlib_has_it(
    plain: bytes, form: int, level: int, cut: int, flip: int, behind: bytes, feed: int, most: int
) -> None:
    writer = zlib.compressobj(level, zlib.DEFLATED, form)
    data = bytearray(writer.compress(plain) + writer.flush() + behind)
    if flip % 3:
        bit = flip % (8 * len(data))
        data[bit // 8] ^= 1 << bit % 8
    given_ = bytes(data[: len(data) - cut % len(data) * (cut % 2)])
    assert _drawn(inflating._library, form, given_, feed, most) == _drawn(zlib, form, given_, feed, most)


def _loaded_anew() -> ModuleType:
    spec = importlib.util.spec_from_file_location("inflating_again", inflating.__file__)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_zlib_serves_where_there_is_nothing_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zlib_ng", None)
    plain = _loaded_anew()
    assert plain.Damaged is zlib.error
    assert plain.inflater(plain.ZLIB).decompress(zlib.compress(TEXT), 500) == TEXT[:500]
    with pytest.raises(plain.Damaged):
        plain.inflater().decompress(b"\x1f\x8b\x08\xff" + bytes(20))
