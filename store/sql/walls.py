"""The second wall between accounts: a role that sees the rows of one account and no others.

The first wall is that every statement names its account. Should one be wrong, row-level security
still lets nothing through, for it is asked of each row by the database itself. It does not bind
whoever owns the tables, nor a superuser; so the transactions of an account take a role of their own
(`SET LOCAL ROLE`), whose name is that of whoever opened the store and `_walled`. It cannot log in.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from store.errors import StoreError
from store.sql.tables import OF_ACCOUNTS, account, history

_LONGEST = 63  # bytes of a name in PostgreSQL


def raise_wall(connection: Connection) -> str:
    """See to it that the role is there and may do what it must; answer its name.

    Raises `StoreError` where this user may make no roles.
    """
    user, schema = connection.execute(text("SELECT current_user, current_schema()")).one()
    role = f"{user[: _LONGEST - len('_walled')]}_walled"
    if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}):
        _make(connection, role)
    quote = connection.dialect.identifier_preparer.quote
    tables = [account, *OF_ACCOUNTS]
    if not connection.scalar(text(_HAS_ALL), {"role": role, "tables": [t.name for t in tables]}):
        names = ", ".join(table.name for table in tables)
        for statement in (
            f"GRANT USAGE ON SCHEMA {quote(schema)} TO {quote(role)}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {names} TO {quote(role)}",
            f"GRANT SELECT ON {history.name} TO {quote(role)}",
            f"GRANT EXECUTE ON FUNCTION matching(tsquery) TO {quote(role)}",
            "REVOKE EXECUTE ON FUNCTION matching(tsquery) FROM PUBLIC",
        ):
            connection.execute(text(statement))
    return role


_HAS_ALL = """
    SELECT bool_and(has_table_privilege(:role, t, 'SELECT, INSERT, UPDATE, DELETE'))
        AND has_table_privilege(:role, 'history', 'SELECT')
        AND has_function_privilege(:role, 'matching(tsquery)', 'EXECUTE')
    FROM unnest(CAST(:tables AS text[])) AS t
"""


def _make(connection: Connection, role: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote(role)
    try:
        with connection.begin_nested():
            connection.execute(text(f"CREATE ROLE {quoted} NOLOGIN NOINHERIT"))
            connection.execute(text(f"GRANT {quoted} TO current_user"))
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") == "42710":
            return  # another database of this server made it just now
        raise StoreError(
            f"This user may make no roles, and Postil keeps accounts apart by one. Let an "
            f"administrator run: CREATE ROLE {quoted} NOLOGIN; GRANT {quoted} TO the user."
        ) from error
