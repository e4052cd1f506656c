"""What has disappeared at its source: ask again for what may have, and show what has, with the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bulletin.document import Document, Revision
from bulletin.ledger import RETURNED, WITHDRAWN, Movement, Probed, Standing
from bulletin.record import CHINA
from bulletin.run import Run, Scope
from desk.tasks.asking import states_meant
from desk.tasks.indexing import update_index
from desk.tasks.leasing import utc_now
from desk.tasks.running import begun_by_hand, carry_out
from desk.tasks.sealing import seal_home
from desk.tasks.sources import chosen_sources, the_source
from desk.wiring import Home


def probe_suspected(
    home: Home, sources: Sequence[str] = (), *, now: datetime | None = None, on_event: Any = None
) -> list[Run]:
    """Asks for the bulletins that may have been withdrawn and are due for a further probe, of the named sources or of
    all that may be crawled; one Run for each source that has any. LockedError where one is being crawled. A worker
    does the same by itself, as runs of its queue."""
    waiting = set(home.archive.ledger.sources_due(now or datetime.now(UTC)))
    if not waiting:
        return []
    chosen = [source for source in chosen_sources(home, sources) if source.id in waiting]
    if not chosen:
        return []
    with begun_by_hand(home, chosen, Scope(probe=True), "probe", (lambda: now) if now else utc_now) as begun:
        runs = carry_out(home, begun, chosen, now=now, on_event=on_event)
    update_index(home)
    seal_home(home, now)
    return runs


@dataclass(frozen=True, slots=True)
class Dossier:
    """A bulletin in question, with everything that is known about its disappearance. `last_shown` is the newest
    revision, with the capture that shows it."""

    document: Document
    standing: Standing
    last_shown: Revision
    probes: tuple[Probed, ...]
    movements: tuple[Movement, ...]


def disappeared(
    home: Home, *, sources: Sequence[str] = (), states: Sequence[str] = (), since: date | None = None
) -> list[Dossier]:
    """The bulletins in one of these states (withdrawn, where none is named), entered on that Chinese day or later,
    the newest first.

    `returned` stands for those that were withdrawn and came back, `any` for these too; the other words as for
    `states_meant`. UsageError for another word.
    """
    named = list(states or (WITHDRAWN,))
    asked = states_meant([word for word in named if word != RETURNED], besides=(RETURNED,))
    came_back = RETURNED in named or "any" in named
    for source_id in sources:
        the_source(home, source_id)
    first = datetime.combine(since, time(), CHINA) if since else None
    ledger = home.archive.ledger
    found = list(ledger.in_question(asked, sources=sources, since=first))
    if came_back:
        there = {document.id for document, _ in found}
        back = ledger.movements_since([RETURNED], sources=sources, since=first)
        ids = [one for one in dict.fromkeys(moved.document_id for moved in back) if one not in there]
        again = [(document, ledger.standing(one)) for one in ids if (document := home.archive.document(one))]
        found += [pair for pair in again if pair[1].state != WITHDRAWN]
    return [_dossier(home, document, standing) for document, standing in found]


def _dossier(home: Home, document: Document, standing: Standing) -> Dossier:
    ledger = home.archive.ledger
    revision = home.archive.revision(document.id)
    assert revision is not None  # a document is made with its first revision
    return Dossier(
        document, standing, revision, tuple(ledger.probes(document.id)), tuple(ledger.movements(document.id))
    )
