"""What one write sees and changes, before any of it is on the disk."""

from __future__ import annotations

from store.journal_file import Changes
from store.snapshot import Tables


class Transaction:
    """What one write sees and changes: the store as it stands, with its own changes on top."""

    def __init__(self, tables: Tables, staged: Changes, given: dict[str, int]) -> None:
        self._tables = tables
        self._staged = staged
        self.changes: Changes = {}
        self.given = given
        """The highest sequence number of an account that the writes sharing this one's flush have
        given, which readers cannot see yet. To be written last, by a write that succeeds."""

    def get(self, table: str, id: str) -> bytes | None:
        """One document, encoded, or None."""
        documents = self.changes.get(table)
        if documents is not None and id in documents:
            return documents[id]
        if self._staged:
            documents = self._staged.get(table)
            if documents is not None and id in documents:
                return documents[id]
        standing = self._tables.get(table)
        return None if standing is None else standing.get(id)

    def tables(self) -> list[str]:
        """The names of all tables."""
        return list(dict.fromkeys((*self._tables, *self._staged, *self.changes)))

    def ids(self, table: str) -> list[str]:
        """The ids of a table, in the order they were first put."""
        ids = dict.fromkeys(self._tables.get(table, ()))
        for layer in (self._staged, self.changes):
            for id, document in layer.get(table, {}).items():
                if document is None:
                    ids.pop(id, None)
                else:
                    ids[id] = None
        return list(ids)

    def put(self, table: str, id: str, document: bytes | None) -> None:
        """Put a document (None removes it). It must be one line of JSON."""
        documents = self.changes.get(table)
        if documents is None:
            self.changes[table] = {id: document}
        else:
            documents[id] = document
