"""A look at a site, step by step: which few pages to ask for, and what they show together. Pure: no network, no clock.

Home pages first, then the lists that their links promise, then articles from these lists, a round of every list before
a second one. What a source already says (`source check`) is taken as its lists; else they are looked for.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from bulletin.capture import Capture
from bulletin.harvest import Row
from bulletin.ids import canonical_url
from bulletin.probe import Probe, Sample
from bulletin.source import Column, Seed, Source
from crawler.addresses import own_host
from crawler.answers import UnfitError, fit, harvest_in, page_of
from crawler.extract.page import Page
from crawler.families import families, recognise
from crawler.families.family import Ask
from crawler.families.shells import targets_of
from crawler.findings import CONCEIVABLE, ListFound, another_site, column_seen, likenesses, proposed
from crawler.prospecting import Candidate, candidates, column_id, holds_bulletins, led_away, place_of, site_codes
from crawler.troubles import Trouble, identity_trouble, trouble_of

#: Requests of one look, robots.txt and redirects included.
MOST_REQUESTS: Final = 25
_HOMES: Final = 4
_LISTS: Final = 10
_LIST_ASKS: Final = 13  # first answers of lists and the second ones that some need
_SAMPLES: Final = 10
#: Entries from which on a home page that has no other columns counts as one itself.
_LIST_OF_ITS_OWN: Final = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One page to ask for. `kind` is home, list or article; `at` the number of the list it belongs to."""

    kind: str
    ask: Ask
    at: int = -1
    row: Row | None = None


class Survey:
    """A look at the site of `url`. `next()` gives a step as long as one is worth its request; `took()` and `failed()`
    say what came of it; `result()` what all of it shows.

    `source` carries what is known beforehand: hosts, resolve, manners. With `given` its columns and families are the
    question; without, they are looked for.
    """

    def __init__(self, source: Source, *, given: bool = False) -> None:
        self._described = source
        self._source = replace(source, site_code="")  # another code than before is to be told, not to be refused
        self._at_home = replace(source, hosts=tuple(host for host in source.hosts if not host.startswith("*.")))
        self._given = given
        self._homes: deque[Ask] = deque(_home_asks(source))
        self._asked = {ask.url for ask in self._homes}
        self._home_pages: list[Page] = []
        self._met: dict[str, Page] = {}  # pages asked for with GET, by their address
        self._lists: list[ListFound] = []
        self._list_asks = 0
        self._samples: list[Sample] = []
        self._trouble: Trouble | None = None
        self._notes: list[str] = []
        self._codes: dict[str, None] = {}
        self._underway = False
        if given:
            self._lists = [ListFound(Candidate(c.name, c.url, 1, "in the source file"), c) for c in source.columns]

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
        trouble = trouble or identity_trouble(page.meta, self._source) or self._another_site(step, page)
        if trouble and not (trouble.code == "shell_page" and step.kind == "list"):
            self.failed(step, trouble)
            return
        self._codes.update(dict.fromkeys(site_codes(page)))
        if step.ask.method == "GET":
            self._met[step.ask.url.partition("#")[0]] = page
        if step.kind == "home":
            self._home(page)
        else:
            self._list(self._lists[step.at], page, step.ask)

    def _another_site(self, step: Step, page: Page) -> Trouble | None:
        at_home = step.kind == "home" or own_host(self._at_home, step.ask.url)
        return None if self._given or at_home else another_site(page, tuple(self._codes))

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

    def _list(self, one: ListFound, page: Page, ask: Ask) -> None:
        """The answer of a list: read by the family it looks like, the likeliest first."""
        first = one.page is None
        if first and not self._given:
            self._name(one, page)
        one.take(page, ask, self._families_for(one, page) if first else [one.family])
        rows = [row for row in one.answer.rows if own_host(self._source, row.url)]
        one.waiting = deque(sorted(rows, key=lambda row: row.pinned))
        one.dismissed = one.dismissed or (one.silent and not self._given)

    def _name(self, one: ListFound, page: Page) -> None:
        """The column as its own page names it; a page that says it holds no bulletins is none."""
        if not holds_bulletins(page):
            one.dismissed = True
        named = " ".join(page.meta.get("columnname", "").split())
        if named and named != one.column.name:
            one.column = replace(one.column, name=named)

    def _article(self, step: Step, capture: Capture) -> None:
        one, row = self._lists[step.at], step.row or Row("", step.ask.url)
        seed = Seed(canonical_url(step.ask.url), one.column.id, row.title, row.date, row.pinned)
        if not trouble_of(capture):
            page = page_of(capture)
            if foreign := self._another_site(step, page):
                self.failed(step, foreign)
                return
            self._codes.update(dict.fromkeys(site_codes(page)))
            one.articles.append(page)
        reader = one.column.family or self._source.family if self._given else one.judged()[0].name
        column = replace(one.column, family=reader)
        region = self._source.region if self._given else place_of(self._codes, "").code or self._source.region
        try:
            harvest = fit(harvest_in(replace(self._source, columns=(column,), region=region), seed, capture))
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
        away = [one for page in self._home_pages for one in led_away(page, self._source)]
        if away:
            names = "、".join(dict.fromkeys(f"{one.name} ({urlsplit(one.url).hostname})" for one in away[:6]))
            self._notes.append(f"links to columns on other sites were not followed: {names}")
        if len(best) > _LISTS:
            names = "、".join(candidate.name for candidate in best[_LISTS : _LISTS + 12])
            self._notes.append(f"{len(best) - _LISTS} more links may lead to columns and were not followed: {names}")

    def _add(self, candidate: Candidate) -> ListFound:
        name = column_id(candidate.url, (one.column.id for one in self._lists))
        one = ListFound(candidate, Column(name, candidate.name, candidate.url), family=candidate.family)
        self._lists.append(one)
        return one

    def _next_list(self) -> Step | None:
        for at, one in enumerate(self._lists):
            while self._list_asks < _LIST_ASKS and (ask := self._ask_for(one)):
                one.asked += 1
                met = self._met.get(ask.url.partition("#")[0]) if ask.method == "GET" else None
                if met is None:
                    self._list_asks += 1
                    return Step("list", ask, at)
                self._list(one, met, ask)
        return None

    def _ask_for(self, one: ListFound) -> Ask | None:
        """What is still to be asked of a list: its first page, or where that one says that its entries are."""
        if one.trouble or one.dismissed:
            return None
        if not one.asked:
            return families()[one.family or one.column.family or self._source.family].first_listing(one.column)
        return one.answer.further[0] if one.asked < 3 and not one.answer.rows and one.answer.further else None

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
        shown: dict[tuple[str, ...], ListFound] = {}
        for one in self._lists:
            rows = tuple(row.url for row in one.answer.rows)
            if rows and not one.dismissed and shown.setdefault(rows, one) is not one:
                one.dismissed = True
        told = {row.url for one in self._lists if not one.dismissed for row in one.answer.rows}
        for page in self._home_pages:
            if any(one.column.url == page.url for one in self._lists):
                continue
            home = Candidate(page.title[:30] or page.url, page.url, 1, "the home page is a list")
            one = ListFound(home, Column(column_id(page.url, [o.column.id for o in self._lists]), home.name, page.url))
            one.asked = 1
            self._list(one, page, Ask(page.url))
            new = [row for row in one.answer.rows if row.url not in told and own_host(self._source, row.url)]
            asked_about = page is self._home_pages[0] and page.url != urljoin(page.url, "/")
            plainly = len(new) >= _LIST_OF_ITS_OWN and (one.answer.further or not told or asked_about)
            one.dismissed = not plainly
            self._lists.append(one)

    # -- what it shows ------------------------------------------------------------------------------------------------

    def _families_for(self, one: ListFound, page: Page) -> list[str]:
        """The families to try on a list, likeliest first; of a source that says which, only that."""
        if self._given:
            return [one.column.family or self._source.family]
        judged = recognise([page, *self._home_pages[:1]])
        likely = [family.name for family, likeness in judged if likeness.score >= CONCEIVABLE]
        tried = [one.candidate.family, *likely, "generic"]
        return [name for name in dict.fromkeys(tried) if name]

    def result(self, requests: int) -> Probe:
        """Everything together."""
        kept = [one for one in self._lists if not one.dismissed]
        columns = [column_seen(one, given=self._given) for one in kept]
        source: Source | None = self._described
        if not self._given:
            read = [sample.url for sample in self._samples if sample.harvest]
            source, notes = proposed(self._source, columns, self._home_pages, tuple(self._codes), read)
            self._notes += notes
            if source is None and self._home_pages:
                self._notes.append("no list of bulletins was found: probe the address of one, or write it into a file")
        if len(self._codes) > 1:
            self._notes.append(f"the pages carry several site codes: {', '.join(self._codes)}")
        reached = bool(self._home_pages) or any(one.page is not None for one in kept)
        trouble = None if reached else self._trouble or next((one.trouble for one in kept if one.trouble), None)
        return Probe(
            url=self._source.url,
            source=source,
            requests=requests,
            families=tuple(likenesses([*self._home_pages, *_pages_of(kept)])),
            columns=tuple(columns),
            samples=tuple(self._samples),
            site_codes=tuple(self._codes),
            notes=tuple(dict.fromkeys(self._notes)),
            code=trouble.code if trouble else "",
            reason=trouble.words if trouble else "",
        )


def _home_asks(source: Source) -> list[Ask]:
    """The address asked about, and the site's root where that is another one."""
    root = urljoin(source.url, "/")
    return [Ask(source.url)] if root == source.url else [Ask(source.url), Ask(root)]


def _pages_of(lists: Sequence[ListFound]) -> list[Page]:
    return [page for one in lists for page in (one.page, *one.articles) if page is not None]
