"""How likely a growing text is as Chinese: by words, by what newspapers print, by what the page repeats."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulletin.text.repair.runs import LIKELIEST, Known, runs
from bulletin.text.repair.words import ASCII, LONGEST, UNKNOWN, Character, Words, plain_form, words

#: Weights of the word model and of the model of characters; both together say each thing nearly once.
WORD_WEIGHT, _RUN_WEIGHT = 0.6, 0.5
#: How much weight the page's own runs of characters have beside the words.
_PAGE_WEIGHT = 0.5
#: How often a run must have been seen to be believed half.
_SEEN = 1.5
#: What was weighed is remembered for so many contexts; a place needs a few hundred, and the next ones many of them.
_REMEMBERED = 20_000
_NOTHING: Final[tuple[float, dict[str, float]]] = (0.0, {})

#: The last characters; by words alone the best (score, last word) before each and after them; what the characters add.
State = tuple[str, tuple[tuple[float, str], ...], float]
#: Nothing yet: the beginning of a sentence.
EMPTY: State = ("^", ((0.0, "^"), (0.0, "^")), 0.0)


def total(state: State) -> float:
    return state[1][-1][0] + state[2]


def hope_of(state: State) -> float:
    """The same, were the last character to begin a word where that is better."""
    chars, scores, gained = state
    begun = scores[-2][0] + WORD_WEIGHT * words().character(chars[-1])
    return max(scores[-1][0], begun) + gained


#: How often each character follows a run on a page, and how often the run stands there.
Shown = tuple[dict[str, int], int]


class PageRuns:
    """Where runs of up to four characters stand on a page, and what follows them, looked up as they are asked."""

    def __init__(self, text: str) -> None:
        self._text = "\0" * (LONGEST - 1) + text + "\0"
        self._ends: dict[str, list[int]] = {}
        for at, character in enumerate(text, LONGEST - 1):
            self._ends.setdefault(character, []).append(at)
        self._known: dict[str, dict[str, int]] = {}

    def count(self, run: str) -> int:
        return len(self._places(run))

    def _places(self, run: str) -> list[int]:
        """Where the last characters of all that read so stand."""
        places = self._ends.get(run)
        if places is None:
            text, back = self._text, len(run) - 1
            places = [at for at in self._places(run[1:]) if text[at - back] == run[0]] if back else []
            self._ends[run] = places
        return places

    def _followers(self, run: str) -> dict[str, int]:
        followers = self._known.get(run)
        if followers is None:
            followers = self._known[run] = Counter([self._text[at + 1] for at in self._places(run)])
        return followers

    def shown(self, run: str) -> Shown | None:
        """What follows a run on the page, and how often it stands there; None if it does not."""
        if len(run) == 2 and run[1] not in self._followers(run[0]):
            return None  # so it is with most, and their places need not be gone through
        places = self._places(run)
        return (self._followers(run), len(places)) if places else None


class Context:
    """What the characters before say of the next: in newspapers, and on the page itself."""

    __slots__ = ("_character", "_page", "_printed", "elsewhere", "followers", "gains")

    def __init__(self, printed: list[Known], page: list[Shown], words: Words) -> None:
        self._printed = printed  # by the ends of what stands before, longest first
        self._page = page  # the same, shortest first: what does not follow the first follows no other
        self._character = words.character
        self.followers: Mapping[str, int] = page[0][0] if page else {}
        #: What is added where a character follows only elsewhere on the page.
        self.elsewhere = _PAGE_WEIGHT * sum(math.log(_SEEN / (times + _SEEN)) for _, times in page)
        self.gains: dict[str, float] = {}

    def longer(self, before: str, words: Words, page: PageRuns) -> Context:
        """The same where it is known what stands one character further before.

        Mostly that says nothing new; all such contexts are one, and share what was weighed.
        """
        printed = runs().known(before)
        shown = page.shown(before) if len(self._page) == len(before) - 1 else None
        if not printed and not shown:
            return self
        known = self._printed
        if printed:
            known = [(printed[0], 0.0), *((followers, rest + printed[1]) for followers, rest in known)]
        return Context(known, [*self._page, shown] if shown else self._page, words)

    def gain(self, last: str) -> float:
        """What is added to the log-likelihood by words where `last` is next."""
        gain = self.gains.get(last)
        if gain is None:
            gain = _RUN_WEIGHT * runs().likely(last, self._printed)
            gain += self._repeated(last) if last in self.followers else self.elsewhere
            self.gains[last] = gain
        return gain

    def _repeated(self, last: str) -> float:
        alone = self._character(last)
        likely = math.exp(alone)
        for followers, times in self._page:
            likely = (followers.get(last, 0) + _SEEN * likely) / (times + _SEEN)
        return _PAGE_WEIGHT * (math.log(likely) - alone)


class Scale:
    """Weighs a growing text by words, those of one page beside the dictionary's."""

    def __init__(self, words: Words, page: str = "") -> None:
        self.of = words.of
        self.after = words.after
        self.ends = words.ends
        self.words = words
        self.page = PageRuns(page)
        self._contexts: dict[str, Context] = {}

    def context(self, before: str) -> Context:
        context = self._contexts.get(before)
        if context is None:
            if len(self._contexts) >= _REMEMBERED:
                self._contexts.clear()
            context = self._contexts[before] = self._found(before)
        return context

    def _found(self, before: str) -> Context:
        if not before:
            return Context([runs().alone], [], self.words)
        return self.context(before[1:]).longer(before, self.words, self.page)

    def word_at_end(self, state: State, new: str) -> tuple[float, str]:
        """By words alone the best score of a text that goes on with `new`, and the word it then ends with."""
        chars, scores, _ = state
        of, after = self.of, self.after
        score, last = scores[-1]
        rest, known = after.get(last, _NOTHING)
        alone = of.get(new)
        if alone is None:
            alone = ASCII if new.isascii() else UNKNOWN
        best, word = score + WORD_WEIGHT * known.get(new, rest + alone), new
        if chars[-1] + new in self.ends:
            chars += new
            for length in range(2, len(chars) + 1):
                run = chars[-length:]
                alone = of.get(run)
                if alone is not None:
                    score, last = scores[-length]
                    rest, known = after.get(last, _NOTHING)
                    score += WORD_WEIGHT * known.get(run, rest + alone)
                    if score > best:
                        best, word = score, run
        return best, word

    def likely(
        self,
        state: State,
        characters: Iterable[Character],
        hope: float,
        least: float = -math.inf,
        fitting: float = -math.inf,
    ) -> Iterator[Character]:
        """Of characters, those with which a text may go on and still have this hope.

        None comes behind the first that is less frequent than `least`, or is less likely than `fitting` by frequency
        and what stands before it. Most of what may have stood at a damaged place is given up here.
        """
        chars, scores, gained = state
        context = self.context(chars)
        gains, followers, most = context.gains, context.followers, _RUN_WEIGHT * LIKELIEST + context.elsewhere
        score, last = scores[-1]
        rest, known = self.after.get(last, _NOTHING)
        of, ends, before, hope = self.of, self.ends, chars[-1], hope - gained - score
        for character in characters:
            frequency, _, _, plain = character
            if frequency < least:
                return
            follows = known[plain] if plain in known else rest + of.get(plain, UNKNOWN)
            alone = WORD_WEIGHT * (frequency if frequency > follows else follows)
            is_end = before + plain in ends
            if alone + most < hope and not is_end and plain not in followers:
                continue
            gain = gains[plain] if plain in gains else context.gain(plain)
            if gain >= fitting - WORD_WEIGHT * frequency and (alone + gain >= hope or is_end):
                yield character

    def advance(self, state: State, new: str) -> State:
        """Add a character to a state."""
        return self._grown(state, new, self.context(state[0]).gain(new))

    def _grown(self, state: State, new: str, gain: float) -> State:
        chars, scores, gained = state
        end = self.word_at_end(state, new)
        if len(chars) >= LONGEST - 1:
            return chars[2 - LONGEST :] + new, (*scores[1 - LONGEST :], end), gained + gain
        return chars + new, (*scores, end), gained + gain

    def run(self, text: str, state: State = EMPTY) -> State:
        for character in text:
            state = self.advance(state, plain_form(character))
        return state

    def behind(self, before: str) -> State:
        """Where a text goes on from: what the characters of `before` add is left out, being the same for all texts."""
        state = EMPTY
        for character in before:
            state = self._grown(state, plain_form(character), 0.0)
        return state

    def quality(self, before: str, text: str) -> float:
        """Logarithm of likelihood for each character of a text after what stands before it."""
        state = self.behind(before)
        return (total(self.run(text, state)) - total(state)) / max(1, len(text))
