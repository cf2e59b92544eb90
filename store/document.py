"""A TinyDB document as the store holds it: encoded, under an id that any TinyDB reads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast


@lru_cache(maxsize=1024)  # a write asks for the same one several times
def document_id(name: str) -> str:
    """The document id of what a UUID or another hexadecimal name names.

    TinyDB's ids are integers unless its reader knows better, and any reader shall open the file:
    a UUID is an integer written another way. What is not hexadecimal names no document.
    """
    digits = name.replace("-", "")
    return str(int(digits, 16)) if _HEXADECIMAL.fullmatch(digits) else ""


def encode_document(document: Mapping[str, Any]) -> bytes:
    """A TinyDB document as one line of JSON, as TinyDB's own storage would encode it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def decode_document(document: bytes) -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(document))


_HEXADECIMAL = re.compile("[0-9a-f]+")
