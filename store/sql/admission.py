"""Who may come in, as the database keeps it: accounts, devices, pairing codes, sign-in links.

They are looked up before it is known whose they are, so they stand outside the wall between
accounts; there is not a word of a note in them.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import CompoundSelect, Connection, delete, func, literal, select, union, update
from sqlalchemy.dialects.postgresql import insert

from store.answers import Totals
from store.model import Device, Grant, encode
from store.sql.database import Database
from store.sql.tables import OF_ACCOUNTS, admission, device
from store.sql.tables import account as accounts
from store.sql.writing import lock


class SqlAdmission:
    """The part of `SqlStore` that knows accounts, devices and grants. See `AnnotationStore`."""

    _database: Database

    # Accounts ---------------------------------------------------------------------------------

    def accounts(self) -> list[str]:
        return sorted(self._database.ask(lambda c: c.scalars(_every_account()).all()))

    def totals(self) -> Totals:
        every = _every_account().subquery()
        asked = select(
            select(func.count()).select_from(every).scalar_subquery(),
            select(func.coalesce(func.sum(accounts.c.live), 0)).scalar_subquery(),
        )
        names, live = self._database.ask(lambda c: c.execute(asked).one())
        return Totals(names, int(live))

    def add_account(self, name: str) -> bool:
        def work(connection: Connection) -> bool:
            lock(connection, name, kept=False)
            if _owns_device(connection, name):
                return False
            kept = update(accounts).where(accounts.c.name == name, ~accounts.c.kept)
            return connection.execute(kept.values(kept=True)).rowcount > 0

        return self._database.write_all(work)

    def remove_account(self, name: str) -> bool:
        def work(connection: Connection) -> bool:
            mine = delete(accounts).where(accounts.c.name == name)
            gone = len(connection.execute(mine.returning(accounts.c.name)).all())
            for table in OF_ACCOUNTS:
                connection.execute(delete(table).where(table.c.account == name))
            gone += connection.execute(delete(device).where(device.c.account == name)).rowcount
            return gone > 0

        return self._database.write_all(work)

    # Devices ----------------------------------------------------------------------------------

    def put_device(self, it: Device) -> None:
        put = insert(device)
        others = {c.name: put.excluded[c.name] for c in device.c if not c.primary_key}
        put = put.on_conflict_do_update(index_elements=["id"], set_=others)
        self._database.write_all(lambda c: c.execute(put, device_row(it)))

    def device_by_token(self, token_hash: str) -> Device | None:
        asked = select(device.c.document).where(device.c.token_hash == token_hash)
        document = self._database.ask(lambda c: c.scalar(asked))
        return None if document is None else _device(document)

    def touch_device(self, token_hash: str, seen: str) -> Device | None:
        def work(connection: Connection) -> Device | None:
            mine = device.c.token_hash == token_hash
            asked = select(device.c.document).where(mine).with_for_update()
            document = connection.scalar(asked)
            if document is None:
                return None
            touched = msgspec.structs.replace(_device(document), seen=seen)
            said = encode(touched).decode()
            connection.execute(update(device).where(mine).values(document=said))
            return touched

        return self._database.write_all(work)

    def devices(self, account: str) -> list[Device]:
        asked = select(device.c.document).where(device.c.account == account)
        documents = self._database.ask(lambda c: c.scalars(asked).all())
        return sorted(map(_device, documents), key=lambda it: (it.created, it.id))

    def knows_origin(self, origin: str) -> bool:
        asked = select(literal(1)).where(device.c.origin == origin).limit(1)
        return self._database.ask(lambda c: c.scalar(asked)) is not None

    def remove_device(self, account: str, id: str) -> bool:
        mine = device.c.account == account, device.c.id == id
        gone = self._database.write_all(lambda c: c.execute(delete(device).where(*mine)).rowcount)
        return gone > 0

    # Grants -----------------------------------------------------------------------------------

    def put_grant(self, grant: Grant) -> None:
        put = insert(admission)
        others = {c.name: put.excluded[c.name] for c in admission.c if not c.primary_key}
        put = put.on_conflict_do_update(index_elements=["secret_hash"], set_=others)
        self._database.write_all(lambda c: c.execute(put, msgspec.structs.asdict(grant)))

    def redeem_grant(self, kind: str, secret_hash: str, now: float, tries: int) -> Grant | None:
        the_kind = admission.c.kind == kind

        def work(connection: Connection) -> Grant | None:
            connection.execute(delete(admission).where(admission.c.expires <= now))
            its = the_kind, admission.c.secret_hash == secret_hash
            # Whoever deletes it has it: of two at once one deletes nothing.
            taken = connection.execute(delete(admission).where(*its).returning(admission))
            if (row := taken.mappings().first()) is not None:
                return Grant(**row)
            wrong = update(admission).where(the_kind).values(tries=admission.c.tries + 1)
            connection.execute(wrong)
            connection.execute(delete(admission).where(the_kind, admission.c.tries >= tries))
            return None

        return self._database.write_all(work)


def device_row(it: Device) -> dict[str, str]:
    """The row of a device."""
    document = encode(it).decode()
    return {
        "id": it.id,
        "account": it.account,
        "token_hash": it.token_hash,
        "origin": it.origin,
        "document": document,
    }


def _every_account() -> CompoundSelect[str]:
    return union(select(accounts.c.name).where(accounts.c.kept), select(device.c.account))


def _owns_device(connection: Connection, name: str) -> bool:
    asked = select(literal(1)).where(device.c.account == name).limit(1)
    return connection.scalar(asked) is not None


_device = msgspec.json.Decoder(Device).decode
