"""The daily round: what is backed up when, what is kept, and that it never disturbs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.backups import (
    advise,
    list_daily,
    name_before_restore,
    name_daily,
    worth_keeping,
)
from server.config import Config, load
from server.daily import Daily, DailyRound, fingerprint_of
from store.answers import Backup
from store.base import AnnotationStore, open_store
from store.clock import timestamp
from store.errors import StoreFull
from store.model import Device, Grant, Operation, convert

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LAPTOP = Device(
    "d1", "default", "Laptop", "extension", "a1", seen=timestamp(NOW), created=timestamp(NOW)
)
NOTE = "0190f3c5-0000-7000-8000-{:012d}"

moments = st.lists(st.integers(0, 3 * 365 * 24).map(lambda hours: NOW - hours * HOUR))


# Which are kept -------------------------------------------------------------------------------


@given(moments)
def test_the_newest_is_always_kept_and_nothing_is_made_up(made: list[datetime]) -> None:
    kept = worth_keeping(made)
    assert kept <= set(made)
    assert len(kept) <= 7 + 4 + 12
    assert not made or max(made) in kept


@given(moments)
def test_what_was_kept_is_kept_the_next_time(made: list[datetime]) -> None:
    kept = worth_keeping(made)
    assert worth_keeping(kept) == kept


@given(moments)
def test_of_each_of_the_last_days_weeks_and_months_the_last_is_kept(made: list[datetime]) -> None:
    kept = worth_keeping(made)
    for moment in made:
        if moment in kept:
            continue
        later = [other for other in made if other > moment]
        days = {other.date() for other in later} | {moment.date()}
        assert any(other.date() == moment.date() for other in later) or len(days) > 7
        weeks = {other.isocalendar()[:2] for other in later} - {moment.isocalendar()[:2]}
        months = {(other.year, other.month) for other in later} - {(moment.year, moment.month)}
        same_week = any(o.isocalendar()[:2] == moment.isocalendar()[:2] for o in later)
        same_month = any((o.year, o.month) == (moment.year, moment.month) for o in later)
        assert same_week or len(weeks) >= 4
        assert same_month or len(months) >= 12


def test_a_store_that_cannot_be_opened_gets_advice(tmp_path: Path) -> None:
    assert "`postil restore FILE` puts a backup" in advise(tmp_path / "backups")
    (tmp_path / name_daily(NOW - DAY, "1")).touch()
    (tmp_path / name_daily(NOW, "2")).touch()
    said = advise(tmp_path)
    assert f"`postil restore {tmp_path / name_daily(NOW, '2')}`" in said
    assert "of 24 November 2026 08:00 UTC" in said


def test_no_two_restores_keep_under_one_name() -> None:
    assert len({name_before_restore(NOW) for _ in range(20)}) > 15


def test_after_two_years_of_days_there_are_a_week_a_month_and_a_year() -> None:
    kept: set[datetime] = set()
    for day in range(730):
        kept = worth_keeping(kept | {NOW + day * DAY})
    last = NOW + 729 * DAY
    assert {last - day * DAY for day in range(7)} <= kept
    assert len({one.isocalendar()[:2] for one in kept if last - one < 28 * DAY}) == 4
    assert len({(one.year, one.month) for one in kept}) == 12


# The round ------------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load(data=tmp_path, environ={})


@pytest.fixture
def store(config: Config) -> Iterator[AnnotationStore]:
    opened = open_store(config.store)
    yield opened
    opened.close()


@pytest.fixture
def round_(store: AnnotationStore, config: Config) -> DailyRound:
    return DailyRound(store, config)


def write(store: AnnotationStore, number: int, **fields: object) -> None:
    new = {"set": {"url": "https://example.org/", "note": f"note {number}"}, "base": 0}
    operation = convert({"id": NOTE.format(number), **(fields or new)}, Operation)
    [result] = store.apply("default", "A", [operation])
    assert result.status in ("created", "updated")


def there(config: Config) -> list[datetime]:
    return [daily.made for daily in list_daily(config.backups_folder)]


def test_there_is_one_a_day_while_something_changes(
    round_: DailyRound, store: AnnotationStore, config: Config
) -> None:
    for hour in range(0, 24 * 5, 6):
        write(store, hour)
        round_.once(NOW + hour * HOUR)
    assert there(config) == [NOW + day * DAY for day in range(5)]
    newest = list_daily(config.backups_folder)[-1].path
    assert newest.stat().st_mode & 0o777 == 0o600
    assert config.backups_folder.stat().st_mode & 0o777 == 0o700
    read = store.restore(newest, config.data / "kept.json")
    assert read.annotations == 4 * 4 + 1


def test_there_is_none_where_nothing_changed(
    round_: DailyRound, store: AnnotationStore, config: Config
) -> None:
    write(store, 1)
    store.put_device(LAPTOP)
    round_.once(NOW)
    for day in range(1, 4):
        assert store.touch_device("a1", timestamp(NOW + day * DAY))
        store.put_grant(Grant(f"{day}", "pair", "default", 0.0))
        round_.once(NOW + day * DAY)
    assert there(config) == [NOW]
    write(store, 2)
    round_.once(NOW + 4 * DAY)
    assert there(config) == [NOW, NOW + 4 * DAY]


def test_an_empty_store_is_not_backed_up(round_: DailyRound, config: Config) -> None:
    round_.once(NOW)
    assert not config.backups_folder.exists()


def test_everything_worth_a_backup_shows_in_the_fingerprint(store: AnnotationStore) -> None:
    prints = [fingerprint_of(store)]

    def changed() -> None:
        prints.append(fingerprint_of(store))
        assert prints[-1] not in prints[:-1]
        assert prints[-1] == fingerprint_of(store)

    write(store, 1)
    changed()
    write(store, 1, set={"note": "edited"})
    changed()
    write(store, 1, delete=True)
    changed()
    store.empty_trash("default")
    changed()
    store.put_device(LAPTOP)
    changed()
    store.remove_device("default", LAPTOP.id)
    assert fingerprint_of(store) in prints


def test_old_backups_are_rotated_and_strange_files_left_alone(
    round_: DailyRound, store: AnnotationStore, config: Config
) -> None:
    folder = config.backups_folder
    folder.mkdir()
    for day in range(60):
        (folder / name_daily(NOW - (60 - day) * DAY, f"{day:08x}")).touch()
    (folder / "before-restore-20260101T000000Z.json.gz").touch()
    (folder / "notes-by-hand.json.gz").touch()
    (folder / f"{name_daily(NOW, '0')}.1234.part").touch()
    write(store, 1)
    round_.once(NOW)
    assert set(there(config)) == worth_keeping([NOW - day * DAY for day in range(61)])
    others = {path.name for path in folder.iterdir()} - {d.path.name for d in list_daily(folder)}
    assert others == {"before-restore-20260101T000000Z.json.gz", "notes-by-hand.json.gz"}


def test_a_clock_that_ran_ahead_ends_nothing(
    round_: DailyRound, store: AnnotationStore, config: Config
) -> None:
    write(store, 1)
    round_.once(NOW + 1000 * DAY)
    write(store, 2)
    round_.once(NOW)
    write(store, 3)
    round_.once(NOW + DAY)
    assert there(config) == [NOW, NOW + DAY, NOW + 1000 * DAY]


def test_it_can_be_switched_off(store: AnnotationStore, tmp_path: Path) -> None:
    config = load(data=tmp_path, environ={"POSTIL_BACKUPS": "off"})
    write(store, 1)
    DailyRound(store, config).once(NOW)
    assert not config.backups_folder.exists()


def test_the_trash_is_emptied_of_what_is_older_than_ninety_days(
    round_: DailyRound, store: AnnotationStore
) -> None:
    write(store, 1)
    write(store, 1, delete=True)
    deleted = datetime.fromisoformat(store.trash("default").trashed[0].at)
    round_.once(deleted + 89 * DAY)
    assert store.trash("default").total == 1
    round_.once(deleted + 91 * DAY)
    assert store.trash("default").total == 0
    assert store.get("default", NOTE.format(1)) is not None


def test_a_full_disk_is_logged_and_tried_again(
    round_: DailyRound,
    store: AnnotationStore,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    write(store, 1)
    back_up = store.backup

    def full(path: Path) -> Backup:
        raise StoreFull("There is no room.")

    monkeypatch.setattr(store, "backup", full)
    round_.once(NOW)
    assert "The daily backup has to wait: There is no room." in caplog.text
    monkeypatch.setattr(store, "backup", back_up)
    round_.once(NOW + timedelta(minutes=15))
    assert there(config) == [NOW + timedelta(minutes=15)]


def test_never_two_at_a_time(
    round_: DailyRound, store: AnnotationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, 1)
    begun, go_on = threading.Event(), threading.Event()
    back_up = store.backup
    calls: list[Path] = []

    def slow(path: Path) -> Backup:
        calls.append(path)
        begun.set()
        assert go_on.wait(60)
        return back_up(path)

    monkeypatch.setattr(store, "backup", slow)
    first = threading.Thread(target=round_.once, args=(NOW,))
    first.start()
    assert begun.wait(60)
    round_.once(NOW + DAY)
    assert len(calls) == 1
    go_on.set()
    first.join(60)


def test_the_thread_goes_its_round_at_once_and_ends_when_it_is_told(
    store: AnnotationStore, config: Config
) -> None:
    write(store, 1)
    done = threading.Event()

    class Watched(DailyRound):
        def once(self, now: datetime) -> None:
            super().once(now)
            done.set()

    daily = Daily(Watched(store, config), now=lambda: NOW)
    daily.start()
    assert done.wait(60)
    daily.stop()
    assert there(config) == [NOW]
    assert not any(thread.name == "postil-daily" for thread in threading.enumerate())
