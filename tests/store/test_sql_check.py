"""What somebody changed in the database behind the store's back is found, and mended."""

import pytest

from store.answers import Severity
from store.query import parse
from store.sql.store import SqlStore
from tests.store.conformance.care import everything
from tests.store.making import highlight, operation


@pytest.fixture(scope="module")
def address(cluster):
    return cluster.database()


@pytest.fixture
def store(cluster, address):
    made = SqlStore(address)
    gone = highlight(op=1)
    kept = [highlight(op=n, note=f"margin {n}", tags_add=["t"]) for n in range(2, 5)]
    made.apply("default", "A", [gone, *kept, operation(gone.id, op=9, delete=True)])
    made.apply("other", "A", [highlight(note="of another")])
    yield made
    made.close()
    cluster.run(address, "TRUNCATE account, note, searchable, trash, counter, run")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("UPDATE note SET page = 1", "columns of its notes"),
        ("UPDATE note SET live = false, tags = '{}'", "columns of its notes"),
        ("UPDATE note SET moment = 0, color = 'pink', day = ''", "columns of its notes"),
        ("DELETE FROM searchable WHERE account = 'default'", "words that searches find"),
        ("UPDATE searchable SET words = upper(words)", "words that searches find"),
        ("UPDATE searchable SET lexemes = ''", "words that searches find"),
        ("UPDATE account SET live = live + 1", "counts and digest"),
        ("UPDATE account SET digest = repeat('0', 64)", "counts and digest"),
        ("UPDATE account SET last = 1", "counts and digest"),
    ],
)
def test_what_stands_beside_the_records_is_made_again_from_them(
    cluster, address, store, what, said
):
    before = everything(store, "default")
    cluster.run(address, what)
    findings = store.check().findings
    assert any(said in f.sentence and f.severity is Severity.ERROR for f in findings)
    report = store.check(repair=True)
    assert report.sound
    assert all(finding.repaired for finding in report.findings)
    assert store.check().findings == []
    assert everything(store, "default") == before
    assert store.search("default", parse("margin")).total == 3
    [written] = store.apply("default", "A", [highlight()])
    assert written.annotation.rev == 6


def test_a_record_that_is_no_good_is_named_and_left_alone(cluster, address, store):
    broken = "UPDATE note SET record = replace(record, 'yellow', 'mauve') WHERE account = 'other'"
    cluster.run(address, broken)
    for repair in (False, True):
        report = store.check(repair=repair)
        assert not report.sound
        [finding] = report.findings
        assert "other/annotations" in finding.sentence
        assert "mauve" in finding.sentence
    assert cluster.run(address, "SELECT count(*) FROM note WHERE record LIKE '%mauve%'") == [(1,)]
