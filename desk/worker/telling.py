"""The worker's duty to tell: what is wrong, and that it lives. Sending takes as long as it takes, so it is done in a
thread of its own; the worker goes on with its runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bulletin.config import Settings
from bulletin.errors import GongbaoError
from desk.tasks.alerting import anything_to_send, check_alerts, ping, send_alerts
from desk.wiring import Home

log: Final = logging.getLogger(__name__)


def alerts(home: Home, now: datetime) -> list[str]:
    """Write down what began and what is over, and have it sent."""
    opened = check_alerts(home, now)
    if anything_to_send(home, now):
        _aside("telling", lambda: _send(home.settings))
    return [f"Alert: {len(opened)} new; gongbao alerts list"] if opened else []


def heartbeat(home: Home, now: datetime) -> list[str]:
    """Ask for the address that a monitor outside waits to be asked for."""
    settings = home.settings.alerts
    if settings.heartbeat_url:
        _aside("telling-life", lambda: _ping(home.settings))
    return []


def _aside(name: str, do: Callable[[], None]) -> None:
    """One thread of a name at a time. The process waits for it before it ends: its time is limited."""
    if not any(thread.name == name for thread in threading.enumerate()):
        threading.Thread(target=do, name=name).start()


def _send(settings: Settings) -> None:
    try:
        with Home(settings) as home:
            for told in send_alerts(home):
                if told.trouble:
                    log.warning("alerts: %s: %s", told.channel, told.trouble)
    except GongbaoError as error:  # what is not noted as sent is sent again
        log.warning("alerts: %s", error.message)


def _ping(settings: Settings) -> None:
    trouble = ping(settings.alerts)
    if trouble:
        log.warning("heartbeat: %s", trouble)
