"""Checks a store while it is used, and mends it.

Memory, files and indexes are looked at as of one moment, in which writers wait; what takes long is
done on what was taken then. Mending what is on the disk means writing it anew from what is served,
for that is what was acknowledged; whatever could not be read is first copied aside. Documents that
cannot be used are taken out of the store into a file beside it, and indexes are built again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from msgspec.structs import replace

from store.answers import Finding, Report, Severity
from store.check_files import Damage, Files, Part, check_files, open_files
from store.check_records import Fault, Mending, check_records, mend
from store.indexes import CurrentIndexes, NoteIndexes
from store.journal import JournalStorage
from store.records import account_of
from store.set_aside import explain_asides, keep_copy, keep_unreadable
from store.snapshot import Tables
from store.transaction import Transaction

_ROUNDS = 3  # mending one fault may bring another to light
_CHUNK = 1024 * 1024


class FullText(Protocol):
    """What is asked of full-text search: see `Searching`."""

    def faulty(self, account: str) -> str | None: ...

    def rebuild(self, account: str) -> None: ...


class Checkup:
    """One check of one store. `indexes` are those of every account."""

    def __init__(
        self,
        storage: JournalStorage,
        indexes: Mapping[str, CurrentIndexes],
        full_text: FullText,
        nonce: str,
        *,
        repair: bool,
    ) -> None:
        self._storage = storage
        self._indexes = indexes
        self._full_text = full_text
        self._nonce = nonce
        self._repair = repair
        self._findings: list[Finding] = []

    def run(self) -> Report:
        """Check everything, and answer what was found; mend it first where that was asked."""
        with self._storage.still() as journal:
            served = self._storage.outline()
            files = open_files(self._storage, journal)
            said = {name: indexes.get().contents() for name, indexes in self._indexes.items()}
        try:
            self._check_files(files, served)
        finally:
            files.close()
        self._check_indexes(said, served)
        self._check_records(served)
        self._check_full_text()
        self._tell_past(served)
        return self._report(files.bytes)

    def _check_files(self, files: Files, served: Tables) -> None:
        found = list(check_files(files, served))
        damaged = [one for one in found if isinstance(one, Damage)]
        findings = [one.finding if isinstance(one, Damage) else one for one in found]
        if findings and self._repair:
            for one in damaged:
                keep_copy(one.part.path, _contents(one.part), self._storage.disk)
            self._storage.write_anew()
            findings = [replace(finding, repaired=True) for finding in findings]
        self._findings += findings

    def _check_indexes(self, said: Mapping[str, tuple[object, ...]], served: Tables) -> None:
        for account, contents in said.items():
            table = f"{account}/annotations"
            if NoteIndexes(served.get(table, {})).contents() == contents:
                continue
            if self._repair:
                with self._storage.still(), self._storage.reading:
                    self._indexes[account].get().load(self._storage.tables.get(table, {}))
            sentence = f"The indexes of account `{account}` do not agree with its notes."
            self._findings.append(Finding(Severity.ERROR, sentence, repaired=self._repair))

    def _check_records(self, served: Tables) -> None:
        faults = list(check_records(served))
        for _ in range(_ROUNDS):
            mendable = [fault for fault in faults if fault.mend is not None]
            if not (self._repair and mendable):
                break
            self._mend(mendable)
            self._findings += [replace(fault.finding, repaired=True) for fault in mendable]
            faults = list(check_records(self._storage.outline()))
        self._findings += [fault.finding for fault in faults]

    def _mend(self, faults: list[Fault]) -> None:
        aside = [(f.table, f.id, f.document) for f in faults if f.aside]
        documents = [(table, id, document) for table, id, document in aside if document is not None]
        if documents:
            keep_unreadable(self._storage.path, documents, self._storage.disk)
        whose: dict[str | None, list[Fault]] = {}
        for fault in faults:
            whose.setdefault(account_of(fault.table), []).append(fault)

        def work(transaction: Transaction) -> None:
            for account, theirs in whose.items():
                indexes = self._indexes.get(account or "")
                with self._storage.reading:
                    last = indexes.get().sequence.last if indexes is not None else 0
                mend(theirs, Mending(transaction, account or "", last, self._nonce))

        self._storage.transact(work)

    def _check_full_text(self) -> None:
        for account in self._indexes:
            why = self._full_text.faulty(account)
            if why is None:
                continue
            if self._repair:
                self._full_text.rebuild(account)
            sentence = f"The full-text index of account `{account}` is no good: {why}."
            self._findings.append(Finding(Severity.ERROR, sentence, repaired=self._repair))

    def _tell_past(self, served: Tables) -> None:
        """What was wrong once: files put aside, and what opening the store mended without one."""
        asides = list(explain_asides(self._storage.path, served))
        names = [finding.sentence.partition(" ")[0] for finding in asides]
        for warning in self._storage.warnings:
            if not any(name in warning for name in names):
                self._findings.append(Finding(Severity.WARNING, warning))
        self._findings += asides

    def _report(self, size: int) -> Report:
        tables = self._storage.outline()
        notes = sum(len(tables.get(f"{account}/annotations", {})) for account in self._indexes)
        with self._storage.reading:
            live = sum(indexes.get().live for indexes in self._indexes.values())
        return Report(
            findings=self._findings,
            accounts=len(self._indexes),
            annotations=live,
            tombstones=notes - live,
            trashed=sum(len(tables.get(f"{account}/trash", {})) for account in self._indexes),
            bytes=size,
        )


def _contents(part: Part) -> Iterator[bytes]:
    part.file.seek(0)
    left = part.size
    while left > 0 and (piece := part.file.read(min(left, _CHUNK))):
        left -= len(piece)
        yield piece
