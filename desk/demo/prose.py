"""County prose composed from templates: the same words for the same random generator, no two articles alike."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from desk.demo.article import Part
from desk.demo.places import COUNTY, NEIGHBOURS, TOWNS, person, village
from desk.demo.subjects import SHARING, SUBJECTS, Subject

NUMERALS: Final = "一二三四五六七八九十"

_OPENINGS: Final = (
    "{month}以来，{town}围绕{name}列出{n}件实事，由{leader}牵头逐件销号，{aim}。",
    "刚过{season}，{village}的晒场上就站满了人，大家来听{leader}讲{name}的新安排。",
    "{office}日前走遍{n}个村组，把{name}里最难办的事一条条记进台账。",
    "记者在{town}看到，{act}的队伍天不亮就出发，{village}的老支书走在最前面。",
    "“我们先从{act}做起。”{leader}在{village}的院坝会上这样说，{name}的担子就此落到每个组。",
)
_FIGURES: Final = (
    "全县{what}达到{figure}{unit}，比去年同期多出{percent}，其中{town}占了{share}。",
    "统计显示，{what}{figure}{unit}，{village}一个村就有{few}{unit}。",
    "截至{month}底，{what}累计{figure}{unit}，完成年初盘子的{share}。",
    "{town}今年{what}{figure}{unit}，较三年前翻了一番还多。",
)
_DOINGS: Final = (
    "干部们{act}，又{act2}，手上的茧子厚了一层。",
    "一是{act}，二是{act2}，三是{act3}，每项都写明谁来办、何时办完。",
    "{leader}把{act}当成头等大事，隔天就要到{village}转一圈。",
    "{town}与{neighbour}签了联手约定，两边轮流{act}，共享一本记录。",
    "遇到拿不准的地方，工作组先{act}，再请{village}的长辈来评理。",
    "过去{act}全靠嗓门喊，如今{office}建起值班群，十分钟内就有回音。",
)
_TROUBLES: Final = (
    "也要看到，{village}等{few}个村还有短板，{what}离要求尚差一截。",
    "困难仍在：山路弯多、人手偏少，{act}往往要拖到后半夜。",
    "有村民反映补助到账慢，{office}当场答复，限{few}日内办结。",
    "受连阴雨影响，{town}的进度一度落后，{leader}带人驻点{few}天才赶上来。",
)
_CLOSINGS: Final = (
    "下一步，{town}还要{act}，{aim}。",
    "{office}表示，年底前再添{few}个示范点，{aim}。",
    "到{season}前后，县里将组织一次回访，看看{name}办得牢不牢。",
    "“日子是一锄一锄挖出来的。”{leader}说，他盼着来年能{act}。",
)
_HEADINGS: Final = (
    "{n1}、摸清底数，找准{name}的病根", "{n1}、压实担子，谁的田谁来管", "{n1}、补齐短板，{aim}", "{n1}、盯住关键，抓好{what}",
    "{n1}、算好细账，把钱花在刀刃上", "{n1}、多方联手，与{neighbour}结伴而行", "{n1}、强化监督，干得怎样群众来评",
)  # fmt: skip
_RUN_IN: Final = ("（{n1}）{act}。", "（{n1}）把{what}落到实处。", "（{n1}）依靠群众。", "（{n1}）{act2}。")
_TITLES: Final = {
    "notice": (
        "{county}人民政府办公室关于做好{year}年{season}{name}工作的通知", "关于开展{name}“回头看”的通知",
        "{office}关于印发{town}{name}试点办法的通知", "关于调整{name}议事协调机构组成人员的通知",
    ),
    "document": (
        "{county}人民政府关于推进{name}的若干意见", "{county}{name}三年行动方案（{year}—{year3}年）",
        "{county}人民政府关于表扬{name}先进集体的决定", "{county}{name}专项资金管理办法",
    ),
    "announcement": (
        "{town}{name}项目公示", "{office}关于{town}{village}施工期间绕行的公告", "{county}{name}{month}督查情况通报",
        "关于公开征集{name}建议的公告",
    ),
    "brief": (
        "{town}：“三步走”办实{name}", "{village}{name}见闻", "{town}{act}", "{county}召开{name}现场推进会", "{office}到{town}调研{name}",
    ),
}  # fmt: skip
_SEASONS: Final = ("清明", "谷雨", "芒种", "小满", "白露", "霜降", "冬至", "惊蛰")


class Writer:
    """Writes about one subject on one day. Every draw comes from the generator it is given."""

    def __init__(self, random: Random, day: date, subject: Subject | None = None) -> None:
        self.random = random
        self.day = day
        self.subject = subject or random.choice(SUBJECTS)
        self.town = random.choice(TOWNS)
        self.village = village(random)
        self.leader = person(random)

    def title(self, form: str) -> str:
        """`form`: notice, document, announcement or brief."""
        return self._fill(self.random.choice(_TITLES[form]))

    def paragraph(self, sentences: int = 3) -> str:
        kinds = (_FIGURES, _DOINGS, _DOINGS, _TROUBLES)
        return "".join(self._fill(self.random.choice(self.random.choice(kinds))) for _ in range(sentences))

    def opening(self) -> str:
        return self._fill(self.random.choice(_OPENINGS)) + self._fill(self.random.choice(_FIGURES))

    def closing(self) -> str:
        return self._fill(self.random.choice(_CLOSINGS))

    def heading(self, number: int) -> str:
        return self._fill(_HEADINGS[(number + self.random.randrange(3)) % len(_HEADINGS)], n1=NUMERALS[number])

    def run_in(self, number: int) -> str:
        return self._fill(self.random.choice(_RUN_IN), n1=NUMERALS[number])

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
                parts += [Part("paragraph", self.run_in(k) + self.paragraph(self.random.randint(2, 3))) for k in points]
            else:
                parts.append(Part("paragraph", self.paragraph(self.random.randint(3, 5))))
        return tuple(parts)

    def table(self, rows: int = 5) -> Part:
        """Towns and their figures under a line of column heads; every cell is filled."""
        what, unit, least, most = self.random.choice(self.subject.figures)
        towns = self.random.sample(TOWNS, rows)
        body = [
            (str(k + 1), t, str(self.random.randint(least, most)), person(self.random)) for k, t in enumerate(towns)
        ]
        return Part("table", rows=(("序号", "乡镇", f"{what}（{unit}）", "责任人"), *body))

    def sharing(self) -> str:
        """A sentence of the body that a careless trimming takes for a sharing button."""
        return f"{self.leader}要求办公室整理{self.village}的做法，{SHARING}，供各地对照着办。"

    def _fill(self, template: str, **more: str) -> str:
        random, subject = self.random, self.subject
        what, unit, least, most = random.choice(subject.figures)
        acts = random.sample(subject.acts, 3)
        return template.format(
            county=COUNTY, town=self.town, village=self.village, leader=self.leader, name=subject.name, aim=subject.aim,
            office=subject.office, act=acts[0], act2=acts[1], act3=acts[2], what=what, unit=unit, year=self.day.year, year3=self.day.year + 2,
            figure=random.randint(least, most), few=random.randint(3, 29), n=random.randint(5, 48), month=f"{self.day.month}月",
            percent=f"{random.randint(3, 64)}.{random.randint(0, 9)}%", share=f"{random.randint(12, 97)}%", season=random.choice(_SEASONS),
            neighbour=random.choice(NEIGHBOURS), **more,
        )  # fmt: skip
