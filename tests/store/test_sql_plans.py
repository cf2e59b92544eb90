"""No query reads a whole table: what one costs does not depend on how many others there are."""

import pytest
from sqlalchemy import event, text

from store.answers import Sort
from store.query import parse
from store.sql.lexemes import lexemes_of
from store.sql.store import SqlStore
from tests.store.conformance.accounts import device
from tests.store.making import PAGE, highlight, new_id, operation

ACCOUNTS = 40
NOTES = 40


@pytest.fixture(scope="module")
def store(cluster):
    url = cluster.database()
    made = SqlStore(url)
    for number in range(ACCOUNTS):
        account = f"reader {number}"
        made.apply(account, "A", [some_note(op=n) for n in range(1, NOTES)])
        gone = highlight(op=NOTES)
        made.apply(account, "A", [gone, operation(gone.id, op=NOTES + 1, delete=True)])
        made.put_device(device(new_id(), account, token=new_id(), origin="https://a.example"))
    cluster.run(url, "VACUUM ANALYZE")
    yield made
    made.close()


def some_note(op):
    page = f"https://example.com/{op % 7}"
    return highlight(op=op, url=page, canonical=PAGE, note=f"margin {op} of a page", tags_add=["t"])


ME = "reader 7"
KNOWN = {
    "a push": lambda s: s.apply(ME, "A", [highlight(op=9_000), operation(op=9_001, delete=True)]),
    "a counter": lambda s: s.counter(ME, "A"),
    "a note": lambda s: s.get(ME, new_id()),
    "a page": lambda s: s.on_page(ME, [PAGE, "https://example.com/3"]),
    "all notes": lambda s: list(s.live(ME)),
    "all changes": lambda s: s.changes(ME, None, 20),
    "new changes": lambda s: s.changes(ME, s.changes(ME, None, 30).cursor, 5),
    "a cursor": lambda s: s.cursor(ME),
    "a manifest": lambda s: s.manifest(ME),
    "conflicts": lambda s: s.conflicts(ME),
    "what was lost": lambda s: s.lost(ME),
    "what of some was": lambda s: s.lost(ME, [new_id(), new_id()]),
    "how much was lost": lambda s: s.count_lost(ME),
    "losing": lambda s: s.observe(ME, "A", [next(s.live(ME)).id], [new_id()]),
    "finding": lambda s: s.observe(ME, "A", *[[next(s.live(ME)).id]] * 2),
    "pages": lambda s: s.pages(ME),
    "tags": lambda s: s.tags(ME),
    "days": lambda s: s.days(ME),
    "a count": lambda s: s.count(ME),
    "the trash": lambda s: s.trash(ME, 1, f"9~{new_id()}"),
    "emptying the trash": lambda s: s.empty_trash(ME, "2020-01-01T00:00:00Z"),
    "devices": lambda s: s.devices(ME),
    "who holds a token": lambda s: s.device_by_token(new_id()),
    "having seen one": lambda s: s.touch_device(new_id(), "2026-11-24T08:00:00Z"),
    "whose origin it is": lambda s: s.knows_origin("https://b.example"),
    "revoking": lambda s: s.remove_device(ME, new_id()),
    "words": lambda s: s.search(ME, parse("margin page -draft")),
    "the newest": lambda s: s.search(ME, parse(""), limit=5),
    "words of a time": lambda s: s.search(ME, parse("mar* after:2020"), sort=Sort.NEWEST),
    "a phrase": lambda s: s.search(ME, parse('"of a page" color:yellow site:example.com')),
    "what words are not in": lambda s: s.search(ME, parse("-margin -tag:t"), sort=Sort.OLDEST),
    "leaving": lambda s: s.remove_account("reader 8"),
}


@pytest.mark.parametrize("what", KNOWN)
def test_a_query_goes_by_an_index(store, what):
    statements = []

    def note(_connection, _cursor, statement, parameters, _context, many):
        if statement.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append((statement, parameters[0] if many else parameters))

    engine = store._database._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        KNOWN[what](store)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    plans = [plan for one in statements if (plan := planned(store, *one))]
    assert plans
    for plan in plans:
        assert list(whole_reads(plan)) == []


def test_words_go_by_the_index_of_lexemes(store):
    [wanted] = parse("margin").wanted.texts
    body = "SELECT id FROM searchable WHERE account = 'reader 7' AND lexemes @@ (:q)::tsquery"

    def work(connection):
        # Many matches in a small account might be read one by one: what matters is that it can.
        connection.execute(text("SET LOCAL enable_indexscan = off"))
        return connection.execute(text(f"EXPLAIN {body}"), {"q": lexemes_of(ME, wanted)}).all()

    plan = "\n".join(row[0] for row in store._database.write_all(work))
    assert "searchable_lexemes" in plan


def planned(store, statement, parameters):
    """How a statement would be carried out by the role it is meant for, were its tables large."""
    if "set_config" in statement or "pg_notify" in statement:
        return None
    of_the_store = any(f"{verb} {name}" in statement for verb in VERBS for name in OF_THE_STORE)

    def work(connection):
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        cursor = connection.connection.cursor()
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        return cursor.fetchone()[0][0]["Plan"]

    if of_the_store or "FROM account WHERE account.name = %(name_1)s::VARCHAR RET" in statement:
        return store._database.write_all(work)
    return store._database.write(ME, work)


VERBS = ("FROM", "INTO", "UPDATE")
OF_THE_STORE = ("device", "admission")
SMALL = ("history", "admission", "moving")  # of one row, or of a few codes that live for minutes


def whole_reads(plan, condition=""):
    """The tables that a plan reads without asking an index for some of their rows."""
    condition = plan.get("Index Cond", condition)
    for child in plan.get("Plans", []):
        yield from whole_reads(child)
    table = plan.get("Relation Name")
    if table is None or table in SMALL or plan["Node Type"] == "ModifyTable":
        return
    inside = [child.get("Index Cond", "") for child in parts(plan)]
    if not condition and not (inside and all(inside)):
        yield plan


def parts(plan):
    """The looks into indexes that a bitmap is made of."""
    for child in plan.get("Plans", []):
        if child["Node Type"] == "Bitmap Index Scan":
            yield child
        elif child["Node Type"].startswith("Bitmap"):
            yield from parts(child)
