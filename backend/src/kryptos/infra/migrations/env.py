"""What Alembic runs for every command: the steps, on the connection that it was handed."""

from alembic import context

from kryptos.infra.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=True,  # a long history that fails half-way goes on from there
)
with context.begin_transaction():
    context.run_migrations()
