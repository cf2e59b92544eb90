"""How long each page of the library takes over many notes: `python -m tests.bench.library`.

Eight notes a page as in the other benches, made over the last two years, with a few thousand tags,
one page of 3,000 notes, and a trash. Each page is asked for after a note was changed, so that
nothing counted before stands, and then again. The answer is timed, without a network.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from flask.testing import FlaskClient
from msgspec.structs import replace

from server import create_app
from server.config import load
from server.current import services
from store.base import AnnotationStore
from store.clock import timestamp
from store.model import Color, Fields, Operation
from tests.bench.measuring import Figure, markdown, timed
from tests.bench.notes import RARE, notes

LONG = "https://long.example/one-long-page"
ON_IT = 3_000
TRASHED = 5_000
ROUNDS = 7
PATHS = (
    "/",
    "/?page=2",
    "/?page=300",
    f"/page?of={LONG}",
    f"/page?of={LONG}&page=60",
    f"/search?q={RARE}",
    "/search?q=tag:history",
    "/search?q=b*",
    "/search?q=",
    "/reading",
    "/tags",
    "/tags?sort=name",
    "/tag?name=history",
    "/devices",
    "/conflicts",
    "/trash",
    "/export",
    "/import",
)


def main(count: int = 100_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load(data=Path(folder), environ={}))
        parts = services(app)
        _fill(parts.store, count)
        client = app.test_client()
        client.get(f"/sign-in/{parts.access.sign_in_secret()}")
        client.get("/search?q=x", buffered=True)  # the full-text index is made here
        rows = [["page", "size", "after a change", "again"]]
        rows += [_row(client, parts.store, path) for path in PATHS]
        print(f"{parts.store.count('default'):,} notes\n\n{markdown(rows)}")
        parts.store.close()


def _row(client: FlaskClient, store: AnnotationStore, path: str) -> list[str]:
    fresh, again = [], []
    size = 0
    for number in range(ROUNDS):
        operation = next(notes(1, first=number))
        changed = replace(operation, op=0, base=None, set=Fields(note=f"{path} {number}"))
        store.apply("default", "bench", [changed])

        def ask() -> None:
            nonlocal size
            answer = client.get(path, buffered=True)
            assert answer.status_code == 200, answer.text
            size = len(answer.data)

        fresh.append(timed(ask))
        again.append(timed(ask))
    return [f"`{path}`", f"{size / 1000:,.0f} kB", *map(str, map(_figure, (fresh, again)))]


def _figure(seconds: list[float]) -> Figure:
    return Figure(tuple(seconds))


def _fill(store: AnnotationStore, count: int) -> None:
    made = _made(count)
    while batch := list(islice(made, 500)):
        store.apply("default", "bench", batch)
    ids = [id for id, _ in islice(reversed(store.manifest("default").versions), TRASHED)]
    while batch_of_ids := ids[:500]:
        del ids[:500]
        store.apply("default", "bench", [Operation(id=id, delete=True) for id in batch_of_ids])


def _made(count: int) -> Iterator[Operation]:
    chance = random.Random(5)
    end = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for number, operation in enumerate(notes(count)):
        when = timestamp(end - timedelta(days=730 * chance.random() ** 2))
        fields = replace(operation.set, created=when, color=chance.choice(list(Color)))
        if number >= count - ON_IT:
            fields = replace(fields, url=LONG)
        tag = f"tag {int(chance.paretovariate(0.7)) % 3000}"
        tags = [*operation.tags_add, tag]
        yield replace(operation, set=fields, tags_add=tags, at=when)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
