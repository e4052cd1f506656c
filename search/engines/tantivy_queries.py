"""What is asked, as tantivy's queries. The sets are those of `search.matching`, `search.filtering` and `search.facets`.

Two kinds of text cannot be asked of tantivy as they stand and are read where they may match: runs near each other that
are longer than two characters, and longer glyphs in bulletins that hold another form of the same pair as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from tantivy import FieldType, Occur, Query, Schema

from bulletin.query import AllOf, Among, AnyOf, Filters, Glyphs, Near, Node, Not, Phrase, Words
from bulletin.query import Query as Asked
from bulletin.text.script import variants
from search.characters import characters, glyphs
from search.engines.tantivy_storage import (
    IN_FOURS,
    NUMBERED,
    PAPER,
    day_by,
    fours_in,
    keyed,
    month_by,
    ordered,
    pairs_in,
)
from search.facets import UNDATED, chosen
from search.filtering import number_needles, passes, region_codes, region_prefixes
from search.matching import fields_named
from search.office_names import office_needles
from search.printed import LONGEST, other_glyphs, other_pairs, pairs_asked

_LAST: Final = 9_999_999  # beyond every day's number

#: Terms up to which each is looked up by itself, in a tenth of the time of a set's automaton.
_SEVERAL: Final = 100

#: Finds the ids of those rows of a query that hold a text, by reading them.
Reading = Callable[[Query, Node], Collection[str]]


class Queries:
    """Makes queries for one schema."""

    def __init__(self, schema: Schema, reading: Reading) -> None:
        self._schema, self._reading = schema, reading

    def asked(self, query: Asked) -> Query:
        """All that a question asks for but its order. UsageError for filters that cannot be meant."""
        name = query.filters.range.date
        wanted = [self.node(query.words)] if query.words is not None else []
        wanted += self._filters(query.filters)
        unwanted: list[Query] = []
        if query.only or query.without:
            chosen(query.only, query.without, name)  # it refuses what nobody knows
            by_facet: dict[str, list[Query]] = {}
            for facet, value in query.only:
                by_facet.setdefault(facet, []).append(self._value(facet, value, name))
            wanted += map(any_of, by_facet.values())
            unwanted += (self._value(facet, value, name) for facet, value in query.without)
        if query.ids is not None:
            wanted.append(self.among(query.ids))
        return self._both(wanted, unwanted)

    def term(self, field: str, value: str | int) -> Query:
        return Query.term_query(self._schema, field, value)

    def among(self, ids: Iterable[str]) -> Query:
        return self.one_of("document_id", list(ids))

    def one_of(self, field: str, values: Sequence[str]) -> Query:
        """What has one of these terms in the field."""
        if len(values) > _SEVERAL:
            return Query.term_set_query(self._schema, field, list(values))
        return any_of([self.term(field, value) for value in values]) if values else Query.empty_query()

    def papers(self) -> Query:
        return self.term("flag", PAPER)

    def numbered(self) -> Query:
        return self.term("flag", NUMBERED)

    def days(self, name: str, first: int = 1, last: int = _LAST) -> Query:
        """What has the date `name`, from one day's number to another's."""
        return Query.range_query(self._schema, day_by(name), FieldType.Unsigned, first, last)

    def undated(self, name: str) -> Query:
        return self.term(day_by(name), 0)

    def exactly(self, field: str, value: str | int) -> Query:
        return self.term(field, ordered(value) if isinstance(value, str) else value)

    # Texts

    def node(self, node: Node) -> Query:
        match node:
            case AllOf(parts):
                wanted = [self.node(part) for part in parts if not isinstance(part, Not)]
                return self._both(wanted, [self.node(part.part) for part in parts if isinstance(part, Not)])
            case AnyOf():
                return any_of(list(self._alternatives(node)))
            case Not(part):
                return self._both([], [self.node(part)])
            case Among(filters):
                return self._both(self._filters(filters), [])
            case Words(text, where) | Phrase(text, where):
                return self.run(characters(text), where)
            case Glyphs(text, where):
                return self._glyphs(node, text, where)
            case Near(texts, distance, where):
                return self._near(node, list(filter(None, map(characters, texts))), distance, where)
        raise TypeError(f"{node!r} is not part of a query")

    def _alternatives(self, node: Node) -> Iterator[Query]:
        """Of which one must match, none a choice itself: tantivy takes twice as long over choices among choices."""
        match node:
            case AnyOf(parts):
                for part in parts:
                    yield from self._alternatives(part)
            case Words(text, where) | Phrase(text, where) if len(needle := characters(text)) > 1:
                yield from (self._run_in(name, needle) for name in fields_named(where))
            case _:
                yield self.node(node)

    def _both(self, wanted: Sequence[Query], unwanted: Sequence[Query]) -> Query:
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        clauses = [(Occur.Must, query) for query in wanted or [self.papers()]]
        return Query.boolean_query(clauses + [(Occur.MustNot, query) for query in unwanted])

    def run(self, needle: str, where: str = "") -> Query:
        """What holds these characters in one unbroken run; everything for none."""
        names = fields_named(where)
        if not needle:
            return self.papers()
        if len(needle) == 1:
            if not where:
                return self.one_of("glyphs", sorted(variants(needle)))
            return any_of([Query.regex_query(self._schema, pairs_in(name), needle + ".?") for name in names])
        return any_of([self._run_in(name, needle) for name in names])

    def _run_in(self, name: str, needle: str) -> Query:
        by_fours = name in IN_FOURS and len(needle) >= 4
        field, size = (fours_in(name), 4) if by_fours else (pairs_in(name), 2)
        last = len(needle) - size
        pieces: list[str | tuple[int, str]] = [
            (at, needle[at : at + size]) for at in sorted({*range(0, last, size), last})
        ]
        return Query.phrase_query(self._schema, field, pieces) if last else self.term(field, needle)

    def _glyphs(self, node: Node, text: str, where: str) -> Query:
        """What holds the run, and its characters in these forms alone, or its pairs as they are printed. What prints
        one of the pairs in other forms too is read, unless the run is one pair."""
        needle, run = glyphs(text), self.run(characters(text), where)
        if len(needle) > LONGEST:
            return self._read(run, node)
        held = [run, *(self.term("glyphs", char) for char in sorted(set(needle)))]
        if not other_glyphs(needle) or (len(needle) == 1 and not where):
            return self._both(held, [])
        pairs = pairs_asked(needle)
        if len(needle) == 2 and not where:
            return self._both([*held, self._printed(pairs[0], [])], [])
        if len(needle) == 1:
            several = self.one_of("glyphs", other_glyphs(needle))
            return any_of([self._both(held, [several]), self._read(self._both([*held, several], []), node)])
        may = self._both([*held, *(self._printed(pair, []) for pair in pairs)], [])
        sure = self._both([*held, *(self._printed(pair, other_pairs(pair)) for pair in pairs)], [])
        return any_of([sure, self._read(self._both([may], [sure]), node)])

    def _printed(self, pair: str, others: Sequence[str]) -> Query:
        """What holds the pair's characters in no other form, or the pair as printed and none of `others`."""
        forms = other_glyphs(pair)
        if not forms:
            return self.papers()
        unwanted = [self.one_of("spelt", others)] if others else []
        alone = self._both([], [self.one_of("glyphs", forms)])
        return any_of([alone, self._both([self.term("spelt", pair)], unwanted)])

    def _read(self, query: Query, node: Node) -> Query:
        return self.among(self._reading(query, node))

    def _near(self, node: Node, needles: list[str], distance: int, where: str) -> Query:
        if not needles:
            return Query.empty_query()
        found = any_of([self._near_in(name, needles, distance) for name in fields_named(where)])
        if len(set(needles)) == 1 or (len(needles) == 2 and all(len(needle) == 2 for needle in needles)):
            return found
        return self._read(found, node)

    def _near_in(self, name: str, needles: list[str], distance: int) -> Query:
        """What may hold all needles near each other in a field, and does if they are two pairs of characters."""
        told = dict.fromkeys(needles)
        wanted: list[Query] = []
        by_pairs: set[str] = set()  # of these, that they are near each other says that they are there
        for one, other in combinations((needle for needle in told if len(needle) > 1), 2):
            reach = max(len(one), len(other)) + distance
            pairs: list[str | tuple[int, str]] = [(0, one[:2]), (0, other[:2])]
            if one[:2] != other[:2]:
                wanted.append(Query.phrase_query(self._schema, pairs_in(name), pairs, reach))
                by_pairs |= {one, other}
        wanted += (self.run(needle, name) for needle in told if len(needle) != 2 or needle not in by_pairs)
        return self._both(wanted, [])

    # Filters

    def _filters(self, filters: Filters) -> list[Query]:
        passes(filters)  # it refuses what cannot be meant
        asked, found = filters.range, []
        if asked.undated == "only":
            found.append(self.undated(asked.date))
        elif asked.start or asked.end or asked.undated == "exclude":
            first = asked.start.toordinal() if asked.start else 1
            within = self.days(asked.date, first, asked.end.toordinal() if asked.end else _LAST)
            found.append(any_of([within, self.undated(asked.date)]) if asked.undated == "include" else within)
        if filters.source:
            found.append(self.one_of("source", filters.source))
        if filters.region:
            found.append(self.one_of("region_prefix", list(region_prefixes(filters.region))))
        if filters.office:
            found.append(any_of([self.run(needle, "office") for needle in office_needles(filters.office)]))
        if filters.number:
            needles = number_needles(filters.number)
            found.append(any_of([self.run(n, where) for n in needles for where in ("number", "index_number")]))
        return found

    def _value(self, facet: str, value: str, name: str) -> Query:
        match facet:
            case "source" | "kind":
                return self.term(facet, value)
            case "office" | "topic":
                return self.term(f"{facet}_key", keyed(characters(value)))
            case "region" | "region_above":
                return self.one_of("region" if facet == "region" else "division", list(region_codes(value)))
            case "month":
                return self.term(month_by(name), value)
        if value == UNDATED:
            return self.undated(name)
        year = int(value) if len(value) == 4 and value.isascii() and value.isdigit() else 0
        return any_of([self.term(month_by(name), f"{year:04}-{month:02}") for month in range(1, 13)])


def any_of(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Occur.Should, query) for query in queries])
