"""Real damaged spans and clean texts that lie beside the repository."""

import json
import lzma
import re
import unicodedata
from pathlib import Path

import pytest

from bulletin.text.repair import repair
from bulletin.text.repair.readings import READING

SHARED = Path(__file__).parents[2].parent / "shared"
KEPT = {"keep-genuine-annotation", "stray-question-mark", "doubled-punctuation"}

pytestmark = pytest.mark.shared


def essence(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def verdict(span: dict[str, str]) -> str:
    keep = span["type"] in KEPT or span["confidence"] == "unrecoverable"
    received = span["before"] + span["damaged"] + span["after"]
    text = repair(received, damaged=None if span["type"] in KEPT else True).text
    if keep:
        return "exact" if essence(span["damaged"]) in essence(text) else "wrong"
    if essence(span["true"]) in essence(text):
        return "exact"
    return "left" if "?" in text or READING.search(text) else "wrong"


def spans() -> list[dict[str, str]]:
    with (SHARED / "text-damage" / "golden-dev.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_real_spans():
    found = [(span, verdict(span)) for span in spans()]
    assert [span["id"] for span, how in found if how == "wrong"] == []
    for span, how in found:
        if span["type"].startswith("reading") or span["type"] in KEPT:
            assert how == "exact", span["id"]
    phase = [how for span, how in found if span["type"].startswith("phase") and span["confidence"] != "unrecoverable"]
    assert phase.count("exact") >= 34


@pytest.mark.parametrize("path", sorted((SHARED / "seeds").glob("*.txt")), ids=lambda path: path.name[:3])
def test_seeds(path):
    text = path.read_text(encoding="utf-8")
    reference = json.loads((SHARED / "seeds" / "reference" / f"{path.stem}.json").read_text(encoding="utf-8"))
    repaired = repair(text)
    assert not READING.search(repaired.text)
    for span in reference["damage"].get("phase_spans", []):
        assert essence(span["damaged"]) not in essence(repaired.text)
        assert essence(span["repaired"]) in essence(repaired.text)
    for span in reference["damage"].get("repairable", []):
        assert essence(span["repaired"]) in essence(repaired.text)
    assert repair(repaired.text).text == repaired.text


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        pytest.param(name, limit, marks=marks)
        for limit, marks in ((100_000, ()), (1_000_000, (pytest.mark.more,)))
        for name in ("bulletins-traditional-17k", "laws-simplified-3k")
    ],
)
def test_clean_text_stays(name, limit):
    seen = 0
    with lzma.open(SHARED / "text" / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["body"]
            seen += len(text)
            assert {one.kind for one in repair(text).repairs} <= {"zero", "space", "width", "lost"}
            if seen > limit:
                break
