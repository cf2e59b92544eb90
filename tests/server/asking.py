"""What the tests of the server say over and over: a note, a problem, a clock."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

ARTICLE = "https://example.org/essays/margins"


class Clock:
    """The server's clock, to be put forward."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


def note(**fields: Any) -> dict[str, Any]:
    """A note to be posted; `fields` replace what it says."""
    return {
        "url": ARTICLE,
        "title": "On margins",
        "quote": {"exact": "the margin is a room", "prefix": "they knew that ", "suffix": " with"},
        "position": {"start": 120, "end": 140},
        "note": "So it *is*.",
        "color": "green",
        "tags": ["reading"],
    } | fields


class Whole(FlaskClient):
    """A client that reads each answer to its end, as every client over a network does."""

    def open(self, *arguments: Any, **named: Any) -> Any:
        named.setdefault("buffered", True)
        return super().open(*arguments, **named)


def problem(answer: Any, status: int, name: str, field: str | None = None) -> str:
    """Check that an answer is this problem; its sentence."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    said = answer.json
    assert said["type"] == f"urn:postil:problem:{name}"
    assert said["status"] == status
    assert said["title"]
    assert said.get("field") == field
    assert "Traceback" not in answer.text
    detail = said["detail"]
    assert isinstance(detail, str)
    assert detail
    return detail
