"""The store for many readers: PostgreSQL, through SQLAlchemy Core and psycopg.

`store.sql.store` has `SqlStore`; nothing here is imported before a `postgresql://` address is
opened, so whoever keeps notes in a file needs none of these packages.
"""
