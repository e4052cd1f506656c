"""What each column usually yields, and the alerts sent"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _make_vitals()
    _make_alerts()


def _make_vitals() -> None:
    op.create_table(
        "vitals",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("run_id", _SERIAL, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("column_id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("observed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_vitals_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_vitals"),
        sa.UniqueConstraint("run_id", "column_id", name="uq_vitals_run_id_column_id"),
    )
    op.create_index("ix_vitals_source_id_column_id_id", "vitals", ["source_id", "column_id", "id"])
    op.create_table(
        "conditions",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=False),
        sa.Column("run_id", _SERIAL, nullable=True),
        sa.Column("findings", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conditions"),
    )
    op.create_index("ix_conditions_source_id_id", "conditions", ["source_id", "id"])


def _make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("calm_since", sa.DateTime(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_source_id_id", "alerts", ["source_id", "id"])
    op.create_index("ix_alerts_closed_at", "alerts", ["closed_at"])
    op.create_table(
        "deliveries",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("alert_id", _SERIAL, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_deliveries_alert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_sent_at_channel", "deliveries", ["sent_at", "channel"])
    op.create_index("ix_deliveries_alert_id", "deliveries", ["alert_id"])
