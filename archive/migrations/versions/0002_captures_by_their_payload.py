"""Captures can be looked up by their payload: a file linked under several addresses is kept once"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_captures_source_id_warc_digest", "captures", ["source_id", "warc_digest"])
