"""The real texts beside the repository, multiplied to any number, the same every time.

The first bulletins are the texts as they are. Each later one is one of them with half of its paragraphs, by the seed,
exchanged for those of others of the same collection, and a title made of two. Numbers, offices, places and dates are
invented. Where the texts are absent, `benchmarks.generated` invents all.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks import generated
from bulletin.document import Change, Document, Revision
from bulletin.harvest import Harvest
from bulletin.ids import document_id

SEED: Final = 20261122
TEXTS: Final = Path(__file__).resolve().parents[2] / "shared" / "text"
PLACES: Final = (("619901", "云岫县"), ("619902", "松泉县"), ("619903", "白石滩县"), ("619904", "青禾县"))
BODIES: Final = ("人民政府办公室", "水利局", "教育体育局", "农业农村局", "应急管理局", "财政局", "林业局", "卫生健康局")
CODES: Final = ("政发", "政办发", "水发", "教函")
TOPICS: Final = ("农业农村", "水利", "应急管理", "财政", "教育")
_SEEN: Final = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
_LONGEST: Final = 20_000


@cache
def _collections() -> tuple[list[tuple[str, str]], ...]:
    """(title, text) of each real text, a list for each collection."""
    read = []
    for name in ("bulletins-traditional-17k", "laws-simplified-3k"):
        with lzma.open(TEXTS / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            texts = map(json.loads, lines)
            read.append([(text["title"] or "", text["body"][:_LONGEST]) for text in texts])
    return tuple(read)


def changes(count: int, *, after: int = 0) -> Iterator[Change]:
    """Bulletins after+1 … count as the archive announces them, in order."""
    if not TEXTS.is_dir():
        yield from generated.changes(count, after=after)
        return
    for number in range(after + 1, count + 1):
        yield _change(number)


def _change(number: int) -> Change:
    rng = random.Random(f"{SEED}/{number}")
    notices, laws = _collections()
    # Six to one, so that any number of bulletins has both.
    collection = laws if number % 7 == 0 else notices
    place = number // 7 if number % 7 == 0 else number - number // 7 - 1
    title, text = collection[place % len(collection)]
    if place >= len(collection):
        other = rng.choice(collection)[0]
        title = title[: len(title) // 2] + other[len(other) // 2 :]
        text = "\n".join(_one_or_other(rng, line, collection) for line in text.split("\n"))
    code, county = rng.choice(PLACES)
    body = rng.choice(BODIES)
    day = date(2012, 1, 1) + timedelta(rng.randrange(4700))
    harvest = Harvest(
        title=title,
        number=f"{county[0]}{rng.choice(CODES)}〔{day.year}〕{number % 300 + 1}号" if number % 3 else None,
        index_number=f"{code}{number % 90:03}/{day.year}-{number:06}",
        office=county + body,
        source_name=rng.choice(("县政府办", "融媒体中心", body)),
        topic=tuple(rng.sample(TOPICS, rng.randrange(3))),
        dated_on=day,
        published_on=day + timedelta(3) if number % 20 else None,
        text=text,
        read_by="generic/1",
    )
    url = f"http://www.{code}.example/t{day:%Y%m%d}_{number}.html"
    known = document_id(f"{code}_web", url)
    document = Document(known, f"{code}_web", code, url, "tzgg", _SEEN, _SEEN)
    return Change(number, document, Revision(known, 1, harvest, "", "", _SEEN))


def _one_or_other(rng: random.Random, line: str, collection: list[tuple[str, str]]) -> str:
    if rng.random() < 0.5:
        return line
    other = rng.choice(rng.choice(collection)[1].split("\n"))
    # Cut to about the size of the one it stands for, so that bulletins do not grow.
    return other[: 2 * len(line) + 20]
