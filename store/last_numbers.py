"""The last sequence number of each account that readers see, known without its indexes.

Whoever pushes is told how far the changes have come; were the indexes asked, they would be brought
up to date for that alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping


class LastNumbers:
    """`from_indexes` answers for an account that was not written to by operations alone.

    Both methods are called with memory locked.
    """

    def __init__(self, from_indexes: Callable[[str], int]) -> None:
        self._from_indexes = from_indexes
        self._known: dict[str, int] = {}

    def of(self, account: str) -> int:
        """The last number readers see; 0 where there is none."""
        if account not in self._known:
            self._known[account] = self._from_indexes(account)
        return self._known[account]

    def published(self, tables: Iterable[str], given: Mapping[str, int]) -> None:
        """For `JournalStorage.published`: what is given by an operation is the last."""
        for name in tables:
            account, _, kind = name.rpartition("/")
            if kind == "annotations":
                if account in given:
                    self._known[account] = given[account]
                else:
                    self._known.pop(account, None)
