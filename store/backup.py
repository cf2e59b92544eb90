"""Backups: everything as of one moment in one file, and everything put back from one.

A backup is a snapshot (`store/snapshot.py`) that no journal follows: plain TinyDB opens it, and a
copy of it as `notes.json` is a store. Pairing codes and sign-in links, which live for minutes, are
left out: one that was used must not open anything a second time.

A restore begins a new history. Its *epoch* is new, so that every device pulls everything again and
sends what the backup lacks. Its numbers go on after all that were ever given: a device that was in
the middle of a push sends edits based on numbers of the old history, and no text written since may
be taken for one that it has seen.
"""

from __future__ import annotations

import gzip
import secrets
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

import msgspec
from msgspec import Struct

from store.answers import Backup
from store.apply import THE_ONLY, Run, Sequence
from store.disk import Disk, explain
from store.document import document_id
from store.errors import StoreDamaged
from store.model import Invalid, encode
from store.records import Epoch, account_of, accounts_of, is_known, problem_of
from store.snapshot import Tables, Trailer, walk_snapshot, write_snapshot

_GZIP = b"\x1f\x8b"

Documents = Mapping[str, Mapping[str, bytes]]
"""Tables that are only read: `Tables`, or a database seen as them."""


def write_backup(tables: Documents, path: Path, store: Path | None, disk: Disk) -> Backup:
    """Write a backup; see `AnnotationStore.backup`. `store` is where the store is, if in files."""
    if store is not None:
        _require_no_name_of(store, path)
    _require_free(path)
    kept = {name: documents for name, documents in tables.items() if name != "grants"}
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        _write(kept, part, packed=path.suffix == ".gz", disk=disk)
        counts, live, _ = _walk(part, lambda _table: _forget)
        if counts != {name: len(documents) for name, documents in kept.items()}:
            raise StoreDamaged(f"{path} did not read back as it was written; it was not kept.")
        size = part.stat().st_size
        disk.replace(part, path)
        disk.flush_folder(path.parent)
    except OSError as error:
        raise explain(error, path) from error
    finally:
        with suppress(OSError):
            disk.unlink(part)
    return Backup(str(path), size, live)


def read_backup(path: Path) -> tuple[Tables, Backup]:
    """Read a whole backup, and verify it. Raises `StoreDamaged`."""
    tables: Tables = {}
    try:
        _, live, trailer = _walk(path, lambda name: tables.setdefault(name, {}).__setitem__)
        size = path.stat().st_size
    except OSError as error:
        refusal = (error.strerror or str(error)).lower()
        raise StoreDamaged(f"{path} cannot be read ({refusal}).") from None
    if trailer.bytes < 0 and not any(account_of(name) for name in tables):
        raise StoreDamaged(f"{path} holds no notes of Postil.")
    for name, documents in tables.items():
        for id, document in documents.items() if is_known(name) else ():
            if (why := problem_of(name, id, document)) is not None:
                raise StoreDamaged(
                    f"{path}: document {id} of table `{name}` is no good, for {why}. A copy of the "
                    "file, opened as a store, can be mended by `postil check --repair`."
                )
    return tables, Backup(str(path), size, live)


def verify_backup(path: Path) -> Backup:
    """What a backup holds. Raises `StoreDamaged` for a file that is no sound backup."""
    return read_backup(path)[1]


def restored(backup: Tables, now: Documents, epoch: str, nonce: str) -> Tables:
    """What a store holds once `backup` has taken the place of what it holds `now`.

    A run of numbers of its own, marked by `nonce`, begins right after the backup's last: so it can
    be told which numbers of a device's are of both histories.
    """
    tables = dict(backup)
    tables["meta"] = {THE_ONLY: encode(Epoch(epoch))}
    tables["grants"] = dict(now.get("grants", {}))
    if now.get("devices"):
        tables["devices"] = dict(now["devices"])
    for account in accounts_of([*now, *backup]):
        common = _last(backup, account)
        last = max(common, _last(now, account))
        if last:
            tables[f"{account}/sequence"] = {THE_ONLY: encode(Sequence(last))}
            runs = f"{account}/runs"
            tables[runs] = {
                id: run for id, run in backup.get(runs, {}).items() if _first(run) <= common
            }
            tables[runs][document_id(nonce)] = encode(Run(nonce, common + 1))
    return tables


GAP = 2**20
"""Numbers left out where nobody knows how many were given and lost: more than any account gives
between two backups."""


def anew(now: Documents, epoch: str) -> Tables:
    """What a store holds once it begins a new history with what it holds `now`."""
    tables = {name: dict(documents.items()) for name, documents in now.items()}
    tables["meta"] = {THE_ONLY: encode(Epoch(epoch))}
    for account in accounts_of(now):
        if last := _last(now, account):
            tables[f"{account}/sequence"] = {THE_ONLY: encode(Sequence(last + GAP))}
    return tables


def _last(tables: Documents, account: str) -> int:
    """The highest number an account has given."""
    kept = tables.get(f"{account}/sequence", {}).get(THE_ONLY)
    last = 0
    if kept is not None and problem_of(f"{account}/sequence", THE_ONLY, kept) is None:
        last = msgspec.json.decode(kept, type=Sequence).seq
    return max([last, *map(_number, tables.get(f"{account}/annotations", {}).values())])


def _first(run: bytes) -> int:
    return msgspec.json.decode(run, type=Run).first


def _require_no_name_of(store: Path, path: Path) -> None:
    """Refuse a name that belongs to the store itself."""
    ours = store.resolve()
    there = path.resolve()
    beside = there.parent == ours.parent and f"{there.name}.".startswith(f"{ours.name}.")
    if beside or (path.exists() and store.exists() and path.samefile(store)):
        raise Invalid(f"{path} is a name of the store's own. Choose another.", "path")


def _require_free(path: Path) -> None:
    """Refuse a name that belongs to a file that is no backup."""
    if path.is_dir():
        raise Invalid(f"{path} is a folder. Name a file.", "path")
    if path.is_file() and path.stat().st_size:
        with path.open("rb") as file:
            start = file.read(2)
        if start not in (b"{\n", _GZIP):
            raise Invalid(f"{path} exists, and is no backup. Choose another name.", "path")


def _write(tables: Documents, path: Path, *, packed: bool, disk: Disk) -> None:
    file = disk.create(path)
    try:
        if packed:
            packer = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
            write_snapshot(tables, 0, lambda data: disk.write(file, packer.compress(data)))
            disk.write(file, packer.flush())
        else:
            write_snapshot(tables, 0, lambda data: disk.write(file, data))
        disk.flush(file)
    finally:
        disk.close(file)


def _walk(
    path: Path, begin: Callable[[str], Callable[[str, bytes], None]]
) -> tuple[Counter[str], int, Trailer]:
    """Read a file through: how many documents each table has, how many notes are live."""
    counts: Counter[str] = Counter()
    live = 0

    def counting(name: str) -> Callable[[str, bytes], None]:
        put = begin(name)
        counts[name] += 0
        notes = name.endswith("/annotations")

        def count(id: str, document: bytes) -> None:
            nonlocal live
            counts[name] += 1
            if notes:
                live += _is_live(document)
            put(id, document)

        return count

    try:
        with _open(path) as file:
            trailer = walk_snapshot(file, path, counting)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise StoreDamaged(f"{path} is damaged: {error}.") from None
    except RecursionError:
        raise StoreDamaged(f"{path} is not a TinyDB file: it is nested too deeply.") from None
    return counts, live, trailer


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _forget(_id: str, _document: bytes) -> None:
    """Counting is all that is wanted."""


class _Live(Struct, frozen=True):
    deleted: bool = False


class _Numbered(Struct, frozen=True):
    rev: int


def _is_live(note: bytes) -> bool:
    try:
        return not _decode_live(note).deleted
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _number(note: bytes) -> int:
    """A note's number; 0 where it cannot be read, for a damaged store can be restored too."""
    try:
        return _decode_numbered(note).rev
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0


_decode_live = msgspec.json.Decoder(_Live).decode
_decode_numbered = msgspec.json.Decoder(_Numbered).decode
