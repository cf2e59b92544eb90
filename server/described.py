"""What a view of the API takes and answers, said once.

`@described(...)` stands on every view. The structs it names are those the view decodes its body and
its query with and builds its answer from, so `GET /api/openapi.json`, which is made of them, cannot
say anything else than the code does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Raw, Struct

from store.model import Annotation

View = TypeVar("View", bound=Callable[..., object])

Sent = Annotated[Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/Annotation"})]
"""A record as it is sent: encoded already, without its clock."""

SENT = Annotation  # what `Sent` refers to


@dataclass(frozen=True)
class Media:
    """A body that is not JSON of ours, in one of these types."""

    types: tuple[str, ...]

    def __init__(self, *types: str) -> None:
        object.__setattr__(self, "types", types)


@dataclass(frozen=True)
class Described:
    """A view's description. `answers`: status -> the struct, other media, or None for no body."""

    answers: dict[int, Any]
    query: type[Struct] | None
    takes: Any
    problems: tuple[int, ...]


def described(
    *,
    answers: dict[int, Any],
    query: type[Struct] | None = None,
    takes: Any = None,
    problems: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Say what a view takes and answers. `problems`: statuses beside those any view may answer."""

    def describe(view: View) -> View:
        vars(view)["described"] = Described(answers, query, takes, problems)
        return view

    return describe
