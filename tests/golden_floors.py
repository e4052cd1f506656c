"""How well each family's golden pages are read, and the floors below which that must not sink.

    python tests/golden_floors.py                       print the scores beside their floors
    python tests/golden_floors.py --pin                 raise the floors to today's scores; refuses to lower one
    python tests/golden_floors.py --pin --allow-regression

A score is the mean share of expected fields read exactly; of a list of strings, F1 over its items counts instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

from bulletin.record import record_of
from crawler.extract.page import open_page
from crawler.extract.reading import read_page

GOLDEN = Path(__file__).parent / "golden"
FLOORS = GOLDEN / "floors.json"
#: Kinds of cases with a test of their own.
ELSEWHERE = ("families", "rendered")


def cases() -> list[Path]:
    found = sorted(GOLDEN.glob("*/*/page.html"))
    return [path for path in found if path.parts[-3] not in ELSEWHERE and (path.parent / "expected.json").exists()]


def headings(sections: list[dict[str, Any]]) -> list[str]:
    return [name for section in sections for name in (section["heading"], *headings(section["sections"]))]


def observed(field: str, record: dict[str, Any]) -> Any:
    """What the reading says about a field of the expectation, in the expectation's shape."""
    shapes: dict[str, Any] = {
        "text": lambda: record["text"].split("\n") if record["text"] else [],
        "headings": lambda: headings(record["sections"]),
        "attachments": lambda: [[found["name"], found["url"]] for found in record["attachments"]],
        "rows": lambda: [{name: row[name] for name in ("title", "url", "date")} for row in record["rows"]],
        "pinned": lambda: [index for index, row in enumerate(record["rows"]) if row["pinned"]],
        "tables": lambda: [table["rows"] for table in record["tables"]],
        "doubts": lambda: sorted({doubt["field"] for doubt in record["doubts"]}),
    }
    return shapes[field]() if field in shapes else record[field]


def expectation(page: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((page.parent / "expected.json").read_text(encoding="utf-8"))
    return expected


def reading(page: Path, expected: dict[str, Any]) -> dict[str, Any]:
    harvest = read_page(open_page(page.read_bytes(), url=expected.get("url", "")))
    return record_of(harvest) | {"links": list(harvest.links)}


def score(page: Path) -> float:
    expected = expectation(page)
    record = reading(page, expected)
    return fmean(_agreement(observed(name, record), value) for name, value in expected.items() if name != "url")


def _agreement(got: Any, wanted: Any) -> float:
    if got == wanted:
        return 1.0
    if not (isinstance(wanted, list) and wanted and all(isinstance(item, str) for item in wanted)):
        return 0.0
    shared = sum((Counter(got) & Counter(wanted)).values())
    return 2 * shared / (len(got) + len(wanted))


def scores() -> dict[str, float]:
    found: dict[str, list[float]] = defaultdict(list)
    for page in cases():
        found[page.parts[-3]].append(score(page))
    return {family: round(fmean(values), 4) for family, values in sorted(found.items())}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pin", action="store_true", help="write today's scores as floors")
    arguments.add_argument("--allow-regression", action="store_true", help="let a floor sink")
    given = arguments.parse_args()
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    today = scores()
    sunk = [family for family, floor in floors.items() if today.get(family, 0.0) < floor]
    for family, value in today.items():
        print(f"{family:12} {value:.4f}  floor {floors.get(family, 0.0):.4f}{'  SUNK' if family in sunk else ''}")
    if not given.pin:
        return 1 if sunk else 0
    if sunk and not given.allow_regression:
        print("not pinned: a floor would sink; --allow-regression says that this is meant")
        return 1
    FLOORS.write_text(json.dumps(today, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
