"""The archivist's own words for the index, and a trial of what a change of them would do to the saved searches.

The words are a text file, one a line, `#` begins a remark: `index.lexicon` in gongbao.toml names it, lexicon.txt in the
home is it otherwise. What is found does not depend on them, for the exact layer finds letter by letter; the order does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bulletin.errors import GongbaoError, NotFoundError, UsageError, did_you_mean
from bulletin.query import Query
from bulletin.results import Hit, Results
from desk.tasks.finding import question_of
from desk.tasks.saving import saved_names, saved_search
from desk.wiring import Home

OnProgress = Callable[[int], None]
_Ids = Callable[[Query], set[str]]
_Find = Callable[[Query], Results]
FIRST: Final = 10
_LONGEST: Final = 30


@dataclass(frozen=True, slots=True)
class Effect:
    """What a new index does to one saved search: how many it finds, which it gains and loses (the newest FIRST of
    each), and which come among its first ten hits or leave them. `error` says why it could not be asked."""

    name: str
    before: int = 0
    after: int = 0
    gained: tuple[Hit, ...] = ()
    lost: tuple[Hit, ...] = ()
    risen: tuple[Hit, ...] = ()
    fallen: tuple[Hit, ...] = ()
    error: str = ""


def lexicon_file(home: Home) -> Path:
    """Where the archivist's own words stand, whether the file is there or not."""
    return home.lexicon or home.settings.home / "lexicon.txt"


def own_words(home: Home) -> list[str]:
    """The archivist's own words, as they were written. ConfigError for a file that cannot be read."""
    file = lexicon_file(home)
    return _words(_read(file)) if file.is_file() else []


def changed_lexicon(home: Home, add: Sequence[str], remove: Sequence[str]) -> str:
    """The text the file would have, its remarks kept. UsageError for what can be no word; NotFoundError, with the
    nearest, for a word to be removed that is not there."""
    file = lexicon_file(home)
    lines = _read(file).splitlines() if file.is_file() else []
    known = _words("\n".join(lines))
    for word in remove:
        if word not in known:
            raise NotFoundError(f"{word!r} is not among your words.", did_you_mean(word, known))
    kept = [line for line in lines if line.partition("#")[0].strip() not in remove]
    fresh = [word for word in dict.fromkeys(map(_checked, add)) if word not in known]
    return "\n".join([*kept, *fresh]) + "\n"


def write_lexicon(home: Home, text: str) -> None:
    """Put the file in the place of the one there is; the next `update_index` makes the index anew."""
    file = lexicon_file(home)
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


def try_index(home: Home, lexicon: str | None = None, on_progress: OnProgress | None = None) -> list[Effect]:
    """Build an index beside the one in use, with the words `lexicon` where given, ask it every saved search, and throw
    it away: what each search gains and loses. Nothing is changed, and nothing counts as announced."""
    from search import open_searcher, rebuild

    names = saved_names(home)
    if not names:
        return []
    with TemporaryDirectory(dir=home.settings.home, prefix="trial-") as place:
        words = home.lexicon
        if lexicon is not None:
            words = Path(place, "lexicon.txt")
            words.write_text(lexicon, encoding="utf-8")
        url = f"{home.settings.index_url.partition('://')[0]}://{Path(place, 'index')}"
        changes = home.archive.changes
        batch = home.settings.index.batch
        rebuild(url, lambda after: changes(after=after), batch=batch, lexicon=words, on_progress=on_progress)
        with home.searcher() as old, open_searcher(url, lexicon=words) as new:
            return [_effect(home, name, old.ids, new.ids, old.find, new.find) for name in names]


def _effect(home: Home, name: str, old_ids: _Ids, new_ids: _Ids, old: _Find, new: _Find) -> Effect:
    try:
        query = question_of(home, saved_search(home, name), limit=FIRST)
        before, after = old_ids(query), new_ids(query)
        first = {hit.document_id: hit for hit in old(query).hits}
        now = {hit.document_id: hit for hit in new(query).hits}
    except GongbaoError as error:
        return Effect(name, error=f"{error.message} {error.advice}")
    return Effect(
        name,
        len(before),
        len(after),
        _hits(new, query, after - before),
        _hits(old, query, before - after),
        tuple(hit for known, hit in now.items() if known not in first and known in before),
        tuple(hit for known, hit in first.items() if known not in now and known in after),
    )


def _hits(find: _Find, query: Query, ids: set[str]) -> tuple[Hit, ...]:
    return find(replace(query, ids=frozenset(ids), sort="newest")).hits if ids else ()


def _words(text: str) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def _checked(word: str) -> str:
    word = word.strip()
    if not 2 <= len(word) <= _LONGEST or "#" in word or not all(char.isalnum() for char in word):
        message = f"{word!r} can be no word of the lexicon."
        raise UsageError(message, f"Take 2 to {_LONGEST} characters without blanks and marks: 云岫县水利局.")
    return word


def _read(file: Path) -> str:
    from search.analyzer import lexicon_words

    lexicon_words(file)  # says in its own words what is wrong with a file that cannot be read
    return file.read_text(encoding="utf-8-sig")
