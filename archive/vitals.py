"""How sources are doing: what runs observed of each column, and what each source is called because of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from archive import vitals_rows
from archive.transactions import Transactions
from bulletin.vitals import Condition, Observed, Visit


class VitalSigns:
    """Observations and conditions of one archive. Every method is one transaction."""

    def __init__(self, turns: Transactions) -> None:
        self._turns = turns

    def note(self, run_id: int, source_id: str, seen_at: datetime, observed: Iterable[Observed]) -> None:
        """Keep what a run observed of its columns; said again, the later word counts."""
        with self._turns.write() as conn:
            vitals_rows.note(conn, run_id, source_id, seen_at, observed)

    def visits(self, source_id: str, column: str, limit: int = 60, before_run: int | None = None) -> list[Visit]:
        """The latest visits to a column, newest first; those before a run where one is named."""
        with self._turns.read() as conn:
            return vitals_rows.visits(conn, source_id, column, limit, before_run)

    def watched_since(self, source_id: str) -> dict[str, datetime]:
        """By column, when it was first visited."""
        with self._turns.read() as conn:
            return vitals_rows.watched_since(conn, source_id)

    def of_run(self, run_id: int) -> list[Visit]:
        """What one run observed, by column."""
        with self._turns.read() as conn:
            return vitals_rows.of_run(conn, run_id)

    def publishing(self, source_id: str) -> dict[str, list[tuple[date | None, date]]]:
        """By column, for each document seen in it: the day it says it was published, the day it was first seen."""
        with self._turns.read() as conn:
            return vitals_rows.publishing(conn, source_id)

    def condition(self, source_id: str) -> Condition | None:
        """What a source is called now; None if it was never looked at."""
        with self._turns.read() as conn:
            return vitals_rows.condition(conn, source_id)

    def conditions_now(self) -> dict[str, Condition]:
        """What every source is called now, by source."""
        with self._turns.read() as conn:
            return vitals_rows.conditions_now(conn)

    def conditions(self, source_id: str, limit: int = 0) -> list[Condition]:
        """What a source was called, newest first; `limit` 0 means all."""
        with self._turns.read() as conn:
            return vitals_rows.past_conditions(conn, source_id, limit)

    def settle(self, given: Condition) -> Condition:
        """Keep what a source is called now, and give it back: the same word as before keeps its `since`."""
        with self._turns.write() as conn:
            return vitals_rows.settle(conn, given)

    def waiting(self) -> dict[str, int]:
        """How many pages of each source are still to be asked for."""
        with self._turns.read() as conn:
            return vitals_rows.waiting(conn)

    def fresh(self, since: datetime) -> dict[str, int]:
        """How many documents of each source were first seen from a moment on."""
        with self._turns.read() as conn:
            return vitals_rows.fresh(conn, since)

    def growth(self, since: datetime) -> tuple[int, datetime | None]:
        """Bytes of the captures made from a moment on, and the moment of the first of them."""
        with self._turns.read() as conn:
            return vitals_rows.growth(conn, since)

    def begun_at(self) -> datetime | None:
        """When the capture was made that was noted first."""
        with self._turns.read() as conn:
            return vitals_rows.begun_at(conn)
