"""Run the steps on the connection that `fleet.migrate` brings; Alembic loads this file."""

from __future__ import annotations

from alembic import context

from keylint.fleet.schema import METADATA

context.configure(
    connection=context.config.attributes['connection'],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
