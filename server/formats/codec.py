"""What a format is to the rest: a name, words for a reader, and two pure functions.

A codec writes notes as bytes, or reads a file as notes, or both. Both ways stream: neither holds
more than a part of it in memory, so a million notes cost no more room than a thousand. Neither
touches the store: `server.api.export` hands in what is to be written, `server.importing` takes what
was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from msgspec import Struct

from store.model import Annotation, Color, Position, Quote


class Source(Struct, frozen=True):
    """Whose notes are written: the store's epoch and the account."""

    epoch: str
    account: str


class Options(Struct, frozen=True):
    """What a reader may choose of what is written. A codec takes what its `takes` names."""

    template: str = ""


class Note(Struct, frozen=True, kw_only=True, gc=False):
    """One note found in a file, as yet held to no limit: `server.importing` sees to that.

    `number` counts the file's items from 1, `line` is where it begins in a file of lines (else 0).

    What makes that importing twice adds nothing: `id` is the file's own UUID; without one, `source`
    is what its producer calls it, with the producer's name before it (`hypothesis:kX3b`); without
    that, page, passage and text make the id.

    `created` and `updated` are as the record has them (see `server.formats.dates`), or '' where the
    file does not say; `color` likewise None. An empty `quote` is a note on the whole page.
    """

    number: int
    url: str
    line: int = 0
    id: str = ""
    source: str = ""
    canonical: str = ""
    title: str = ""
    quote: Quote | None = None
    position: Position | None = None
    note: str = ""
    tags: list[str] = []
    color: Color | None = None
    created: str = ""
    updated: str = ""
    conflict_of: str = ""
    deleted: bool = False
    extra: dict[str, Any] | None = None


class Broken(Struct, frozen=True, kw_only=True):
    """An item that is no note, and a sentence that says what is wrong with it."""

    number: int
    sentence: str
    line: int = 0
    field: str = ""


Item = Note | Broken

Writer = Callable[[Source, Iterable[Annotation], Options], Iterator[bytes]]
"""Yields at least one chunk. One that was cut short must not pass for a whole one where the format
has any way to show it."""

Reader = Callable[[BinaryIO], Iterator[Item]]
"""Yields an item for all that the file holds, in its order; a broken one never ends the rest.
Raises `UnreadableFile` for what is not of this format at all. The file need not be seekable."""


Recogniser = Callable[[bytes], bool]
"""Whether a file that begins so (with some kilobytes of it) is of this format."""


class UnreadableFile(Exception):
    """The file is not of this format; the message is a sentence that says what it lacks."""


@dataclass(frozen=True)
class Codec:
    """One format. `title` and `use` are for a reader who has to choose one."""

    name: str
    title: str
    use: str
    media_type: str
    suffix: str
    write: Writer | None = None
    read: Reader | None = None
    takes: frozenset[str] = frozenset()
    recognises: Recogniser | None = None
