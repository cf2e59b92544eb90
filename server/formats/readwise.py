"""Readwise's CSV: the columns it imports, and those it exports itself.

Written are the seven it documents for import. It has no column for tags there, but reads a note's
first words as tags where each begins with a full stop: `.python .to-do`. Whatever has no passage (a
note on a whole page) stands in the column `Highlight`, for a row without one is refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from server.formats.codec import Item, Note, Options, Source
from server.formats.dates import moment
from server.formats.tables import Row, is_table_with, page_address, rows
from server.formats.writing import in_chunks
from store.model import Annotation, Color, Quote

MEDIA_TYPE = "text/csv; charset=utf-8"
COLUMNS = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")


def write(_source: Source, annotations: Iterable[Annotation], _options: Options) -> Iterator[bytes]:
    """A row for each note."""
    return in_chunks(_csv(annotations))


def read(file: BinaryIO) -> Iterator[Item]:
    """Either kind of file, whatever the order of its columns."""
    for row in rows(file):
        yield row if not isinstance(row, Row) else _item(row)


def recognises(head: bytes) -> bool:
    """Whether the first row names a column for highlights."""
    return is_table_with(head, "highlight")


def _csv(annotations: Iterable[Annotation]) -> Iterator[str]:
    yield _line(COLUMNS)
    for note in annotations:
        quote = note.quote.exact if note.quote is not None else ""
        tags = " ".join("." + re.sub(r"\s+", "-", tag) for tag in note.tags)
        said = note.note if quote else ""
        yield _line(
            (
                quote or note.note or note.title or note.url,
                note.title or note.url,
                "",
                note.url,
                "\n".join(filter(None, (tags, said))),
                str(note.position.start) if note.position is not None else "",
                note.created[:19].replace("T", " "),
            )
        )


def _line(values: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return line.getvalue()


def _item(row: Row) -> Item:
    exact, title = row.get("highlight"), row.get("title", "book title")
    note, tags = _untagged(row.get("note"))
    if not (exact or note):
        return row.broken("This row has neither a highlight nor a note.", "Highlight")
    tags += [tag.strip() for tag in row.get("tags").split(",") if tag.strip()]
    author = row.get("author", "book author")
    when = moment(row.get("date", "highlighted at"))
    return Note(
        number=row.number,
        line=row.line,
        url=page_address(row.get("url", "source url"), title, author),
        title=title,
        quote=Quote(exact) if exact else None,
        note=note,
        tags=list(dict.fromkeys(tags)),
        color=_color(row.get("color")),
        created=when,
        updated=when,
        extra={"author": author} if author else None,
    )


def _untagged(note: str) -> tuple[str, list[str]]:
    """A note without the tags it begins with, and these."""
    match = _TAGS.match(note)
    if match is None:
        return note, []
    return note[match.end() :].strip(), [word[1:] for word in match[0].split()]


def _color(name: str) -> Color | None:
    name = name.lower()
    return Color(name) if name in set(Color) else _ALIKE.get(name)


_TAGS = re.compile(r"(?:\.[^\s.]\S*(?:\s+|$))+")
_ALIKE = {"orange": Color.YELLOW, "red": Color.PINK}
