"""Which run of the store gave a sequence number."""

from store.apply import Run
from store.model import encode
from store.runs import Runs


def runs(*begun):
    documents = {str(id): encode(Run(nonce, first)) for id, (nonce, first) in enumerate(begun)}
    return Runs(documents)


def test_a_number_is_of_the_run_that_began_last_before_it():
    known = runs(("a", 1), ("b", 5))
    assert [known.nonce_of(seq) for seq in (0, 1, 4, 5, 9)] == ["0", "a", "a", "b", "b"]


def test_a_run_that_gave_no_number_gives_way_to_the_one_after_it():
    for first, second in (("a", "b"), ("b", "a")):
        known = runs(("x", 1), (first, 8), (second, 8))
        assert known.nonce_of(8) == known.nonce_of(10) == second
        assert known.last_of(first, 10) == 7
        assert known.last_of(second, 10) == 10
