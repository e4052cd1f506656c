"""How long questions take on generated bulletins.

Printed per kind of question: median and 95th percentile in milliseconds of `find` with ten hits, snippets and facets,
by the clock and, for machines that are busy otherwise, of the process's own time. The limit for the first three kinds
on 5,000 bulletins is 60 ms.

    python benchmarks/search.py [--count 5000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

# This folder holds a search.py: run as a script, the repository itself must come first.
if sys.path[0] == str(Path(__file__).resolve().parent):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.generated import changes
from bulletin.query import Filters, Query
from search import Searcher, catch_up, open_index, open_searcher, parse_query

LIMIT = 60
#: Words that stand in nearly every generated bulletin: the worst case.
COMMON = ("落实", "责任", "工作", "同比增长", "加强", "管理", "建设", "活动")


def questions(rng: random.Random, texts: list[str]) -> dict[str, list[Query]]:
    def run(length: int) -> str:
        text = rng.choice(texts)
        start = rng.randrange(len(text) - 40)
        return "".join(char for char in text[start : start + 40] if char.isalnum())[:length]

    def ask(text: str, **more: object) -> Query:
        return parse_query(text, facets=True, **more)  # type: ignore[arg-type]

    pairs = [tuple(rng.sample(COMMON, 2)) for _ in range(20)]
    years = [rng.randint(2012, 2024) for _ in range(20)]
    return {
        "common word": [ask(word) for word in COMMON],
        "AND of two common": [ask(f"{one} {two}") for one, two in pairs],
        "4-character phrase, 2 years": [ask(f'"{run(4)}" {year}-01..{year + 1}-12') for year in years],
        "common phrase, 2 years": [ask(f'"落实责任" {year}-01..{year + 1}-12') for year in years[:5]],
        "OR of three": [ask(" OR ".join(rng.sample(COMMON, 3))) for _ in range(10)],
        "rare run of 8": [ask(run(8)) for _ in range(20)],
        "without": [ask(f"{one} -{two}") for one, two in pairs],
        "near each other": [ask(f'"{one} {two}"~10') for one, two in pairs],
        "these glyphs": [ask(f"原字形:{word}") for word in ("責任", "责任", "措施")],
        "newest first": [ask(word, sort="newest") for word in COMMON],
        "office and year only": [ask("", filters=Filters(office="水利局"))],
        "one character": [ask(char) for char in "县政工"],
    }


def timed(searcher: Searcher, queries: list[Query], rounds: int) -> tuple[list[float], list[float]]:
    taken, worked = [], []
    for query in queries * rounds:
        start, started = perf_counter(), process_time()
        searcher.find(query)
        taken.append((perf_counter() - start) * 1000)
        worked.append((process_time() - started) * 1000)
    return sorted(taken), sorted(worked)


def at(taken: list[float], share: float) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * share))]


def clocked(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=5000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    bulletins = list(changes(given.count))
    texts = [one.revision.harvest.text for one in bulletins]
    with tempfile.TemporaryDirectory() as place:
        url = f"whoosh://{Path(place, 'index')}"
        with open_index(url) as index:
            seconds = clocked(lambda: catch_up(index, lambda after: bulletins, batch=500))
        size = sum(file.stat().st_size for file in Path(place).rglob("*") if file.is_file())
        print(
            f"{given.count} bulletins indexed at {given.count / seconds:.0f}/s, {size / given.count / 1000:.1f} kB each"
        )
        with open_searcher(url) as searcher:
            print(
                f"refresh {clocked(searcher.refresh) * 1000:.0f} ms; limit for the first three: {LIMIT} ms at the 95th"
            )
            for kind, queries in questions(random.Random(7), texts).items():
                taken, worked = timed(searcher, queries, given.rounds)
                own = f"(of its own {statistics.median(worked):6.1f} and {at(worked, 0.95):6.1f})"
                print(f"  {kind:30} median {statistics.median(taken):6.1f}   95th {at(taken, 0.95):6.1f} ms   {own}")


if __name__ == "__main__":
    main()
