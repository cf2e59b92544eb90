"""Operations and stores, as the store's tests make them."""

import itertools
import uuid

from store.model import Operation, convert

PAGE = "https://example.com/article"
_numbers = itertools.count(1)


def new_id():
    """A different id each time, the same ones in each run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(next(_numbers))))


def operation(id=None, **fields):
    """An operation as a device sends it: `operation(id, op=2, base=1, set={"note": "x"})`."""
    return convert({"id": id or new_id(), **fields}, Operation)


def highlight(id=None, exact="some words", start=0, url=PAGE, **fields):
    """An operation that makes a highlight."""
    given = {"tags_add", "tags_remove", "op", "base", "delete", "at"}
    about = {name: fields.pop(name) for name in list(fields) if name in given}
    new = {
        "url": url,
        "title": "An article",
        "quote": {"exact": exact, "prefix": "before ", "suffix": " after"},
        "position": {"start": start, "end": start + len(exact)},
        **fields,
    }
    return operation(id, set=new, **{"base": 0, **about})
