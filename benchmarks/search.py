"""How long questions of every kind take, beside two peers, on the real texts multiplied to any number of bulletins.

Each engine is built and asked in a process of its own, on the same bulletins and questions; tantivy is built as
`gongbao index rebuild` does it, with a process on each core to analyse. Printed: build rate with analysis, size on
disk, memory (peak of the process that asks), how long an update of ten bulletins takes until it is visible, recall of
cut-outs in both scripts, and for each kind of question median and 95th percentile of `find` with ten hits, snippets and
facets, by the clock and, for machines that are busy otherwise, of the processes' own time.

Limits at the 95th: tantivy 20 ms at 100,000 bulletins, Whoosh 200 ms at 20,000 with memory under 600 MB.

    python benchmarks/search.py [--documents 5000] [--engine tantivy] [--engine whoosh] [--rounds 3] [--no-peers]
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import random
import resource
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

# This folder holds a search.py: run as a script, the repository itself must come first.
if sys.path[0] == str(Path(__file__).resolve().parent):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import peers
from benchmarks.multiplied import changes
from bulletin.document import Change
from bulletin.query import Filters, Phrase, Query
from bulletin.text.script import to_simplified, to_traditional
from search import catch_up, entry_of, open_index, open_searcher, parse_query, rebuild
from search.analyzer import open_analyzer
from search.characters import characters
from search.entry import Entry

SEED = 7
SAMPLE = 2000  # bulletins that questions are drawn from
CUTS = 300
UPDATES = 5


def questions(entries: list[Entry]) -> dict[str, list[Query]]:
    """Twenty or so of each kind; the common words stand in most bulletins, which is the worst case."""
    rng = random.Random(SEED)
    common = common_words(entries)

    def ask(text: str, **more: Any) -> Query:
        return parse_query(text, facets=True, **more)

    def runs(length: int, count: int = 20) -> list[str]:
        found: list[str] = []
        while len(found) < count:
            text = characters(rng.choice(entries).text)
            if len(text) > length:
                start = rng.randrange(len(text) - length)
                found.append(text[start : start + length])
        return found

    pairs = [rng.sample(common, 2) for _ in range(20)]
    years = [rng.randint(2012, 2023) for _ in range(20)]
    numbers = [entry.number for entry in entries[:60] if entry.number][:20]
    indexes = [entry.index_number for entry in entries[:20] if entry.index_number]
    titles = [characters(entry.title)[2:6] for entry in entries[:20] if len(characters(entry.title)) > 6]
    return {
        "common word": [ask(word) for word in common],
        "word": [ask(run) for run in runs(2)],
        "one character": [ask(run) for run in runs(1)],
        "AND of two common": [ask(f"{one} {two}") for one, two in pairs],
        "OR of three common": [ask(" OR ".join(rng.sample(common, 3))) for _ in range(20)],
        "common without common": [ask(f"{one} -{two}") for one, two in pairs],
        "grouping": [ask(f"({one} OR {run}) {two}") for (one, two), run in zip(pairs, runs(2), strict=True)],
        "exact phrase of 4": [ask(f'"{run}"') for run in runs(4)],
        "phrase, very common": [ask(f'"{run}"') for run in common_runs(entries)],
        "run of 8": [ask(run) for run in runs(8)],
        "cut-out of 30": [ask(run) for run in runs(30)],
        "other script": [ask(to_traditional(run)) for run in runs(3)],
        "title": [ask(f"标题:{title}") for title in titles],
        "document number": [ask(number) for number in numbers],
        "number, other spelling": [ask(f"文号:{n.replace('〔', '[').replace('〕', ']')}") for n in numbers],
        "number, fragment": [ask(f"文号:{number[-6:]}") for number in numbers],
        "index number": [ask(f"索引号:{number[3:12]}") for number in indexes],
        "office": [ask(f"机构:水利局 {word}") for word in common],
        "source and county": [ask(f"来源:融媒体 县:619902 {word}") for word in common],
        "dates and common word": [ask(f"{w} {y}-01..{y + 1}-12") for w, y in zip(common * 9, years, strict=False)],
        "year": [ask(f"{year}年") for year in years],
        "prefix": [ask(f"{run}*") for run in runs(2)],
        "near, two common": [ask(f'"{one} {two}"~5') for one, two in pairs],
        "these glyphs": [ask(f"原字形:{glyph}") for glyph in ("規定", "规定", "機關", "机关", "辦理", "台灣")],
        "common, newest first": [ask(word, sort="newest") for word in common],
        "common, by number": [ask(word, sort="number") for word in common],
        "common, copies as one": [ask(word, collapse=True) for word in common],
        "filters only": [ask("", filters=Filters(office="水利局", region="619901"))],
    }


def common_words(entries: Iterable[Entry]) -> list[str]:
    analyzer = open_analyzer()
    holding: Counter[str] = Counter()
    for entry in islice(entries, 600):
        holding.update(
            sorted({term for term in analyzer.terms(entry.text[:3000]) if len(term) == 2 and not term.isdigit()})
        )
    return [term for term, _ in holding.most_common(10)]


def common_runs(entries: Iterable[Entry]) -> list[str]:
    """The runs of four characters that most bulletins hold."""
    holding: Counter[str] = Counter()
    for entry in islice(entries, 600):
        text = characters(entry.text[:3000])
        # Sorted, so that of those equally common the same are drawn in every run.
        holding.update(sorted({text[at : at + 4] for at in range(len(text) - 3)}))
    return [run for run, _ in holding.most_common(20) if not run.isdigit()]


def cut_outs(entries: list[Entry]) -> list[tuple[str, Entry]]:
    """Two to twelve letters, digits or Chinese characters as they stand in a text, every second in the other script."""
    rng = random.Random(SEED)
    cuts: list[tuple[str, Entry]] = []
    while len(cuts) < CUTS:
        entry = rng.choice(entries)
        places = [at for at, char in enumerate(entry.text) if characters(char)]
        size = rng.randint(2, 12)
        if len(places) > size:
            first = rng.randrange(len(places) - size)
            cut = entry.text[places[first] : places[first + size - 1] + 1]
            turn = rng.choice((to_simplified, to_traditional)) if len(cuts) % 2 else str
            cuts.append((turn(cut), entry))
    return cuts


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """The answer of `work`, done in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def peak() -> float:
    """MB of memory this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def clocked(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the process's own and of those it started and saw end."""
    start, started = perf_counter(), own_time()
    work()
    return perf_counter() - start, own_time() - started


def own_time() -> float:
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + others.ru_utime + others.ru_stime


def built(engine: str, place: str, count: int) -> tuple[float, float, float]:
    """Seconds by the clock and of the process's own, MB of memory beyond what the bulletins took."""
    given = list(changes(count))
    before = peak()
    if engine in peers.PEERS:
        seconds = clocked(lambda: peers.build(engine, Path(place), map(entry_of, given)))
    else:
        seconds = clocked(lambda: rebuild(f"{engine}://{place}", lambda after: given, workers=os.cpu_count() or 1))
    return *seconds, peak() - before


def updated(engine: str, place: str, count: int) -> list[float]:
    """Seconds from ten changed bulletins until they are visible, several times."""
    url = f"{engine}://{place}"
    taken: list[float] = []
    with open_searcher(url) as searcher, open_index(url) as index:
        for turn in range(UPDATES):
            given: list[Change] = list(changes(count + 10 * turn + 10, after=count + 10 * turn))

            def work(given: list[Change] = given) -> None:
                catch_up(index, lambda after: given)
                searcher.refresh()

            taken.append(clocked(work)[0])
            assert searcher.count() == count + 10 * turn + 10
    return taken


Latencies = dict[str, tuple[list[float], list[float]]]


def asked(engine: str, place: str, rounds: int) -> tuple[Latencies, float, float]:
    """Milliseconds of each kind by the clock and of the process's own, the share of cut-outs found, peak memory."""
    entries = [entry_of(change) for change in changes(SAMPLE)]
    kinds, cuts = questions(entries), cut_outs(entries)
    found: Latencies = {}
    with open_searcher(f"{engine}://{place}") as searcher:
        for kind, queries in kinds.items():
            searcher.find(queries[0])
            times = [clocked(lambda query=query: searcher.find(query)) for query in queries * rounds]  # type: ignore[misc]
            found[kind] = sorted(wall * 1000 for wall, _ in times), sorted(own * 1000 for _, own in times)
        one = (Query(Phrase(cut), limit=1, ids=frozenset((entry.document_id,))) for cut, entry in cuts)
        recall = sum(searcher.find(query).total for query in one) / len(cuts)
        return found, recall, peak()


def asked_of_peer(peer: str, place: str, rounds: int) -> tuple[Latencies, float, float]:
    """As `asked`, of the kinds a peer can be asked."""
    entries = [entry_of(change) for change in changes(SAMPLE)]
    opened, common = peers.Peer(peer, Path(place)), common_words(entries)
    rng = random.Random(SEED)
    texts = [characters(entry.text) for entry in entries if len(entry.text) > 100]
    runs = [text[20:24] for text in rng.sample(texts, 20)]
    kinds: dict[str, list[tuple[list[str], str]]] = {
        "common word": [([word], "AND") for word in common],
        "AND of two common": [(rng.sample(common, 2), "AND") for _ in range(10)],
        "OR of three common": [(rng.sample(common, 3), "OR") for _ in range(10)],
        "exact phrase of 4": [([run], "AND") for run in runs],
    }
    found: Latencies = {}
    for kind, given in kinds.items():
        times = [clocked(lambda each=each: opened.first(*each)) for each in given * max(1, rounds // 2)]  # type: ignore[misc]
        found[kind] = sorted(wall * 1000 for wall, _ in times), sorted(own * 1000 for _, own in times)
    cuts = cut_outs(entries)
    return found, sum(opened.holds(cut, entry.seq) for cut, entry in cuts) / len(cuts), peak()


def at(taken: list[float], share: float) -> float:
    """The quantile by nearest rank."""
    return taken[max(0, math.ceil(len(taken) * share) - 1)]


def size(place: Path) -> float:
    files = [place] if place.is_file() else place.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file()) / 1_000_000


def report(name: str, count: int, folder: Path, rounds: int) -> None:
    place = folder / name
    seconds, own, memory = apart(built, name, str(place), count)
    print(f"\n{name}: {count} bulletins built at {count / seconds:.0f}/s (of its own time {count / own:.0f}/s)", end="")
    print(f", {size(place):.0f} MB on disk, {memory:.0f} MB of memory for it", flush=True)
    peer = name in peers.PEERS
    latencies, recall, held = apart(asked_of_peer if peer else asked, name, str(place), rounds)
    print(f"  recall of {CUTS} cut-outs {recall:.3f}; peak memory while asking {held:.0f} MB")
    if not peer:
        taken = apart(updated, name, str(place), count)
        print(f"  ten bulletins visible after {statistics.median(taken):.3f} s (at most {max(taken):.3f})")
    for kind, (wall, of_own) in latencies.items():
        line = f"median {statistics.median(wall):7.1f}   95th {at(wall, 0.95):7.1f} ms"
        print(f"  {kind:26}{line}   (of its own {statistics.median(of_own):7.1f} and {at(of_own, 0.95):7.1f})")
    sys.stdout.flush()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--documents", type=int, default=5000)
    options.add_argument("--engine", action="append", help="tantivy, whoosh; both where not said")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--no-peers", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for name in [*(given.engine or ("tantivy", "whoosh")), *(() if given.no_peers else peers.PEERS)]:
            report(name, given.documents, Path(place), given.rounds)


if __name__ == "__main__":
    main()
