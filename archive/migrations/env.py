"""Run by alembic, never imported: the connection comes from `archive.opening`."""

from __future__ import annotations

from alembic import context

from archive.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
