"""Alerts and their deliveries as rows, and back. Every function works inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from archive.tables import alerts, deliveries
from bulletin.alert import NEWS, Alert, Decision, Delivery, Matter


def still_open(conn: Connection) -> list[Alert]:
    question = select(alerts).where(alerts.c.closed_at.is_(None)).order_by(alerts.c.id)
    return [_alert(row) for row in conn.execute(question)]


def closed_since(conn: Connection, since: datetime) -> list[Alert]:
    question = select(alerts).where(alerts.c.closed_at >= since).order_by(alerts.c.id)
    return [_alert(row) for row in conn.execute(question)]


def latest(conn: Connection, limit: int) -> list[Alert]:
    """Newest first; `limit` 0 means all."""
    question = select(alerts).order_by(alerts.c.id.desc())
    return [_alert(row) for row in conn.execute(question.limit(limit) if limit else question)]


def record(conn: Connection, made: Decision, now: datetime, channels: Collection[str]) -> list[int]:
    """Write a decision down, with a delivery for each channel; the ids of the new alerts."""
    for number, matter in (made.fresh or {}).items():
        _change(conn, [number], details=_details(matter))
    _change(conn, made.calmed, calm_since=now)
    _change(conn, made.back, calm_since=None)
    _change(conn, made.repeated, told_at=now)
    _change(conn, [*made.recovered, *made.replaced], closed_at=now)
    opened = [_open(conn, matter, now, tell_at) for matter, tell_at in made.opened]
    for number, (_, tell_at) in zip(opened, made.opened, strict=True):
        _deliver(conn, number, "opened", tell_at, channels)
    for number in made.repeated:
        _deliver(conn, number, "repeated", now, channels)
    for number in (*made.recovered, *made.replaced):
        early = _withdraw(conn, number, now)
        if number in made.recovered:
            _deliver(conn, number, "recovered", now, [channel for channel in channels if channel not in early])
    return opened


def announce(conn: Connection, matter: Matter, now: datetime, channels: Collection[str]) -> None:
    _deliver(conn, _open(conn, matter, now, now), "opened", now, channels)


def tell_new_channels(conn: Connection, now: datetime, channels: Collection[str]) -> None:
    """A channel that was set after an alert began is told of it."""
    wanted = select(alerts.c.id, alerts.c.told_at).where(alerts.c.closed_at.is_(None))
    known = select(deliveries.c.alert_id, deliveries.c.channel).join(alerts, deliveries.c.alert_id == alerts.c.id)
    had = {(row.alert_id, row.channel) for row in conn.execute(known.where(alerts.c.closed_at.is_(None)).distinct())}
    for row in conn.execute(wanted).all():
        missing = [channel for channel in channels if (row.id, channel) not in had]
        _deliver(conn, row.id, "opened", max(now, row.told_at or now), missing)


def pending(conn: Connection, channels: Collection[str] | None = None) -> list[Delivery]:
    """What has not arrived yet, the oldest first."""
    question = select(deliveries, *_alert_columns()).join(alerts, deliveries.c.alert_id == alerts.c.id)
    question = question.where(deliveries.c.sent_at.is_(None))
    if channels is not None:
        question = question.where(deliveries.c.channel.in_(channels))
    return [_delivery(row) for row in conn.execute(question.order_by(deliveries.c.id))]


def claim(conn: Connection, chosen: Sequence[Delivery], until: datetime) -> None:
    """Nobody else tries these until then."""
    for delivery in chosen:
        values = {"next_try_at": until, "attempts": delivery.attempts + 1}
        conn.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))


def sent(conn: Connection, ids: Sequence[int], at: datetime) -> None:
    conn.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(sent_at=at, trouble=""))
    told = select(deliveries.c.alert_id).where(deliveries.c.id.in_(ids))
    news = (alerts.c.id.in_(told), alerts.c.kind.in_(NEWS), alerts.c.closed_at.is_(None))
    conn.execute(update(alerts).where(*news).values(closed_at=at))


def failed(conn: Connection, ids: Sequence[int], next_try_at: datetime, trouble: str) -> None:
    values = {"next_try_at": next_try_at, "trouble": trouble}
    conn.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(values))


def _open(conn: Connection, matter: Matter, now: datetime, told_at: datetime) -> int:
    key = {"source_id": matter.source_id, "kind": matter.kind, "word": matter.word}
    row = key | {"opened_at": now, "told_at": told_at, "details": _details(matter)}
    made = conn.execute(insert(alerts).values(row)).inserted_primary_key
    assert made is not None
    return int(made[0])


def _change(conn: Connection, ids: Sequence[int], **values: Any) -> None:
    if ids:
        conn.execute(update(alerts).where(alerts.c.id.in_(ids)).values(values))


def _deliver(conn: Connection, number: int, event: str, at: datetime, channels: Collection[str]) -> None:
    rows = [
        {"alert_id": number, "channel": channel, "event": event, "wanted_at": at, "next_try_at": at, "trouble": ""}
        for channel in channels
    ]
    if rows:
        conn.execute(insert(deliveries), rows)


def _withdraw(conn: Connection, number: int, now: datetime) -> set[str]:
    """What was to be told later need not be told any more; the channels that never heard of the alert."""
    early = (deliveries.c.alert_id == number, deliveries.c.sent_at.is_(None), deliveries.c.wanted_at > now)
    found = {row.channel for row in conn.execute(select(deliveries.c.channel).where(*early))}
    conn.execute(delete(deliveries).where(*early))
    return found


def _details(matter: Matter) -> dict[str, Any]:
    return {"reason": matter.reason, "name": matter.name, "grave": matter.grave}


def _alert_columns() -> list[Any]:
    return [column.label(f"a_{column.name}") for column in alerts.c]


def _alert(row: Row[Any], prefix: str = "") -> Alert:
    def of(name: str) -> Any:
        return getattr(row, prefix + name)

    told = of("details") or {}
    matter = Matter(
        of("source_id"),
        of("kind"),
        of("word"),
        str(told.get("reason", "")),
        str(told.get("name", "")),
        bool(told.get("grave")),
    )
    return Alert(of("id"), matter, of("opened_at"), of("closed_at"), of("told_at"), of("calm_since"))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        row.id,
        _alert(row, "a_"),
        row.channel,
        row.event,
        row.wanted_at,
        row.next_try_at,
        row.attempts,
        row.sent_at,
        row.trouble,
    )
