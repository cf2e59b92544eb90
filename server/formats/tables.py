"""Rows of a CSV file with names above its columns, however it was saved."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from server.formats.codec import Broken, UnreadableFile
from server.formats.text_lines import text_lines

_LONGEST_FIELD = 8 * 1024 * 1024  # characters


class Row(Struct, frozen=True):
    """One row: its values by the column's name in lower case, stripped."""

    number: int
    line: int
    values: dict[str, str]

    def get(self, *names: str) -> str:
        """The first of these columns that says something."""
        return next((self.values[name] for name in names if self.values.get(name)), "")

    def broken(self, sentence: str, field: str = "") -> Broken:
        """That this row is no note, and why."""
        return Broken(number=self.number, line=self.line, sentence=sentence, field=field)


def rows(file: BinaryIO) -> Iterator[Row | Broken]:
    """Every row below the first. Raises `UnreadableFile` where there is none at all."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(line.replace("\0", "") for line in text_lines(file))
    try:
        names = [name.strip().lower() for name in next(reader)]
    except (StopIteration, csv.Error):
        raise UnreadableFile("This is not a table: it has no row of names.") from None
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield Broken(number=number, line=line, sentence=f"This row cannot be read: {error}.")
            continue
        if any(value.strip() for value in values):
            number += 1
            named = dict(zip(names, (value.strip() for value in values), strict=False))
            yield Row(number, line, named)


def is_table_with(head: bytes, *names: str) -> bool:
    """Whether the first row names these columns."""
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    first = head[: len(head) // 2 * 2].decode(encoding, "replace").lstrip().partition("\n")[0]
    columns = {name.strip(' "\r').lower() for name in first.split(",")}
    return columns.issuperset(names)


def page_address(url: str, title: str, author: str = "") -> str:
    """Where a note belongs: its page, or for a book that has none a `urn:` made of its title."""
    if url:
        return url
    words = re.sub(r"[^\w]+", "-", f"{title} {author}".lower()).strip("-")[:80]
    told = hashlib.sha256(f"{title}\n{author}".encode("utf-8", "replace")).hexdigest()[:12]
    plain = words.encode("ascii", "ignore").decode().strip("-")
    return f"urn:postil:book:{plain + '-' if plain else ''}{told}"
