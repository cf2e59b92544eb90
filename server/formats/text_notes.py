"""Notes as plain text: to be printed, mailed, read in fifty years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from server.formats.codec import Options, Source
from server.formats.writing import by_page, day, in_chunks, title_of
from store.model import Annotation

MEDIA_TYPE = "text/plain; charset=utf-8"


def write(_source: Source, annotations: Iterable[Annotation], _options: Options) -> Iterator[bytes]:
    """Page after page: title, address, and what was marked and said there."""
    return in_chunks(_text(annotations))


def _text(annotations: Iterable[Annotation]) -> Iterator[str]:
    between = ""
    for first, notes in by_page(annotations):
        title = title_of(first)
        yield f"{between}{title}\n{'=' * min(len(title), 72)}\n"
        if title != first.url:
            yield f"{first.url}\n"
        for note in notes:
            yield "\n" + _note(note)
        between = "\n\n"


def _note(note: Annotation) -> str:
    parts = []
    if note.quote is not None:
        parts.append("\n".join(f"    {line}".rstrip() for line in note.quote.exact.splitlines()))
    if note.note:
        parts.append(note.note.strip("\n"))
    told = day(note.created)
    if note.tags:
        told += f"  [{', '.join(note.tags)}]"
    return "\n\n".join([*parts, told]) + "\n"
