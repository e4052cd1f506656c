"""A look at a site, step by step: which few pages to ask for, and what they show together. Pure: no network, no clock.

Home pages first, then the lists that their links promise, then articles from these lists, a round of every list before
a second one. What a source already says (`source check`) is taken as its lists; else they are looked for.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from bulletin.capture import Capture
from bulletin.harvest import Row
from bulletin.ids import canonical_url
from bulletin.probe import SURE, ColumnSeen, FamilySeen, Probe, Sample
from bulletin.source import Column, Manners, Seed, Source
from crawler.addresses import on_loopback, own_host
from crawler.answers import UnfitError, fit, harvest_in, page_of
from crawler.extract.listing import says_empty
from crawler.extract.outline import outline_of
from crawler.extract.page import Page
from crawler.families import families, recognise
from crawler.families.family import Ask, Listing
from crawler.families.shells import targets_of
from crawler.prospecting import (
    Candidate,
    candidates,
    column_id,
    holds_bulletins,
    place_of,
    publisher,
    site_codes,
    site_name,
    source_id,
)
from crawler.troubles import Trouble, identity_trouble, trouble_of

#: Requests of one look, robots.txt and redirects included.
MOST_REQUESTS: Final = 25
_HOMES: Final = 4
_LISTS: Final = 10
_LIST_ASKS: Final = 13  # first answers of lists and the second ones that some need
_SAMPLES: Final = 10
#: Entries from which on a home page that has no other columns counts as one itself.
_LIST_OF_ITS_OWN: Final = 3
#: Likeness from which on a family is tried on a list.
_CONCEIVABLE: Final = 0.15


@dataclass(frozen=True, slots=True)
class Step:
    """One page to ask for. `kind` is home, list or article; `at` the number of the list it belongs to."""

    kind: str
    ask: Ask
    at: int = -1
    row: Row | None = None


@dataclass(slots=True)
class _List:
    """A list being looked at."""

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


class Survey:
    """A look at the site of `url`. `next()` gives a step as long as one is worth its request; `took()` and `failed()`
    say what came of it; `result()` what all of it shows.

    `source` carries what is known beforehand: hosts, resolve, manners. With `given` its columns and families are the
    question; without, they are looked for.
    """

    def __init__(self, source: Source, *, given: bool = False) -> None:
        self._source = source
        self._given = given
        self._homes: deque[Ask] = deque(_home_asks(source))
        self._asked = {ask.url for ask in self._homes}
        self._home_pages: list[Page] = []
        self._lists: list[_List] = []
        self._list_asks = 0
        self._samples: list[Sample] = []
        self._trouble: Trouble | None = None
        self._notes: list[str] = []
        self._codes: dict[str, None] = {}
        self._underway = False
        if given:
            self._lists = [_List(Candidate(c.name, c.url, 1, "in the source file"), c) for c in source.columns]

    def next(self) -> Step | None:
        """The next page to ask for; None where nothing further is worth asking."""
        if self._homes:
            return Step("home", self._homes.popleft())
        if not self._given and not self._lists:
            self._look_for_lists()
        return self._next_list() or self._next_article()

    # -- answers ------------------------------------------------------------------------------------------------------

    def took(self, step: Step, capture: Capture) -> None:
        """Take in an answer, whatever it is."""
        trouble = trouble_of(capture)
        if step.kind == "article":
            self._article(step, capture)
            return
        page = page_of(capture)
        trouble = trouble or identity_trouble(page.meta, self._source)
        if trouble and not (trouble.code == "shell_page" and step.kind == "list"):
            self.failed(step, trouble)
            return
        self._codes.update(dict.fromkeys(site_codes(page)))
        if step.kind == "home":
            self._home(page)
        else:
            self._list(self._lists[step.at], page, step.ask)

    def failed(self, step: Step, trouble: Trouble) -> None:
        """No answer, or one that is none."""
        if step.kind == "article" and step.row:
            at = self._lists[step.at].column.id
            sample = Sample(step.ask.url, at, step.row.title, step.row.date, None, trouble.code, trouble.words)
            self._samples.append(sample)
        elif step.kind == "list":
            self._lists[step.at].trouble = trouble
        else:
            self._trouble = self._trouble or trouble
            self._notes.append(f"{step.ask.url}: {trouble.words}")

    def _home(self, page: Page) -> None:
        self._home_pages.append(page)
        for url in targets_of(page):
            if own_host(self._source, url) and url not in self._asked and len(self._asked) < _HOMES + 2:
                self._asked.add(url)
                self._homes.append(Ask(url))

    def _list(self, one: _List, page: Page, ask: Ask) -> None:
        """The answer of a list: read by the family it looks like, the likeliest first."""
        if one.page is None:
            one.page = page
            if not self._given:
                self._name(one, page)
        first = one.asked == 1
        for name in self._families_for(one, page) if first else [one.family]:
            answer = _listing(name, page, one.column, ask)
            if answer.rows or answer.further or name == "generic":
                one.family, one.answer = name, answer
                break
        rows = [row for row in one.answer.rows if own_host(self._source, row.url)]
        one.empty = not one.answer.rows and not one.answer.further and says_empty(outline_of(page.root))
        one.waiting = deque(sorted(rows, key=lambda row: row.pinned))
        if not self._given and not one.answer.rows and not one.answer.further and not one.empty:
            one.dismissed = True

    def _name(self, one: _List, page: Page) -> None:
        """The column as its own page names it; a page that says it holds no bulletins is none."""
        if not holds_bulletins(page):
            one.dismissed = True
        named = " ".join(page.meta.get("columnname", "").split())
        if named and named != one.column.name:
            one.column = replace(one.column, name=named)

    def _article(self, step: Step, capture: Capture) -> None:
        one, row = self._lists[step.at], step.row or Row("", step.ask.url)
        seed = Seed(canonical_url(step.ask.url), one.column.id, "article", row.title, row.date, row.pinned)
        if not trouble_of(capture):
            page = page_of(capture)
            self._codes.update(dict.fromkeys(site_codes(page)))
            one.articles.append(page)
        reader = one.column.family or self._source.family if self._given else self._judged(one)[0].name
        column = replace(one.column, family=reader)
        try:
            harvest = fit(harvest_in(replace(self._source, columns=(column,)), seed, capture))
        except UnfitError as unfit:
            self.failed(step, unfit.trouble)
            return
        self._samples.append(Sample(seed.url, one.column.id, row.title, row.date, harvest))

    # -- what to ask for ----------------------------------------------------------------------------------------------

    def _look_for_lists(self) -> None:
        found: dict[str, Candidate] = {}
        for page in self._home_pages:
            for candidate in candidates(page, self._source):
                held = found.get(candidate.url)
                if held is None or held.promise < candidate.promise:
                    found[candidate.url] = candidate
        best = sorted(found.values(), key=lambda candidate: -candidate.promise)
        for candidate in best[:_LISTS]:
            self._add(candidate)
        if len(best) > _LISTS:
            names = "、".join(candidate.name for candidate in best[_LISTS : _LISTS + 12])
            self._notes.append(f"{len(best) - _LISTS} more links may lead to columns and were not followed: {names}")

    def _add(self, candidate: Candidate) -> _List:
        name = column_id(candidate.url, (one.column.id for one in self._lists))
        one = _List(candidate, Column(name, candidate.name, candidate.url), family=candidate.family)
        self._lists.append(one)
        return one

    def _next_list(self) -> Step | None:
        for at, one in enumerate(self._lists):
            if one.trouble or one.dismissed or self._list_asks >= _LIST_ASKS:
                continue
            ask = None
            if not one.asked:
                home = next((p for p in self._home_pages if p.url == one.column.url.partition("#")[0]), None)
                name = one.family or one.column.family or self._source.family
                ask = families()[name].first_listing(one.column)
                if home is not None and not self._given:
                    one.asked = 1
                    self._list(one, home, ask)
                    return self._next_list()
            elif one.asked < 3 and not one.answer.rows and one.answer.further:
                ask = one.answer.further[0]
            if ask:
                one.asked += 1
                self._list_asks += 1
                return Step("list", ask, at)
        return None

    def _next_article(self) -> Step | None:
        self._settle()
        if len(self._samples) >= _SAMPLES:
            return None
        seen = {sample.url for sample in self._samples}
        counted = Counter(sample.column for sample in self._samples)
        for at in sorted(range(len(self._lists)), key=lambda at: counted[self._lists[at].column.id]):
            one = self._lists[at]
            while one.waiting and not one.dismissed:
                row = one.waiting.popleft()
                if canonical_url(row.url) not in seen:
                    return Step("article", Ask(row.url), at, row)
        return None

    def _settle(self) -> None:
        """Lists that show the same as another one are the same list; a home page may be a list itself."""
        if self._given:
            return
        shown: dict[tuple[str, ...], _List] = {}
        for one in self._lists:
            rows = tuple(row.url for row in one.answer.rows)
            if rows and not one.dismissed and shown.setdefault(rows, one) is not one:
                one.dismissed = True
        told = {row.url for one in self._lists if not one.dismissed for row in one.answer.rows}
        for page in self._home_pages:
            if any(one.column.url == page.url for one in self._lists):
                continue
            home = Candidate(page.title[:30] or page.url, page.url, 1, "the home page is a list")
            one = _List(home, Column(column_id(page.url, [o.column.id for o in self._lists]), home.name, page.url))
            one.asked = 1
            self._list(one, page, Ask(page.url))
            new = [row for row in one.answer.rows if row.url not in told and own_host(self._source, row.url)]
            plainly = len(new) >= _LIST_OF_ITS_OWN and (one.answer.further or not told)
            one.dismissed = not plainly
            self._lists.append(one)

    # -- what it shows ------------------------------------------------------------------------------------------------

    def _families_for(self, one: _List, page: Page) -> list[str]:
        """The families to try on a list, likeliest first; of a source that says which, only that."""
        if self._given:
            return [one.column.family or self._source.family]
        judged = recognise([page, *self._home_pages[:1]])
        likely = [family.name for family, likeness in judged if likeness.score >= _CONCEIVABLE]
        tried = [one.candidate.family, *likely, "generic"]
        return [name for name in dict.fromkeys(tried) if name]

    def _judged(self, one: _List) -> list[FamilySeen]:
        """The families a list and its articles look like, the one to take first."""
        pages = [page for page in (one.page, *one.articles) if page is not None]
        seen = _seen(pages)
        for candidate in seen:
            if candidate.score >= SURE and (candidate.name == one.family or self._can_list(candidate.name, one)):
                return [candidate, *(other for other in seen if other is not candidate)]
        generic = next((s for s in seen if s.name == "generic"), FamilySeen("generic", 0.0))
        fallback = one.family if one.family and not one.answer.rows and one.answer.further else ""
        if one.family not in ("", "generic") and (fallback or not self._can_list("generic", one)):
            generic = next((s for s in seen if s.name == one.family), FamilySeen(one.family, 0.0))
        return [generic, *(other for other in seen if other is not generic)]

    def _can_list(self, name: str, one: _List) -> bool:
        """Whether a family finds on the list's first page what the one that was tried first has found, or more."""
        if one.page is None:
            return False
        if one.empty:
            return True
        answer = _listing(name, one.page, one.column, Ask(one.column.url))
        return len(answer.rows) >= len(one.answer.rows) if one.asked == 1 else bool(answer.further)

    def result(self, requests: int) -> Probe:
        """Everything together."""
        kept = [one for one in self._lists if not one.dismissed]
        columns = [self._column_seen(one) for one in kept]
        pages = [*self._home_pages, *(p for one in kept for p in (one.page, *one.articles) if p is not None)]
        whole = _seen(pages)
        good = [seen for seen in columns if not seen.trouble or seen.rows or seen.says_empty]
        source = self._source if self._given else self._proposed(good)
        self._remark(columns, source)
        reached = bool(self._home_pages) or any(one.page is not None for one in kept)
        trouble = None if reached else self._trouble or next((one.trouble for one in kept if one.trouble), None)
        return Probe(
            url=self._source.url,
            source=source,
            requests=requests,
            families=tuple(whole),
            columns=tuple(columns),
            samples=tuple(self._samples),
            site_codes=tuple(self._codes),
            notes=tuple(dict.fromkeys(self._notes)),
            code=trouble.code if trouble else "",
            reason=trouble.words if trouble else "",
        )

    def _column_seen(self, one: _List) -> ColumnSeen:
        judged = self._judged(one) if one.page is not None else []
        named = one.column if self._given else replace(one.column, family=judged[0].name if judged else "")
        trouble = one.trouble.words if one.trouble else one.answer.trouble
        if not trouble and one.page is not None and not one.answer.rows and not one.empty:
            trouble = "no entries were found on the page, and it does not say that there are none"
        return ColumnSeen(
            column=named,
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

    def _proposed(self, columns: Sequence[ColumnSeen]) -> Source | None:
        """The description of a source with these columns; None without any."""
        if not columns:
            return None
        name = site_name(self._home_pages)
        place = place_of(self._codes, name)
        self._notes.append(f"region {place.code or 'unknown'}: {place.why}")
        counted = Counter(seen.column.family for seen in columns if seen.rows) or Counter(
            seen.column.family for seen in columns
        )
        family = counted.most_common(1)[0][0]
        described = tuple(
            replace(seen.column, family="" if seen.column.family == family or seen.says_empty else seen.column.family)
            for seen in columns
        )
        office = publisher(self._home_pages, name)
        whole = bool(place.code) and all(not seen.trouble for seen in columns) and any(s.harvest for s in self._samples)
        return replace(
            self._source,
            id=source_id(self._source.url, place.code or "000000"),
            name=office or name or urlsplit(self._source.url).hostname or "",
            region=place.code or "000000",
            columns=described,
            family=family,
            office=office,
            site_code=next(iter(self._codes), ""),
            manners=Manners(delay=0.0) if on_loopback(self._source, self._source.url) else Manners(),
            verified=whole,
        )

    def _remark(self, columns: Sequence[ColumnSeen], source: Source | None) -> None:
        """What a person should know before the first crawl."""
        if source is None and self._home_pages:
            self._notes.append("no list of bulletins was found: name the page of one, or write its address into a file")
        if self._given:
            return
        for seen in columns:
            if seen.trouble and not seen.rows:
                self._notes.append(f"{seen.column.name} ({seen.column.url}): {seen.trouble}")
            if seen.column.family == "generic" and seen.rows:
                likely = [f"{s.name} {s.score:.2f}" for s in seen.families if s.name != "generic" and s.score >= 0.2]
                told = f"; a little like {', '.join(likely)}" if likely else ""
                words = f"{seen.column.name}: no known publishing system, read by general rules{told}"
                if not seen.onward and seen.total is not None and seen.total > seen.rows:
                    words += f"; only {seen.rows} of {seen.total} entries can be reached"
                self._notes.append(words)
        if len(self._codes) > 1:
            self._notes.append(f"the pages carry several site codes: {', '.join(self._codes)}")


def _home_asks(source: Source) -> list[Ask]:
    """The address asked about, and the site's root where that is another one."""
    root = urljoin(source.url, "/")
    return [Ask(source.url)] if root == source.url else [Ask(source.url), Ask(root)]


def _seen(pages: Sequence[Page]) -> list[FamilySeen]:
    return [FamilySeen(family.name, round(found.score, 3), found.reasons) for family, found in recognise(pages)]


def _listing(name: str, page: Page, column: Column, ask: Ask) -> Listing:
    try:
        return families()[name].listing(page, column, ask)
    except Exception as error:  # a page of another system can surprise a family; then it is not its page
        return Listing(trouble=f"{name} cannot read the list ({type(error).__name__})")
