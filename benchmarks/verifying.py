"""Verification of WARC files (twelve rules, all digests, every record beside its row; SM3 off) against
`zcat | sha256sum` on the same files, one after the other. Both use two cores where they can.

The files hold pages of the size of county pages (40 kB, 10 kB compressed: of 73 real ones the medians are 39 and 10),
each with its request, and one attached file in ten pages. `--gzip` has the server compress the pages, as most do: then
`zcat` gives the compressed pages, and verification, which looks into them, has more to unfold than it.

Printed: megabytes of the compressed file a second, processor seconds, and the ratio of the clocks (aim: at least 0.5);
beside it that of the processor seconds, the starts of further processes included, which a busy machine changes little.

    python benchmarks/verifying.py [--count 12000] [--rounds 3] [--gzip] [--workers N]
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

# This folder holds a search.py: run as a script, the repository itself must come first.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bulletin.capture import Capture
from bulletin.config import ArchiveSettings, Settings
from desk.tasks.verifying_files import file_reports
from desk.wiring import Home

# What makes the files is loaded when they are made: a further process loads what stands here, as it does of `gongbao`.

#: What the project promises.
WANTED = 0.5
_WARC_SIZE = 60_000_000


def pages(count: int) -> list[bytes]:
    """Articles of a practice site with the menus around them that real pages have."""
    from desk.demo.sites import site

    served = site("F1", scale=1 + count // 90)
    chance = random.Random(1)
    paths = [url.removeprefix(f"http://{served.host}") for url in served.expected()["article_urls"]]
    made = []
    for n in range(count):
        body = served.answer("GET", paths[n % len(paths)], {}, b"").body
        rows = []
        while len(body) + 150 * len(rows) < 39_000:
            name = "".join(chr(chance.randrange(0x4E00, 0x5600)) for _ in range(10))
            day = f"2026{chance.randrange(1, 13):02}"
            href = f"/zwgk/{chance.choice(('gb', 'tzgg', 'zfwj'))}/{day}/t{day}11_{chance.randrange(10**6)}.html"
            rows.append(f'<li class="nav-item"><a href="{href}" target="_blank" title="{name}">{name}</a></li>\n')
        made.append(body.replace(b"</body>", f"<ul>{''.join(rows)}</ul></body>".encode()))
    return made


def exchanged(n: int, body: bytes, media_type: str, coded: bool) -> Capture:
    from builders import NOW
    from homes import HOST

    path = f"/xx/{n}.html"
    payload = gzip.compress(body, 6) if coded else body
    headers = [("Server", "nginx"), ("Content-Type", media_type), ("Content-Length", str(len(payload)))]
    headers += [("Content-Encoding", "gzip")] if coded else []
    head = "HTTP/1.1 200 OK\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
    asked = f"GET {path} HTTP/1.1\r\nHost: www.yunxiu.example\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    at = NOW + timedelta(seconds=n)
    return Capture(f"{HOST}{path}", at, 200, tuple(headers), payload, body, "OK", head.encode() + payload, asked)


def filled(folder: Path, count: int, coded: bool) -> Home:
    from homes import SOURCE, keep

    home = Home(Settings(home=folder, archive=ArchiveSettings(warc_size=_WARC_SIZE)))
    chance = random.Random(2)
    home.make()
    home.archive.put_source(SOURCE)
    with home.archive.batch():
        for n, body in enumerate(pages(count)):
            keep(home, exchanged(n, body, "text/html; charset=utf-8", coded))
            if n % 10 == 0:
                keep(home, exchanged(count + n, chance.randbytes(100_000), "application/pdf", coded=False))
    home.vault.close()
    return home


def main() -> int:
    from archive.fixity import Pace

    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=12_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--gzip", action="store_true", help="pages come compressed")
    options.add_argument("--workers", type=int, default=0, help="processes that verify; 0: as `gongbao verify` does")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder) / "home", given.count, given.gzip) as home:
        files = [home.settings.vault_path / name for name in home.vault.files()]
        size, ratios = sum(path.stat().st_size for path in files) / 1e6, []
        print(f"{len(files)} files, {size:.0f} MB", flush=True)
        for _ in range(given.rounds):
            start, before = perf_counter(), os.times()
            reports = [report for report, _ in file_reports(home, datetime.now(UTC), Pace(0.0), given.workers)]
            ours, between = perf_counter() - start, os.times()
            assert not [fault for report in reports for fault in report.faults if fault.severity == "fault"]
            start = perf_counter()
            for path in files:
                subprocess.run(f"zcat '{path}' | sha256sum", shell=True, check=True, capture_output=True)
            theirs, after = perf_counter() - start, os.times()
            ratios.append(theirs / ours)
            spent = sum(between[:4]) - sum(before[:4]), sum(after[2:4]) - sum(between[2:4])
            print(
                f"verify {size / ours:5.1f} MB/s ({spent[0]:.2f} s of processor), "
                f"zcat | sha256sum {size / theirs:5.1f} MB/s ({spent[1]:.2f} s), "
                f"ratio {ratios[-1]:.2f}, of processor seconds {spent[1] / spent[0]:.2f}"
            )
    ratio = median(ratios)
    print(f"median ratio {ratio:.2f} (promised: at least {WANTED})")
    return 0 if ratio >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
