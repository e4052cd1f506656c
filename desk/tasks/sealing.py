"""Put what came into a home under the day's seal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.record import CHINA
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.proof import Head


def proof_folder(home: Home) -> Path:
    """Where the days' manifests lie."""
    return home.settings.home / "proof"


def seal_home(home: Home, now: datetime | None = None) -> Head | None:
    """Seals everything that came since the last seal, under the Chinese day; None for an empty home."""
    from archive.sealing import seal

    day = (now or datetime.now(UTC)).astimezone(CHINA).date()
    return seal(proof_folder(home), home.vault, home.archive, day)
