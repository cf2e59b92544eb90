"""What is counted over all notes of an account, and again only when one of them has changed.

Every page of the library says something of the whole: how many notes, how many conflicts, which
tags. All of it follows from the notes, and whatever changes one moves the account's cursor.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from flask import current_app

from server.auth import device
from server.current import services
from server.remembered import Remembered
from store.answers import Cursor
from store.base import AnnotationStore
from store.model import Page
from store.query import site_of

_ACCOUNTS = 8  # of which the last counts are kept
_KEPT = "postil.counted"


class Counted:
    """The counts of one account as of one cursor, each made when it is first asked for.

    Made from the store as it is then: what changes in between makes them newer, never wrong.
    """

    def __init__(self, store: AnnotationStore, account: str, cursor: Cursor) -> None:
        self._store = store
        self._account = account
        self.cursor = cursor

    @cached_property
    def pages(self) -> list[Page]:
        """All pages with notes, the most recently changed first."""
        return self._store.pages(self._account)

    @cached_property
    def conflicts(self) -> int:
        """How many notes have two texts."""
        return len(self._store.conflicts(self._account))

    @cached_property
    def tags(self) -> dict[str, int]:
        """All tags, the commonest first."""
        return self._store.tags(self._account)

    @cached_property
    def days(self) -> dict[str, int]:
        """How many notes were made on which day, the earliest first."""
        return self._store.days(self._account)

    @cached_property
    def sites(self) -> dict[str, int]:
        """How many notes each site has, the most annotated first."""
        sites: Counter[str] = Counter()
        for page in self.pages:
            if (site := site_of(page.page)) is not None:
                sites[site] += page.count
        return dict(sorted(sites.items(), key=lambda each: (-each[1], each[0])))


def counted() -> Counted:
    """The counts of the account of whoever asks, as of now."""
    store, account = services().store, device().account
    kept: Remembered[str, Counted] = current_app.extensions.setdefault(
        _KEPT, Remembered[str, Counted](_ACCOUNTS, lambda _account, _counts: 1)
    )
    cursor = store.cursor(account)
    counts = kept.get(account)
    if counts is None or counts.cursor != cursor:
        counts = Counted(store, account, cursor)
        kept.keep(account, counts)
    return counts
