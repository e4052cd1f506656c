"""What it means that a bulletin matches: the plain definition, by looking at one text. Engines must agree with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bulletin.errors import UsageError, did_you_mean
from bulletin.query import AllOf, Among, AnyOf, Glyphs, Near, Node, Not, Phrase, Words
from search.characters import characters, glyphs
from search.entry import FIELDS, Entry, parts_of


def fields_named(where: str) -> tuple[str, ...]:
    """The fields that `where` means: one, or all for "". UsageError for a name we do not know."""
    if not where:
        return FIELDS
    if where not in FIELDS:
        raise UsageError(f"There is no field {where!r} to search in.", did_you_mean(where, list(FIELDS)))
    return (where,)


def matches(node: Node, entry: Entry, columns: Mapping[str, str]) -> bool:
    """Whether `entry`, whose `columns_of` are given, matches a node in which no `Among` stands."""
    match node:
        case AllOf(parts):
            return all(matches(part, entry, columns) for part in parts)
        case AnyOf(parts):
            return any(matches(part, entry, columns) for part in parts)
        case Not(part):
            return not matches(part, entry, columns)
        case Words(text, where) | Phrase(text, where):
            needle = characters(text)
            return any(needle in columns[name] for name in fields_named(where))
        case Glyphs(text, where):
            return has_glyphs(entry, text, where)
        case Near(texts, distance, where):
            needles = [needle for needle in map(characters, texts) if needle]
            return any(are_near(columns[name], needles, distance) for name in fields_named(where))
        case _:
            raise TypeError(f"{node!r} is not part of a query of texts")


def leaves(node: Node | None, *, negated: bool = False) -> Iterator[Words | Phrase | Glyphs | Near]:
    """The texts asked for, in their order; those under a NOT only with `negated`."""
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from leaves(part, negated=negated)
    elif isinstance(node, Not):
        if negated:
            yield from leaves(node.part, negated=negated)
    elif node is not None and not isinstance(node, Among):
        yield node


def has_glyphs(entry: Entry, text: str, where: str = "") -> bool:
    """Whether the entry holds the characters of `text` in exactly the glyphs of `text`."""
    needle = glyphs(text)
    parts = parts_of(entry)
    return any(_holds(part, needle) for name in fields_named(where) for part in parts[name])


def _holds(part: str, needle: str) -> bool:
    # The two tests in front spare most texts the squeezing.
    return needle in part or (all(char in part for char in needle) and needle in glyphs(part))


def are_near(column: str, needles: Sequence[str], distance: int) -> bool:
    """Whether places of all needles can be chosen so that each ends at most `distance` before the last one begins.

    The border between two parts of a field counts as one character.
    """
    places = [_places(column, needle) for needle in needles]
    if not all(places):
        return not needles
    return any(
        all(
            any(last - len(needle) - distance <= start <= last for start in starts)
            for needle, starts in zip(needles, places, strict=True)
        )
        for starts_of_last in places
        for last in starts_of_last
    )


def _places(column: str, needle: str) -> list[int]:
    found, at = [], column.find(needle)
    while at >= 0:
        found.append(at)
        at = column.find(needle, at + 1)
    return found
