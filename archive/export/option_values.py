"""Options of formats as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from archive.export.format import Options
from bulletin.errors import UsageError, did_you_mean

_TRUTH: Final = {"1": True, "true": True, "yes": True, "on": True, "": False, "0": False, "false": False, "no": False}


def check(name: str, options: Options, known: Mapping[str, str]) -> None:
    """UsageError for an option the format does not have."""
    for option in options:
        if option not in known:
            advice = did_you_mean(option, list(known)) if known else "It has no options."
            raise UsageError(f"The format {name} has no option {option!r}.", advice)


def is_on(options: Options, option: str) -> bool:
    value = str(options.get(option, "")).strip().lower()
    if value not in _TRUTH:
        raise UsageError(f"{option} is yes or no, not {value!r}.", f"Write {option}=yes or leave it out.")
    return _TRUTH[value]
