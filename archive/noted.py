"""What the database says of a WARC record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from archive.keys import url_key
from bulletin.capture import RecordRef


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """A row of the captures."""

    id: int
    source_id: str
    url_key: str
    url: str
    status: int
    fetched_at: datetime
    media_type: str
    record: RecordRef

    @property
    def right_key(self) -> str:
        """The key this URL of this source has."""
        return url_key(self.source_id, self.url)
