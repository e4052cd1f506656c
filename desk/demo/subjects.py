"""What an invented county writes about: each subject with its office, its doings and its figures."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

#: The sentence that has to survive every trimming of page chrome: it begins like a sharing button.
SHARING: Final = "把经验分享到各乡镇"


@dataclass(frozen=True, slots=True)
class Subject:
    """A field of work. `acts` are verb phrases; `figures` are (what, unit, least, most)."""

    name: str
    office: str
    code: str  # the office's part of a document number
    topic: tuple[str, ...]
    acts: tuple[str, ...]
    figures: tuple[tuple[str, str, int, int], ...]
    aim: str


@cache
def subjects() -> tuple[Subject, ...]:
    table = tomllib.loads(resources.files("desk.demo").joinpath("subjects.toml").read_text("utf-8"))
    return tuple(
        Subject(
            name=entry["name"],
            office=entry["office"],
            code=entry["code"],
            topic=tuple(entry["topic"]),
            acts=tuple(entry["acts"]),
            figures=tuple(tuple(figure) for figure in entry["figures"]),
            aim=entry["aim"],
        )
        for entry in table["subjects"]
    )
