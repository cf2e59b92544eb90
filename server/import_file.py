"""A whole file brought in: its format found out, its items read and written, and a summary last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import msgspec

from server.formats import READERS, UnreadableFile, recognised
from server.formats.codec import Item
from server.formats.text_lines import peekable
from server.import_results import ItemResult, Summary
from server.importing import Tally, import_notes
from store.base import AnnotationStore


def import_file(
    store: AnnotationStore,
    account: str,
    device: str,
    file: BinaryIO,
    *,
    format: str = "",
    dry_run: bool = False,
    watched: Callable[[Iterable[Item]], Iterable[Item]] = iter,
) -> Iterator[ItemResult | Summary]:
    """Bring in what a file holds: a result for each item, then the summary.

    Without a `format` the file's beginning tells it. `watched` is handed the items, to let them
    pass as long as they are wanted: what it has let pass is written and told. Raises
    `UnreadableFile` before any result, and what `import_notes` raises.
    """
    opened = peekable(file)
    name = format or recognised(opened.peek(_HEAD)[:_HEAD])
    codec = READERS.get(name)
    if codec is None or codec.read is None:
        raise UnreadableFile(
            f"No format Postil reads begins like this file; there are: {', '.join(READERS)}. "
            "If it is of one of these, name it."
        )
    tally = Tally()
    items = watched(codec.read(opened))
    for result in import_notes(store, account, device, items, dry_run=dry_run):
        tally.count(result)
        yield result
    yield Summary(name, dry_run, **msgspec.structs.asdict(tally))


_HEAD = 64 * 1024
