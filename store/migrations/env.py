"""Alembic's way in: runs the steps that are asked for on the connection it is given.

`store.sql.opening` gives one, which holds the lock; so nothing here opens any.
"""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
