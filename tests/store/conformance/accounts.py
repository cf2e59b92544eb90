"""Accounts, and who may come into them."""

from store.answers import Totals
from store.model import Device, Grant, Status
from store.query import parse
from tests.store.making import PAGE, highlight, new_id, operation

DAY = "2026-11-24T08:00:00.000000Z"
DEVICE = new_id()


def device(id=DEVICE, account="default", token="a1", **fields):
    named = {"name": "Laptop", "kind": "extension", "created": DAY, "seen": DAY, **fields}
    return Device(id=id, account=account, token_hash=token, **named)


class Accounts:
    def test_accounts_share_nothing(self, store):
        op = highlight(op=1, note="mine", tags_add=["t"])
        store.apply("one", "A", [op])
        assert store.get("two", op.id) is None
        assert store.on_page("two", [PAGE]) == list(store.live("two")) == store.pages("two") == []
        assert (store.tags("two"), store.count("two")) == ({}, 0)
        assert store.changes("two", None, 10).changes == []
        [result] = store.apply("two", "A", [op])
        assert (result.status, result.annotation.rev) == (Status.CREATED, 1)

    def test_accounts_are_those_with_notes_or_devices(self, opened):
        store = opened()
        assert store.accounts() == []
        store.apply("b/c", "A", [highlight()])
        store.put_device(device(account="a"))
        assert opened().accounts() == ["a", "b/c"]

    def test_a_device_is_known_by_its_token(self, opened):
        opened().put_device(device())
        store = opened()
        assert store.device_by_token("a1") == device()
        assert store.device_by_token("a2") is None
        assert store.devices("default") == [device()]
        assert store.devices("other") == []

    def test_an_origin_is_known_while_a_device_was_paired_from_it(self, store):
        store.put_device(device(origin="moz-extension://a"))
        store.put_device(device(new_id(), "other", token="b2"))
        assert store.knows_origin("moz-extension://a")
        assert not store.knows_origin("moz-extension://b")
        store.remove_device("default", DEVICE)
        assert not store.knows_origin("moz-extension://a")

    def test_what_a_store_holds_is_told_in_numbers(self, store):
        assert store.totals() == Totals(0, 0)
        gone = highlight()
        store.apply("one", "A", [highlight(), gone, operation(gone.id, delete=True)])
        store.apply("two", "A", [highlight()])
        store.put_device(device(account="three"))
        assert store.totals() == Totals(3, 2)

    def test_a_revoked_device_is_known_no_more(self, store):
        store.put_device(device())
        assert not store.remove_device("other", DEVICE)
        assert store.remove_device("default", DEVICE)
        assert not store.remove_device("default", DEVICE)
        assert store.device_by_token("a1") is None

    def test_when_a_device_was_last_seen_is_noted(self, opened):
        store = opened()
        store.put_device(device())
        later = "2026-11-25T08:00:00.000000Z"
        assert store.touch_device("a1", later) == device(seen=later)
        assert opened().device_by_token("a1") == device(seen=later)

    def test_a_revoked_device_does_not_come_back_by_being_seen(self, store):
        store.put_device(device())
        store.remove_device("default", DEVICE)
        assert store.touch_device("a1", DAY) is None
        assert store.devices("default") == []

    def test_a_device_with_another_token_is_known_by_that_alone(self, opened):
        store = opened()
        store.put_device(device(token="a1"))
        store.put_device(device(token="b2"))
        for reopen in (False, True):
            store = opened() if reopen else store
            assert (store.device_by_token("a1"), store.touch_device("a1", DAY)) == (None, None)
            assert store.device_by_token("b2") == device(token="b2")

    def test_a_grant_is_redeemed_once(self, store):
        store.put_grant(Grant("aa", "pair", "default", expires=100.0))
        assert store.redeem_grant("sign-in", "aa", 50.0, 5) is None
        assert store.redeem_grant("pair", "aa", 50.0, 5).account == "default"
        assert store.redeem_grant("pair", "aa", 50.0, 5) is None

    def test_a_grant_expires(self, store):
        store.put_grant(Grant("aa", "pair", "default", expires=100.0))
        assert store.redeem_grant("pair", "aa", 100.0, 5) is None

    def test_wrong_guesses_use_a_grant_up(self, store):
        store.put_grant(Grant("aa", "pair", "default", expires=100.0))
        for _ in range(4):
            assert store.redeem_grant("pair", "cc", 50.0, 5) is None
        assert store.redeem_grant("sign-in", "cc", 50.0, 5) is None
        store.put_grant(Grant("bb", "pair", "default", expires=100.0))
        assert store.redeem_grant("pair", "cc", 50.0, 5) is None
        assert store.redeem_grant("pair", "aa", 50.0, 5) is None
        assert store.redeem_grant("pair", "bb", 50.0, 5) is not None

    def test_accounts_are_added_once_and_removed_with_all_they_have(self, opened):
        store = opened()
        assert store.add_account("ada")
        assert not store.add_account("ada")
        assert opened().accounts() == ["ada"]
        store = opened()
        gone, stays = highlight(note="margin"), highlight(note="margin")
        store.apply("ada", "A", [gone, highlight(), operation(gone.id, delete=True)])
        store.apply("ada/too", "A", [stays])
        store.put_device(device(account="ada"))
        assert store.search("ada", parse("")).total == 1
        assert not store.add_account("ada/too")
        assert store.remove_account("ada")
        assert not store.remove_account("ada")
        for reopen in (False, True):
            store = opened() if reopen else store
            assert store.accounts() == ["ada/too"]
            assert (store.count("ada"), store.trash("ada").total) == (0, 0)
            assert store.search("ada", parse("")).total == 0
            assert store.device_by_token("a1") is None
            assert store.get("ada/too", stays.id).note == "margin"
        [again] = store.apply("ada", "A", [highlight(op=1)])
        assert again.annotation.rev > 0
