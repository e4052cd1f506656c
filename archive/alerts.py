"""Alerts: what is wrong and since when, and what has still to reach whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from archive import alert_rows
from archive.opening import take_turn
from archive.transactions import Transactions
from bulletin.alert import Alert, Decision, Delivery, Matter

#: What follows from the open alerts and those closed of late. Pure.
Decide = Callable[[Sequence[Alert], Sequence[Alert]], Decision]


class Alerts:
    """Any number of workers may look after the alerts of one archive: every event is written down once, and every
    delivery is tried by one of them at a time. Every method is one transaction."""

    def __init__(self, turns: Transactions) -> None:
        self._turns = turns

    def settle(self, now: datetime, lately: timedelta, decide: Decide, channels: Collection[str]) -> list[int]:
        """Write down what began, goes on and is over, with a delivery for each channel; one that is new hears
        of everything that is open. The ids of the new alerts."""
        with self._turns.write() as conn:
            take_turn(conn)
            made = decide(alert_rows.still_open(conn), alert_rows.closed_since(conn, now - lately))
            opened = alert_rows.record(conn, made, now, channels)
            alert_rows.tell_new_channels(conn, now, channels)
            return opened

    def announce(self, matter: Matter, now: datetime, channels: Collection[str]) -> None:
        """Have every channel told of a piece of news. It stays open until one of them has taken it."""
        with self._turns.write() as conn:
            take_turn(conn)
            alert_rows.announce(conn, matter, now, channels)

    def open(self) -> list[Alert]:
        """Those that are not over, the oldest first."""
        with self._turns.read() as conn:
            return alert_rows.still_open(conn)

    def latest(self, limit: int = 0) -> list[Alert]:
        """All, the newest first."""
        with self._turns.read() as conn:
            return alert_rows.latest(conn, limit)

    def pending(self) -> list[Delivery]:
        """What has reached nobody yet, the oldest first."""
        with self._turns.read() as conn:
            return alert_rows.pending(conn)

    def claim(
        self,
        channels: Collection[str],
        until: datetime,
        choose: Callable[[Sequence[Delivery]], Sequence[Delivery]],
    ) -> list[Delivery]:
        """Take what `choose` picks out of what waits for these channels; until then nobody else gets it."""
        with self._turns.write() as conn:
            take_turn(conn)
            chosen = list(choose(alert_rows.pending(conn, channels)))
            alert_rows.claim(conn, chosen, until)
            return chosen

    def sent(self, ids: Sequence[int], at: datetime) -> None:
        """They arrived; news that did is over."""
        with self._turns.write() as conn:
            alert_rows.sent(conn, ids, at)

    def failed(self, ids: Sequence[int], next_try_at: datetime, trouble: str) -> None:
        """They did not arrive, and are tried again."""
        with self._turns.write() as conn:
            alert_rows.failed(conn, ids, next_try_at, trouble)
