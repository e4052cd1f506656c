"""What the found bulletins have in common, counted, and the choice of some of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from bulletin.errors import UsageError, did_you_mean
from bulletin.results import Facet
from search.characters import characters
from search.filtering import Card, region_codes

UNDATED: Final = "undated"
#: `region` counts what a division published itself, `region_above` all that lies within one that others lie in; `year`
#: and `month` are of the named date.
FACETS: Final = ("source", "region", "region_above", "office", "topic", "kind", "year", "month")

Choices = Sequence[tuple[str, str]]


#: The facets from whose counts the others follow.
COUNTED: Final = ("source", "region", "office", "topic", "kind", "month")


def facets_of(cards: Sequence[Card], name: str) -> tuple[Facet, ...]:
    """Counts for every facet of FACETS; papers without the date `name` count as `undated`."""
    days = Counter(day and (day.year, day.month) for day in (card.day(name) for card in cards))
    months = {f"{day[0]:04}-{day[1]:02}" if day else UNDATED: count for day, count in days.items()}
    counts: dict[str, Mapping[str, int]] = {
        "source": Counter(card.source for card in cards),
        "region": Counter(card.region for card in cards if card.region),
        "office": Counter(card.office for card in cards if card.office),
        "topic": Counter(topic for card in cards for topic in dict.fromkeys(card.topic)),
        "kind": Counter(card.kind for card in cards),
        "month": months,
    }
    return facets_from(counts)


def facets_from(counts: Mapping[str, Mapping[str, int]]) -> tuple[Facet, ...]:
    """Every facet of FACETS from the counts of those of COUNTED: of regions above, of years, of offices and topics.

    An office is counted under one name whatever script it is printed in: the commonest spelling; so is a topic.
    """
    years: Counter[str] = Counter()
    for month, count in counts["month"].items():
        years[month if month == UNDATED else month[:4]] += count
    above: Counter[str] = Counter()
    for region, count in counts["region"].items():
        above.update(dict.fromkeys(parents_of(region), count))
    above.update({region: count for region, count in counts["region"].items() if region in above})
    whole = {name: _joined(counts[name]) if name in ("office", "topic") else counts[name] for name in COUNTED}
    whole |= {"region_above": above, "year": years}
    return tuple(_facet(name, whole[name]) for name in FACETS)


def parents_of(region: str) -> tuple[str, ...]:
    """The prefecture and the province of a county's division code."""
    codes = (region[:4] + "00", region[:2] + "0000") if len(region) >= 6 else ()
    return tuple(code for code in dict.fromkeys(codes) if code != region)


def _joined(counts: Mapping[str, int]) -> dict[str, int]:
    """Names that differ by script, case or marks alone under the commonest of their spellings."""
    spellings: dict[str, dict[str, int]] = {}
    for name, count in counts.items():
        spellings.setdefault(_key(name), {})[name] = count
    return {min(names, key=lambda name: (-names[name], name)): sum(names.values()) for names in spellings.values()}


@lru_cache(maxsize=1 << 14)
def _key(name: str) -> str:
    # The same names are counted for every question.
    return characters(name)


def _facet(name: str, counts: Mapping[str, int]) -> Facet:
    return Facet(name, tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))))


def chosen(only: Choices, without: Choices, name: str) -> Callable[[Card], bool]:
    """A test for one card: it carries a value of each facet in `only`, and none of `without`; `name` is the date meant.

    Several values of one facet in `only` are alternatives. UsageError for a facet or region nobody knows.
    """
    wanted: dict[str, list[Callable[[Card], bool]]] = {}
    for facet, value in only:
        wanted.setdefault(facet, []).append(_carries(facet, value, name))
    unwanted = [_carries(facet, value, name) for facet, value in without]

    def test(card: Card) -> bool:
        kept = all(any(carries(card) for carries in tests) for tests in wanted.values())
        return kept and not any(carries(card) for carries in unwanted)

    return test


def _carries(facet: str, value: str, name: str) -> Callable[[Card], bool]:
    key = characters(value)
    match facet:
        case "source":
            return lambda card: card.source == value
        case "kind":
            return lambda card: card.kind == value
        case "office":
            return lambda card: card.office_key == key
        case "topic":
            return lambda card: any(characters(topic) == key for topic in card.topic)
        case "region" | "region_above":
            return _lies_in(value, within=facet == "region_above")
        case "year" | "month":
            size = 4 if facet == "year" else 7
            return lambda card: (day.isoformat()[:size] if (day := card.day(name)) else UNDATED) == value
    raise UsageError(f"Nothing is counted by {facet!r}.", did_you_mean(facet, list(FACETS)))


def _lies_in(value: str, *, within: bool) -> Callable[[Card], bool]:
    codes = frozenset(region_codes(value))
    if not codes:
        raise UsageError(f"No region is called {value!r}.", "Give a division code as the facets print it.")
    if not within:
        return lambda card: card.region in codes
    return lambda card: not codes.isdisjoint((card.region, *parents_of(card.region)))
