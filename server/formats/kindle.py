"""Kindle's `My Clippings.txt`: what was marked and written on the reader, in whatever language.

    On the Shortness of Life (Seneca)
    - Your Highlight on page 12 | Location 156-158 | Added on Sunday, March 3, 2019 10:12:22 AM

    It is not that we have a short time to live.
    ==========

The line below the title is in the device's language; what is a note and what a bookmark is told by
a word in it. A book has no address, so its notes are kept under a `urn:` made of title and author.

A note written at a highlight is an entry of its own at the same location: the two become one note.
A highlight that was drawn longer or shorter afterwards stands there twice: the last one counts.
Bookmarks hold nothing and are passed over. Times are the device's own, whose zone it does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from server.formats.codec import Broken, Item, Note, UnreadableFile
from server.formats.kindle_dates import date_in
from server.formats.tables import page_address
from server.formats.text_lines import text_lines
from store.model import Quote

_MOST = 1024 * 1024  # characters of one entry


def read(file: BinaryIO) -> Iterator[Item]:
    """Every highlight and every note; a note at a highlight belongs to it."""
    number = 0
    held: _Clip | None = None
    for line, entry in _entries(file):
        clip = _clip(line, entry)
        if clip is None:
            continue
        if isinstance(clip, _Clip):
            joined = _joined(held, clip) if held is not None else None
            if joined is not None:
                held = joined
                continue
        if held is not None:
            number += 1
            yield _note(held, number)
            held = None
        if isinstance(clip, _Clip):
            held = clip
        else:
            number += 1
            yield Broken(number=number, line=line, sentence=clip)
    if held is not None:
        yield _note(held, number + 1)


def recognises(head: bytes) -> bool:
    """Whether entries end as Kindle's do."""
    return b"==========" in head and re.search(rb"(?m)^\W{0,4}- [^\n]*\|", head) is not None


class _Clip(Struct, frozen=True):
    """One entry. `start` and `end` are its locations, or its pages where it has none."""

    line: int
    title: str
    author: str
    where: str
    start: int
    end: int
    when: str
    exact: str = ""
    note: str = ""


def _entries(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """The lines of each entry, and where it begins."""
    entry: list[str] = []
    begin, size, sound = 1, 0, False
    for number, raw in enumerate(text_lines(file), 1):
        line = raw.replace("\ufeff", "").replace("\0", "").rstrip("\r\n")
        if _END.fullmatch(line):
            sound = True
            yield begin, entry
            entry, begin, size = [], number + 1, 0
        elif (size := size + len(line)) < _MOST and (entry or line.strip()):
            begin = begin if entry else number
            entry.append(line)
    if any(entry):
        if not sound:
            raise UnreadableFile("This is not a file of Kindle's clippings: no entry ends in it.")
        yield begin, entry


_END = re.compile(r"={8,}\s*")


def _clip(line: int, entry: list[str]) -> _Clip | str | None:
    """An entry, None for a bookmark, or a sentence that says what is wrong."""
    if len(entry) < 2 or not entry[1].lstrip().startswith("-"):
        return "This entry has no line that says where in the book it is."
    title, author = _book(entry[0])
    told = [part.strip() for part in entry[1].lstrip(" -\u2013").split("|")]
    content = "\n".join(entry[2:]).strip()
    kind = told[0].lower()
    if not content or any(word in kind for word in _BOOKMARK):
        return None
    if content.startswith("<") and _LIMIT.search(content):
        return "Kindle kept nothing of this passage: the book's limit for clippings was reached."
    start, end = _location(told)
    where = " | ".join(told[:-1] if len(told) > 1 else told)
    is_note = any(word in kind for word in _NOTE)
    return _Clip(
        line,
        title,
        author,
        where,
        start,
        end,
        date_in(told[-1]),
        "" if is_note else content,
        content if is_note else "",
    )


# In English, German, French, Spanish, Italian, Portuguese, Dutch, Russian, Chinese, Japanese,
# Korean: as they stand in the line, in lower case.
_BOOKMARK = (
    "bookmark", "lesezeichen", "signet", "marcador", "segnalibro", "bladwijzer", "закладк",
    "书签", "書籤", "ブックマーク", "북마크",
)  # fmt: skip
_NOTE = ("note", "notiz", "nota", "notitie", "заметк", "笔记", "筆記", "メモ", "메모")  # fmt: skip
_LIMIT = re.compile(r"limit|limite|límite|Höchst|上限|制限|лимит", re.IGNORECASE)


def _book(line: str) -> tuple[str, str]:
    """Title and author, who stands last in brackets, which may themselves hold some."""
    line = line.strip()
    depth = 0
    if line.endswith(")"):
        for at in range(len(line) - 1, 0, -1):
            depth += (line[at] == ")") - (line[at] == "(")
            if depth == 0:
                return line[:at].strip(), line[at + 1 : -1].strip()
    return line, ""


def _location(told: list[str]) -> tuple[int, int]:
    """Where an entry is: `1406-07` is short for `1406-1407`."""
    for part in reversed(told[:-1] or told):
        found = _RANGE.findall(part)
        if found:
            start, end = found[-1]
            end = end or start
            if len(end) < len(start):
                end = start[: len(start) - len(end)] + end
            return int(start), max(int(start), int(end))
    return -1, -1


_RANGE = re.compile(r"(\d{1,9})(?:\s*[-\u2013]\s*(\d{1,9}))?")


def _joined(one: _Clip, other: _Clip) -> _Clip | None:
    """Two neighbours that are one: a highlight and its note, or a highlight drawn anew."""
    if (one.title, one.author) != (other.title, other.author) or min(one.start, other.start) < 0:
        return None
    if one.start > other.end or other.start > one.end:
        return None
    passage, remark = (one, other) if one.exact else (other, one)
    if remark.note and not remark.exact and passage.exact and not passage.note:
        return replace(passage, note=remark.note)
    drawn_anew = one.exact and other.exact and not (one.note or other.note)
    if drawn_anew and (one.exact in other.exact or other.exact in one.exact):
        return other
    return None


def _note(clip: _Clip, number: int) -> Note:
    extra = {"kindle": {"where": clip.where}, "author": clip.author}
    return Note(
        number=number,
        line=clip.line,
        source=f"kindle:{clip.title}\n{clip.author}\n{clip.start}\n{clip.exact or clip.note}",
        url=page_address("", clip.title, clip.author),
        title=f"{clip.title} ({clip.author})" if clip.author else clip.title,
        quote=Quote(clip.exact) if clip.exact else None,
        note=clip.note,
        created=clip.when,
        updated=clip.when,
        extra={name: value for name, value in extra.items() if value},
    )
