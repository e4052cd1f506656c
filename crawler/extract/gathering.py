"""A Harvest in the making: values with the reason each is believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bulletin.harvest import Doubt, Evidence


@dataclass(slots=True)
class Gathering:
    """What was read first stays; what differs from it later becomes a doubt where `doubted` names the field."""

    values: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def take(self, values: dict[str, Any], origin: str, confidence: float, *, doubted: Iterable[str] = ()) -> None:
        """Take the values whose field is still empty; None, "" and () are no values."""
        for name, value in values.items():
            if value in (None, "", ()):
                continue
            known = self.values.get(name)
            if known is None:
                self.values[name] = value
                self.evidence[name] = Evidence(origin, round(confidence, 2))
            elif name in doubted and known != value:
                first = self.evidence[name].origin
                self.doubts.append(Doubt(name, f"{known} ({first}), but {value} ({origin})"))
