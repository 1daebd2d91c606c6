"""Alembic's environment: runs on the connection it is handed, never on one of its own."""

from alembic import context

from vidpipe_tui.db.base import Base
from vidpipe_tui.db.models import Project  # noqa: F401  # loads every table into the metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
