"""Note captures that lie in the vault without a row: what a killed crawl or import left."""

from __future__ import annotations

from desk.tasks.belonging import IMPORT_SOURCE, source_chooser
from desk.wiring import Home


def adopt(home: Home) -> int:
    """Gives every capture of the vault its row; how many had none. They belong to the source whose host they show."""
    choose, count = source_chooser(home, None, IMPORT_SOURCE), 0
    known: dict[str, set[int]] = {}
    with home.archive.batch():
        for record, capture in home.vault.captures(limit=0):
            if record.warc not in known:
                known[record.warc] = set(home.archive.captures.in_file(record.warc))
            if record.offset in known[record.warc]:
                continue
            media_type = capture.header("Content-Type").partition(";")[0].strip().lower()
            source = choose(capture.url)
            home.archive.captures.kept(source.id, capture.url, capture.status, capture.fetched_at, record, media_type)
            count += 1
    return count
