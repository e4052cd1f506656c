"""Known-item questions: somebody remembers a bulletin and types what is left of it. Is it among the first ten?

Documents are real texts beside the repository; questions are drawn from them with a seed, a quarter of each kind: a
piece of a title, a piece of a text, a document number in some spelling, and three telling words in the other script.
Printed per engine and kind: MRR@10 and recall@10, in one run, on the same documents and questions.

Peers: SQLite FTS5 with its trigram tokeniser, and pairs of characters without positions, all of which must be there, as
paperless-ngx has them; both rank by FTS5's own bm25 with our weight of the title. Each is built over the texts as they
are, and over texts and questions turned into simplified characters by OpenCC, which neither does by itself.

Which questions are drawn moves a figure by one or two hundredths, the same for all: five draws are made, each with a
seed of its own, and their mean is what to compare. Printed last: how much better an engine of ours is than the best
peer of a kind, question by question, with the standard error of that difference. `--skip` takes other documents than
the ones the weights were looked at on.

    python benchmarks/known_item.py [--count 3000] [--skip 0] [--questions 500] [--seeds 20261122 1 2 3 4]
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import random
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import fmean, stdev
from time import perf_counter
from typing import Final

# This folder holds a search.py: run as a script, the repository itself must come first.
if sys.path[0] == str(Path(__file__).resolve().parent):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from bulletin.text.script import to_simplified, to_traditional
from search import Entry, open_index, open_searcher, parse_query
from search.analyzer import open_analyzer
from search.engines import schemes
from search.ranking import WEIGHTS

SEEDS: Final = (20261122, 1, 2, 3, 4)
TEXTS: Final = Path(__file__).resolve().parents[2] / "shared" / "text"
KINDS: Final = ("title piece", "text piece", "number", "words, other script")
CODES: Final = ("云政发", "云政办发", "云水发", "松政发", "松教函")
_LETTERS: Final = re.compile(r"[^\W_]+")

Asked = Callable[[str], list[int]]


@dataclass(frozen=True, slots=True)
class Question:
    kind: str
    text: str
    answer: int


def documents(count: int, skip: int = 0) -> Iterator[Entry]:
    """Two thirds notices in traditional, one third laws in simplified characters, each with an invented number; of each
    sample the first that are wanted, or those behind so many of them."""
    parts = (("bulletins-traditional-17k", count - count // 3), ("laws-simplified-3k", count // 3))
    number = 0
    for name, share in parts:
        with lzma.open(TEXTS / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            behind = skip * share // count
            for line in islice(lines, behind, behind + share):
                read = json.loads(line)
                day = date.fromisoformat(read["date"]) if read["date"] else None
                title, text = read["title"] or "", read["body"][:20_000]
                printed = f"{CODES[number % 5]}〔{2010 + number % 13}〕{number // 65 + 1}号"
                place = (f"{number:016x}", 1, number + 1, "619901_yunxiu", "619901", f"http://x/{number}")
                yield Entry(*place, title=title, text=text, number=printed, published_on=day)
                number += 1


def questions(entries: Sequence[Entry], count: int, seed: int) -> list[Question]:
    rng = random.Random(seed)
    analyzer = open_analyzer()
    words = [
        Counter(word for word in analyzer.segments(entry.title + "\n" + entry.text) if _telling(word))
        for entry in entries
    ]
    holding = Counter(word for counts in words for word in counts)
    asked: list[Question] = []
    while len(asked) < count:
        kind, answer = KINDS[len(asked) % len(KINDS)], rng.randrange(len(entries))
        entry = entries[answer]
        text = {
            KINDS[0]: lambda: _piece(rng, entry.title, 4, 8),  # noqa: B023
            KINDS[1]: lambda: _piece(rng, entry.text, 6, 10),  # noqa: B023
            KINDS[2]: lambda: _respelt(rng, entry.number or ""),  # noqa: B023
            KINDS[3]: lambda: _keywords(rng, entry, words[answer], holding, len(entries)),  # noqa: B023
        }[kind]()
        if text:
            asked.append(Question(kind, text, answer))
    return asked


def _telling(word: str) -> bool:
    return len(word) > 1 and not word.isascii() and not any(map(str.isdigit, word))


def _piece(rng: random.Random, text: str, least: int, most: int) -> str:
    size = rng.randint(least, most)
    runs = [run for run in _LETTERS.findall(text) if len(run) >= size]
    if not runs:
        return ""
    run = rng.choice(runs)
    start = rng.randrange(len(run) - size + 1)
    return run[start : start + size]


def _respelt(rng: random.Random, number: str) -> str:
    code, year, serial = re.split("[〔〕]", number)
    return rng.choice([number, f"{code}[{year}]{serial}", f"{code}（{year}）{serial}", f"{code}〔{year}〕第{serial}"])


def _keywords(
    rng: random.Random, entry: Entry, counts: Mapping[str, int], holding: Mapping[str, int], total: int
) -> str:
    """Three of the ten words that tell most, in any order, in the script the bulletin is not in."""
    worth = {word: count * math.log(total / holding[word]) for word, count in counts.items()}
    telling = sorted(worth, key=lambda word: (-worth[word], word))[:10]
    chosen = " ".join(rng.sample(telling, min(3, len(telling))))
    traditional = to_simplified(entry.text[:2000]) != entry.text[:2000]
    return to_simplified(chosen) if traditional else to_traditional(chosen)


def ours(entries: Sequence[Entry], scheme: str, folder: Path) -> Asked:
    url = f"{scheme}://{folder / scheme}"
    with open_index(url) as index:
        for first in range(0, len(entries), 500):
            part = entries[first : first + 500]
            index.write(part, upto=part[-1].seq)
    searcher = open_searcher(url)
    return lambda text: [int(hit.document_id, 16) for hit in searcher.find(parse_query(text, limit=10)).hits]


def trigram(entries: Sequence[Entry], turn: Callable[[str], str]) -> Asked:
    """Every term as a substring: by the index from three characters on, by reading below that."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE held USING fts5(title, number, text, tokenize='trigram')")
    rows = ((row, turn(entry.title), entry.number, turn(entry.text)) for row, entry in enumerate(entries))
    db.executemany("INSERT INTO held (rowid, title, number, text) VALUES (?, ?, ?, ?)", rows)

    def asked(text: str) -> list[int]:
        terms = turn(text).split()
        long = " AND ".join('"' + term.replace('"', '""') + '"' for term in terms if len(term) > 2)
        short = [term for term in terms if len(term) <= 2]
        tests = ["held MATCH ?"] * bool(long) + ["instr(title || char(10) || text, ?)"] * len(short)
        order = f"bm25(held, {WEIGHTS['title']}, {WEIGHTS['number']}, 1.0), rowid" if long else "rowid"
        query = f"SELECT rowid FROM held WHERE {' AND '.join(tests)} ORDER BY {order} LIMIT 10"
        return [row for (row,) in db.execute(query, [long, *short] if long else short)]

    return asked


def bigram(entries: Sequence[Entry], turn: Callable[[str], str]) -> Asked:
    """Every pair of characters side by side, without their order."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE held USING fts5(title, number, text, tokenize='ascii', detail='column')")
    rows = ((row, *(_pairs(turn(part or "")) for part in (e.title, e.number, e.text))) for row, e in enumerate(entries))
    db.executemany("INSERT INTO held (rowid, title, number, text) VALUES (?, ?, ?, ?)", rows)
    order = f"bm25(held, {WEIGHTS['title']}, {WEIGHTS['number']}, 1.0), rowid"

    def asked(text: str) -> list[int]:
        wanted = " AND ".join(f'"{pair}"' for pair in dict.fromkeys(_pairs(turn(text)).split()))
        query = f"SELECT rowid FROM held WHERE held MATCH ? ORDER BY {order} LIMIT 10"
        return [row for (row,) in db.execute(query, (wanted,))] if wanted else []

    return asked


def _pairs(text: str) -> str:
    return " ".join(run[at : at + 2] for run in _LETTERS.findall(text.lower()) for at in range(max(1, len(run) - 1)))


#: Of each kind the place, from 1 on, of what was looked for; 0 where it is not among the first ten.
Places = Mapping[str, Sequence[int]]


def judged(asked: Asked, wanted: Sequence[Question]) -> Places:
    places: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for question in wanted:
        found = asked(question.text)[:10]
        places[question.kind].append(found.index(question.answer) + 1 if question.answer in found else 0)
    return places


def joined(draws: Sequence[Places]) -> Places:
    return {kind: [place for one in draws for place in one[kind]] for kind in KINDS}


def reciprocals(places: Sequence[int]) -> list[float]:
    return [1 / place if place else 0.0 for place in places]


def found(places: Sequence[int]) -> list[float]:
    return [float(place > 0) for place in places]


def compared(our: Places, peers: Sequence[Places]) -> str:
    """By how much ours is better than the best peer of each kind, with the standard error."""
    told = []
    for kind in KINDS:
        best = max(peers, key=lambda places: fmean(reciprocals(places[kind])))
        parts = []
        for measure in (reciprocals, found):
            apart = [a - b for a, b in zip(measure(our[kind]), measure(best[kind]), strict=True)]
            parts.append(f"{fmean(apart):+.3f}±{stdev(apart) / math.sqrt(len(apart)):.3f}")
        told.append(f"{' / '.join(parts):>26}")
    return "".join(told)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=3000)
    options.add_argument("--skip", type=int, default=0)
    options.add_argument("--questions", type=int, default=500)
    options.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    given = options.parse_args()
    if not TEXTS.is_dir():
        print("The real texts are not beside the repository: nothing to ask about.")
        return
    entries = list(documents(given.count, given.skip))
    draws = [questions(entries, given.questions, seed) for seed in given.seeds]
    print(f"{len(entries)} texts, {given.questions} questions a seed: MRR@10 / recall@10")
    print(f"{'':28}" + "".join(f"{kind:>26}" for kind in KINDS))
    of_all: dict[str, Places] = {}
    with tempfile.TemporaryDirectory() as place:
        engines = {s: (lambda s=s: ours(entries, s, Path(place))) for s in schemes() if s != "memory"}  # type: ignore[misc]
        peers = {"trigram": trigram, "bigram": bigram}
        for name, build in peers.items():
            engines[name] = lambda build=build: build(entries, str)  # type: ignore[misc]
            engines[f"{name}, simplified"] = lambda build=build: build(entries, to_simplified)  # type: ignore[misc]
        for name, made in engines.items():
            start = perf_counter()
            asked = made()
            seconds = perf_counter() - start
            print(f"{name:28}built at {len(entries) / seconds:.0f}/s", flush=True)
            scores = [judged(asked, wanted) for wanted in draws]
            for seed, one in zip(given.seeds, scores, strict=True):
                print(_line(f"  seed {seed}", one), flush=True)
            of_all[name] = joined(scores)
            print(_line("  mean", of_all[name]), flush=True)
    best = [places for name, places in of_all.items() if name.split(",")[0] in peers]
    for name in (name for name in of_all if name.split(",")[0] not in peers):
        print(f"{name + ', beyond best peer':28}" + compared(of_all[name], best))


def _line(name: str, places: Places) -> str:
    told = ((fmean(reciprocals(places[kind])), fmean(found(places[kind]))) for kind in KINDS)
    return f"{name:28}" + "".join(f"{mrr:18.3f} / {recall:.3f}" for mrr, recall in told)


if __name__ == "__main__":
    main()
