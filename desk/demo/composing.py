"""Whole invented bulletins: a form, a day and a generator make an article with all its fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from desk.demo.article import Part
from desk.demo.places import COUNTY, SITE_CODE, person
from desk.demo.prose import Writer

FIRST_DAY: Final = date(2026, 3, 31)
GOVERNMENT: Final = f"{COUNTY}人民政府"
GOVERNMENT_OFFICE: Final = f"{COUNTY}人民政府办公室"
NEWSROOM: Final = f"{COUNTY}融媒体中心"

_DIGITS: Final = "〇一二三四五六七八九"


def day_of(index: int, total: int = 1) -> date:
    """The day of article `index`, newest first: two days apart, closer together only where there are thousands."""
    if total <= 4000 or index < 0:
        return FIRST_DAY - timedelta(days=2 * index)
    return FIRST_DAY - timedelta(days=index * 8000 // total)


def chinese_day(day: date) -> str:
    """二〇二六年三月三十一日"""
    year = "".join(_DIGITS[int(figure)] for figure in str(day.year))
    return f"{year}年{spoken_number(day.month)}月{spoken_number(day.day)}日"


def spoken_number(number: int) -> str:
    """1 to 9999 as it is spoken: 二百六十八, 一百零五, 十二."""
    spoken = ""
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = number // place % 10
        if figure:
            spoken += _DIGITS[figure] + unit
        elif spoken and number % place and not spoken.endswith("零"):
            spoken += "零"
    return spoken.removeprefix("一") if 10 <= number < 20 else spoken


@dataclass(frozen=True, slots=True)
class Draft:
    """What an office hands in before a site puts it under a URL."""

    form: str  # notice, document, announcement, brief
    title: str
    parts: tuple[Part, ...]
    office: str
    number: str
    index_number: str
    topic: tuple[str, ...]
    validity: str
    dated_on: date
    signed_on: date | None
    published_on: date
    time: str
    source_name: str
    author: str
    editor: str
    subject: str


def compose(random: Random, form: str, day: date, serial: int) -> Draft:
    """A draft of the given form, published on `day`; `serial` counts papers of one kind and goes into their numbers."""
    writer = Writer(random, day)
    title = writer.title(form)
    office, code = _issuer(title, writer)
    dated_on = day - timedelta(days=random.randint(0, 5))
    official = form in ("notice", "document")
    signed_on = None if form == "brief" else dated_on
    named = random.random() < 0.5
    time = f"{random.randint(8, 17):02d}:{random.randint(0, 59):02d}"
    return Draft(
        form=form,
        title=title,
        parts=_body(writer, form, office, signed_on),
        office=office,
        number=f"{code}〔{dated_on.year}〕{serial}号" if official else "",
        index_number=f"{SITE_CODE}/{day.year}-{serial:06d}",
        topic=writer.subject.topic,
        validity="有效" if official else "",
        dated_on=dated_on,
        signed_on=signed_on,
        published_on=day,
        time=time,
        source_name=NEWSROOM if form == "brief" and random.random() < 0.6 else office,
        author=person(random) if named else "",
        editor=person(random) if named else "",
        subject=writer.subject.name,
    )


def _issuer(title: str, writer: Writer) -> tuple[str, str]:
    if title.startswith(GOVERNMENT_OFFICE):
        return GOVERNMENT_OFFICE, "云政办发"
    if title.startswith(GOVERNMENT):
        return GOVERNMENT, "云政发"
    if title.startswith(COUNTY) and not title.startswith(writer.subject.office):
        return GOVERNMENT_OFFICE, "云政办发"
    return writer.subject.office, f"云{writer.subject.code}"


def _body(writer: Writer, form: str, office: str, signed_on: date | None) -> tuple[Part, ...]:
    if form == "brief":
        return writer.brief(writer.random.randint(3, 6))
    parts: list[Part] = []
    if form == "notice":
        parts.append(Part("salutation", "各乡镇、万松街道，县级有关单位："))
    parts.append(Part("paragraph", writer.opening()))
    parts += writer.chapters(writer.random.randint(2, 3) if form == "announcement" else writer.random.randint(3, 6))
    if signed_on:
        printed = (
            chinese_day(signed_on) if form == "document" else f"{signed_on.year}年{signed_on.month}月{signed_on.day}日"
        )
        parts += [Part("signature", office), Part("signed", printed)]
    return tuple(parts)
