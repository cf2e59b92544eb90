"""Files in a zip archive, which is read from its end and so has to be on disk first."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from server.formats.codec import UnreadableFile

MOST_UNPACKED = 1024 * 1024 * 1024  # bytes; a bomb unpacks to a thousand times its size
BEGINNING = b"PK\x03\x04"


@contextmanager
def unpacked(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises `UnreadableFile` for what is none, or is far too large unpacked."""
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(file, kept, 1024 * 1024)
        try:
            archive = zipfile.ZipFile(kept)
        except (zipfile.BadZipFile, ValueError, EOFError, OSError) as error:
            raise UnreadableFile(f"This is no sound zip archive: {error}.") from None
        with archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableFile("Unpacked, this archive would be over 1 GiB.")
            yield archive


@contextmanager
def opened(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """One file of it. Raises `UnreadableFile` where it is damaged or locked."""
    try:
        with archive.open(name) as file:
            yield file
    except _UNSOUND as error:
        raise UnreadableFile(f"`{name}` in the archive cannot be read: {error}.") from None


# To `zipfile` a file under a password is a RuntimeError, and so is one packed in an unknown way.
_UNSOUND = (zipfile.BadZipFile, RuntimeError, OSError, EOFError)
