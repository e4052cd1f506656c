"""The fields of an article, from meta tags, disclosure box, head line, body and tail, in the order of trust.

Title and source: meta tags first. Dates: what the page shows with its label, in the head line or the box; a PubDate tag
that says otherwise is doubted (templates write the hour of twelve for that of twenty-four, or the day of an edit).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlsplit

from bulletin.harvest import Doubt
from bulletin.source import Source
from bulletin.text.clean import squeeze
from bulletin.text.dates import FoundDate, find_dates
from bulletin.text.docnumber import parse_docnumber
from bulletin.text.issues import parse_issue
from crawler.extract.byline import byline_of
from crawler.extract.disclosure import Block, fields_of
from crawler.extract.gathering import Gathering
from crawler.extract.imprint import Imprint
from crawler.extract.lines import Line
from crawler.extract.page import Page
from crawler.extract.signature import read_signature

_PUBLISHED: Final = (
    "pubdate publishdate publish_date publishtime article:published_time firstpublishedtime og:release_date "
    "article:create_at weibo:article:create_at datepublished date dc.date"
).split()
_NO_SOURCE: Final = re.compile(
    r"(?:null|undefined|none|原创|转载|本站|本网|本站原创|未知|互联网|网络|其他|其它|未标注|无|[\W_\d]*|https?:\S*)",
    re.I,
)
_IMPRINT: Final = ("author", "source_name", "editor", "reviewer", "office")
_DAY_ALONE: Final = re.compile(r"\d{1,2}日?")
_MONTH_ALONE: Final = re.compile(r"(?:19|20)\d\d[-年./]\d{1,2}月?")
_GLUED: Final = re.compile(r"^(?:(\d{2})((?:19|20)\d\d[-年./]\d{2}月?)|((?:19|20)\d\d[-年./]\d{2}月?)(\d{2}))$")
_SCRIPTED: Final = re.compile(
    r"(?:pub(?:lish)?_?(?:date|time)|release_?(?:date|time)|fbsj|fbrq)[\"']?\s{0,3}[:=]\s{0,3}[\"']((?:19|20)\d\d[-/.年][^\"']{3,20})[\"']",
    re.I,
)
_ADDRESSED: Final = re.compile(
    r"/t((?:19|20)\d\d)(\d\d)(\d\d)_\d+\.|/((?:19|20)\d\d)[-/]?(0[1-9]|1[0-2])[-/]?(0[1-9]|[12]\d|3[01])/"
    r"|/art/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"
)
_BRACKETED: Final = re.compile(r".*[(（]([^()（）]{6,40})[)）]$")
_HALF_DAY: Final = timedelta(hours=12)


def take_meta(gathering: Gathering, page: Page) -> None:
    source = page.meta.get("contentsource", "")[:200]
    if source and not _NO_SOURCE.fullmatch(source) and len(source) <= 60:
        gathering.take({"source_name": " ".join(source.split())}, "meta", 0.9)


def take_block(gathering: Gathering, block: Block) -> None:
    values, doubts = fields_of(block)
    title = values.pop("title", None)
    gathering.take(values, "block", 0.95)
    if title and not gathering.values.get("title"):
        gathering.take({"title": title}, "block", 0.95)
    gathering.doubts += doubts
    if block:
        gathering.values["block"] = block.entries


def take_imprint(gathering: Gathering, imprint: Imprint, origin: str) -> None:
    """`origin`: headline, or text for lines under the body. The head line's date comes before the box's."""
    values: dict[str, Any] = {name: getattr(imprint, name) for name in _IMPRINT}
    _doubt_source(gathering, imprint.source_name)
    if origin == "text":
        del values["office"]  # under the text that is the owner of the site
    if imprint.published:
        values |= _published(imprint.published)
    for entry in imprint.entries:
        if entry.field == "number" and (number := parse_docnumber(entry.value)):
            values |= {"number": number.canonical, "number_raw": number.raw}
    gathering.take(values, origin, 0.9 if origin == "headline" else 0.7)
    gathering.doubts += imprint.doubts


def _doubt_source(gathering: Gathering, shown: str | None) -> None:
    """A source shown that is another than the ContentSource tag's is doubted; the reason keeps both."""
    known, evidence = gathering.values.get("source_name"), gathering.evidence.get("source_name")
    if not shown or not known or evidence is None or evidence.origin != "meta" or _NO_SOURCE.fullmatch(shown):
        return
    one, other = squeeze(shown), squeeze(known)
    if one not in other and other not in one:
        reason = f"{known} (ContentSource), but the page shows {shown}"
        gathering.doubts.append(Doubt("source_name", reason))


def take_bare_date(gathering: Gathering, head: Sequence[Line]) -> None:
    """A date in a short line under the title, without a label and beside a name that may be anything."""
    for line in head:
        if len(line.text) <= 60 and line.link_share < 0.5:
            found = [date for date in find_dates(line.text) if date.precision == "day"]
            if len(found) == 1:
                gathering.take(_published(found[0]), "headline", 0.6)
                return


def take_time(gathering: Gathering, owners: Sequence[Any]) -> None:
    """The first date that an element `time` under the title gives in its attribute; what it shows may lack the year."""
    for owner in owners:
        for element in owner.iter("time"):
            if found := find_dates((element.get("datetime") or "")[:40]):
                gathering.take(_published(found[0]), "headline", 0.8)
                return


def take_parted_date(gathering: Gathering, around: Sequence[Line]) -> None:
    """A date set in two pieces beside the title: the day large, year and month small."""
    texts = [part for line in around for part in (_GLUED.sub(r"\1\3\n\2\4", line.text).split("\n"))]
    for one, other in pairwise(texts):
        for day, month in ((one, other), (other, one)):
            if _DAY_ALONE.fullmatch(day) and _MONTH_ALONE.fullmatch(month):
                found = find_dates(f"{re.sub('[年./]', '-', month.rstrip('月'))}-{day.rstrip('日')}")
                gathering.take(_published(found[0]) if found else {}, "headline", 0.6)
                return


def take_pubdate(gathering: Gathering, page: Page) -> None:
    """The PubDate tag: the date where none is shown, else a witness that is doubted when it differs."""
    for name in _PUBLISHED:
        found = find_dates(page.meta.get(name, "")[:100])
        if not found:
            continue
        stated = found[0]
        shown, moment = gathering.values.get("published_on"), gathering.values.get("published_at")
        if shown is None:
            gathering.take(_published(stated), "meta", 0.7)
        elif shown != stated.day:
            gathering.doubts.append(Doubt("published_on", f"the page shows {shown}, its {name} tag says {stated.raw}"))
        elif moment is None:
            gathering.take({"published_at": stated.moment}, "meta", 0.7)
        elif stated.moment and moment - stated.moment == _HALF_DAY:
            reason = f"the {name} tag is twelve hours early, as templates with the hour of twelve write it"
            gathering.doubts.append(Doubt("published_at", reason))
        return
    if not gathering.values.get("published_on"):
        take_unshown_date(gathering, page)


def take_unshown_date(gathering: Gathering, page: Page) -> None:
    """A date that is neither shown nor tagged: the one day that scripts give to a variable named so, or the folder or
    file of the address that systems call after the day on which they put a page up."""
    written = {match[1] for script in page.root.iter("script") for match in _SCRIPTED.finditer(script.text or "")}
    days = {found[0].day for text in written if (found := find_dates(text))}
    if len(days) == 1:
        gathering.take({"published_on": days.pop()}, "meta", 0.5)
        gathering.doubts.append(Doubt("published_on", "the page shows no date; this is the one its scripts name"))
        return
    match = _ADDRESSED.search(urlsplit(page.url).path)
    if match and not days and (found := find_dates("-".join(part for part in match.groups() if part))):
        # Below what a list says of the page.
        gathering.take(_published(found[0]), "generic", 0.3)
        gathering.doubts.append(Doubt("published_on", "the page shows no date; this is the one in its address"))


def _published(found: FoundDate) -> dict[str, Any]:
    return {"published_on": found.day if found.precision == "day" else None, "published_at": found.moment}


def take_body(gathering: Gathering, lines: Sequence[Line]) -> None:
    """What the text itself says: its number above it, its signature and byline under it."""
    for line in lines[:4]:
        number = parse_docnumber(line.text.strip(" ()（）"))
        if number:
            gathering.take({"number": number.canonical, "number_raw": number.raw}, "text", 0.85)
            break
    signature = read_signature(lines)
    if signature:
        gathering.take({"signed_on": signature.day}, "text", 0.8)
        gathering.take({"office": signature.offices[0] if signature.offices else None}, "text", 0.7)
        gathering.doubts += signature.doubts
    if lines:
        gathering.take({"author": byline_of(lines[-1].text)}, "text", 0.7)


def take_number(gathering: Gathering, head: Sequence[Line]) -> None:
    """A document number that stands as a line of its own under the title, and the issue the title names."""
    for line in reversed(head):
        number = parse_docnumber(line.text.strip(" ()（）")) if len(line.text) <= 40 else None
        if number:
            gathering.take({"number": number.canonical, "number_raw": number.raw}, "headline", 0.9)
            break
    else:
        take_titled_number(gathering)
    issue = parse_issue(gathering.values.get("title") or "")
    if issue:
        number_of_issue = issue.total if issue.total is not None else issue.first
        gathering.take({"issue": issue.raw, "issue_number": number_of_issue}, "headline", 0.8)


def take_titled_number(gathering: Gathering) -> None:
    """A document number at the beginning of the title, a blank behind it, or in brackets at its end."""
    title = gathering.values.get("title") or ""
    parts = (
        title.split()[0] if " " in title.strip() else "",
        _BRACKETED.sub(r"\1", title) if title[-1:] in ")）" else "",
    )
    for part in parts:
        number = parse_docnumber(part)
        if number and len(number.raw) == len(part):
            gathering.take({"number": number.canonical, "number_raw": number.raw}, "headline", 0.75)
            return


def doubt_identity(gathering: Gathering, page: Page, source: Source | None) -> None:
    """A page whose site code belongs to another place is a copy, or the source is described wrongly."""
    code = page.meta.get("siteidcode", "").strip()
    if not source or not re.fullmatch(r"\d{10}", code):
        return
    if source.site_code and source.site_code != code:
        gathering.doubts.append(Doubt("", f"the page's site code is {code}, that of the source {source.site_code}"))
    elif not source.site_code and source.region and code[:4] != source.region[:4]:
        gathering.doubts.append(Doubt("", f"the site code {code} is of another region than {source.region}"))
