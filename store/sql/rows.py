"""A record as rows: the columns it is found by, beside its JSON."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from store.clock import microseconds
from store.model import Color, Quote
from store.page_key import page_key
from store.sql.lexemes import searchable_text


class Kept(Struct, frozen=True):
    """The part of a record that columns are made of."""

    id: str
    rev: int
    page: str
    title: str
    quote: Quote | None
    note: str
    tags: list[str]
    color: Color
    created: str
    updated: str
    deleted: bool = False
    canonical: str | UnsetType = UNSET
    conflict_of: str | UnsetType = UNSET


def note_row(account: str, kept: Kept, record: bytes) -> dict[str, Any]:
    """The row of `note` that holds this record."""
    return {
        "account": account,
        "id": kept.id,
        "rev": kept.rev,
        "live": not kept.deleted,
        "conflict": kept.conflict_of is not UNSET,
        "page": hashed(kept.page),
        "canonical": None if kept.canonical is UNSET else hashed(page_key(kept.canonical)),
        "color": kept.color.value,
        "moment": microseconds(kept.updated),
        "day": kept.created[:10],
        "tags": [] if kept.deleted else [tag.replace("\0", "") for tag in kept.tags],
        "record": record.decode(),
    }


def searchable_row(account: str, kept: Kept) -> dict[str, Any]:
    """The row of `searchable` of a live note."""
    canonical = None if kept.canonical is UNSET else kept.canonical
    text = searchable_text(
        account,
        (kept.quote.exact if kept.quote else "", kept.note, kept.title, "\n".join(kept.tags)),
        kept.page,
        canonical,
        kept.color,
        kept.tags,
    )
    return {
        "account": account,
        "id": kept.id,
        "rev": kept.rev,
        "moment": microseconds(kept.updated),
        "length": text.length,
        "words": text.words,
        "lexemes": text.lexemes,
    }


def hashed(page: str) -> int:
    """A page key as a number: two of the same number are told apart by the record."""
    digest = hashlib.blake2b(page.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


decode_kept = msgspec.json.Decoder(Kept).decode
