"""Whose turn it is: one transaction a call, or one for many calls in a batch."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine

from archive.opening import reading, spoken, writing

# A batch is committed after so many calls or seconds, so that other writers get their turn.
_BATCH_SIZE: Final = 500
_BATCH_SECONDS: Final = 2.0


class Transactions:
    """Connections with their transactions. Each thread has its own batch."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._own = threading.local()

    @property
    def _running(self) -> _Batch | None:
        running: _Batch | None = getattr(self._own, "batch", None)
        return running

    @contextmanager
    def write(self) -> Iterator[Connection]:
        running = self._running
        if running:
            with running.turn() as conn:
                yield conn
        else:
            with spoken(), self._engine.connect() as conn, writing(conn).begin():
                yield conn

    @contextmanager
    def read(self, *, stream: bool = False) -> Iterator[Connection]:
        """Within a batch a question sees what the batch brought; a stream makes it final and reads beside it."""
        running = self._running
        if running and stream:
            running.commit()
        if running and running.conn is not None:
            with spoken():
                yield running.conn
        else:
            with spoken(), self._engine.connect() as conn, reading(conn).begin():
                yield conn

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction for the calls within; a batch within a batch is part of it. What was complete before an error
        stays."""
        if self._running:
            yield
            return
        running = self._own.batch = _Batch(self._engine)
        try:
            yield
        finally:
            self._own.batch = None
            running.commit()


class _Batch:
    """A connection whose transaction spans several calls."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.conn: Connection | None = None
        self._calls = 0
        self._since = 0.0

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """One call: undone alone if it fails."""
        with spoken():
            conn = self.conn or self._begin()
            with conn.begin_nested():
                yield conn
            self._calls += 1
            if self._calls >= _BATCH_SIZE or time.monotonic() - self._since > _BATCH_SECONDS:
                self.commit()

    def _begin(self) -> Connection:
        conn = writing(self._engine.connect())
        try:
            conn.begin()
        except BaseException:
            conn.close()
            raise
        self.conn, self._calls, self._since = conn, 0, time.monotonic()
        return conn

    def commit(self) -> None:
        """Make final what the calls so far brought."""
        conn, self.conn = self.conn, None
        if conn is not None:
            with conn, spoken():
                conn.commit()
