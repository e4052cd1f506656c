"""Which page next, and when to stop paging. Pure: no network, no database, no clock.

One Frontier walks one source: what an earlier crawl left pending first, then column by column a list page, its
articles, the next list page; last, bulletins that may have been withdrawn, and known articles whose next visit is due.
Where an article turns out to be the contents of an issue, what these name comes next, in the same column. So only one
list page's entries, and the documents of its issues, are ever waiting, however long the list.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from bulletin.document import Contents, Known
from bulletin.harvest import Harvest, Row
from bulletin.ids import canonical_url
from bulletin.source import Seed, Source
from crawler.addresses import is_followed
from crawler.contents import ContentsPages
from crawler.errand import Errand
from crawler.families.family import Ask, Listing
from crawler.steps import ArticleStep, ListStep, Verdict
from crawler.sweeping import Sweep, entry_changed, missed, plain_address, unlisted

#: Pages without one unseen link, in a row, after which a list that claims to go on is taken to go in circles. Two and
#: not one, because a list that grows while it is read pushes a whole page of seen entries down.
BARREN = 2


class Frontier:
    """The walk over one source. `next()` gives the next step as long as there is one; `listed()` takes what a list page
    held, `opened()` an article. `swept` says per column whether an earlier sweep came to its end; `due` are known
    articles to visit again, `probes` those that may have been withdrawn; `contents` are the contents of issues as they
    are kept, by the address of their page."""

    def __init__(
        self,
        source: Source,
        errand: Errand,
        *,
        known: Mapping[str, Known],
        pending: Sequence[Seed],
        swept: Mapping[str, bool],
        first: Mapping[str, Ask],
        max_pages: int,
        due: Sequence[Seed] = (),
        probes: Sequence[Seed] = (),
        contents: Mapping[str, Contents] | None = None,
    ) -> None:
        self._source = source
        self._errand = errand
        self._known = known
        self._max_pages = max_pages
        self._granted = 0
        left = () if errand.dry_run or errand.probe else pending
        self._taken = {canonical_url(seed.url) for seed in left}
        self._articles: deque[Seed] = deque(left)
        chosen = [c for c in source.columns if not errand.columns or c.id in errand.columns]
        self._sweeps = {
            column.id: Sweep(column, swept.get(column.id, False), deque([first[column.id]]), set()) for column in chosen
        }
        self._open: deque[str] = deque(self._sweeps)
        self._due: deque[Seed] = deque(() if errand.dry_run or errand.probe else due)
        self._probes: deque[Seed] = deque(() if errand.dry_run else probes)
        self._contents = ContentsPages(source, errand, known, contents or {})
        self._shown: dict[str, str] = {}  # documents by the address they were read under in this crawl
        self._compared = False
        self._stopped = False

    def next(self) -> ListStep | ArticleStep | None:
        """The next step, or None: nothing to do, or nothing before an answer that is under way."""
        if self._stopped or self._limit_reached():
            return None
        if self._articles:
            self._granted += 1
            seed = self._articles.popleft()
            return ArticleStep(seed, self._known.get(canonical_url(seed.url)))
        while self._open:
            sweep = self._sweeps[self._open[0]]
            if sweep.underway:
                return None
            if sweep.asks:
                ask = sweep.asks.popleft()
                sweep.asked.add((ask.url, ask.method, ask.body))
                sweep.pages += 1
                sweep.underway = True
                return ListStep(sweep.column, ask, sweep.pages)
            self._open.popleft()
        return self._again()

    def _again(self) -> ArticleStep | None:
        """The next known article that is in question or due, and was not visited in this crawl."""
        while self._probes or self._due:
            seed = (self._probes or self._due).popleft()
            if seed.url not in self._taken:
                self._granted += 1
                self._taken.add(seed.url)
                sighted = seed.url in self._contents.followed or self._listed(seed.url)
                return ArticleStep(seed, self._known.get(seed.url), sighted)
        return None

    def stop(self) -> None:
        """Hand out nothing more: what is pending stays pending, open sweeps stay open."""
        self._stopped = True

    @property
    def done(self) -> bool:
        """Whether `next()` will never give anything again, unless a list page under way brings it."""
        if self._stopped or self._limit_reached():
            return True
        sweeps = [self._sweeps[name] for name in self._open]
        waiting = self._articles or self._probes or self._due
        return not waiting and not any(sweep.asks or sweep.underway for sweep in sweeps)

    @property
    def waiting(self) -> int:
        """Articles of which the next ones are asked for."""
        return len(self._articles)

    def read(self, url: str, document: str) -> None:
        """An address turned out to be that of this document."""
        self._shown[url] = document

    def compare(self) -> list[str]:
        """When all is done: the documents that the lists show no more. Their addresses are asked for next. Once."""
        if self._compared or self._stopped or self._errand.dry_run or self._errand.probe:
            return []
        self._compared = True
        named = self._contents.named_where(self._listed)
        shown = {document for url, document in self._shown.items() if url in named or self._listed(url)}
        gone = unlisted(self._known.values(), self._sweeps.values(), shown, named)
        wanted = set(gone[: self._source.revisits.most])
        self._probes.extend(_seed_of(known) for known in self._known.values() if known.document_id in wanted)
        return gone

    def listed(self, column_id: str, listing: Listing) -> Verdict:
        """Take in what a list page held; say what follows from it."""
        sweep = self._sweeps[column_id]
        sweep.underway = False
        links = tuple(plain_address(row.url) for row in listing.rows)
        sweep.total = listing.total if listing.total is not None else sweep.total
        unseen = [link for link in links if link not in sweep.seen]
        repeated = bool(links) and links == sweep.last
        sweep.barren = 0 if unseen or not links else sweep.barren + 1
        verdict, fresh = self._sort(sweep, listing.rows)
        sweep.last = links
        problem = self._onward(sweep, listing, fresh, repeated)
        sweep.troubled = sweep.troubled or problem is not None
        closed = not sweep.asks
        if closed:
            self._open = deque(name for name in self._open if name != column_id)
        whole = closed and not (sweep.troubled or sweep.skipped or self._errand.probe or self._limit_cuts())
        opened = (bool(verdict.seeds) or bool(sweep.asks)) and not sweep.opened
        sweep.opened = sweep.opened or opened
        return Verdict(
            seeds=verdict.seeds,
            sighted=verdict.sighted,
            relisted=verdict.relisted,
            external=verdict.external,
            opened=opened,
            closed=whole,
            problem=problem,
            notes=sweep.notes() if whole else (),
        )

    def issue_of(self, url: str) -> Contents | None:
        """The contents of the issue that an article stands in, as far as they were met."""
        return self._contents.naming(url)

    def opened(self, seed: Seed, harvest: Harvest | None = None) -> Verdict:
        """Take in the contents of an issue, if that is what an article turned out to be; say what follows. Without
        `harvest` it is as it was kept. What the contents of one issue name is no way to those of another."""
        if harvest:
            self._contents.read(seed.url, harvest)
        verdict, again = self._contents.follow(seed, self._taken, self._listed)
        self._taken.update(named.url for named in verdict.seeds)
        self._articles.extend(verdict.seeds)
        self._probes.extend(again)
        return verdict

    def _listed(self, url: str) -> bool:
        return any(url in sweep.seen for sweep in self._sweeps.values())

    def failed(self, column_id: str) -> None:
        """A list page could not be had: the column ends here, unswept."""
        sweep = self._sweeps[column_id]
        sweep.asks.clear()
        sweep.underway, sweep.troubled = False, True

    def _sort(self, sweep: Sweep, rows: Sequence[Row]) -> tuple[Verdict, bool]:
        """Part the rows of a page into seeds, sightings and foreign links; and was anything on it news?"""
        seeds: list[Seed] = []
        sighted: list[Seed] = []
        relisted: list[str] = []
        external = 0
        fresh = not rows
        only_pinned = True
        for row in rows:
            link = plain_address(row.url)
            first_time = link not in sweep.seen
            sweep.seen.add(link)
            if not is_followed(self._source, row.url):
                external += first_time
                continue
            seed = Seed(link, sweep.column.id, row.title, row.date, row.pinned)
            known = self._known.get(link)
            wanted = first_time and self._wanted(seed, known)
            if first_time and known and known.missing:
                relisted.append(known.document_id)
                self._probes.append(seed)
            only_pinned = only_pinned and row.pinned
            if wanted and self._errand.is_too_old(row.date):
                sweep.skipped += known is None
            elif wanted:
                fresh = True
                seeds.append(seed)
            elif first_time and (known or not self._errand.probe):
                sighted.append(seed)
        self._taken.update(seed.url for seed in seeds)
        if self._errand.dry_run:
            seeds = seeds[: self._errand.limit - self._granted] if self._errand.limit else seeds
            self._granted += len(seeds)
        else:
            self._articles.extend(seeds)
        found = Verdict(tuple(seeds), tuple(sighted), tuple(relisted), external)
        return found, fresh or only_pinned

    def _wanted(self, seed: Seed, known: Known | None) -> bool:
        if seed.url in self._taken or self._errand.probe:
            return False
        return known is None or self._errand.full or entry_changed(seed, known)

    def _onward(self, sweep: Sweep, listing: Listing, fresh: bool, repeated: bool) -> tuple[str, str] | None:
        """Queue the list's further requests, unless this is where to stop. Returns a problem, if it is one."""
        further = [ask for ask in listing.further if (ask.url, ask.method, ask.body) not in sweep.asked]
        if listing.trouble:
            return ("list_not_paginable", listing.trouble)
        if repeated and sweep.pages == 2 and listing.further:
            return ("list_endless", "paging is ignored: page 2 shows the entries of page 1 again")
        if not further:
            return missed(sweep, listing, self._known.values())
        if self._errand.probe:
            sweep.ended_early = True
            return None
        if repeated:
            return None  # many systems answer every number beyond the end with the last page
        if sweep.barren >= BARREN:
            return ("list_endless", f"{BARREN} list pages in a row brought no link that was not seen before")
        if not fresh and self._may_stop(sweep):
            sweep.ended_early = True
            return None
        if self._errand.limit and self._granted + len(self._articles) >= self._errand.limit:
            sweep.skipped += 1
            sweep.cut = True
            return None
        if sweep.column.max_pages and sweep.pages >= sweep.column.max_pages:
            sweep.cut = True
            return None
        if sweep.pages >= self._max_pages:
            return ("list_endless", f"stopped after {sweep.pages} list pages")
        sweep.asks.extend(further)
        return None

    def _may_stop(self, sweep: Sweep) -> bool:
        """Whether a whole page without news ends the list: in a finished sweep, or where everything is too old."""
        if self._errand.full:
            return False
        return sweep.stop_at_known or (self._errand.since is not None and sweep.skipped > 0)

    def _limit_reached(self) -> bool:
        return bool(self._errand.limit) and self._granted >= self._errand.limit

    def _limit_cuts(self) -> bool:
        return bool(self._errand.limit) and self._granted + len(self._articles) > self._errand.limit


def _seed_of(known: Known) -> Seed:
    return Seed(known.url, known.column, known.listed_title, known.listed_date)
