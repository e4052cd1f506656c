"""Everything the vault holds of a bulletin: its page and further pages in every state, its files, and what revisits and
redirects among them refer to. What is damaged is left out and named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final
from urllib.parse import urljoin

from archive.entity import parse_head, split_exchange
from archive.export.format import Member, Row
from archive.store import Archive
from archive.vault import WarcVault
from archive.warc_format import Record
from bulletin.capture import RecordRef
from bulletin.errors import IntegrityError

_MOST_HOPS: Final = 20


class KeptCaptures:
    """`further` gives the URLs of an article's further pages, which only its first page names."""

    def __init__(
        self, archive: Archive, vault: WarcVault, further: Callable[[Row], Iterable[str]] = lambda row: ()
    ) -> None:
        self._archive, self._vault, self._further = archive, vault, further
        self._given: set[tuple[str, int]] = set()
        self.damaged: dict[str, str] = {}

    def of(self, row: Row) -> Iterator[Member]:
        """Every record of the bulletin that was not given yet; one that cannot be read is among `damaged` instead."""
        waiting = list(dict.fromkeys(filter(None, [row["url"], *self._further(row), *_files(row)])))
        asked: set[str] = set()
        while waiting and len(asked) < _MOST_HOPS + len(waiting):
            url = waiting.pop(0)
            if url in asked:
                continue
            asked.add(url)
            for ref in self._archive.captures.records_of(row["source"], url):
                for member in self._exchange(ref.warc, ref.offset):
                    yield member
                    waiting += _leads_to(member.record)
        place = row["record"]
        if place:
            yield from self._exchange(place["warc"], place["offset"])

    def _exchange(self, warc: str, offset: int) -> Iterator[Member]:
        """A capture with its request, behind the record that describes its file and the one it refers to."""
        if (warc, offset) in self._given:
            return
        self._given.add((warc, offset))
        members = self._members(warc, offset)
        if (warc, 0) not in self._given:
            self._given.add((warc, 0))
            yield from self._members(warc, 0)
        original = _original(members[0].record) if members else None
        if original:
            yield from self._exchange(*original)
        yield from members

    def _members(self, warc: str, offset: int) -> list[Member]:
        try:
            exchange = self._vault.exchange(RecordRef(warc, offset, 0, ""))
        except IntegrityError as error:
            self.damaged[f"{warc}@{offset}"] = error.message
            return []
        made = []
        for record, data in exchange:
            made.append(Member(record, data, warc, offset))
            offset += len(data)
        return made


def _original(record: Record) -> tuple[str, int] | None:
    """Where the record lies that a revisit refers to; of a 304 too, which is replayed by it."""
    offset = record.field("WARC-Refers-To-File-Offset")
    if record.type != "revisit" or not (offset.isascii() and offset.isdigit()):
        return None
    return record.field("WARC-Refers-To-Filename"), int(offset)


def _leads_to(record: Record) -> list[str]:
    """Where a redirect leads."""
    if record.type != "response":
        return []
    status, _, headers = parse_head(split_exchange(record.block)[0])
    named = {name.lower(): value for name, value in headers}
    if not 300 <= status < 400 or not named.get("location"):
        return []
    try:
        return [urljoin(record.field("WARC-Target-URI"), named["location"])]
    except ValueError:
        return []


def _files(row: Row) -> list[str]:
    return [attachment["url"] for attachment in row["attachments"]]
