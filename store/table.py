"""TinyDB's table, on a journal: a write costs what it changes, a look-up what it finds.

TinyDB hands its updaters the whole table as a dictionary and writes all of it back. Here the
updater gets an overlay that decodes a document when it is touched and remembers what was put and
deleted; only that is written. Everything TinyDB's interface promises stays as it is.

What makes a look-up cheap stands in `store/indexes.py`: it watches the storage as this does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from tinydb.table import Document, Table

from store.document import decode_document, encode_document
from store.journal import JournalStorage
from store.transaction import Transaction


class IndexedTable(Table):
    """A TinyDB table over a `JournalStorage`."""

    _storage: JournalStorage
    _next_id: Any

    def _read_table(self) -> dict[Any, Mapping[str, Any]]:
        with self._storage.reading:
            documents = dict(self._storage.tables.get(self.name, {}))
        return {id: decode_document(document) for id, document in documents.items()}

    def _update_table(self, updater: Callable[[dict[Any, Mapping[str, Any]]], None]) -> None:
        def work(transaction: Transaction) -> None:
            overlay = _Overlay(transaction, self.name, self.document_id_class)
            # TinyDB asks for a dict and uses it as a mapping.
            updater(cast(dict[Any, Mapping[str, Any]], overlay))
            overlay.settle()

        self._storage.transact(work)
        self.clear_cache()

    def get(
        self,
        cond: Any = None,
        doc_id: Any = None,
        doc_ids: list[Any] | None = None,
    ) -> Any:
        """As TinyDB's; by `doc_id` or `doc_ids` it reads those documents alone."""
        if doc_id is not None:
            return self._document(doc_id)
        if doc_ids is not None:
            found = (self._document(id) for id in doc_ids)
            return [document for document in found if document is not None]
        return super().get(cond)

    def contains(self, cond: Any = None, doc_id: Any = None) -> bool:
        if doc_id is not None:
            return self._encoded(doc_id) is not None
        return super().contains(cond)

    def __len__(self) -> int:
        return len(self._storage.tables.get(self.name, ()))

    def _get_next_id(self) -> Any:
        with self._storage.reading:
            if self._next_id is None:
                ids = self._storage.tables.get(self.name, ())
                self._next_id = max((self.document_id_class(id) for id in ids), default=0) + 1
            next_id, self._next_id = self._next_id, self._next_id + 1
            return next_id

    def _encoded(self, doc_id: Any) -> bytes | None:
        return self._storage.tables.get(self.name, {}).get(str(doc_id))

    def _document(self, doc_id: Any) -> Document | None:
        encoded = self._encoded(doc_id)
        if encoded is None:
            return None
        return self.document_class(decode_document(encoded), self.document_id_class(doc_id))


class _Overlay(MutableMapping[Any, dict[str, Any]]):
    """What an updater sees of a table, and what it did to it."""

    def __init__(self, transaction: Transaction, name: str, id_class: Callable[[str], Any]) -> None:
        self._transaction = transaction
        self._name = name
        self._id_class = id_class
        self._touched: dict[str, dict[str, Any] | None] = {}

    def __getitem__(self, id: Any) -> dict[str, Any]:
        key = str(id)
        if key not in self._touched:
            encoded = self._transaction.get(self._name, key)
            if encoded is None:
                raise KeyError(id)
            self._touched[key] = decode_document(encoded)
        document = self._touched[key]
        if document is None:
            raise KeyError(id)
        return document

    def __setitem__(self, id: Any, document: Mapping[str, Any]) -> None:
        self._touched[str(id)] = dict(document)

    def __delitem__(self, id: Any) -> None:
        if id not in self:
            raise KeyError(id)
        self._touched[str(id)] = None

    def __contains__(self, id: object) -> bool:
        key = str(id)
        if key in self._touched:
            return self._touched[key] is not None
        return self._transaction.get(self._name, key) is not None

    def __iter__(self) -> Iterator[Any]:
        kept = self._transaction.ids(self._name)
        for key in kept:
            if self._touched.get(key, key) is not None:
                yield self._id_class(key)
        known = set(kept)
        for key, document in list(self._touched.items()):
            if document is not None and key not in known:
                yield self._id_class(key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        self._touched = dict.fromkeys(self._transaction.ids(self._name))

    def settle(self) -> None:
        """Put what differs into the transaction: a document may have been changed in place."""
        for key, document in self._touched.items():
            encoded = None if document is None else encode_document(document)
            if encoded != self._transaction.get(self._name, key):
                self._transaction.put(self._name, key, encoded)
