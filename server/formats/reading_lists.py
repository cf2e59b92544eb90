"""Lists of saved pages: Pocket's and Instapaper's. Each becomes a note on its whole page.

Pocket gave lists away in three ways: a page of links (until 2024), a table (`title, url,
time_added, tags, status`), and a zip of such tables beside the highlights. Instapaper gives a table
(`URL, Title, Selection, Folder, Timestamp`, lately `Tags`); the selection is a passage of the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import count
from typing import BinaryIO, cast

import msgspec

from server.formats import obsidian_clipper
from server.formats.archives import BEGINNING, opened, unpacked
from server.formats.codec import Broken, Item, Note, UnreadableFile
from server.formats.dates import moment
from server.formats.tables import Row, is_table_with, rows
from server.formats.text_lines import peekable, text_of
from store.model import Quote


def read_pocket(file: BinaryIO) -> Iterator[Item]:
    """Every page of the list, and of the highlights what an archive has."""
    whole = peekable(file)
    head = whole.peek(512)
    if head.startswith(BEGINNING):
        yield from _archive(whole)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _links(whole)
    else:
        yield from _table(whole, count(1))


def recognises_pocket(head: bytes) -> bool:
    """Whether it is any of the three."""
    if head.startswith(BEGINNING):
        return b"part_0" in head[:512]
    return b"<title>Pocket Export</title>" in head or is_table_with(head, "url", "time_added")


def read_instapaper(file: BinaryIO) -> Iterator[Item]:
    """Every row."""
    for row in rows(file):
        yield row if isinstance(row, Broken) else _saved(row)


def recognises_instapaper(head: bytes) -> bool:
    """Whether the table has Instapaper's columns."""
    return is_table_with(head, "url", "title", "selection", "folder")


def _archive(file: BinaryIO) -> Iterator[Item]:
    numbers = count(1)
    with unpacked(file) as archive:
        names = [n for n in archive.namelist() if n.endswith(".csv") or "annotations/" in n]
        if not names:
            raise UnreadableFile("This archive is not Pocket's: it holds no table.")
        for name in sorted(names):
            with opened(archive, name) as member:
                if name.endswith(".csv"):
                    yield from _table(cast(BinaryIO, member), numbers)
                elif name.endswith(".json"):
                    yield from obsidian_clipper.read(cast(BinaryIO, member), numbers)


def _table(file: BinaryIO, numbers: count[int]) -> Iterator[Item]:
    for row in rows(file):
        number = next(numbers)
        if isinstance(row, Broken):
            yield msgspec.structs.replace(row, number=number)
            continue
        tags = [tag.strip() for tag in row.get("tags").split("|")]
        when = row.get("time_added")
        yield _page(number, row.line, row.get("url"), row.get("title"), tags, when, "pocket")


_MOST_TAG = 1024 * 1024  # characters


def _links(file: BinaryIO) -> Iterator[Item]:
    parser, text = _Links(), text_of(file)
    number = 0
    while chunk := text.read(64 * 1024):
        parser.feed(chunk)
        if len(parser.rawdata) > _MOST_TAG:
            raise UnreadableFile("This is not a list of links: a tag in it never ends.")
        for url, title, tags, when in parser.taken():
            number += 1
            yield _page(number, 0, url, title, tags, when, "pocket")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[tuple[str, str, list[str], str]] = []
        self._link: dict[str, str] | None = None
        self._title = ""

    def taken(self) -> list[tuple[str, str, list[str], str]]:
        found, self._found = self._found, []
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = {name: value or "" for name, value in attrs}
            self._title = ""

    def handle_data(self, data: str) -> None:
        if self._link is not None and len(self._title) < 4096:
            self._title += data

    def handle_endtag(self, tag: str) -> None:
        if tag != "a" or self._link is None:
            return
        link, self._link = self._link, None
        tags = [one.strip() for one in link.get("tags", "").split(",")]
        self._found.append((link.get("href", ""), self._title, tags, link.get("time_added", "")))


def _saved(row: Row) -> Item:
    folder = row.get("folder")
    tags = [folder] if folder.lower() not in ("", "unread", "archive") else []
    try:
        more = json.loads(row.get("tags") or "[]")
    except ValueError:
        more = row.get("tags").split(",")
    tags += [str(tag).strip() for tag in more] if isinstance(more, list) else []
    item = _page(
        row.number,
        row.line,
        row.get("url"),
        row.get("title"),
        tags,
        row.get("timestamp"),
        "instapaper",
    )
    exact = row.get("selection")
    if isinstance(item, Broken) or not exact:
        return item
    return msgspec.structs.replace(item, quote=Quote(exact))


def _page(
    number: int, line: int, url: str, title: str, tags: list[str], when: str, producer: str
) -> Item:
    if not url:
        return Broken(number=number, line=line, sentence="This has no address.", field="url")
    title = " ".join(title.split())
    return Note(
        number=number,
        line=line,
        source=f"{producer}:{url}",
        url=url,
        title="" if title == url else title,
        tags=list(dict.fromkeys(tag for tag in tags if tag)),
        created=moment(when),
        updated=moment(when),
    )
