"""The lines of a file, however it was saved, in bounded memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from server.formats.codec import UnreadableFile

MOST_LINE = 16 * 1024 * 1024  # bytes
_MOST_TEXT = 8 * 1024 * 1024  # characters of one line


def byte_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Each line that is not empty, with its number from 1; None for one over the limit."""
    number = 0
    while line := file.readline(MOST_LINE + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) <= MOST_LINE:
            if line := line.strip():
                yield number, line
            continue
        yield number, None
        while line and not line.endswith(b"\n"):
            line = file.readline(MOST_LINE)


def peekable(file: BinaryIO) -> io.BufferedReader:
    """The same file, into whose beginning one can look without taking it away."""
    if isinstance(file, io.BufferedReader):
        return file
    return io.BufferedReader(_Raw(file), 64 * 1024)


def text_of(file: BinaryIO) -> io.TextIOWrapper:
    """The file as text: UTF-8, or UTF-16 where it begins so; line ends as they are.

    What is neither (a file of an old Windows) is read as Windows-1252, which knows every byte.
    """
    buffered = peekable(file)
    head = buffered.peek(4)[:4]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return io.TextIOWrapper(buffered, "utf-16", "replace", newline="")
    return io.TextIOWrapper(buffered, "utf-8-sig", "postil-windows", newline="")


def text_lines(file: BinaryIO) -> Iterator[str]:
    """The lines of `text_of`. Raises `UnreadableFile` for a line that is longer than any text."""
    text = text_of(file)
    while line := text.readline(_MOST_TEXT):
        if len(line) == _MOST_TEXT and line[-1] not in "\r\n":
            raise UnreadableFile("This is not a file of lines: one of them is over 8 MiB.")
        yield line


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("postil-windows", _as_windows)


class _Raw(io.RawIOBase):
    """Any file that can be read, as what a buffered reader wants."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
