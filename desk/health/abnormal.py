"""What of a column is no longer as usual, from what this run and earlier ones observed. Pure.

A change is believed to be the new habit once three earlier runs have shown it: until then it is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Final

from bulletin.vitals import Finding, Observed
from crawler.sketches import likeness
from crawler.troubles import BLOCKED, UNREACHED
from desk.health.shares import LEAST, Counted, jumped

#: Earlier runs that must have shown something for it to be usual.
HABIT: Final = 3
#: Shares of a list's rows that may differ from the most that was seen.
_ROWS: Final = 0.3
#: Two pages of one template share more of their marks, two of different ones less.
_SAME_TEMPLATE: Final = 0.35
_FAMILY_SURE: Final = 0.5
#: A body below this share of the usual length has collapsed.
_COLLAPSED: Final = 0.2
#: The site, or the way to it, does not work, whatever the page.
_FAULTS: Final = UNREACHED | {"disconnected", "robots_failed"}


def changes_of(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    """Everything abnormal about a column in this run; `before` are earlier runs that met it, newest first."""
    yield from _list(now, before)
    yield from _bulletins(now)
    if now.pages and not now.list_trouble:
        for look in (_emptied, _order, _titles, _codes, _family, _template):
            yield from look(now, before)
    for look in (_numbers, _dates, _texts, _bodies):
        yield from look(now, before)


def word_of(code: str) -> str:
    """The word a trouble speaks for."""
    return "blocked" if code in BLOCKED else "fault" if code in _FAULTS else "redesigned"


# -- what could not be had --------------------------------------------------------------------------------------------


_LIST_CODES: Final = {"blocked": "blocked", "fault": "unreachable", "redesigned": "list_lost"}


def _list(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    """A list that broke off. Where its paging never could be followed, that is a limit of ours and nothing new."""
    code, word = now.list_trouble, word_of(now.list_trouble)
    if not code:
        return
    reason = f"the list could not be read: {now.list_words or code}"
    if now.pages:
        reason = f"the list broke off after {now.pages} pages: {now.list_words or code}"
    old = code == "list_not_paginable" and all(seen.list_trouble == code for seen in before)
    passing = word == "fault" and now.pages > 0
    yield Finding(_LIST_CODES[word], now.column, reason, "normal" if old or passing else word)


def _bulletins(now: Observed) -> Iterator[Finding]:
    """Most bulletins could not be had or read, and for one kind of reason."""
    kinds = dict.fromkeys(_LIST_CODES, 0)
    for code, count in now.troubles:
        kinds[word_of(code)] += count
    tried = now.read + sum(kinds.values())
    for word, count in kinds.items():
        if count >= LEAST and count * 2 >= tried:
            codes = ", ".join(code for code, _ in now.troubles if word_of(code) == word)
            yield Finding(
                "bulletins_lost", now.column, f"{count} of {tried} bulletins could not be had ({codes})", word
            )


# -- the list ---------------------------------------------------------------------------------------------------------


def _emptied(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    """A list without entries. One that never had any may be a column nobody uses."""
    held = max((seen.rows for seen in before), default=0)
    if now.rows == 0 and held:
        yield Finding("list_empty", now.column, f"no entries were found on the list; it had {held}", "redesigned")
    elif now.rows == 0 and not now.says_empty:
        words = "no entries were found on the list, and it does not say that it is empty"
        yield Finding("list_empty", now.column, words, "normal")


def _order(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    usual = max((_share(seen.rising, seen.pairs) for seen in before if seen.pairs), default=None)
    share = _share(now.rising, now.pairs)
    if usual is not None and now.rising >= LEAST and share >= usual + _ROWS:
        words = f"{now.rising} of {now.pairs} entries are newer than the one above them; usually {usual:.0%}"
        yield Finding("order_broken", now.column, words, "redesigned")


def _titles(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    usual = max((_share(seen.damaged_rows, seen.rows) for seen in before if seen.rows), default=0.0)
    if now.damaged_rows >= min(LEAST, now.rows) > 0 and _share(now.damaged_rows, now.rows) >= usual + _ROWS:
        words = f"{now.damaged_rows} of {now.rows} titles on the list are garbled"
        yield Finding("garbled", now.column, words, "redesigned")


def _codes(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    earlier = [set(seen.site_codes) for seen in before if seen.site_codes]
    met = sum(bool(codes & set(now.site_codes)) for codes in earlier)
    if now.site_codes and earlier and met < min(HABIT, len(earlier)):
        were = ", ".join(sorted(set().union(*earlier) - set(now.site_codes)))
        words = f"the pages carry the site code {', '.join(now.site_codes)}; they carried {were}"
        yield Finding("site_code_changed", now.column, words, "redesigned")


def _family(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    earlier = [seen.likeness for seen in before if seen.likeness is not None]
    if now.likeness is None or not earlier:
        return
    usual = median(earlier)
    if usual >= _FAMILY_SURE and now.likeness <= usual / 2:
        words = f"the list looks little like its system any more ({now.likeness:.2f}; usually {usual:.2f})"
        yield Finding("family_drift", now.column, words, "redesigned")


def _template(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    earlier = [seen.layout for seen in before if seen.layout]
    met = sum(likeness(now.layout, layout) >= _SAME_TEMPLATE for layout in earlier)
    if now.layout and earlier and met < min(HABIT, len(earlier)):
        nearest = max(likeness(now.layout, layout) for layout in earlier)
        words = f"the list has another template: {nearest:.0%} of its marks at most are those of earlier runs"
        yield Finding("template_changed", now.column, words, "redesigned")


# -- the bulletins ----------------------------------------------------------------------------------------------------


def _numbers(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    return _jump("numbers_missing", "have no number", lambda seen: (seen.unnumbered, seen.read), now, before)


def _dates(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    return _jump("dates_missing", "show no date of publication", lambda seen: (seen.undated, seen.read), now, before)


def _texts(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    return _jump("garbled", "hold garbled text", lambda seen: (seen.damaged, seen.read), now, before)


def _bodies(now: Observed, before: Sequence[Observed]) -> Iterator[Finding]:
    lengths = [length for seen in before for length in seen.lengths]
    if len(lengths) < LEAST * 2:
        return
    least = median(lengths) * _COLLAPSED
    words = f"have a body of less than {least:.0f} characters, where {median(lengths):.0f} are usual"
    yield from _jump(
        "bodies_collapsed",
        words,
        lambda seen: (sum(length < least for length in seen.lengths), len(seen.lengths)),
        now,
        before,
    )


def _jump(
    code: str, words: str, count: Callable[[Observed], Counted], now: Observed, before: Sequence[Observed]
) -> Iterator[Finding]:
    found = jumped(count(now), [counted for seen in before if (counted := count(seen))[1]])
    if found:
        some, of, usual = found
        reason = f"{some} of the latest {of} bulletins {words}; usually {usual:.0%}"
        yield Finding(code, now.column, reason, "redesigned")


def _share(some: int, of: int) -> float:
    return some / of if of else 0.0
