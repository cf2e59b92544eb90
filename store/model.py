"""The one definition of what Postil keeps and sends.

Every struct here is both the type the code passes about and the schema the outside is held to:
msgspec decodes, validates and encodes from the same annotations, so a limit stands once.
What does not parse here does not exist further in.

Three things JSON allows and Postil does not, because some store, browser or terminal down the line
would cut a note at them: NUL, lone surrogates (not representable in UTF-8), and values over the
limit. `decode` refuses them with the field's path; it never repairs them silently.

What there are very many of is kept from the collector of cyclic garbage (`gc=False`): it is frozen
and made of JSON, so it is never part of a cycle, and walking it cost a quarter of an import.
"""

from __future__ import annotations

import re
import threading
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

MAX_OPERATIONS = 500  # in one POST /api/changes
MAX_CONTEXT = 256  # characters on either side of a quote
MAX_EXTRA = 16 * 1024  # bytes of `extra`, encoded as JSON

_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_TIMESTAMP = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$"

Id = Annotated[
    str,
    Meta(
        pattern=_ID,
        description="A UUID in lower case; the client makes it, version 7 for a new note",
    ),
]
Url = Annotated[str, Meta(min_length=1, max_length=4096, extra_json_schema={"format": "uri"})]
Title = Annotated[str, Meta(max_length=1024)]
Note = Annotated[str, Meta(max_length=100_000, description="Markdown, kept verbatim")]
Tag = Annotated[str, Meta(min_length=1, max_length=128)]
Tags = Annotated[list[Tag], Meta(max_length=64)]
Timestamp = Annotated[
    str,
    Meta(
        pattern=_TIMESTAMP,
        description="RFC 3339 in UTC, for display only: no clock of any machine decides a conflict",
    ),
]
# What is kept came in by the patterns above, and trying them takes as long as reading all the rest
# of a note. `store.records` does so when a store is checked.
KeptId = Annotated[str, Meta(min_length=36, max_length=36, extra_json_schema={"pattern": _ID})]
KeptTimestamp = Annotated[
    str, Meta(min_length=20, max_length=27, extra_json_schema={"pattern": _TIMESTAMP})
]
Sequence = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Color(StrEnum):
    """The five highlighters."""

    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    PINK = "pink"
    PURPLE = "purple"


class Quote(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """W3C Web Annotation Data Model, section 4.2.4: Text Quote Selector."""

    exact: Annotated[str, Meta(min_length=1, max_length=20_000)]
    prefix: Annotated[str, Meta(max_length=MAX_CONTEXT)] = ""
    suffix: Annotated[str, Meta(max_length=MAX_CONTEXT)] = ""


class Position(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """W3C Web Annotation Data Model, section 4.2.5: Text Position Selector.

    Code points of the page's text index. A hint: never trusted without the quote.
    """

    start: Sequence
    end: Sequence

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("`end` must not come before `start`")


class Annotation(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One note, as stored and (without `clock`) as sent.

    `rev` is the account's sequence number of the last change. A tombstone (`deleted`) keeps `id`,
    `url`, `page` and `rev`; its body waits in the trash.

    `canonical` is the address the page itself claimed (rel=canonical), where that is believed:
    look-ups by either address find the note, and neither record is rewritten.
    """

    id: KeptId
    url: Url
    page: str
    title: Title
    quote: Quote | None
    position: Position | None
    note: Note
    tags: Tags
    color: Color
    created: KeptTimestamp
    updated: KeptTimestamp
    device: str
    rev: Sequence
    deleted: bool = False
    canonical: Url | UnsetType = UNSET
    conflict_of: KeptId | UnsetType = UNSET
    extra: dict[str, Any] | UnsetType = UNSET
    clock: dict[str, int] = {}  # last, so that the bytes before it are what is sent


class Trashed(Struct, frozen=True, gc=False):
    """What a deletion took away, and when by the server's clock."""

    annotation: Annotation
    at: Timestamp


class Lost(Struct, frozen=True):
    """A note whose passage was not found again on its page: since when, by the server's clock, and
    which device said so first. `page` is the note's own."""

    id: Id
    page: str
    since: Timestamp
    device: str


def _refuse_no_day(name: str, value: str | UnsetType) -> None:
    """A pattern lets the 31st of February pass."""
    if value is not UNSET:
        try:
            datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"`{name}`: {error}") from None


class Fields(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """The new values an operation brings; what is absent stays as it is.

    A new note needs `url`. `quote` and `position` are one thing to merging: the span.
    """

    url: Url | UnsetType = UNSET
    canonical: Url | None | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    quote: Quote | None | UnsetType = UNSET
    position: Position | None | UnsetType = UNSET
    note: Note | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    created: Timestamp | UnsetType = UNSET
    conflict_of: Id | None | UnsetType = UNSET
    extra: dict[str, Any] | None | UnsetType = UNSET

    def __post_init__(self) -> None:
        _refuse_no_day("created", self.created)


class Operation(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One change to one annotation, the only thing that ever changes a store.

    `op` is the device's own counter, rising by at least one with each operation it sends; the store
    remembers the last one of each device, so a retry is a no-op. 0 = not counted (a writer inside
    the server, which never retries).
    `base` is the `rev` the writer had seen: 0 for a new note, absent for "whatever stands now".
    `delete` true makes a tombstone, false brings a note back from the trash. `at` is when the
    reader did it, for display.
    """

    id: Id
    op: Sequence = 0
    base: Sequence | None = None
    set: Fields = Fields()
    tags_add: Tags = []
    tags_remove: Tags = []
    delete: bool | UnsetType = UNSET
    at: Timestamp | UnsetType = UNSET

    def __post_init__(self) -> None:
        _refuse_no_day("at", self.at)


class Status(StrEnum):
    """What became of an operation."""

    CREATED = "created"
    UPDATED = "updated"
    MERGED = "merged"  # applied beside somebody else's change to the same note
    UNCHANGED = "unchanged"  # it said nothing new, or it was a replay
    CONFLICT = "conflict"  # both texts are kept: `copy` holds the one that came second
    REJECTED = "rejected"  # nothing was changed; `reason` says why


class Result(Struct, frozen=True, gc=False):
    """What became of one operation, with the record as it now stands.

    `document` is that record as it is kept, encoded. `copy` is the conflict copy this operation
    made. A rejection carries a `reason` for people, a `code` for programs (`invalid`, `unknown`)
    and, where one field is to blame, its path.
    """

    op: int
    id: str
    status: Status
    annotation: Annotation | UnsetType = UNSET
    document: bytes = b""
    copy: Annotation | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    code: str | UnsetType = UNSET
    field: str | UnsetType = UNSET


class Page(Struct, frozen=True):
    """A page with at least one live note, by its most recent title and address."""

    page: str
    url: str
    title: str
    count: int
    colors: dict[Color, int]
    updated: Timestamp


class Device(Struct, frozen=True):
    """Who may read and write an account.

    The token itself is never kept, only its SHA-256 in hexadecimal. `origin` is the paired
    extension's, for CORS.
    """

    id: str
    account: str
    name: Annotated[str, Meta(min_length=1, max_length=128)]
    kind: str  # "extension", "library", "api" or "operator"
    token_hash: str
    created: Timestamp
    seen: Timestamp
    origin: str = ""


class Grant(Struct, frozen=True):
    """A short-lived secret exchanged, once, for a device: a pairing code or a sign-in link."""

    secret_hash: str
    kind: str  # "pair" or "sign-in"
    account: str
    expires: float  # seconds since the epoch, by the server's own clock
    tries: int = 0  # wrong guesses made while it was live


class Invalid(ValueError):
    """A value the model refuses. `field` is its path (`set.quote.exact`), '' for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


T = TypeVar("T")

_PATH = re.compile(r"^(?P<message>.*?)(?: - at `(?:key in )?\$\.?(?P<path>.*)`)?$", re.DOTALL)
_OWN = re.compile(r"^`(?P<name>\w+)`: (?P<message>.*)$", re.DOTALL)
_UNKNOWN = re.compile(r"^Object contains unknown field `(?P<name>.*)`$", re.DOTALL)
_MISSING = re.compile(r"^Object missing required field `(?P<name>.*)`$", re.DOTALL)


def encode(value: Any) -> bytes:
    """Encode a struct, or a list of them, as JSON in UTF-8."""
    return _encoder.encode(value)


def decode(data: bytes, kind: type[T]) -> T:
    """Decode JSON that is already known to be well-formed into `kind`, holding it to the limits.

    Raises `Invalid` with a sentence and the field's path.
    """
    _prepare(kind)
    try:
        value = msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise _explain(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"This is not JSON in UTF-8: {error}") from None
    # What the types cannot say needs an escape, or room, to be there at all.
    if b"\\u" in data or len(data) > MAX_EXTRA:
        _refuse_unkeepable(value, "")
    return value


def decode_sound(data: bytes, kind: type[T]) -> T | None:
    """The same in a fraction of the time, or None: something is wrong with it, or can be."""
    if b"\\u" in data or b'"extra"' in data:
        return None
    _prepare(kind)
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def convert(value: Any, kind: type[T]) -> T:
    """The same as `decode`, from plain dictionaries and lists."""
    _prepare(kind)
    try:
        made = msgspec.convert(value, type=kind)
    except msgspec.ValidationError as error:
        raise _explain(error) from None
    _refuse_unkeepable(made, "")
    return made


def read_text(values: dict[str, Any], kind: type[T]) -> T:
    """Make `kind` of a query string's values: numbers written as text, and nothing to be kept."""
    _prepare(kind)
    try:
        return msgspec.convert(values, type=kind, strict=False)
    except msgspec.ValidationError as error:
        raise _explain(error) from None


_encoder = msgspec.json.Encoder()
_prepared: set[Any] = set()
_preparing = threading.Lock()


def _prepare(kind: Any) -> None:
    """msgspec looks into a struct when it first meets it, and two threads that do so at once end
    the process (a segmentation fault, seen with 0.22). So only one ever does."""
    if kind not in _prepared:
        with _preparing:
            msgspec.json.Decoder(kind)
            _prepared.add(kind)


def _explain(error: msgspec.ValidationError) -> Invalid:
    match = _PATH.match(str(error))
    assert match is not None
    message, path = match["message"], match["path"] or ""
    if own := _OWN.match(message):
        message, name = own["message"], own["name"]
        path = f"{path}.{name}" if path else name
    if named := _UNKNOWN.match(message) or _MISSING.match(message):
        path = f"{path}.{named['name']}" if path else named["name"]
    subject = f"`{path}`" if path else "The value"
    return Invalid(f"{subject}: {message[0].lower()}{message[1:]}.", path)


def _refuse_unkeepable(value: Any, path: str) -> None:
    """Walk a decoded value for what the types cannot say: NUL, surrogates, size of `extra`."""
    if isinstance(value, str):
        if "\0" in value:
            raise Invalid(f"`{path}` contains a NUL character, which cannot be kept.", path)
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise Invalid(
                    f"`{path}` contains half a surrogate pair, which is not text.", path
                ) from None
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            child = f"{path}.{name}" if path else name
            field = getattr(value, name)
            _refuse_unkeepable(field, child)
            if name == "extra" and field and len(_encoder.encode(field)) > MAX_EXTRA:
                raise Invalid(f"`{child}` is over {MAX_EXTRA // 1024} KiB.", child)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _refuse_unkeepable(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_unkeepable(key, path)
            _refuse_unkeepable(item, f"{path}.{key}" if path else str(key))


# What many threads may be the first to decode.
for _kind in (Annotation, Operation, Trashed, Lost, Device, Grant):
    _prepare(_kind)
