"""Invented bulletins and questions for the tests of search, from a seed: small enough that much coincides."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from bulletin.document import Change, Document, Revision
from bulletin.harvest import Attachment, Harvest, Section
from bulletin.query import AllOf, Among, AnyOf, DateRange, Filters, Glyphs, Near, Node, Not, Phrase, Query, Words
from bulletin.text.script import variants
from search.characters import characters
from search.entry import Entry, entry_of, parts_of

SEEN = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)
_WORDS = (
    "防火 防汛 森林 河道 清淤 工作 方案 通知 会议 落实 责任 云岫县 松泉县 水利局 政府办公室 乡村振兴 發展 關於 "
    "檢查 後勤 乾隆 一〇五 2019 12 A4 GB/T e-mail 〔2019〕9号 １２号 葛󠄀 𠮷田 ⼀ ㈠ ① é Ｗｏｒｄ 的 了 云 县"
).split()
_MARKS = (
    "",
    "",
    "",
    "",
    "，",
    "。\n",
    " ",
    "\u3000",
    "《",
    "》",
    "-",
    "(",
    "）",
    "“",
    "\n",
    "*",
    "😀",
    "\u200b",
    "_",
    "%",
)


def a_text(rng: random.Random, words: int) -> str:
    return "".join(rng.choice(_WORDS) + rng.choice(_MARKS) for _ in range(words))


def a_change(seed: int, seq: int, *, number: int | None = None) -> Change:
    """Change `seq` of the document `number` (`seq` where not said); its content follows from seed and seq."""
    rng = random.Random(f"{seed}/{seq}")
    number = seq if number is None else number
    day = date(2017, 1, 1) + timedelta(rng.randrange(1500))
    headings = [a_text(rng, 3) for _ in range(rng.randrange(3))]
    text = a_text(rng, rng.randrange(60))
    files = [Attachment(a_text(rng, 2), "http://x/y.doc", text=a_text(rng, 8)) for _ in range(rng.randrange(3))]
    harvest = Harvest(
        title=a_text(rng, 4),
        kicker=a_text(rng, 2) if rng.random() < 0.3 else None,
        subtitle=a_text(rng, 2) if rng.random() < 0.3 else None,
        number=f"云政发〔{day.year}〕{rng.randrange(30)}号" if rng.random() < 0.6 else None,
        index_number=f"61990{rng.randrange(3)}/{day.year}-{rng.randrange(99):05}" if rng.random() < 0.6 else None,
        office=rng.choice(["云岫县水利局", "雲岫縣水利局", "松泉县政府办公室", None]),
        source_name=rng.choice(["县政府办", "融媒体中心", None]),
        topic=tuple(rng.sample(["农业", "水利", "應急"], rng.randrange(3))),
        editor=rng.choice(["王小云", None]),
        dated_on=day if rng.random() < 0.7 else None,
        published_on=day + timedelta(rng.randrange(9)) if rng.random() < 0.8 else None,
        text="\n".join([*headings[:1], text]),
        sections=tuple(Section(heading) for heading in headings),
        attachments=tuple(files),
    )
    region = rng.choice(["619901", "619902", "620000"])
    identity = f"{number * 2654435761 % 2**32:016x}"
    document = Document(identity, f"{region}_web", region, f"http://x/{number}", "c", SEEN, SEEN)
    return Change(seq, document, Revision(identity, 1, harvest, "", "", SEEN))


def some_entries(seed: int, count: int) -> list[Entry]:
    """Every seventh is a copy of the third before it, in another place and with a word more."""
    entries: list[Entry] = []
    for seq in range(1, count + 1):
        entry = entry_of(a_change(seed, seq))
        if not seq % 7:
            copied = entries[-3]
            identity = replace(copied, document_id=entry.document_id, seq=seq, url=entry.url, region="619903")
            entry = replace(identity, source="619903_web", text=copied.text + "转载")
        entries.append(entry)
    return entries


@cache
def _others(char: str) -> tuple[str, ...]:
    return tuple(sorted(other for other in variants(char) if characters(other) == characters(char)))


def other_script(rng: random.Random, text: str) -> str:
    """`text` with each code point exchanged for another one that means the same."""
    return "".join(rng.choice(_others(char)) for char in text)


def a_cut(rng: random.Random, entry: Entry, least: int = 2, most: int = 12) -> str:
    """A random cut-out of a random part: `least` to `most` searchable characters, with what stands between them."""
    parts = [part for parts in parts_of(entry).values() for part in parts if len(characters(part)) >= least]
    parts = parts or [entry.title + entry.text]
    part = rng.choice(parts)
    places = [at for at, char in enumerate(part) if characters(char)]
    size = min(rng.randint(least, most), len(places))
    first = rng.randrange(len(places) - size + 1)
    return part[places[first] : places[first + size - 1] + 1]


def a_leaf(rng: random.Random, entries: list[Entry]) -> Node:
    cut = a_cut(rng, rng.choice(entries), 1, 5)
    if rng.random() < 0.3:
        cut = other_script(rng, cut)
    if rng.random() < 0.1:
        cut = a_cut(rng, rng.choice(entries), 49, 120)
    if rng.random() < 0.1:
        cut += rng.choice("防火縣é")
    where = rng.choice(["", "", "", "title", "number", "index_number", "office", "source_name", "text", "topic"])
    match rng.randrange(10):
        case 0:
            return Glyphs(cut, where)
        case 1 | 2:
            another = a_cut(rng, rng.choice(entries), 1, 3)
            return Near((cut, another), rng.randrange(12), where)
        case 3 | 4:
            return Phrase(cut, where)
        case 5:
            return Among(some_filters(rng, entries))
        case _:
            return Words(cut, where, rng.random() < 0.1)


def a_node(rng: random.Random, entries: list[Entry], depth: int = 2) -> Node:
    kind = rng.random()
    if not depth or kind < 0.4:
        return a_leaf(rng, entries)
    if kind < 0.5:
        return Not(a_node(rng, entries, depth - 1))
    parts = tuple(a_node(rng, entries, depth - 1) for _ in range(rng.randint(1, 3)))
    return AllOf(parts) if kind < 0.75 else AnyOf(parts)


def some_filters(rng: random.Random, entries: list[Entry]) -> Filters:
    start = date(2017, 1, 1) + timedelta(rng.randrange(1500))
    ranged = DateRange(
        start if rng.random() < 0.5 else None,
        start + timedelta(rng.randrange(900)) if rng.random() < 0.5 else None,
        rng.choice(["published", "dated", "seen"]),
        rng.choice(["include", "exclude", "only"]),
    )
    number = rng.choice([entry.number or entry.index_number or "9号" for entry in entries])
    return Filters(
        range=ranged if rng.random() < 0.5 else DateRange(),
        source=rng.choice([(), (), ("619901_web",), ("619901_web", "620000_web")]),
        region=rng.choice(["", "", "6199", "62", "619902", "620000"]),
        office=rng.choice(["", "", "水利", "水利局", "政府辦公"]),
        number=number[rng.randrange(3) :][: rng.randint(2, 9)] if rng.random() < 0.2 else "",
    )


def a_query(rng: random.Random, entries: list[Entry]) -> Query:
    return Query(
        words=a_node(rng, entries) if rng.random() < 0.9 else None,
        filters=some_filters(rng, entries)
        if rng.random() < 0.3
        else Filters(office="局")
        if rng.random() < 0.1
        else Filters(),
        sort=rng.choice(["relevance", "relevance", "newest", "oldest", "number"]),
        limit=rng.choice([3, 10, 1000]),
        offset=rng.choice([0, 0, 2]),
        facets=rng.random() < 0.5,
        explain=rng.random() < 0.3,
        only=some_choices(rng, entries) if rng.random() < 0.15 else (),
        without=some_choices(rng, entries) if rng.random() < 0.15 else (),
        collapse=rng.random() < 0.3,
    )


def some_choices(rng: random.Random, entries: list[Entry]) -> tuple[tuple[str, str], ...]:
    entry = rng.choice(entries)
    values = {
        "source": entry.source,
        "region": rng.choice([entry.region, "619900", "610000"]),
        "region_above": rng.choice(["619900", "610000", entry.region]),
        "office": entry.office or "云岫县水利局",
        "topic": rng.choice(entry.topic or ("水利",)),
        "kind": "article",
        "year": rng.choice(["2018", "undated"]),
        "month": "2018-03",
    }
    return tuple(rng.sample(sorted(values.items()), rng.randint(1, 2)))
