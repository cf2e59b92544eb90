"""Formats a reader can take everything away in, and bring it in from: one registry of codecs.

`CODECS` has all of them by name, in the order a reader is shown them; `WRITERS` and `READERS` are
those that do the one or the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from server.formats import (
    html_notes,
    hypothesis,
    karakeep,
    kindle,
    markdown_notes,
    native,
    obsidian_clipper,
    omnivore,
    reading_lists,
    readwise,
    text_notes,
    w3c,
    w3c_reading,
    wallabag,
)
from server.formats.codec import Broken, Codec, Item, Note, Options, Source, UnreadableFile
from store.model import Annotation

__all__ = [
    "CODECS",
    "READERS",
    "WRITERS",
    "Broken",
    "Codec",
    "Item",
    "Note",
    "Options",
    "Source",
    "UnreadableFile",
    "recognised",
]


def _write_w3c(
    source: Source, annotations: Iterable[Annotation], _options: Options
) -> Iterator[bytes]:
    return w3c.export(source.epoch, source.account, annotations)


_ALL = (
    Codec(
        "ndjson",
        "Postil (NDJSON)",
        "Everything there is to a note: for another Postil, for scripts, and to keep.",
        native.MEDIA_TYPE,
        "ndjson",
        write=native.write,
        read=native.read,
        recognises=native.recognises,
    ),
    Codec(
        "w3c",
        "W3C Web Annotations (JSON-LD)",
        "The open standard: to be read by other annotation tools, today's and later ones.",
        w3c.MEDIA_TYPE,
        "jsonld",
        write=_write_w3c,
        read=w3c_reading.read,
        recognises=w3c_reading.recognises,
    ),
    Codec(
        "markdown",
        "Markdown, one file",
        "To be read and edited anywhere; a template of your own says how a note looks.",
        markdown_notes.MEDIA_TYPE,
        "md",
        write=markdown_notes.write,
        takes=frozenset({"template"}),
    ),
    Codec(
        "markdown-zip",
        "Markdown, a file for each page",
        "For Obsidian and Logseq: a zip of pages with their address, tags and dates.",
        "application/zip",
        "zip",
        write=markdown_notes.write_pages,
        takes=frozenset({"template"}),
    ),
    Codec(
        "html",
        "HTML, to read and print",
        "One file that needs nothing beside it, and opens in any browser.",
        html_notes.MEDIA_TYPE,
        "html",
        write=html_notes.write,
    ),
    Codec(
        "text",
        "Plain text",
        "The simplest there is: for a mail, a printer, an archive.",
        text_notes.MEDIA_TYPE,
        "txt",
        write=text_notes.write,
    ),
    Codec(
        "hypothesis",
        "Hypothesis (JSON)",
        "As Hypothesis' API and its client's export have it, and tools made for them.",
        hypothesis.MEDIA_TYPE,
        "json",
        write=hypothesis.write,
        read=hypothesis.read,
        recognises=hypothesis.recognises,
    ),
    Codec(
        "readwise",
        "Readwise (CSV)",
        "For Readwise, and for spreadsheets: a row for each highlight.",
        readwise.MEDIA_TYPE,
        "csv",
        write=readwise.write,
        read=readwise.read,
        recognises=readwise.recognises,
    ),
    Codec(
        "kindle",
        "Kindle (My Clippings.txt)",
        "What you marked and wrote on a Kindle, book by book.",
        text_notes.MEDIA_TYPE,
        "txt",
        read=kindle.read,
        recognises=kindle.recognises,
    ),
    Codec(
        "obsidian-clipper",
        "Obsidian Web Clipper (JSON)",
        "Highlights made with Obsidian's Web Clipper.",
        hypothesis.MEDIA_TYPE,
        "json",
        read=obsidian_clipper.read,
        recognises=obsidian_clipper.recognises,
    ),
    Codec(
        "wallabag",
        "wallabag (JSON)",
        "Annotations and saved articles of wallabag.",
        hypothesis.MEDIA_TYPE,
        "json",
        read=wallabag.read,
        recognises=wallabag.recognises,
    ),
    Codec(
        "omnivore",
        "Omnivore (zip)",
        "Highlights and saved pages, as Omnivore gave them away when it closed.",
        "application/zip",
        "zip",
        read=omnivore.read,
        recognises=omnivore.recognises,
    ),
    Codec(
        "karakeep",
        "Karakeep (JSON)",
        "Bookmarks with their tags and notes, of Karakeep or Hoarder.",
        hypothesis.MEDIA_TYPE,
        "json",
        read=karakeep.read,
        recognises=karakeep.recognises,
    ),
    Codec(
        "pocket",
        "Pocket (CSV, HTML or zip)",
        "The list of saved pages, and the highlights where the archive has them.",
        readwise.MEDIA_TYPE,
        "csv",
        read=reading_lists.read_pocket,
        recognises=reading_lists.recognises_pocket,
    ),
    Codec(
        "instapaper",
        "Instapaper (CSV)",
        "The list of saved pages, with selections, folders and tags.",
        readwise.MEDIA_TYPE,
        "csv",
        read=reading_lists.read_instapaper,
        recognises=reading_lists.recognises_instapaper,
    ),
)

CODECS = {codec.name: codec for codec in _ALL}
"""All formats, by name."""

WRITERS = {name: codec for name, codec in CODECS.items() if codec.write is not None}
"""Those that notes can be taken away in."""

READERS = {name: codec for name, codec in CODECS.items() if codec.read is not None}
"""Those that notes can be brought in from."""


def recognised(head: bytes) -> str:
    """The name of the format a file that begins so is of; '' where no format knows it."""
    for name, codec in READERS.items():
        if codec.recognises is not None and codec.recognises(head):
            return name
    return ""
