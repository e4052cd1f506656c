"""How fast damaged and clean texts are repaired, beside `ftfy.fix_text`, and how much of what was damaged comes back.

Speed, characters a second of process time, warm: clean text and the damaged seeds beside the repository where they are
there, otherwise generated bulletins. Outcome: pages damaged by the forward model with random tables and cut sets, as
lines: exact, marked (only a lost character, shown as □, is missing), left (something is still damaged), wrong.

    python benchmarks/repair.py [--pages 20] [--seed 1] [--private]

ftfy is in the `bench` extra of the package; without it its column is empty.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from time import process_time

# This folder holds a search.py: run as a script, the repository itself must come first.
if sys.path[0] == str(Path(__file__).resolve().parent):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.generated import changes
from bulletin.text.repair import repair
from bulletin.text.repair.model import FULL_TO_HALF, damage, decode, encode
from bulletin.text.repair.readings import READING, is_converted, readings_of
from bulletin.text.script import to_traditional

SHARED = Path(__file__).resolve().parents[2] / "shared"
#: Whole documents make a page until it has so many characters: too few would not show a page's table.
PAGE = 4000
CUT_SETS = ("", "？！；", "，；？！", "，、；？！")


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


def damaged_pages(texts: list[str], count: int, seed: int, private: bool) -> Iterator[tuple[list[str], list[str]]]:
    rng = random.Random(seed)
    frequencies = Counter(c for text in texts for c in text if is_converted(c))
    common = [(c, reading) for c, _ in frequencies.most_common(1500) if (reading := fixed_reading(c))]
    texts = rng.sample(texts, len(texts))
    for _ in range(count):
        truth: list[str] = []
        while sum(map(len, truth)) < PAGE:
            if not texts:
                return
            lines = [line.strip() for line in texts.pop().split("\n")]
            truth += [line for line in lines if len(line) > 1 and decode(encode(line)) == line]
        table = dict(rng.sample(common, min(len(common), rng.randint(40, 140))))
        cuts, fold = frozenset(rng.choice(CUT_SETS)), rng.random() < 0.5
        spoilt = [damage(line, table, cuts, keep_private=private, fold=fold) for line in truth]
        yield [line.translate(FULL_TO_HALF) if fold else line for line in truth], spoilt


def fixed_reading(character: str) -> str:
    toned = [reading for reading in sorted(readings_of(character)) if READING.fullmatch(f"({reading})")]
    return toned[0] if toned else ""


def verdict(truth: str, got: str, mends: list[tuple[int, int]]) -> str:
    if got == truth:
        return "exact"
    if re.sub(r"\s", "", got) == re.sub(r"\s", "", truth):
        return "exact but for spaces"
    if re.fullmatch(re.escape(got).replace("□", "."), truth):
        return "marked"
    for start, end in mends:
        near = got[max(0, start - 1) : end + 1].strip("?")
        if not re.search(re.escape(near).replace("□", "."), truth):
            return "wrong"
    return "left"


def print_outcome(texts: list[str], count: int, seed: int, private: bool) -> None:
    tally: Counter[str] = Counter()
    for truth, spoilt in damaged_pages(texts, count, seed, private):
        repaired = repair("\n".join(spoilt))
        start = 0
        for was, bad, got in zip(truth, spoilt, repaired.text.split("\n"), strict=True):
            mends = [
                r for r in repaired.repairs if r.kind in ("phase", "lost") and start <= r.to_start < start + len(got)
            ]
            if READING.sub("", bad) != was:
                tally[verdict(was, got, [(r.to_start - start, r.to_end - start) for r in mends])] += 1
            elif got != was:
                tally["clean line: " + verdict(was, got, mends)] += 1
            start += len(got) + 1
    lines = sum(tally[how] for how in ("exact", "exact but for spaces", "marked", "left", "wrong"))
    print(f"{lines} damaged lines, private-use characters {'kept' if private else 'lost'}, seed {seed}")
    for how, number in tally.most_common():
        print(f"  {how:20} {number:6} {100 * number / max(lines, 1):6.2f} %")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=20, help="damaged pages of some 4,000 characters")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--private", action="store_true", help="private-use characters are still there")
    chosen = options.parse_args()
    texts = clean_texts()
    print_speed(texts)
    print_outcome(texts, chosen.pages, chosen.seed, chosen.private)


if __name__ == "__main__":
    main()
