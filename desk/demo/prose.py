"""County prose composed from templates: the same words for the same random generator, no two articles alike."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from random import Random
from typing import Any, Final

from desk.demo.article import Part
from desk.demo.places import COUNTY, NEIGHBOURS, TOWNS, person, village
from desk.demo.subjects import SHARING, Subject, subjects

NUMERALS: Final = "一二三四五六七八九十"
_SEASONS: Final = ("清明", "谷雨", "芒种", "小满", "白露", "霜降", "冬至", "惊蛰")


@cache
def _templates() -> dict[str, Any]:
    return tomllib.loads(resources.files("desk.demo").joinpath("prose.toml").read_text("utf-8"))


class Writer:
    """Writes about one subject on one day. Every draw comes from the generator it is given.

    A sentence comes back only when all others of its kind have been used, and a figure once named stays as it is.
    """

    def __init__(
        self,
        random: Random,
        day: date,
        subject: Subject | None = None,
        county: str = COUNTY,
        towns: tuple[str, ...] = TOWNS,
    ) -> None:
        self.random = random
        self.day = day
        self.county = county
        self.towns = towns
        self.subject = subject or random.choice(subjects())
        self.town = random.choice(towns)
        self.village = village(random)
        self.leader = person(random)
        self._decks: dict[str, list[str]] = {}
        self._figures: dict[str, int] = {}

    def title(self, form: str) -> str:
        """`form`: notice, document, announcement or brief."""
        return self._fill(self.random.choice(_templates()["titles"][form]))

    def paragraph(self, sentences: int = 3) -> str:
        kinds = ("figures", "doings", "doings", "doings", "troubles")
        return "".join(self._sentence(self.random.choice(kinds)) for _ in range(sentences))

    def opening(self) -> str:
        return self._sentence("openings") + self._sentence("figures")

    def closing(self) -> str:
        return self._sentence("closings")

    def heading(self, number: int) -> str:
        """The heading of chapter `number`, counted from 0: 一、..."""
        return f"{NUMERALS[number]}、{self._sentence('headings')}"

    def point(self, number: int) -> str:
        """The run-in heading of a point: （一）..."""
        return f"（{NUMERALS[number]}）{self._sentence('points')}"

    def brief(self, paragraphs: int = 4) -> tuple[Part, ...]:
        """A report without headings."""
        inner = [self.paragraph(self.random.randint(2, 4)) for _ in range(max(1, paragraphs - 2))]
        return tuple(Part("paragraph", text) for text in (self.opening(), *inner, self.closing()))

    def chapters(self, count: int = 3) -> tuple[Part, ...]:
        """Numbered chapters, 一、 to at most 十、, some with （一） run-in points."""
        parts: list[Part] = []
        for number in range(count):
            parts.append(Part("heading", self.heading(number)))
            if self.random.random() < 0.4:
                points = range(self.random.randint(2, 3))
                parts += [Part("paragraph", self.point(k) + self.paragraph(self.random.randint(2, 3))) for k in points]
            else:
                parts.append(Part("paragraph", self.paragraph(self.random.randint(3, 5))))
        return tuple(parts)

    def table(self, rows: int = 5) -> Part:
        """Towns and their figures under a line of column heads; every cell is filled."""
        what, unit, least, most = self.random.choice(self.subject.figures)
        towns = self.random.sample(self.towns, min(rows, len(self.towns)))
        body = [
            (str(k), town, str(self.random.randint(least, most)), person(self.random))
            for k, town in enumerate(towns, 1)
        ]
        return Part("table", rows=(("序号", "乡镇", f"{what}（{unit}）", "责任人"), *body))

    def sharing(self) -> str:
        """A sentence of the body that a careless trimming takes for a sharing button."""
        return f"{self.leader}要求办公室整理{self.village}的做法，{SHARING}，供各地对照着办。"

    def _sentence(self, kind: str) -> str:
        deck = self._decks.get(kind)
        if not deck:
            deck = self._decks[kind] = list(_templates()[kind])
            self.random.shuffle(deck)
        return self._fill(deck.pop())

    def _fill(self, template: str) -> str:
        random, subject = self.random, self.subject
        what, unit, least, most = random.choice(subject.figures)
        acts = random.sample(subject.acts, 3)
        return template.format(
            county=self.county,
            town=self.town,
            village=self.village,
            leader=self.leader,
            name=subject.name,
            aim=subject.aim,
            office=subject.office.replace(COUNTY, self.county),
            act=acts[0],
            act2=acts[1],
            act3=acts[2],
            what=what,
            unit=unit,
            figure=self._figures.setdefault(what, random.randint(least, most)),
            few=random.randint(3, 29),
            n=random.randint(5, 48),
            percent=f"{random.randint(3, 64)}.{random.randint(0, 9)}%",
            share=f"{random.randint(12, 97)}%",
            season=random.choice(_SEASONS),
            month=f"{self.day.month}月",
            year=self.day.year,
            year3=self.day.year + 2,
            neighbour=random.choice([name for name in (*NEIGHBOURS, COUNTY) if name != self.county]),
        )
