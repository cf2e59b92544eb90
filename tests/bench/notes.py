"""The notes the stores are measured with: 0.9 KB each, eight a page, in words as frequent as
words are (Zipf's law), the same in each run.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from itertools import accumulate

from store.model import Annotation, Color, Fields, Operation, Position, Quote
from store.page_key import page_key

ON_A_PAGE = 8
RARE = "quincunx"  # a word of one note in a thousand
TAGS = ["history", "method", "to-read", "quote", "doubt", "physics", "language", "law"]
WHEN = "2026-11-24T08:00:00.000000Z"


def url_of(page: int) -> str:
    return f"https://site-{page % 97}.example/articles/{page}"


def notes(count: int, first: int = 0) -> Iterator[Operation]:
    """Operations that each make a note, numbered from `first`."""
    for number in range(first, first + count):
        yield _Writer(number).operation()


def record_of(operation: Operation, rev: int) -> Annotation:
    """The record such an operation makes, for stores that keep nothing but records."""
    fields = operation.set
    assert isinstance(fields.url, str)
    assert isinstance(fields.title, str)
    assert isinstance(fields.note, str)
    assert isinstance(fields.quote, Quote)
    assert isinstance(fields.position, Position)
    return Annotation(
        id=operation.id,
        url=fields.url,
        page=page_key(fields.url),
        title=fields.title,
        quote=fields.quote,
        position=fields.position,
        note=fields.note,
        tags=list(operation.tags_add),
        color=Color.YELLOW,
        created=WHEN,
        updated=WHEN,
        device="bench",
        rev=rev,
        clock={"*": rev},
    )


class _Writer:
    """Writes the note of one number."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._chance = random.Random(number)

    def operation(self) -> Operation:
        page, place = divmod(self._number, ON_A_PAGE)
        note = self._text(230)
        if self._number % 1000 == 17:
            note += f" {RARE}"
        return Operation(
            id=str(uuid.UUID(int=self._chance.getrandbits(128))),
            op=self._number + 1,
            base=0,
            set=Fields(
                url=url_of(page),
                title=f"An article on {self._text(25)}",
                quote=Quote(self._text(150), self._text(32), self._text(32)),
                position=Position(place * 400, place * 400 + 150),
                note=note,
            ),
            tags_add=self._chance.sample(TAGS, 2),
        )

    def _text(self, length: int) -> str:
        text = " ".join(self._chance.choices(WORDS, cum_weights=_WEIGHTS, k=length // 4))
        return text[:length]


def _words() -> list[str]:
    chance = random.Random(1)
    starts = "b c d f g h l m n p r s t st tr pl gr w".split()
    vowels = "a e i o u ea ou ai".split()
    words: dict[str, None] = {}
    while len(words) < 20_000:
        syllables = [chance.choice(starts) + chance.choice(vowels) for _ in range(3)]
        words["".join(syllables[: chance.randint(1, 3)]) + chance.choice(["", "n", "r", "s"])] = (
            None
        )
    return sorted(words, key=len)  # the commonest words are the short ones


WORDS = _words()
_WEIGHTS = list(accumulate(1 / (rank + 3) for rank in range(len(WORDS))))
