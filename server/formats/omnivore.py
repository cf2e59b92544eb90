"""Omnivore's export: a zip of `metadata_*.json` and, for each page, `highlights/SLUG.md`.

    > the passage

    #label #another

    what the reader wrote

The metadata alone (a list of pages) is read too. A page nobody marked anything in comes in as a
note on the whole page; the page's labels are those of each of its highlights.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from itertools import count
from typing import Any, BinaryIO, cast

from server.formats.archives import BEGINNING, opened, unpacked
from server.formats.codec import Broken, Item, Note, UnreadableFile
from server.formats.dates import moment
from server.formats.json_items import decoded, json_items
from server.formats.loose import text, words
from server.formats.text_lines import peekable
from store.model import Quote

_MOST_HIGHLIGHTS = 8 * 1024 * 1024  # bytes of one page's


def read(file: BinaryIO) -> Iterator[Item]:
    """Every highlight, and every page without one."""
    numbers = count(1)
    whole = peekable(file)
    if not whole.peek(4).startswith(BEGINNING):
        yield from _pages(whole, None, numbers)
        return
    with unpacked(whole) as archive:
        names = sorted(
            (name for name in archive.namelist() if _METADATA.search(name)),
            key=lambda name: [int(number) for number in re.findall(r"\d+", name)],
        )
        if not names:
            raise UnreadableFile("This archive is not Omnivore's: it has no `metadata_*.json`.")
        for name in names:
            with opened(archive, name) as metadata:
                yield from _pages(cast(BinaryIO, metadata), archive, numbers)


def recognises(head: bytes) -> bool:
    """Whether it is such an archive, or such a list."""
    if head.startswith(BEGINNING):
        return b"metadata_" in head[:256] or b"highlights/" in head or b"content/" in head[:256]
    known = (b'"slug"', b'"savedAt"', b'"labels"')
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") and all(
        name in head for name in known
    )


def _pages(file: BinaryIO, archive: zipfile.ZipFile | None, numbers: count[int]) -> Iterator[Item]:
    for piece in json_items(file, ()):
        page = piece if isinstance(piece, Broken) else decoded(piece)
        if isinstance(page, Broken):
            yield Broken(number=next(numbers), line=page.line, sentence=page.sentence)
            continue
        url = text(page, "url", "originalUrl")
        if not url:
            sentence = "This is no page of Omnivore's: it has no `url`."
            yield Broken(number=next(numbers), line=piece.line, sentence=sentence, field="url")
            continue
        try:
            said = _highlights(archive, text(page, "slug"))
        except UnreadableFile as error:
            yield Broken(number=next(numbers), line=piece.line, sentence=str(error))
            said = ""
        found = list(_marked(said))
        for exact, labels, note in found or [("", [], "")]:
            yield _note(page, url, exact, labels, note, next(numbers), piece.line)


def _highlights(archive: zipfile.ZipFile | None, slug: str) -> str:
    name = f"highlights/{slug}.md"
    if archive is None or not slug or name not in archive.NameToInfo:
        return ""
    with opened(archive, name) as file:
        return file.read(_MOST_HIGHLIGHTS).decode("utf-8-sig", "replace")


def _marked(said: str) -> Iterator[tuple[str, list[str], str]]:
    """Passage, labels and note of each highlight; what stands before the first is the page's."""
    exact, labels, notes = "", list[str](), list[str]()
    for paragraph in re.split(r"\n[ \t]*\n", said.replace("\r\n", "\n")):
        if paragraph.lstrip().startswith(">"):
            if exact or notes:
                yield exact, labels, "\n\n".join(notes)
            lines = [re.sub(r"^\s*>\s?", "", line).rstrip() for line in paragraph.splitlines()]
            exact, labels, notes = "\n".join(lines).strip(), [], []
        elif exact and not notes and not labels and _LABELS.fullmatch(paragraph.strip()):
            labels = [label.strip() for label in paragraph.strip()[1:].split(" #")]
        elif paragraph.strip():
            notes.append(paragraph.strip())
    if exact or notes:
        yield exact, labels, "\n\n".join(notes)


def _note(
    page: Any, url: str, exact: str, labels: list[str], note: str, number: int, line: int
) -> Note:
    tags = words(page, "labels")
    return Note(
        number=number,
        line=line,
        source=f"omnivore:{url}\n{exact}",
        url=url,
        title=" ".join(text(page, "title").split()),
        quote=Quote(exact) if exact else None,
        note=note,
        tags=list(dict.fromkeys([*tags, *labels])),
        created=moment(page.get("savedAt")),
        updated=moment(page.get("updatedAt")) or moment(page.get("savedAt")),
    )


_METADATA = re.compile(r"(?:^|/)metadata[\w-]*\.json$")
_LABELS = re.compile(r"#\S[^\n]*")
