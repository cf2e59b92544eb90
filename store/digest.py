"""A digest of a set of notes, by which a device and the server find out that they hold the same.

Each live note counts as the SHA-256 of `id:rev`; the digest is the exclusive or of all of them. So
it does not depend on any order, and a change costs two hashes, not a walk over everything (a set
hash in the sense of Bellare and Micciancio, "A New Paradigm for Collision-Free Hashing", EUROCRYPT
1997; exclusive or is enough here: it guards against accidents, not against forgers).
"""

from __future__ import annotations

import hashlib


class SetDigest:
    """The digest of the notes put in and not taken out again."""

    def __init__(self, value: int = 0) -> None:
        self.value = value

    def toggle(self, id: str, rev: int) -> None:
        """Put a note in, or take it out."""
        digest = hashlib.sha256(f"{id}:{rev}".encode()).digest()
        self.value ^= int.from_bytes(digest, "big")

    def hexdigest(self) -> str:
        return f"{self.value:064x}"
