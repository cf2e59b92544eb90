"""What the server counts, for Prometheus to collect from `/metrics`.

Labels are routes as they are written in the code, methods, statuses: never an address somebody
asked for, an account's name or anything of a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.seen import Seen
from server.waiting import Waiting
from store.base import AnnotationStore
from store.model import Result, Status

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)  # seconds


class Metrics:
    """The counters of one application."""

    def __init__(self, store: AnnotationStore, waiting: Waiting, address: str) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "postil_requests",
            "Requests answered, by route, method and status",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "postil_request_seconds",
            "Seconds to the end of an answer, but for requests that wait for news",
            ["route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._operations = Counter(
            "postil_operations",
            "Operations on notes, by what became of them",
            ["status"],
            registry=self._registry,
        )
        # To look labels up costs more than to count. Routes are as many as the code has.
        self._became = {status: self._operations.labels(status.value).inc for status in Status}
        self._counter = cache(self._requests.labels)
        self._histogram = cache(self._seconds.labels)
        self._registry.register(_Standing(store, waiting, address))
        ProcessCollector(registry=self._registry)

    def answered(self, seen: Seen) -> None:
        """Count a request."""
        self._counter(seen.route, seen.method, seen.status).inc()
        if not seen.waited:
            self._histogram(seen.route).observe(seen.seconds)

    def applied(self, results: Iterable[Result]) -> None:
        """Count what became of operations."""
        counts: dict[Status, int] = {}
        for result in results:
            counts[result.status] = counts.get(result.status, 0) + 1
        for status, count in counts.items():
            self._became[status](count)

    def text(self) -> bytes:
        """All of it, in Prometheus' text format 0.0.4."""
        return generate_latest(_Plain(self._registry))


class _Plain(CollectorRegistry):
    """What another registry collects, without the gauges that say when each counter began."""

    def __init__(self, full: CollectorRegistry) -> None:
        super().__init__()
        self._full = full

    def collect(self) -> Iterator[Metric]:
        for metric in self._full.collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


class _Standing(Collector):
    """What is read off when somebody asks."""

    def __init__(self, store: AnnotationStore, waiting: Waiting, address: str) -> None:
        self._store = store
        self._waiting = waiting
        scheme, _, path = address.partition("://")
        self._file = Path(path) if scheme == "tinydb" else None

    def describe(self) -> Iterable[Metric]:
        return []  # or registering would already ask the store

    def collect(self) -> Iterator[Metric]:
        held = self._store.totals()
        yield GaugeMetricFamily("postil_notes", "Live notes", held.annotations)
        yield GaugeMetricFamily("postil_accounts", "Accounts", held.accounts)
        yield GaugeMetricFamily(
            "postil_long_polls", "Requests that wait for news", self._waiting.count
        )
        if self._file is not None:
            size, last = _journals(self._file)
            yield GaugeMetricFamily("postil_journal_bytes", "Journals on the disk", size)
            yield CounterMetricFamily(
                "postil_compactions", "Journals that were begun since the store was made", last
            )


def _journals(store: Path) -> tuple[int, int]:
    """How much journals take, and the number of the last: each folding begins another."""
    name = re.compile(re.escape(store.name) + r"\.(?:previous\.)?journal-(\d+)")
    size = last = 0
    for path in store.parent.iterdir():
        if found := name.fullmatch(path.name):
            last = max(last, int(found[1]))
            try:
                size += path.stat().st_size
            except FileNotFoundError:
                continue  # folded just now
    return size, last
