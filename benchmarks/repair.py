"""How fast damaged and clean texts are repaired, beside `ftfy.fix_text`, and how much of what was damaged comes back.

Speed, characters a second of process time, warm: clean text and the damaged seeds beside the repository where they are
there, otherwise generated bulletins. Outcome: pages damaged by the forward model with random tables and cut sets, as
lines, where the texts lie beside the repository: exact, spaces (only spaces differ), marked (only lost characters,
shown as □, are missing), left (something is still damaged), wrong; clean are lines that held no more than readings.

    python benchmarks/repair.py [--lines 500] [--seed 1] [--private]

ftfy is in the `bench` extra of the package; without it its column is empty.
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from time import process_time

# This folder holds a search.py: run as a script, the repository itself must come first.
if sys.path[0] == str(Path(__file__).resolve().parent):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.generated import changes
from bulletin.text.repair import repair
from bulletin.text.script import to_traditional
from tests.damaged_pages import DAMAGED, TEXTS, judged, pages

SHARED = Path(__file__).resolve().parents[2] / "shared"


def clean_texts() -> list[str]:
    """Documents in traditional script: samples that lie beside the repository, or generated ones."""
    paths = [SHARED / "text" / name for name in ("bulletins-traditional-17k.jsonl.xz", "laws-simplified-3k.jsonl.xz")]
    if not all(path.exists() for path in paths):
        return [to_traditional(change.revision.harvest.text) for change in changes(400)]
    bulletins, laws = (sample(path) for path in paths)
    return bulletins + [to_traditional(text) for text in laws]


def sample(path: Path) -> list[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["body"] for line in islice(lines, 0, None, 5 if "17k" in path.name else 8)]


def speed(work: Callable[[str], object], texts: list[str]) -> float:
    size = sum(map(len, texts))
    rounds = max(1, 300_000 // size)
    for text in texts:
        work(text)
    start = process_time()
    for _ in range(rounds):
        for text in texts:
            work(text)
    return rounds * size / max(process_time() - start, 1e-9)


def print_speed(texts: list[str]) -> None:
    try:
        from ftfy import fix_text
    except ImportError:
        fix_text = None
        print("ftfy is not installed: pip install 'gongbao[bench]' to compare")
    sets = {"clean text": texts[:300]}
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        sets[f"seed {path.name[:3]}"] = [path.read_text(encoding="utf-8")]
    for name, some in sets.items():
        mine, theirs = speed(repair, some), speed(fix_text, some) if fix_text else 0.0
        beside = f"{theirs:>12,.0f} ftfy {mine / theirs:8.2f} times" if theirs else ""
        print(f"{name:12} {mine:>12,.0f} characters/s {beside}")


def print_outcome(least: int, seed: int, private: bool) -> None:
    tally: Counter[str] = Counter()
    size, spent = 0, 0.0
    for page in pages(seed, private=private):
        text = "\n".join(page.received)
        start = process_time()
        repaired = repair(text)
        spent += process_time() - start
        size += len(text)
        tally.update(line.how for line in judged(page, repaired))
        if sum(tally[how] for how in DAMAGED) >= least:
            break
    lines = sum(tally[how] for how in DAMAGED)
    print(f"{lines} damaged lines, private-use characters {'kept' if private else 'lost'}, seed {seed}")
    for how, number in tally.most_common():
        print(
            f"  {how:20} {number:6} {100 * number / max(lines, 1):6.2f} %"
            if how in DAMAGED
            else f"  {how:20} {number:6}"
        )
    print(f"  {size / max(spent, 1e-9):,.0f} characters/s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=int, default=500, help="damaged lines, of whole pages")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--private", action="store_true", help="private-use characters are still there")
    chosen = options.parse_args()
    texts = clean_texts()
    print_speed(texts)
    if TEXTS.exists():
        print_outcome(chosen.lines, chosen.seed, chosen.private)


if __name__ == "__main__":
    main()
