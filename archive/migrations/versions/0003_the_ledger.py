"""The ledger of what disappears at its source, and events of a source"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    _make_probes()
    _make_standings()
    _make_movements()
    _make_events()


def _make_probes() -> None:
    op.create_table(
        "probes",
        sa.Column("id", _SERIAL, nullable=False),
        _text("document_id"),
        _text("url"),
        sa.Column("probed_at", sa.DateTime(), nullable=False),
        _text("finding"),
        sa.Column("http_status", sa.Integer(), nullable=False),
        _text("code"),
        _text("note"),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("warc", sa.Text(), nullable=True),
        sa.Column("warc_offset", sa.BigInteger(), nullable=True),
        sa.Column("warc_length", sa.BigInteger(), nullable=True),
        sa.Column("warc_digest", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_probes"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_probes_document_id"),
    )
    op.create_index("ix_probes_document_id_id", "probes", ["document_id", "id"])


def _make_standings() -> None:
    op.create_table(
        "standings",
        _text("document_id"),
        _text("source_id"),
        _text("state"),
        sa.Column("since", sa.DateTime(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        _text("finding"),
        sa.Column("absent_probes", sa.Integer(), nullable=False),
        sa.Column("absent_days", sa.Integer(), nullable=False),
        sa.Column("first_absent_at", sa.DateTime(), nullable=True),
        sa.Column("last_absent_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("document_id", name="pk_standings"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_standings_document_id"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_standings_source_id"),
    )
    op.create_index("ix_standings_source_id_due_at", "standings", ["source_id", "due_at"])
    op.create_index("ix_standings_state_since", "standings", ["state", "since"])


def _make_movements() -> None:
    op.create_table(
        "movements",
        sa.Column("id", _SERIAL, nullable=False),
        _text("document_id"),
        sa.Column("moved_at", sa.DateTime(), nullable=False),
        _text("event"),
        _text("before"),
        _text("after"),
        sa.PrimaryKeyConstraint("id", name="pk_movements"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_movements_document_id"),
    )
    op.create_index("ix_movements_document_id_id", "movements", ["document_id", "id"])


def _make_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", _SERIAL, nullable=False),
        _text("source_id"),
        sa.Column("noticed_at", sa.DateTime(), nullable=False),
        _text("kind"),
        _text("note"),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_events_source_id"),
    )
    op.create_index("ix_events_source_id_kind_id", "events", ["source_id", "kind", "id"])
