"""How Alembic runs one step: on the connection that `Migrations` hands it, in one transaction."""

from __future__ import annotations

from alembic import context

from toegang.storage.migrations.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
