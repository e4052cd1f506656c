"""Schedules, and runs as a queue that workers claim from"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _widen_runs()
    _close_left_runs()
    op.create_index("ix_runs_outcome_ready_at_id", "runs", ["outcome", "ready_at", "id"])
    op.create_index("uq_runs_due", "runs", ["schedule_id", "source_id", "due_at", "attempt"], unique=True)
    op.create_index("uq_runs_retry_of", "runs", ["retry_of"], unique=True)
    running = sa.text("outcome = 'running'")
    op.create_index(
        "uq_runs_running", "runs", ["kind", "source_id"], unique=True, sqlite_where=running, postgresql_where=running
    )
    _make_schedules()


def _widen_runs() -> None:
    def text(name: str, default: str = "") -> sa.Column[Any]:
        return sa.Column(name, sa.Text(), nullable=False, server_default=default)

    for column in (
        text("kind", "crawl"),
        sa.Column("scope", sa.JSON()),
        sa.Column("schedule_id", _SERIAL),
        *(sa.Column(name, sa.DateTime()) for name in ("due_at", "ready_at", "expires_at")),
        sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("retry_of", _SERIAL),
        text("worker"),
        *(sa.Column(name, sa.DateTime()) for name in ("heartbeat_at", "lease_until")),
        *(text(name) for name in ("config_digest", "family_version", "log")),
    ):
        op.add_column("runs", column)


def _close_left_runs() -> None:
    """Crawls that died before leases were known: all but the newest of a source, which may still be at work."""
    op.execute(
        "UPDATE runs SET outcome = 'interrupted', ended_at = started_at, reason = 'the process died' "
        "WHERE outcome = 'running' "
        "AND id NOT IN (SELECT max(id) FROM runs WHERE outcome = 'running' GROUP BY source_id)"
    )


def _make_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("group_name", "cron", "tz", "overlap", "missed")),
        sa.Column("window", sa.BigInteger(), nullable=False),
        sa.Column("jitter", sa.BigInteger(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("maintenance", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        *(sa.Column(name, sa.DateTime()) for name in ("paused_at", "removed_at", "next_due_at")),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_schedules_next_due_at", "schedules", ["next_due_at"])
