"""How many pages a second are read, beside trafilatura in the same run, and how evenly the time follows the length.

The pages are invented: those of tests/golden, each alone and with its body made longer, so that short and long ones are
among them. Process time, warm. Printed: pages/s of both, their ratio, and the 99th hundredth of the time per kB over
its median.

    python benchmarks/reading.py [--rounds 3]

trafilatura is no dependency of the package: `pip install trafilatura` beside it to see its column.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

# This folder holds a search.py: run as a script, the repository itself must come first.
if sys.path[0] == str(Path(__file__).resolve().parent):
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from crawler.extract.decoding import decode
from crawler.extract.page import open_page
from crawler.extract.reading import read_page

GOLDEN = Path(__file__).resolve().parents[1] / "tests" / "golden"
#: How often the paragraphs of a page stand in it.
LENGTHS = (1, 5, 25)


def pages() -> list[bytes]:
    """The golden pages, their last paragraph repeated until the body is several times as long."""
    found = []
    for path in sorted(GOLDEN.glob("*/*/page.html")):
        page = path.read_bytes()
        start, end = page.rfind(b"<p"), page.rfind(b"</p>") + len(b"</p>")
        times = LENGTHS if 0 <= start < end else (1,)
        found += [page[:start] + page[start:end] * many + page[end:] if many > 1 else page for many in times]
    return found


def times_of(work: Callable[[bytes], object], given: list[bytes], rounds: int) -> list[float]:
    """Seconds of process time for each page: the best of `rounds`."""
    best = [float("inf")] * len(given)
    for page in given[:20]:
        work(page)
    for _ in range(rounds):
        for index, page in enumerate(given):
            start = process_time()
            work(page)
            best[index] = min(best[index], process_time() - start)
    return best


def peer() -> Callable[[bytes], object] | None:
    try:
        trafilatura = importlib.import_module("trafilatura")
    except ImportError:
        return None
    return lambda page: trafilatura.bare_extraction(decode(page).text, with_metadata=True, include_comments=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    given = pages()
    ours = times_of(lambda page: read_page(open_page(page)), given, rounds)
    print(f"{len(given)} pages, {sum(map(len, given)) / 1024:,.0f} kB")
    print(f"gongbao      {len(given) / sum(ours):8.1f} pages/s")
    per_kilobyte = sorted(time / (len(page) / 1024) for time, page in zip(ours, given, strict=True))
    high = per_kilobyte[int(0.99 * (len(per_kilobyte) - 1))]
    print(f"time per kB: median {1000 * median(per_kilobyte):.2f} ms, p99 {high / median(per_kilobyte):.1f} times that")
    work = peer()
    if work is None:
        print("trafilatura is not here; install it beside the package to compare: pip install trafilatura")
        return
    theirs = times_of(work, given, rounds)
    print(
        f"trafilatura  {len(given) / sum(theirs):8.1f} pages/s; gongbao is {sum(theirs) / sum(ours):.1f} times as fast"
    )


if __name__ == "__main__":
    main()
