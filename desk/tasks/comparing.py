"""Compare two revisions of a bulletin."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bulletin.document import Document, Revision
from bulletin.errors import NotFoundError
from bulletin.record import moment_record
from desk.tasks.finding import the_bulletin
from desk.wiring import Home

if TYPE_CHECKING:
    from archive.diffing import Difference


@dataclass(frozen=True, slots=True)
class Compared:
    """Two revisions of a document, and what differs."""

    document: Document
    before: Revision
    after: Revision
    difference: Difference

    def record(self) -> dict[str, Any]:
        """As one JSON object."""
        found = asdict(self.difference)
        return {
            "id": self.document.id,
            "url": self.document.url,
            "from": _state(self.before),
            "to": _state(self.after),
            "fields": found["fields"],
            "attachments": found["files"],
            "text": [change | {"pieces": [list(piece) for piece in change["pieces"]]} for change in found["text"]],
        }


def compare_revisions(home: Home, name: str, first: int | None = None, second: int | None = None) -> Compared:
    """The two revisions named; without numbers the newest and the one before it, with one number that one and the
    newest. NotFoundError for a bulletin that has only one."""
    from archive.diffing import compare

    document, _ = the_bulletin(home, name)
    newest = document.revisions
    if newest < 2 and first is None:
        raise NotFoundError(f"Bulletin {document.id} has one revision only.", "There is nothing to compare yet.")
    older = first if first is not None else newest - 1
    _, before = the_bulletin(home, document.id, older)
    _, after = the_bulletin(home, document.id, second if second is not None else newest)
    return Compared(document, before, after, compare(before.harvest, after.harvest))


def _state(revision: Revision) -> dict[str, Any]:
    at = moment_record(revision.fetched_at)
    return {"revision": revision.number, "fetched_at": at, "content_digest": revision.content_digest}
