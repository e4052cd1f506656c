"""What the pages of a look show together: which family a list is of, what the source is, what is not sure. Pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from bulletin.harvest import Row
from bulletin.probe import SURE, ColumnSeen, FamilySeen
from bulletin.source import Column, Manners, Source
from crawler.addresses import on_loopback, own_host
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.families import families, recognise
from crawler.families.family import Ask, Listing
from crawler.prospecting import Candidate, place_of, publisher, site_codes, site_name, source_id
from crawler.troubles import Trouble

#: Likeness from which on a family is tried on a list.
CONCEIVABLE: Final = 0.15


@dataclass(slots=True)
class ListFound:
    """A list being looked at: its first page, what the family tried on it found, and articles from it."""

    candidate: Candidate
    column: Column
    page: Page | None = None
    answer: Listing = field(default_factory=Listing)
    asked: int = 0
    family: str = ""
    empty: bool = False
    dismissed: bool = False  # it is no list of bulletins
    trouble: Trouble | None = None
    articles: list[Page] = field(default_factory=list)
    waiting: deque[Row] = field(default_factory=deque)

    def take(self, page: Page, ask: Ask, tried: Iterable[str]) -> None:
        """Read an answer by the first of these families that finds something in it, or is told that it is empty."""
        self.page = self.page or page
        first = True
        for name in tried:
            answer = listing_of(name, page, self.column, ask)
            telling = bool(answer.rows or answer.further) or _is_empty(answer, page)
            if first or telling:
                self.family, self.answer, first = name, answer, False
            if telling:
                break
        self.empty = not self.answer.rows and not self.answer.further and _is_empty(self.answer, page)

    @property
    def silent(self) -> bool:
        """Whether the list shows neither entries, nor where they are, nor that there are none."""
        return not (self.answer.rows or self.answer.further or self.empty)

    def judged(self) -> list[FamilySeen]:
        """The families the list and its articles look like, the one to take first: the likeliest that finds all of
        the list, or else general rules."""
        seen = likenesses([page for page in (self.page, *self.articles) if page is not None])
        sure = next(
            (one for one in seen if one.score >= SURE and one.name != "generic" and self._serves(one.name)), None
        )
        if sure is None:
            name = "generic" if self.family == "" or self._serves("generic") else self.family
            sure = next((one for one in seen if one.name == name), FamilySeen(name, 0.0))
        return [sure, *(one for one in seen if one.name != sure.name)]

    def _serves(self, name: str) -> bool:
        """Whether a family finds on the first page what others find there, its entries as well as where it goes on."""
        if self.page is None or self.empty:
            return True
        ask = Ask(self.column.url)
        answers = {
            tried: listing_of(tried, self.page, self.column, ask) for tried in {name, self.family, "generic"} if tried
        }
        rows = max(len(answers[tried].rows) for tried in answers if tried != "generic" or name == tried)
        mine = answers[name]
        all_of_it = mine.total is not None and len(mine.rows) >= mine.total
        reaches = bool(mine.further) or all_of_it or not any(a.further and a.rows for a in answers.values())
        return len(mine.rows) >= rows and reaches and (bool(mine.rows or mine.further) or not self.answer.rows)


def _is_empty(answer: Listing, page: Page) -> bool:
    return answer.total == 0 or says_empty(outline_of(page.root))


def likenesses(pages: Sequence[Page]) -> list[FamilySeen]:
    """The families pages look like, likeliest first."""
    return [FamilySeen(family.name, round(found.score, 3), found.reasons) for family, found in recognise(pages)]


def listing_of(name: str, page: Page, column: Column, ask: Ask) -> Listing:
    """What a family makes of a list's answer. A page of another system can surprise it: then it is not its page."""
    try:
        return families()[name].listing(page, column, ask)
    except Exception as error:
        return Listing(trouble=f"{name} cannot read the list ({type(error).__name__})")


def column_seen(one: ListFound, *, given: bool) -> ColumnSeen:
    """A list as a person is told of it; where it is not `given`, with the family to read it by."""
    judged = one.judged() if one.page is not None else []
    trouble = one.trouble.words if one.trouble else one.answer.trouble
    if not trouble and one.page is not None and not one.answer.rows and not one.empty:
        trouble = "no entries were found on the page, and it does not say that there are none"
    return ColumnSeen(
        column=one.column if given else replace(one.column, family=judged[0].name if judged else ""),
        why=one.candidate.why,
        families=tuple(judged),
        rows=len(one.answer.rows),
        dated=sum(bool(row.date) for row in one.answer.rows),
        total=one.answer.total,
        onward=bool(one.answer.further),
        says_empty=one.empty,
        code=one.trouble.code if one.trouble else "",
        trouble=trouble,
    )


def proposed(
    source: Source, columns: Sequence[ColumnSeen], homes: Sequence[Page], codes: Sequence[str], read: Sequence[str]
) -> tuple[Source | None, list[str]]:
    """The description of a source with those of the columns that can be followed (None without any), and what a person
    should know of it. `read`: where bulletins were read."""
    good = [seen for seen in columns if seen.rows or seen.says_empty]
    notes = [f"{s.column.name} ({s.column.url}) is left out: {s.trouble}" for s in columns if s not in good]
    if not good:
        return None, notes
    name = site_name(homes)
    place = place_of(codes, name)
    notes.append(f"region {place.code or 'unknown, 000000 stands for it'}: {place.why}")
    notes += [words for seen in good if (words := _reservation(seen))]
    counted = Counter(s.column.family for s in good if s.rows) or Counter(s.column.family for s in good)
    family = counted.most_common(1)[0][0]
    own = {
        seen.column.id: "" if seen.column.family == family or seen.says_empty else seen.column.family for seen in good
    }
    office = publisher(homes, name)
    described = replace(
        source,
        id=source_id(source.url, place.code or "000000"),
        name=office or name or urlsplit(source.url).hostname or "",
        region=place.code or "000000",
        url=urljoin(source.url, "/"),
        hosts=_hosts(source, [*(page.url for page in homes), *(seen.column.url for seen in good), *read]),
        columns=tuple(replace(seen.column, family=own[seen.column.id]) for seen in good),
        family=family,
        office=office,
        site_code=codes[0] if codes else "",
        manners=Manners(delay=0.0) if on_loopback(source, source.url) else Manners(),
        verified=bool(read),
    )
    return described, notes


def another_site(page: Page, codes: Sequence[str]) -> Trouble | None:
    """Hosts under one name may be several sites: a page is one of this site unless its own code is another than the
    site's `codes`. None where either side has none."""
    stated = site_codes(page)
    if not stated or not codes or set(stated) & set(codes):
        return None
    return Trouble("identity_mismatch", f"it says its site code is {stated[0]}, not {codes[0]}")


def _hosts(source: Source, urls: Iterable[str]) -> tuple[str, ...]:
    """The hosts to write down: those known beforehand, and those that pages of the site turned out to be on."""
    known = [host for host in source.hosts if not host.startswith("*.")]
    met = [urlsplit(url).hostname or "" for url in urls if not own_host(replace(source, hosts=tuple(known)), url)]
    return tuple(dict.fromkeys([*known, *filter(None, met)]))


def _reservation(seen: ColumnSeen) -> str:
    """What is not sure about a column that can be followed; "" for nothing."""
    words = f"{seen.column.name}: {seen.trouble}" if seen.trouble else ""
    if seen.column.family == "generic" and seen.rows:
        likely = [f"{s.name} {s.score:.2f}" for s in seen.families if s.name != "generic" and s.score >= CONCEIVABLE]
        words = words or f"{seen.column.name}: no known publishing system"
        words += "; read by general rules" + (f"; a little like {', '.join(likely)}" if likely else "")
    if not seen.onward and seen.total is not None and seen.total > seen.rows:
        words = words or f"{seen.column.name}:"
        words += f" only {seen.rows} of {seen.total} entries can be reached"
    return words
