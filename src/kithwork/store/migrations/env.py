"""Runs migrations on the connection that `store.versions` hands over."""

from alembic import context

from kithwork.store.sql import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, transactional_ddl=True)
context.run_migrations()
