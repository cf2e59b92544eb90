"""Which notes' passages are missing on their pages, in words: since when, and who saw it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from server.auth import device
from server.current import services
from store.model import Annotation, Lost


class Missing(Struct, frozen=True):
    """When a note's passage was seen missing, and what the device is called that said so: '' for
    one that was parted with since."""

    since: str
    device: str


def missing_among(notes: Iterable[Annotation]) -> dict[str, Missing]:
    """Those of these notes whose passages are missing, by their ids."""
    return told(services().store.lost(device().account, [note.id for note in notes]))


def told(listed: list[Lost]) -> dict[str, Missing]:
    """The same of what a store has listed."""
    if not listed:
        return {}
    names = {one.id: one.name for one in services().store.devices(device().account)}
    return {one.id: Missing(one.since, names.get(one.device, "")) for one in listed}
