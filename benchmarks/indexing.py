"""Building an index with analysis, exact layer and stored texts, against the same library alone fed with ready tokens.

Both write the same fields with the same commits into fresh folders, in turns, in this process; what the library alone
is given is cut and counted beforehand. Analysis alone is making what tantivy is given and writing none. Printed:
bulletins a second by the clock and of the own time of the process, and ratios. Aims: Whoosh 0.6 of Whoosh alone;
tantivy a quarter of tantivy alone, and ten times Whoosh.

    python benchmarks/indexing.py [--count 1000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

# This folder holds a search.py: run as a script, the repository itself must come first.
if sys.path[0] == str(Path(__file__).resolve().parent):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import tantivy
from whoosh import index

from benchmarks.multiplied import changes
from bulletin.document import Change
from search import catch_up, entry_of, open_index, rebuild
from search.analyzer import open_analyzer
from search.engines.tantivy_laying import laid_down
from search.engines.tantivy_storage import create, opened
from search.engines.whoosh_storage import words_schema, words_writer
from search.entry import folded_parts_of
from search.ranking import counted

BATCH = 500
PART = 50
HEAP = 256_000_000


def with_whoosh(folder: Path, given: list[Change]) -> None:
    with open_index(f"whoosh://{folder}") as target:
        catch_up(target, lambda after: given, batch=BATCH)


def whoosh_alone(folder: Path, tokens: list[Counter[str]]) -> None:
    folder.mkdir()
    target = index.create_in(str(folder), words_schema())
    for first in range(0, len(tokens), BATCH):
        writer = words_writer(target)
        for number, words in enumerate(tokens[first : first + BATCH], first + 1):
            writer.add_document(document_id=f"{number:016x}", row=number, words=words)
        writer.commit()
    target.close()


def with_tantivy(folder: Path, given: list[Change]) -> None:
    rebuild(f"tantivy://{folder}", lambda after: given, batch=BATCH)


def tantivy_alone(folder: Path, documents: list[tantivy.Document]) -> None:
    folder.mkdir()
    create(folder, "")
    writer = opened(folder).writer(HEAP, 1)
    for document in documents:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def analysed(given: list[Change]) -> None:
    for first in range(0, len(given), PART):
        laid_down(list(map(entry_of, given[first : first + PART])), open_analyzer())


def rates(count: int, work: Callable[[], None]) -> tuple[float, float]:
    start, started = perf_counter(), process_time()
    work()
    return count / (perf_counter() - start), count / (process_time() - started)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    bulletins, analyzer = list(changes(given.count)), open_analyzer()
    entries = list(map(entry_of, bulletins))
    tokens = [counted(folded_parts_of(entry), analyzer) for entry in entries]
    documents = [laid.document() for laid in laid_down(entries, analyzer)]
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as place:
        for turn in range(given.rounds):
            works: dict[str, Callable[[Path], None]] = {
                "analysis alone": lambda _: analysed(bulletins),
                "tantivy with analysis": lambda folder: with_tantivy(folder, bulletins),
                "tantivy alone": lambda folder: tantivy_alone(folder, documents),
                "Whoosh with analysis": lambda folder: with_whoosh(folder, bulletins),
                "Whoosh alone": lambda folder: whoosh_alone(folder, tokens),
            }
            for name, work in works.items():
                folder = Path(place, f"{name.replace(' ', '')}{turn}")
                found.setdefault(name, []).append(rates(given.count, lambda: work(folder)))  # noqa: B023
                clock, own = found[name][-1]
                print(f"round {turn + 1}: {name:22} {clock:6.0f}/s, of its own time {own:6.0f}/s", flush=True)

    def ratio(one: str, other: str) -> str:
        pairs = [(a[0] / b[0], a[1] / b[1]) for a, b in zip(found[one], found[other], strict=True)]
        return " (of its own time ".join(f"{statistics.median(each):.2f}" for each in zip(*pairs, strict=True)) + ")"

    print(f"{given.count} bulletins; Whoosh with analysis to alone {ratio('Whoosh with analysis', 'Whoosh alone')}")
    print(f"tantivy with analysis to alone {ratio('tantivy with analysis', 'tantivy alone')}, aim 0.25")
    print(f"tantivy to Whoosh, with analysis {ratio('tantivy with analysis', 'Whoosh with analysis')}, aim 10")


if __name__ == "__main__":
    main()
