"""An information-disclosure page: labels and values, a notice with its annex in one body, the government's footer."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape
from typing import Final

from desk.demo.answering import Sheet, sheet
from desk.demo.article import Article, Part
from desk.demo.composing import chinese_day, day_of
from desk.demo.markup import body_html, filled
from desk.demo.places import NEIGHBOUR_TOWNS
from desk.demo.prose import Writer
from desk.demo.site import PracticeSite, chance
from desk.demo.smallsite import SmallSite, paged_lists, rows_html

HOST: Final = "www.baishitan.example"
COUNTY: Final = "白石滩县"
_COUNT: Final = 16
_CHROME: Final = (
    "设为首页",
    "收藏本站",
    "网站地图",
    "联系方式",
    "白石滩县人民政府主办 白石滩县电子政务中心承办 澜ICP备19990303号",
    "联系电话：0999-7712345 投稿邮箱：bst@baishitan.example 邮编：699300",
    "政务微信",
    "政务微博",
    "ios版",
    "android版",
)
_PARAGRAPH: Final = '<p style="line-height: 28px;">　　{}&nbsp;</p>'
#: Signatures stand on the right by force of no-break spaces.
_RIGHT: Final = "<p>" + "&nbsp;" * 26 + "{}&nbsp;</p>"
_ROLES: Final = {
    "paragraph": _PARAGRAPH,
    "heading": _PARAGRAPH,
    "salutation": "<p>{}&nbsp;</p>",
    "signature": _RIGHT,
    "signed": _RIGHT,
    "annex": '<p>&nbsp;</p>\n<p style="text-align:center">{}&nbsp;</p>\n<p>&nbsp;</p>',
}


def disclosure(scale: int = 1) -> PracticeSite:
    articles = [_article(k, _COUNT * scale) for k in range(_COUNT * scale)]
    sheets: dict[str, Sheet] = {}
    for article in articles:
        _put(sheets, article.url.removeprefix(f"http://{HOST}"), article.title, _detail(article), article.listed_on)
    pages = paged_lists(articles, 8, "/xxgk/list")
    for path, shown, pager in pages:
        body = f'<div class="mid"><ul class="gk">\n{rows_html(shown, HOST)}\n</ul><p class="fy">{pager}</p></div>'
        _put(sheets, path, "信息公开目录", body, None)
    sheets["/"] = sheets["/xxgk/list.html"]
    return SmallSite(
        name="disclosure",
        host=HOST,
        source_id="619903_baishitan",
        publisher="白石滩县人民政府",
        region="619903",
        column=("xxgk", "信息公开目录"),
        lists=[path for path, _, _ in pages],
        articles=articles,
        sheets=sheets,
        chrome=_CHROME,
    )


def _put(sheets: dict[str, Sheet], path: str, title: str, body: str, day: date | None) -> None:
    sheets[path] = sheet(filled("disclosure_page.html", title=escape(title), body=body), day)


def _article(index: int, count: int) -> Article:
    random = chance("disclosure", index)
    listed = day_of(index)
    writer = Writer(random, listed, county=COUNTY, towns=NEIGHBOUR_TOWNS[COUNTY])
    subject = writer.subject
    office = subject.office.replace("云岫县", COUNTY)
    work = f"{listed.year}年{subject.name}工作安排"
    signed = listed - timedelta(days=random.randint(3, 20))
    parts = [
        Part("salutation", "各乡镇，县级有关部门："),
        Part("paragraph", f"现将《{work}》印给你们，请结合本地情况办理，{subject.aim}。"),
        Part("signature", office),
        Part("signed", chinese_day(signed) if index % 2 else f"{signed.year}年{signed.month}月{signed.day}日"),
        Part("annex", f"{COUNTY}{work}"),
        Part("paragraph", writer.opening()),
        *writer.chapters(random.randint(5, 9)),
    ]
    serial = count - index
    return Article(
        key=f"xxgk/{index}",
        url=f"http://{HOST}/xxgk/{listed.year}/{90000 + serial}.html",
        column="xxgk",
        title=f"{office}关于印发《{work}》的通知",
        parts=tuple(parts),
        number=f"白{subject.code}〔{signed.year}〕{serial}号",
        index_number=f"739901238/{listed.year}-{serial:05d}",
        office=office,
        topic=(f"{subject.topic[0]}、综合", subject.name) if index % 3 == 0 else (subject.topic[0],),
        disclosure=("长期公开", "常年公开", "20个工作日")[index % 3],
        dated_on=listed,
        signed_on=signed,
        listed_on=listed,
    )


def _detail(article: Article) -> str:
    box = [
        ("索引号", article.index_number),
        ("主题分类", ";".join(article.topic)),
        ("发布机构", article.office),
        ("生成日期", f"{article.dated_on} 00:00:00"),
        ("文号", article.number),
        ("公开时限", article.disclosure),
    ]
    rows = "\n".join(f"<dl><dt>{label}</dt><dd>{escape(value)}</dd></dl>" for label, value in box)
    body = body_html(article.parts, roles=_ROLES)
    return (
        f'<div class="mid"><div class="xx">\n{rows}\n</div>\n<h1>{escape(article.title)}</h1>\n'
        f'<div class="text">\n{body}\n<p>&nbsp;</p><p>&nbsp;</p>\n</div></div>'
    )
