"""Invented bulletins in any number, the same every time: bulletin i depends on nothing but the seed and i.

Words come from jieba's dictionary by their frequencies, so that the vocabulary has a long tail; phrases of
administration stand around them. A quarter of the bulletins is in traditional characters.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

import jieba

from bulletin.document import Change, Document, Revision
from bulletin.harvest import Harvest, Section
from bulletin.ids import document_id
from bulletin.text.script import to_traditional

SEED = 20261122
PLACES = ("云岫县", "松泉县", "白石滩县", "青禾镇", "石桥乡", "柳坪镇", "云岫街道")
BODIES = ("人民政府办公室", "水利局", "教育体育局", "农业农村局", "应急管理局", "财政局", "林业局", "卫生健康局")
FORMS = (
    "关于印发{}工作方案的通知",
    "关于做好{}工作的通知",
    "关于开展{}检查的通报",
    "{}工作总结",
    "关于{}的批复",
    "{}实施意见",
)
PHRASES = (
    "各镇人民政府、县政府各工作部门：",
    "现将有关事项通知如下，请认真贯彻执行。",
    "要提高认识，加强领导，明确责任，确保各项工作落到实处。",
    "截至目前，全县共完成投资{}万元，同比增长{}%。",
    "会议强调，要围绕{}和{}，进一步压实责任。",
    "（{}）落实{}措施，加强{}管理，推进{}建设。",
    "其中{}户、{}人次参加了{}活动，发放宣传资料{}份。",
    "对{}不力、造成{}的，依法依规追究责任。",
    "联系电话：0999-{}{}。",
)
FIRST_SEEN = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


@cache
def _vocabulary() -> tuple[list[str], list[int]]:
    words, weights = [], []
    with Path(jieba.get_dict_file().name).open(encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ", 2)
            if len(word) > 1 and int(count) > 2:
                words.append(word)
                weights.append(int(count))
    return words, list(accumulate(weights))


def change(number: int, *, seed: int = SEED, length: int = 1500) -> Change:
    """Bulletin `number`, of about `length` characters, as the archive would announce it."""
    rng = random.Random(f"{seed}/{number}")
    words, weights = _vocabulary()
    topic = rng.choices(words, cum_weights=weights, k=12)

    def word() -> str:
        if rng.random() < 0.2:
            return str(rng.randint(1, 9999))
        return rng.choice(topic) if rng.random() < 0.4 else rng.choices(words, cum_weights=weights)[0]

    paragraphs: list[str] = []
    size = 0
    while size < length:
        sentences = [_filled(rng.choice(PHRASES), word) for _ in range(rng.randint(1, 4))]
        sentences.append("，".join("".join(word() for _ in range(rng.randint(2, 5))) for _ in range(3)) + "。")
        paragraphs.append("".join(sentences))
        size += len(paragraphs[-1])
    place, body = rng.choice(PLACES), rng.choice(BODIES)
    day = date(2012, 1, 1) + timedelta(rng.randrange(5200))
    title = place + body + rng.choice(FORMS).format("".join(rng.sample(topic, 2)))
    return _change(number, place, body, title, day, "\n".join(paragraphs), traditional=rng.random() < 0.25)


def _filled(phrase: str, word: object) -> str:
    while "{}" in phrase:
        phrase = phrase.replace("{}", word(), 1)  # type: ignore[operator]
    return phrase


def _change(number: int, place: str, body: str, title: str, day: date, text: str, *, traditional: bool) -> Change:
    office = place + body
    if traditional:
        title, text, office = map(to_traditional, (title, text, office))
    url = f"http://www.yunxiu.example/zwgk/t{day:%Y%m%d}_{number}.html"
    harvest = Harvest(
        title=title,
        number=f"云政发〔{day.year}〕{number % 300 + 1}号" if number % 3 else None,
        index_number=f"619901{number % 90:03}/{day.year}-{number:05}",
        office=office,
        dated_on=day,
        published_on=day + timedelta(3) if number % 20 else None,
        text=text,
        sections=(Section("", text),),
        read_by="generic/1",
    )
    known = document_id("619901_yunxiu", url)
    document = Document(known, "619901_yunxiu", "619901", url, "tzgg", FIRST_SEEN, FIRST_SEEN)
    return Change(number, document, Revision(known, 1, harvest, "", "", FIRST_SEEN))


def changes(count: int, *, after: int = 0, seed: int = SEED, length: int = 1500) -> Iterator[Change]:
    """Bulletins after+1 … count, in order."""
    for number in range(after + 1, count + 1):
        yield change(number, seed=seed, length=length)
