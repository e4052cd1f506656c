"""Look what is wrong, write it down, and tell it to whom it concerns."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from bulletin.alert import Alert, Decision, Delivery, Matter
from bulletin.config import AlertSettings
from bulletin.errors import ConfigError, GongbaoError, did_you_mean
from crawler.pace import Hours
from desk.alerts import Channel, UndeliveredError, channels_in_use
from desk.alerts.deciding import DAY, decide, next_try, to_send
from desk.alerts.message import compose
from desk.alerts.posting import Asked, Limits, ask
from desk.tasks.leasing import Clock, utc_now
from desk.tasks.troubles import matters_of, unwatched
from desk.wiring import Home

log: Final = logging.getLogger(__name__)

#: So long a message on its way belongs to whoever sends it; longer than all channels together may take.
_ON_ITS_WAY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """How one message went: `trouble` is "" where it arrived, `advice` says what helps where it did not."""

    channel: str
    count: int
    trouble: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A channel that does not take what waits for it: how much, since when, and why."""

    channel: str
    count: int
    since: datetime
    attempts: int
    trouble: str


def check_alerts(home: Home, now: datetime, matters: Sequence[Matter] | None = None) -> list[int]:
    """Compare what is wrong now with what is known, and write down whom to tell; the ids of new alerts."""
    wrong = matters_of(home, now) if matters is None else list(matters)
    settings, gone = home.settings.alerts, unwatched(home)

    def decided(known: Sequence[Alert], over: Sequence[Alert]) -> Decision:
        return decide(wrong, known, over, now, timedelta(days=settings.repeat_days), gone)

    return home.archive.alerts.settle(now, DAY, decided, tuple(channels_in_use(settings)))


def announce(home: Home, matter: Matter, now: datetime) -> None:
    """Have a piece of news told by every channel that is set; it is sent with what else waits. Without one nobody can
    be told, and nothing is kept."""
    if channels := channels_in_use(home.settings.alerts):
        home.archive.alerts.announce(matter, now, tuple(channels))


def anything_to_send(home: Home, now: datetime) -> bool:
    """Whether `send_alerts` would send something."""
    known = channels_in_use(home.settings.alerts)
    waiting = [one for one in home.archive.alerts.pending() if one.channel in known]
    return bool(_chosen(waiting, home.settings.alerts, now))


def send_alerts(home: Home, now: Clock = utc_now) -> list[Told]:
    """Send what waits, one message for each channel. What does not arrive stays, and is tried again later."""
    known = channels_in_use(home.settings.alerts)
    if not known:
        return []
    alerts, at = home.archive.alerts, now()
    claimed = alerts.claim(tuple(known), at + _ON_ITS_WAY, lambda waiting: _chosen(waiting, home.settings.alerts, at))
    claimed.sort(key=lambda delivery: (delivery.channel, delivery.id))
    told = []
    for name, group in groupby(claimed, key=lambda delivery: delivery.channel):
        deliveries = list(group)
        ids = [delivery.id for delivery in deliveries]
        told.append(_sent(home, known[name], deliveries, at))
        if told[-1].trouble:
            attempts = max(delivery.attempts for delivery in deliveries) + 1
            alerts.failed(ids, next_try(attempts, now()), told[-1].trouble)
        else:
            alerts.sent(ids, now())
    return told


def stuck_channels(home: Home) -> list[Stuck]:
    """The channels that failed, and still have something waiting for them."""
    known = channels_in_use(home.settings.alerts)
    found: dict[str, list[Delivery]] = {}
    for delivery in home.archive.alerts.pending():
        if delivery.channel in known and delivery.trouble:
            found.setdefault(delivery.channel, []).append(delivery)
    return [
        Stuck(name, len(waiting), min(one.wanted_at for one in waiting), max(one.attempts for one in waiting), said)
        for name, waiting in found.items()
        for said in [waiting[-1].trouble]
    ]


def try_channels(home: Home, names: Sequence[str], now: datetime) -> list[Told]:
    """Send a test message to the named channels, or to all in use. UsageError where none is."""
    settings = home.settings.alerts
    known = channels_in_use(settings)
    if not known:
        raise ConfigError("No channel is set.", "Set alerts.email_to and alerts.smtp_host, or alerts.webhook_url, ...")
    for name in names:
        if name not in known:
            raise ConfigError(f"The channel {name!r} is not set.", did_you_mean(name, list(known)))
    alert = Alert(0, Matter("", "test", "test"), now)
    delivery = Delivery(0, alert, "", "opened", now, now)
    return [_sent(home, known[name], [delivery], now) for name in dict.fromkeys(names or known)]


def ping(settings: AlertSettings) -> str:
    """Tell the monitor at alerts.heartbeat_url that a worker lives; why it could not be told, or ""."""
    try:
        ask(settings.heartbeat_url, Asked("GET"), Limits(settings.private, settings.timeout))
    except GongbaoError as error:
        return error.message
    return ""


def _chosen(waiting: Sequence[Delivery], settings: AlertSettings, now: datetime) -> list[Delivery]:
    quiet = Hours(settings.quiet)
    return to_send(waiting, now, lambda at: bool(settings.quiet) and quiet.permit(at), settings.grave_always)


def _sent(home: Home, channel: Channel, deliveries: Sequence[Delivery], now: datetime) -> Told:
    """How one message went. What a channel throws must not keep the others from being told."""
    settings = home.settings.alerts
    message = compose(
        deliveries, now, home=home.settings.home.name, language=settings.language, longest=channel.longest
    )
    try:
        channel.send(message, settings, now)
    except UndeliveredError as error:
        return Told(channel.name, len(deliveries), error.message, error.advice)
    except Exception as error:
        log.exception("alerts: %s", channel.name)
        return Told(channel.name, len(deliveries), f"unexpected {type(error).__name__}", "See the log.")
    return Told(channel.name, len(deliveries))
