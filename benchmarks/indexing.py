"""Index update with analysis, exact layer and stored texts, against Whoosh alone fed with ready tokens.

Both write the same fields with the same codec and commits into fresh folders, in turns, in this process; Whoosh's
tokens are cut and counted beforehand. Printed: bulletins a second and their ratio (aim: at least 0.6).

    python benchmarks/indexing.py [--count 1000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

# This folder holds a search.py: run as a script, the repository itself must come first.
if sys.path[0] == str(Path(__file__).resolve().parent):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from whoosh import index

from benchmarks.generated import changes
from bulletin.document import Change
from search import catch_up, entry_of, open_index
from search.analyzer import open_analyzer
from search.engines.whoosh_storage import words_schema, words_writer
from search.entry import folded_parts_of
from search.ranking import counted

BATCH = 500


def ours(folder: Path, given: list[Change]) -> float:
    start = perf_counter()
    with open_index(f"whoosh://{folder}") as target:
        catch_up(target, lambda after: given, batch=BATCH)
    return len(given) / (perf_counter() - start)


def whoosh_alone(folder: Path, tokens: list[Counter[str]]) -> float:
    folder.mkdir()
    start = perf_counter()
    target = index.create_in(str(folder), words_schema())
    for first in range(0, len(tokens), BATCH):
        writer = words_writer(target)
        for number, words in enumerate(tokens[first : first + BATCH], first + 1):
            writer.add_document(document_id=f"{number:016x}", row=number, words=words)
        writer.commit()
    target.close()
    return len(tokens) / (perf_counter() - start)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    bulletins = list(changes(given.count))
    analyzer = open_analyzer()
    tokens = [counted(folded_parts_of(entry_of(one)), analyzer) for one in bulletins]
    rates: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as place:
        for turn in range(given.rounds):
            rates.append(
                (ours(Path(place, f"ours{turn}"), bulletins), whoosh_alone(Path(place, f"bare{turn}"), tokens))
            )
            print(
                f"round {turn + 1}: with analysis {rates[-1][0]:6.0f}/s, Whoosh fed with tokens {rates[-1][1]:6.0f}/s"
            )
    ratio = statistics.median(mine / bare for mine, bare in rates)
    print(f"{given.count} bulletins, ratio {ratio:.2f} (aim: at least 0.60)")


if __name__ == "__main__":
    main()
