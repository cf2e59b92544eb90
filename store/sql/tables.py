"""The tables, as statements are written against them. `store/migrations` makes them.

Every row of a reader's belongs to an account, and every key and index begins with it: no statement
needs to look at two, so rows can be spread over machines by it. A record is kept as the JSON it is
sent as, which nobody takes apart on the way, beside the few columns that are asked for.

    account      what is known of all its notes: numbers given, how many live, their digest
    note         records and tombstones
    searchable   the words of live notes (see `store.sql.lexemes`)
    trash        what deletions took away
    counter      what has been taken from each device
    lost         notes whose passages were not found again
    run          the nonces of sequence numbers (see `Cursor`)
    device, admission, history   of the whole store: who may come in, and its epoch
    moving       of the whole store: the epoch of another that is being moved in
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Double,
    Identity,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

metadata = MetaData()


def _name(name: str, *, key: bool = False) -> Column[str]:
    """Text that is compared by its code points, whatever language the database speaks."""
    return Column(name, Text(collation="C"), primary_key=key, nullable=False)


def _id(name: str = "id") -> Column[str]:
    return Column(name, Uuid(as_uuid=False), primary_key=True)


account = Table(
    "account",
    metadata,
    _name("name", key=True),
    # Whether there is one: that its devices still have to be listed makes no account of it.
    Column("kept", Boolean, nullable=False),
    Column("given", BigInteger, nullable=False),  # the highest number ever given
    Column("last", BigInteger, nullable=False),  # the highest that some change has
    Column("live", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),  # words of all live notes
    Column("digest", Text, nullable=False),
    Column("nonce", Text, nullable=False),  # of the run that gives numbers now,
    Column("mark", Text, nullable=False),  # and of the database's life it belongs to
)

note = Table(
    "note",
    metadata,
    _name("account", key=True),
    _id(),
    Column("rev", BigInteger, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("conflict", Boolean, nullable=False),
    # A page key may be longer than a row of an index: these are hashed. See `store.sql.rows`.
    Column("page", BigInteger, nullable=False),
    Column("canonical", BigInteger),
    Column("color", Text(collation="C"), nullable=False),
    Column("moment", BigInteger, nullable=False),  # of `updated`, in microseconds
    Column("day", Text(collation="C"), nullable=False),  # of `created`
    Column("tags", ARRAY(Text(collation="C")), nullable=False),
    Column("record", Text, nullable=False),
)

searchable = Table(
    "searchable",
    metadata,
    _name("account", key=True),
    _id(),
    Column("rev", BigInteger, nullable=False),
    Column("moment", BigInteger, nullable=False),
    Column("length", Integer, nullable=False),
    Column("words", Text(collation="C"), nullable=False),
    Column("lexemes", TSVECTOR, nullable=False),
)

trash = Table(
    "trash",
    metadata,
    _name("account", key=True),
    _id(),
    _name("at"),
    Column("document", Text, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    _name("account", key=True),
    _name("device", key=True),
    Column("op", BigInteger, nullable=False),
    Column("document", Text, nullable=False),
)

lost = Table(
    "lost",
    metadata,
    _name("account", key=True),
    _id(),
    Column("document", Text, nullable=False),
)

run = Table(
    "run",
    metadata,
    _name("account", key=True),
    _name("nonce", key=True),
    Column("first", BigInteger, nullable=False),
    Column("place", BigInteger, Identity(), nullable=False),  # in the order they began
)

device = Table(
    "device",
    metadata,
    _name("id", key=True),
    _name("account"),
    _name("token_hash"),
    _name("origin"),
    Column("document", Text, nullable=False),
)

admission = Table(
    "admission",
    metadata,
    _name("secret_hash", key=True),
    _name("kind"),
    _name("account"),
    Column("expires", Double, nullable=False),
    Column("tries", Integer, nullable=False),
)

history = Table("history", metadata, _name("epoch", key=True))

moving = Table("moving", metadata, _name("epoch", key=True))

OF_ACCOUNTS = (note, searchable, trash, counter, lost, run)
"""The tables whose rows have an `account`, and stand behind the wall of `store.sql.walls`."""
