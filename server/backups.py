"""The backups folder: what the files in it are called, and which of the daily ones are kept.

    notes-20261124T081500Z-5f0c2ab1.json.gz        made by the server, once a day
    before-restore-20261124T091500Z-3f2a.json.gz   what stood before a restore; never removed
    damaged-20261124T091500Z-81c0/                 a store that could not be opened; never removed

The last part of a daily name tells what was kept then: where it would be the same today, nothing
has changed, and no backup is made.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from store.disk import PRIVATE_FOLDER, explain

DAYS, WEEKS, MONTHS = 7, 4, 12

_DAILY = re.compile(r"notes-(\d{8}T\d{6}Z)-([0-9a-f]+)\.json\.gz")
_STAMP = "%Y%m%dT%H%M%SZ"


class Daily(Struct, frozen=True):
    """A daily backup that is there."""

    made: datetime
    fingerprint: str
    path: Path


def prepare_folder(folder: Path) -> Path:
    """Make the backups folder, its owner's alone. Raises `StoreFull` or `StoreUnwritable`."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, folder) from None
    return folder


def name_daily(made: datetime, fingerprint: str) -> str:
    return f"notes-{made.strftime(_STAMP)}-{fingerprint}.json.gz"


def name_before_restore(made: datetime) -> str:
    """A name that no other restore chooses, not even one in the same second."""
    return f"before-restore-{made.strftime(_STAMP)}-{secrets.token_hex(2)}.json.gz"


def name_damaged(made: datetime) -> str:
    return f"damaged-{made.strftime(_STAMP)}-{secrets.token_hex(2)}"


def name_by_hand(made: datetime) -> str:
    """What `postil backup` calls a file where it is not told."""
    return f"postil-backup-{made.strftime(_STAMP)}.json.gz"


def list_daily(folder: Path) -> list[Daily]:
    """The daily backups there are, the oldest first. Raises `OSError`."""
    if not folder.exists():
        return []
    found = ((_DAILY.fullmatch(path.name), path) for path in folder.iterdir())
    dailies = [Daily(_moment(match[1]), match[2], path) for match, path in found if match]
    return sorted(dailies, key=lambda daily: daily.made)


def advise(folder: Path) -> str:
    """What to do about a store that cannot be opened, as a sentence."""
    try:
        there = list_daily(folder)
    except OSError:
        there = []
    file = there[-1].path if there else "FILE"
    which = f"the newest backup, of {there[-1].made:%d %B %Y %H:%M} UTC" if there else "a backup"
    return f"`postil restore {file}` puts {which} in its place."


def worth_keeping(moments: Iterable[datetime]) -> set[datetime]:
    """Of backups made at these moments: the last of each of the last 7 days, 4 weeks and 12 months
    in which there are any."""
    ordered = sorted(moments)
    return {
        *_last_of_each(ordered, lambda moment: moment.date(), DAYS),
        *_last_of_each(ordered, lambda moment: moment.isocalendar()[:2], WEEKS),
        *_last_of_each(ordered, lambda moment: (moment.year, moment.month), MONTHS),
    }


def _last_of_each(
    ordered: list[datetime], period: Callable[[datetime], Hashable], count: int
) -> list[datetime]:
    last = {period(moment): moment for moment in ordered}
    return sorted(last.values())[-count:]


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
