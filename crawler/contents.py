"""The contents of issues as a crawl follows them: from the page that names the documents to the documents. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bulletin.document import Contents, Known
from bulletin.harvest import CONTENTS, Doubt, Evidence, Harvest, Row
from bulletin.source import Seed, Source
from crawler.addresses import is_followed, own_host
from crawler.errand import Errand
from crawler.steps import Verdict
from crawler.sweeping import plain_address

#: How far the contents of an issue are trusted to say that a document stands in it: below what it says itself.
CONTENTS_CONFIDENCE: Final = 0.4
#: Addresses a doubt names one by one.
_NAMED: Final = 5


class ContentsPages:
    """What the contents pages of a source name: as they were `kept`, until they are read in this crawl. `known` is what
    the archive remembers of the source's addresses, `followed` what contents read in this crawl name."""

    def __init__(
        self, source: Source, errand: Errand, known: Mapping[str, Known], kept: Mapping[str, Contents]
    ) -> None:
        self.followed: set[str] = set()
        self._source = source
        self._errand = errand
        self._known = known
        self._pages: dict[str, Contents] = {}
        self._named: dict[str, list[str]] = {}  # what a page names
        self._naming: defaultdict[str, list[str]] = defaultdict(list)  # the pages that name an address
        for url, contents in kept.items():
            self._put(url, contents)

    def read(self, url: str, harvest: Harvest) -> None:
        """A page was read. One that was the contents of an issue and is so no longer names nothing any more."""
        self._pages.pop(url, None)
        for named in self._named.pop(url, ()):
            self._naming[named].remove(url)
        if harvest.rows and harvest.kind != "list":
            self._put(url, Contents(harvest.issue, harvest.issue_number, harvest.rows))

    def naming(self, url: str) -> Contents | None:
        """The contents that name an address, the first that were met; None where none do."""
        pages = self._naming.get(url)
        return self._pages[pages[0]] if pages else None

    def named_where(self, listed: Callable[[str], bool]) -> set[str]:
        """The addresses named by those pages that are listed."""
        return {named for url in self._pages if listed(url) for named in self._named[url]}

    def follow(
        self, page: Seed, taken: Container[str], listed: Callable[[str], bool]
    ) -> tuple[Verdict, Sequence[Seed]]:
        """What follows from the contents at a page, and what they show again that was missing, to be asked for. Nothing
        follows where it holds none, or where other contents led to it and no list.

        `taken` are addresses asked for in this crawl already. Of what is `listed` too, its list tells if it changed.
        """
        contents = self._pages.get(page.url)
        if contents is None or (self.naming(page.url) and not listed(page.url)):
            return Verdict(), ()
        own = [row for row in contents.rows if is_followed(self._source, row.url)]
        met = {link: row for row in own if self._is_first(link := plain_address(row.url), page, listed)}
        self.followed.update(met)
        known = {link: one for link in met if (one := self._known.get(link))}
        missing = [one for one in known.values() if one.missing]
        free = [link for link in met if link not in taken]
        seeds = {link for link in free if self._is_wanted(met[link], known.get(link))}
        external, all_of_it = len(contents.rows) - len(own), len(contents.rows)
        note = f"{page.url} names {external} of {all_of_it} on another host: not followed"
        verdict = Verdict(
            seeds=tuple(Seed(link, page.column, met[link].title, met[link].date) for link in free if link in seeds),
            sighted=tuple(Seed(link, page.column) for link in free if link in known and link not in seeds),
            relisted=tuple(one.document_id for one in missing),
            external=external,
            notes=(note,) if external else (),
        )
        return verdict, [Seed(one.url, one.column) for one in missing]

    def _is_first(self, link: str, page: Seed, listed: Callable[[str], bool]) -> bool:
        """Whether an address is met for the first time in this crawl, and not the page's own."""
        return link != page.url and link not in self.followed and not listed(link)

    def _is_wanted(self, row: Row, known: Known | None) -> bool:
        asked = known is None or self._errand.full
        return asked and not (self._errand.probe or self._errand.is_too_old(row.date))

    def _put(self, url: str, contents: Contents) -> None:
        links = dict.fromkeys(plain_address(row.url) for row in contents.rows)
        self._pages[url] = contents
        self._named[url] = [link for link in links if link != url]
        for named in self._named[url]:
            self._naming[named].append(url)


def in_issue(harvest: Harvest, contents: Contents | None) -> Harvest:
    """The harvest with the issue whose contents name it, where it does not say itself in which one it stands."""
    if contents is None or not contents.issue or harvest.issue or harvest.rows:
        return harvest
    evidence = (*harvest.evidence, ("issue", Evidence(CONTENTS, CONTENTS_CONFIDENCE)))
    return replace(harvest, issue=contents.issue, issue_number=contents.issue_number, evidence=evidence)


def with_foreign_documents(harvest: Harvest, source: Source) -> Harvest:
    """The harvest of an issue's contents with a doubt for the documents that stand on other hosts, where nothing is
    asked for."""
    foreign = [row.url for row in harvest.rows if not own_host(source, row.url)]
    if not foreign or not source.hosts or harvest.kind == "list":
        return harvest
    more = f" and {len(foreign) - _NAMED} more" if len(foreign) > _NAMED else ""
    reason = f"not followed, on another host: {', '.join(foreign[:_NAMED])}{more}"
    return replace(harvest, doubts=(*harvest.doubts, Doubt("rows", reason)))
