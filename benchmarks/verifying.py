"""Verification of a WARC file (twelve rules, all digests, every record beside its row; SM3 off) against
`zcat | sha256sum` on the same file; and replay of its captures by two processes against one.

Printed: megabytes of the compressed file a second and their ratio (aim: at least 0.5), the speed-up of two processes
(aim: at least 1.3 on two idle cores).

    python benchmarks/verifying.py [--count 2000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

# This folder holds a search.py: run as a script, the repository itself must come first.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders import NOW
from homes import HOST, SOURCE, add_article, exchange, keep, page

from archive.fixity import Pace, verify_file
from bulletin.config import Settings
from desk.tasks.replaying import replay
from desk.wiring import Home


def filled(folder: Path, count: int) -> Home:
    """A home with pages of county-site size, each with twenty kilobytes of text no compressor can shorten much."""
    home, chance = Home(Settings(home=folder)), random.Random(1)
    home.make()
    home.archive.put_source(SOURCE)
    with home.archive.batch():
        for n in range(count):
            filler = "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(6000))
            body = page(n).replace(b"</body>", f"<p>{filler}</p></body>".encode())
            keep(home, exchange(f"{HOST}/xx/{n}.html", body, NOW + timedelta(seconds=n)))
        for n in range(count):
            add_article(home, n)
    home.vault.close()
    return home


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder) / "home", given.count) as home:
        (name,) = home.vault.files()
        path = home.settings.vault_path / name
        size, ratios, gains = path.stat().st_size / 1e6, [], []
        for _ in range(given.rounds):
            start = perf_counter()
            report = verify_file(home.vault, home.archive, name, datetime.now(UTC), Pace(0.0))
            ours = perf_counter() - start
            start = perf_counter()
            subprocess.run(f"zcat '{path}' | sha256sum", shell=True, check=True, capture_output=True)
            theirs = perf_counter() - start
            ratios.append(theirs / ours)
            print(f"verify {size / ours:6.1f} MB/s  zcat | sha256sum {size / theirs:6.1f} MB/s  {ratios[-1]:.2f}")
            assert not report.faults
            start = perf_counter()
            replay(home, dry_run=True, workers=1)
            one = perf_counter() - start
            start = perf_counter()
            replay(home, dry_run=True, workers=2)
            gains.append(one / (perf_counter() - start))
            print(f"replay by two processes {gains[-1]:.2f} times as fast as by one")
        print(f"verify: ratio {statistics.median(ratios):.2f} (aim 0.5)")
        print(f"replay: {statistics.median(gains):.2f} times (aim 1.3)")


if __name__ == "__main__":
    main()
