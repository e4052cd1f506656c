"""Repair damaged text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from bulletin.errors import UsageError
from bulletin.text.repair import repair


def repaired(text: str, damaged: str = "auto") -> dict[str, Any]:
    """`{"text", "repairs", "doubts"}`; `damaged` is auto or yes (the page is known to come from the converter)."""
    done = repair(text, damaged=_known(damaged))
    return {"text": done.text, "repairs": [asdict(r) for r in done.repairs], "doubts": [asdict(d) for d in done.doubts]}


def repaired_lines(lines: Iterable[str], damaged: str = "auto") -> Iterator[dict[str, Any]]:
    """One answer for each `{"id", "text", "damaged"}` line; a line that is none is answered with its error."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            known = asked.get("damaged")
            how = damaged if known is None else "yes" if known in (True, "yes") else "auto"
            answer = repaired(str(asked["text"]), how)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield {"line": number, "error": f"no object with a text: {error}"}
            continue
        yield {"id": asked.get("id"), **answer}


def _known(damaged: str) -> bool | None:
    if damaged not in ("auto", "yes"):
        raise UsageError(f"--damaged takes auto or yes, not {damaged!r}.", "auto lets the page's own pattern decide.")
    return True if damaged == "yes" else None
