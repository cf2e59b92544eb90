"""Formats a reader can take everything away in. A codec is pure: notes in, text out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from server.formats import w3c
from store.model import Annotation


@dataclass(frozen=True)
class Codec:
    """One format. `export` takes the store's epoch, the account and its notes."""

    media_type: str
    suffix: str
    export: Callable[[str, str, Iterable[Annotation]], Iterator[bytes]]


CODECS = {"w3c": Codec(w3c.MEDIA_TYPE, "jsonld", w3c.export)}
