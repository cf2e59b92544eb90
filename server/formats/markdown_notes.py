"""Notes as Markdown, for people and for programs that keep notebooks.

As one file, page after page; or a file for each page, packed together, with what Obsidian and
Logseq read of a page (its address, tags and dates) as YAML before it.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, cast

from server.formats.codec import Options, Source
from server.formats.template import NoteTemplate, quoted
from server.formats.writing import by_page, day, in_chunks, is_web, link_to, title_of
from store.model import Annotation

MEDIA_TYPE = "text/markdown; charset=utf-8"


def write(_source: Source, annotations: Iterable[Annotation], options: Options) -> Iterator[bytes]:
    """All pages in one file, a heading each."""
    return in_chunks(_one_file(annotations, _template(options)))


def write_pages(
    _source: Source, annotations: Iterable[Annotation], options: Options
) -> Iterator[bytes]:
    """A zip archive with a file for each page."""
    template, names = _template(options), _Names()
    sink = _Sink()
    with zipfile.ZipFile(cast(Any, sink), "w", zipfile.ZIP_DEFLATED) as archive:
        for first, notes in by_page(annotations):
            with archive.open(f"{names.of(first)}.md", "w") as file:
                for chunk in in_chunks(_page_file(list(notes), template)):
                    file.write(chunk)
            if sink.waiting():
                yield sink.taken()
    yield sink.taken()


def _template(options: Options) -> NoteTemplate | None:
    return NoteTemplate(options.template) if options.template else None


def _one_file(annotations: Iterable[Annotation], template: NoteTemplate | None) -> Iterator[str]:
    between = ""
    for first, notes in by_page(annotations):
        title, url = escaped(title_of(first)), first.url
        heading = f"[{title}](<{_in_link(url)}>)" if is_web(url) else title
        yield f"{between}# {heading}\n"
        for note in notes:
            yield "\n" + _note(note, template)
        between = "\n"


def _page_file(notes: list[Annotation], template: NoteTemplate | None) -> Iterator[str]:
    first = notes[0]
    tags = dict.fromkeys(_tag(tag) for note in notes for tag in note.tags)
    yield "---\n"
    yield f"title: {_yaml(title_of(first))}\n"
    yield f"url: {_yaml(first.url)}\n"
    yield f"created: {day(min(note.created for note in notes))}\n"
    yield f"updated: {day(max(note.updated for note in notes))}\n"
    if tags:
        yield "tags:\n" + "".join(f"  - {_yaml(tag)}\n" for tag in tags)
    yield "---\n"
    for note in notes:
        yield "\n" + _note(note, template)


def _note(note: Annotation, template: NoteTemplate | None) -> str:
    if template is not None:
        return template.write(note).rstrip("\n") + "\n"
    parts = []
    if note.quote is not None:
        parts.append(quoted(escaped(note.quote.exact)))
    if note.note:
        parts.append(note.note.strip("\n"))
    told = [f"#{_tag(tag)}" for tag in note.tags]
    told.append(day(note.created))
    if note.quote is not None and is_web(note.url):
        told.append(f"[↗](<{_in_link(link_to(note))}>)")
    parts.append(" ".join(told))
    return "\n\n".join(parts) + "\n"


def escaped(text: str) -> str:
    """Words of a page, so that Markdown takes them as they are."""
    return _AT_BEGIN.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", text))


_MARKS = re.compile(r"[\\`*_\[\]<>~$|]")
_AT_BEGIN = re.compile(r"^([ \t]*\d*)([#+\-=.)])", re.MULTILINE)


def _in_link(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("\n", "%0A").replace("\\", "%5C")


def _tag(tag: str) -> str:
    """Notebooks end a tag at the first space or mark, and take `/` for a tag within a tag."""
    return re.sub(r"[^\w/-]+", "-", tag, flags=re.UNICODE).strip("-/") or "tag"


def _yaml(text: str) -> str:
    """Text between quotation marks is the same in JSON and in YAML, if what cannot be seen is
    escaped."""
    plain = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\xa0\u2028\u2029\ufeff]", lambda match: f"\\u{ord(match[0]):04x}", plain)


class _Names:
    """Names of files: what no system refuses, and each once, whatever its capitals."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def of(self, first: Annotation) -> str:
        title = unicodedata.normalize("NFC", title_of(first))
        name = re.sub(r'[\x00-\x1f\x7f"*/:<>?\\|#^\[\]]+', " ", title)
        name = " ".join(name.split()).strip(". ")
        name = name.encode()[:_LONGEST].decode(errors="ignore").strip(". ") or "Page"
        if _DEVICE.fullmatch(name):
            name += "_"
        key = name.casefold()
        again = self._taken[key] = self._taken.get(key, 0) + 1
        return name if again == 1 else self._again(name, again)

    def _again(self, name: str, again: int) -> str:
        while (other := f"{name} {again}").casefold() in self._taken:
            again += 1
        self._taken[name.casefold()] = again
        self._taken[other.casefold()] = 1
        return other


_LONGEST = 120  # bytes
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class _Sink:
    """Where an archive is written to, and taken from as it grows."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._bytes = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self._bytes += len(data)
        return len(data)

    def flush(self) -> None:
        pass

    def waiting(self) -> bool:
        return self._bytes > 64 * 1024

    def taken(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        self._bytes = 0
        return taken
