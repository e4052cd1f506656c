"""What becomes of a bulletin at its source after it was kept (去向台账): what each probe found, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bulletin.capture import RecordRef

#: Its list shows it; its list shows it no more, but it is there under its address.
LISTED: Final = "listed"
DELISTED: Final = "delisted"
#: The address says that it is not there: status 200 and words to that effect; 404 or 410; a redirect to the home page;
#: another paper.
SOFT_404: Final = "soft_404"
GONE: Final = "gone"
REDIRECTED_HOME: Final = "redirected_home"
REPLACED: Final = "replaced"
#: Nobody can say: the site refused to answer, or did not answer.
BLOCKED: Final = "blocked"
SITE_DOWN: Final = "site_down"
#: Found absent again and again over days.
WITHDRAWN: Final = "withdrawn"

#: What a probe may find besides: the paper itself, or something that proves nothing.
REACHABLE: Final = "reachable"
UNCLEAR: Final = "unclear"

#: A movement of the ledger, no state: a withdrawn paper was there again.
RETURNED: Final = "returned"

#: Findings that count towards a withdrawal.
ABSENT: Final = frozenset({SOFT_404, GONE, REDIRECTED_HOME, REPLACED})
#: The states a document may have, `Document.status`.
STATES: Final = (LISTED, DELISTED, SOFT_404, GONE, REDIRECTED_HOME, REPLACED, BLOCKED, SITE_DOWN, WITHDRAWN)

#: An event of a source: its pages look otherwise, and say what they said.
TEMPLATE_CHANGED: Final = "template_changed"


@dataclass(frozen=True, slots=True)
class Probed:
    """One answer, or silence, to a request for a bulletin in question.

    `finding` is one of ABSENT, REACHABLE, BLOCKED, SITE_DOWN or UNCLEAR; `status` the HTTP status, 0 where no answer
    came; `code` and `note` say what was wrong. One that does not count shows nothing about this paper, because the
    whole site was out of reach, or because the paper stands under another address too. `record` is the evidence.
    """

    url: str
    probed_at: datetime
    finding: str
    status: int = 0
    code: str = ""
    note: str = ""
    counts: bool = True
    record: RecordRef | None = None
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands at its source.

    `listed`: its list shows it. `finding` is what the last absent probe found; absent probes are counted, with the
    Chinese days they fell on, since the document was last reachable. `due_at` is when it should be asked for next.
    """

    document_id: str
    state: str = LISTED
    since: datetime | None = None
    listed: bool = True
    finding: str = ""
    absent_probes: int = 0
    absent_days: int = 0
    first_absent_at: datetime | None = None
    last_absent_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry of the ledger: a document went from one state to another. `event` is the new state, or `returned`."""

    document_id: str
    moved_at: datetime
    event: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """Something that happened to a whole source, noticed in one crawl of it. `details` are of JSON's kinds."""

    source_id: str
    noticed_at: datetime
    kind: str
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
