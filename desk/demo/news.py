"""A city news page: kicker, title, subtitle, author and source in one line, pictures with captions, sub-headings."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Final

from desk.demo.answering import Sheet, sheet
from desk.demo.article import Article, Part
from desk.demo.composing import day_of
from desk.demo.files import jpeg
from desk.demo.markup import body_html, filled
from desk.demo.places import person
from desk.demo.prose import Writer
from desk.demo.site import PracticeSite, chance
from desk.demo.smallsite import SmallSite, paged_lists, rows_html

HOST: Final = "news.lanyuan.example"
_COUNT: Final = 14
_CHROME: Final = (
    "首页 新闻 评论 视频 图库 看澜源 县区联播",
    "1",
    "回到顶部",
    "扫一扫在手机打开当前页",
    "澜源日报社版权所有　未经书面授权不得转载　新闻热线：0999-6603366",
)
_KICKERS: Final = ("问计于民 实干在先", "补短板 强弱项 见真章", "春风又绿云溪岸", "一张蓝图 一拨接着一拨干")
_SUBTITLES: Final = ("——来自山乡的蹲点报告", "——一个老河长的十年账本", "——“后山路”通车前后")
_FIRST: Final = ("稳根基", "抓长效", "聚合力", "重实绩", "补欠账", "惠万家")
_SECOND: Final = (
    "村村落实责任到人",
    "面对面听清急难愁盼",
    "新路子越走越宽",
    "旧貌换出新气象",
    "账目公开心里亮堂",
    "干群同吃一锅饭",
)
_CAPTIONS: Final = (
    "{leader}（右一）在{village}查看{what}",
    "{village}村民合力劳作",
    "雨后的{town}",
    "{town}的夜校课堂",
)


def news(scale: int = 1) -> PracticeSite:
    articles = [_article(k) for k in range(_COUNT * scale)]
    sheets: dict[str, Sheet] = {}
    for article in articles:
        _put(sheets, article.url.removeprefix(f"http://{HOST}"), article.title, _detail(article), article.published_on)
        for part in article.parts:
            if part.kind == "image":
                folder = article.url.removeprefix(f"http://{HOST}").rpartition("/")[0]
                sheets[f"{folder}/{part.rows[0][0][2:]}"] = Sheet(jpeg(part.rows[0][0]), "image/jpeg")
    pages = paged_lists(articles, 10, "/xq/yx/index")
    for path, shown, pager in pages:
        body = f'<div class="box"><ul>\n{rows_html(shown, HOST)}\n</ul><div class="pager">{pager}</div></div>'
        _put(sheets, path, "云岫", body, None)
    sheets["/"] = sheets["/xq/yx/"] = sheets["/xq/yx/index.html"]
    return SmallSite(
        name="news",
        host=HOST,
        source_id="619900_lanyuan_news",
        publisher="澜源新闻网",
        region="619900",
        column=("yx", "县区联播·云岫"),
        lists=[path for path, _, _ in pages],
        articles=articles,
        sheets=sheets,
        chrome=_CHROME,
    )


def _put(sheets: dict[str, Sheet], path: str, title: str, body: str, day: date | None) -> None:
    sheets[path] = sheet(filled("news_page.html", title=escape(title), body=body), day)


def _article(index: int) -> Article:
    random = chance("news", index)
    day = day_of(index)
    writer = Writer(random, day)
    title = f"{writer.town}{random.choice(('念好', '唱响', '写活'))}“{writer.subject.name}经” {writer.subject.aim}"
    parts: list[Part] = []
    for number, (first, second) in enumerate(zip(random.sample(_FIRST, 4), random.sample(_SECOND, 4), strict=True)):
        if number in (0, 2):
            name = f"./W0{day:%Y%m%d}{random.randrange(10**10):010d}_600.jpg"
            what = writer.subject.figures[number][0]
            caption = _CAPTIONS[(index + number) % 4].format(
                leader=writer.leader, village=writer.village, town=writer.town, what=what
            )
            parts += [Part("image", rows=((name,),)), Part("caption", caption)]
        if number:
            parts.append(Part("subheading", f"{first} {second}"))
        else:
            parts.append(Part("paragraph", writer.opening()))
        parts += [Part("paragraph", writer.paragraph(random.randint(2, 4))) for _ in range(random.randint(1, 3))]
    parts.append(Part("paragraph", writer.closing()))
    return Article(
        key=f"yx/{index}",
        url=f"http://{HOST}/xq/yx/{day:%Y%m}/t{day:%Y%m%d}_{710000 - index}.html",
        column="yx",
        title=title,
        kicker=_KICKERS[index % 4] if index % 4 != 3 else "",
        subtitle=_SUBTITLES[index % 3] if index % 3 != 2 else "",
        parts=tuple(parts),
        published_on=day,
        published_time=f"{random.randint(6, 22):02d}:{random.randint(0, 59):02d}:{random.randint(0, 59):02d}",
        author=person(random),
        source_name=random.choice(("澜源新闻网", "澜源日报", "云岫县融媒体中心")),
        editor=person(random),
        reviewer=person(random),
    )


def _detail(article: Article) -> str:
    # The publishing system writes the name of the picture file where the description belongs.
    lines = []
    for part in article.parts:
        name = part.rows[0][0][2:] if part.kind == "image" else ""
        block = body_html([part])
        lines.append(block.replace('alt=""', f'alt="{name}"') if name else block)
    return filled(
        "news_detail.html",
        kicker=article.kicker,
        title=escape(article.title),
        subtitle=article.subtitle,
        author=article.author,
        source=article.source_name,
        stamp=f"{article.published_on} {article.published_time}",
        body="\n".join(lines),
        editor=article.editor,
        reviewer=article.reviewer,
    )
