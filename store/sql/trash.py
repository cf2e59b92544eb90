"""An account's trash, as the database keeps it."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, and_, func, or_, select

from store.answers import TrashPage
from store.model import Invalid, Trashed
from store.sql.ids import is_id
from store.sql.tables import trash


def read_trash(connection: Connection, account: str, limit: int, cursor: str | None) -> TrashPage:
    """See `AnnotationStore.trash`. A cursor is the time and the id of the last one shown."""
    mine = trash.c.account == account
    asked = select(trash.c.at, trash.c.id, trash.c.document).where(mine)
    if cursor is not None:
        at, tilde, id = cursor.partition("~")
        if not tilde or not is_id(id) or "\0" in at:
            raise Invalid(f"`{cursor[:80]}` is not a cursor of the trash.", "cursor")
        asked = asked.where(or_(trash.c.at < at, and_(trash.c.at == at, trash.c.id < id)))
    asked = asked.order_by(trash.c.at.desc(), trash.c.id.desc()).limit(limit + 1)
    rows = connection.execute(asked).all()
    shown = rows[:limit]
    total = connection.scalar(select(func.count()).select_from(trash).where(mine))
    return TrashPage(
        trashed=[_decode(row.document) for row in shown],
        total=total or 0,
        cursor=f"{shown[-1].at}~{shown[-1].id}" if len(rows) > limit and shown else None,
    )


_decode = msgspec.json.Decoder(Trashed).decode
