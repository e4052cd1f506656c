"""Searches kept by name, and what each has found since it was last run.

A saved search is a small TOML file in the home's folder `saved`, so that people can read, mend, copy and version it;
beside it lie the ids it has announced. Both appear whole or not at all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import tomlkit

from bulletin.errors import ConfigError, NotFoundError, UsageError, did_you_mean
from bulletin.results import Results
from desk.tasks.asking import Asking
from desk.tasks.finding import question_of
from desk.wiring import Home

#: Options as they are written in the file, where that is not their name here.
_WRITTEN: Final = {"first": "from", "last": "to"}
_NAME: Final = re.compile(r"[^\W_][\w-]{0,39}")


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a saved search found: `total` all of it, `results` what it had not announced before."""

    name: str
    total: int
    results: Results


def save_search(home: Home, name: str, asked: Asking) -> int:
    """Keep a search under a name, in the place of one that bears it; the number of bulletins it finds today.

    These count as announced: what it tells from now on is what comes in later. UsageError for a name that is no single
    word of letters, digits and hyphens, and for a search that cannot be meant.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be a name.", "Take up to 40 letters, Chinese characters, digits, - and _.")
    query = question_of(home, asked)
    with home.searcher() as searcher:
        found = searcher.ids(query)
    _write(_file(home, name), tomlkit.dumps(_table(asked)))
    _write(_announced(home, name), "\n".join(sorted(found)))
    return len(found)


def saved_names(home: Home) -> list[str]:
    """The names of the saved searches, in their order."""
    return sorted(path.stem for path in _folder(home).glob("*.toml"))


def saved_searches(home: Home) -> dict[str, Asking]:
    """Every saved search by its name, in the order of the names. ConfigError for a file that cannot be read."""
    return {name: saved_search(home, name) for name in saved_names(home)}


def saved_search(home: Home, name: str) -> Asking:
    """The search of that name. NotFoundError, ConfigError."""
    file = _file(home, name)
    if not _NAME.fullmatch(name) or not file.is_file():
        known = saved_names(home)
        advice = did_you_mean(name, known) if known else "`gongbao saved add` keeps one."
        raise NotFoundError(f"There is no saved search {name!r}.", advice)
    return _parsed(file)


def the_question(home: Home, asked: Asking, name: str) -> Asking:
    """What was typed, or the search saved under `name` in the order that was typed. UsageError for both at once."""
    if not name:
        return asked
    if replace(asked, sort="") != Asking():
        raise UsageError("A saved search stands in the place of a question.", "Leave out --saved, or everything else.")
    saved = saved_search(home, name)
    return replace(saved, sort=asked.sort or saved.sort)


def run_saved(
    home: Home, name: str, *, limit: int = 10, keep: bool = True, tell: Callable[[Fresh], None] | None = None
) -> Fresh:
    """What the search finds that it has not announced; with `keep`, it counts as announced from now on.

    A bulletin is announced once, however often it changes afterwards. `tell` hears of what is new before that counts as
    announced, so that nothing is lost where it fails.
    """
    asked = saved_search(home, name)
    query = question_of(home, replace(asked, sort=asked.sort or "newest"), limit=limit)
    before = _announced_ids(home, name)
    with home.searcher() as searcher:
        found = searcher.ids(query)
        results = searcher.find(replace(query, ids=frozenset(found - before)))
    fresh = Fresh(name, len(found), results)
    if tell and found - before:
        tell(fresh)
    if keep and found - before:
        _write(_announced(home, name), "\n".join(sorted(found | before)))
    return fresh


def remove_saved(home: Home, name: str) -> None:
    """Forget a saved search. NotFoundError."""
    if not _NAME.fullmatch(name) or not _file(home, name).is_file():
        saved_search(home, name)
    _file(home, name).unlink()
    _announced(home, name).unlink(missing_ok=True)


def _folder(home: Home) -> Path:
    return home.settings.home / "saved"


def _file(home: Home, name: str) -> Path:
    return _folder(home) / f"{name}.toml"


def _announced(home: Home, name: str) -> Path:
    return _folder(home) / f"{name}.announced"


def _announced_ids(home: Home, name: str) -> set[str]:
    file = _announced(home, name)
    # Of a damaged file what can be read counts: told twice is better than never.
    return set(file.read_text(encoding="utf-8", errors="replace").split()) if file.is_file() else set()


def _table(asked: Asking) -> dict[str, Any]:
    """What differs from a search of which nothing is said, and the query always."""
    values = {item.name: getattr(asked, item.name) for item in fields(Asking)}
    said = {name: value for name, value in values.items() if name == "query" or value != getattr(Asking(), name)}
    return {
        _WRITTEN.get(name, name): list(value) if isinstance(value, tuple) else value for name, value in said.items()
    }


def _parsed(file: Path) -> Asking:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}", "Mend the line it names; values in quotes.") from error
    names = {_WRITTEN.get(item.name, item.name): item.name for item in fields(Asking)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in names:
            raise ConfigError(f"{file}: there is no option {key!r}.", did_you_mean(key, list(names)))
        values[names[key]] = _checked(value, names[key], f"{file}: {key}")
    return Asking(**values)


def _checked(value: object, name: str, where: str) -> str | tuple[str, ...]:
    several = isinstance(getattr(Asking(), name), tuple)
    if (
        several
        and isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(v, str) for v in value)
    ):
        return tuple(value)
    if not several and isinstance(value, str):
        return value
    wanted = "a list of texts" if several else "a text in quotes"
    raise ConfigError(f"{where} should be {wanted}, not {value!r}.", "Correct the value, or take the line out.")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
