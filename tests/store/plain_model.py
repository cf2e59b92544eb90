"""What a store must hold, kept in plain dictionaries: the other half of `test_model.py`.

Written from the docstrings of `store/base.py` and the head of `store/merge.py`, without their code.
Where two machines did not know of each other, merging decides: then the model holds the outcome
against what merging promises, and takes it over.
"""

import hashlib
import math

from store.model import UNSET, Status

BLANK = {
    "title": "",
    "quote": None,
    "start": None,
    "note": "",
    "tags": [],
    "color": "yellow",
    "canonical": None,
    "conflict_of": None,
    "deleted": False,
}


class PlainAccount:
    """One account: `key` tells an address's page."""

    def __init__(self, key, same_site):
        self.seq = 0
        self.notes = {}  # id -> what is expected of it
        self.trash = {}  # id -> (batch it was deleted in, its body)
        self._texts = {}  # id -> the number its text last changed at
        self._counters = {}
        self._refused = {}
        self._batch = 0
        self._key = key
        self._same_site = same_site

    def took(self, device, operations, results):
        """Hold the results of a batch against what is expected, and remember what came of it."""
        self._batch += 1
        for operation, result in zip(operations, results, strict=True):
            assert (result.id, result.op) == (operation.id, operation.op)
            last = self._counters.get(device, 0)
            refused = self._refused.setdefault(device, set())
            if operation.op and operation.op <= last and operation.op not in refused:
                assert result.status is Status.UNCHANGED, "a replay has changed something"
                continue
            self._expect(device, operation, result)
            self._counters[device] = max(last, operation.op)
            if operation.op:
                was_refused = result.status is Status.REJECTED
                (refused.add if was_refused else refused.discard)(operation.op)

    def _expect(self, device, operation, result):
        note = self.notes.get(operation.id)
        new = written(operation)
        if new.get("url") == "no address":
            assert (result.status, result.code) == (Status.REJECTED, "invalid")
        elif note is None:
            self._expect_new(device, operation, result, new)
        elif note["deleted"]:
            self._expect_on_tombstone(device, operation, result, note, new)
        elif operation.base is None or operation.base >= note["rev"]:
            self._expect_edit(device, operation, result, note, new)
        else:
            self._expect_merge(operation, result, note, new)

    def _expect_new(self, device, operation, result, new):
        if operation.delete is True:
            assert result.status is Status.UNCHANGED
        elif "url" not in new:
            assert (result.status, result.code) == (Status.REJECTED, "unknown")
        else:
            assert result.status is Status.CREATED
            note = {**BLANK, **new, "tags": tagged([], operation), "id": operation.id}
            note["created"] = result.annotation.created
            self._texts[operation.id] = self.seq + 1
            self._put(note, device)
            assert plain(result.annotation) == self.notes[operation.id]

    def _expect_edit(self, device, operation, result, note, new):
        edited = self._canonical({**note, **new, "tags": tagged(note["tags"], operation)})
        if edited["note"] != note["note"]:
            self._texts[operation.id] = self.seq + 1
        if operation.delete is True:
            self.trash[operation.id] = (self._batch, edited)
            left = {name: note[name] for name in ("id", "url", "color", "created")}
            self._put({**BLANK, **left, "deleted": True}, device)
        elif edited != note:
            self._put(edited, device)
        changed = operation.delete is True or edited != note
        assert result.status is (Status.UPDATED if changed else Status.UNCHANGED)
        assert plain(result.annotation) == self.notes[operation.id]

    def _expect_on_tombstone(self, device, operation, result, note, new):
        _, body = self.trash.get(operation.id, (0, None))
        brings = new or operation.tags_add or operation.tags_remove
        if not brings and operation.delete is not False:
            assert result.status is Status.UNCHANGED
            assert plain(result.annotation) == note
        elif body is None and "url" in new:
            self._expect_new(device, operation, result, new)
        elif body is None:
            assert (result.status, result.code) == (Status.REJECTED, "unknown")
        elif brings:
            self._expect_merge(operation, result, body, new)
        else:
            assert result.status is Status.UPDATED
            self._put(body, device)
            assert plain(result.annotation) == self.notes[operation.id]

    def _expect_merge(self, operation, result, note, new):
        """Somebody else changed the note meanwhile: whatever becomes of it, no text is lost."""
        assert result.status is not Status.REJECTED
        record, second = result.annotation, result.copy
        assert not record.deleted, "a deletion has beaten an edit"
        later = self._canonical({**note, **new, "tags": tagged(note["tags"], operation)})
        for name in later.keys() - {"note", "rev", "device"}:
            assert plain(record)[name] == later[name], f"the later {name} has not won"
        kept = {record.note, second.note if second is not UNSET else record.note}
        texts = {note["note"], new.get("note", "")} - {""}
        if "note" in new and (operation.base is None or operation.base >= self._texts[note["id"]]):
            texts -= {note["note"]} - {new["note"]}  # its writer had read what it replaces
        assert texts <= kept, "a text is lost"
        if record.note != note["note"]:
            self._texts[note["id"]] = record.rev
        self._adopt(record)
        if second is not UNSET:
            assert (result.status, second.conflict_of) == (Status.CONFLICT, operation.id)
            self._texts[second.id] = second.rev
            self._adopt(second)

    def _adopt(self, annotation):
        assert annotation.rev <= self.seq + 1, "a sequence number was left out"
        self.seq = max(self.seq, annotation.rev)
        self.notes[annotation.id] = plain(annotation)
        self.trash.pop(annotation.id, None)

    def _put(self, note, device):
        self.seq += 1
        note = self._canonical({**note, "rev": self.seq, "device": device})
        self.notes[note["id"]] = note
        if not note["deleted"]:
            self.trash.pop(note["id"], None)

    def _canonical(self, note):
        """A page's claim to another address counts on its own site alone."""
        claim, url = note["canonical"], note["url"]
        believed = claim and self._same_site(url, claim) and self._key(url) != self._key(claim)
        return {**note, "canonical": claim if believed else None}

    # What is asked of a store ------------------------------------------------------------------

    def live(self):
        return [note for note in self.notes.values() if not note["deleted"]]

    def tags(self):
        tags = [tag for note in self.live() for tag in note["tags"]]
        return {tag: tags.count(tag) for tag in tags}

    def pages(self):
        """Key -> color -> how many."""
        colors = {}
        for note in self.live():
            colors.setdefault(self._key(note["url"]), []).append(note["color"])
        return {page: {color: all_.count(color) for color in all_} for page, all_ in colors.items()}

    def on_page(self, *asked):
        """In reading order, of the pages asked for and of those their notes call the same."""
        keys = set(asked)
        while True:
            found = [note for note in self.live() if self._keys(note) & keys]
            more = {self._key(note["canonical"]) for note in found if note["canonical"]} - keys
            if not more:
                return sorted(found, key=reading)
            keys |= more

    def _keys(self, note):
        return {self._key(url) for url in (note["url"], note["canonical"]) if url}

    def changed_since(self, seq):
        changed = [note for note in self.notes.values() if note["rev"] > seq]
        return sorted(changed, key=lambda note: note["rev"])

    def highest(self):
        return max([note["rev"] for note in self.notes.values()], default=0)

    def versions(self):
        return sorted((note["id"], note["rev"]) for note in self.live())

    def digest(self):
        value = 0
        for id, rev in self.versions():
            value ^= int(hashlib.sha256(f"{id}:{rev}".encode()).hexdigest(), 16)
        return f"{value:064x}"

    def said(self, word):
        """Ids of the live notes that have this word, a whole one, in their note."""
        return {note["id"] for note in self.live() if word in note["note"].split()}

    def trashed(self):
        """(id, note) of the trash, what was deleted last first."""
        entries = [(batch, id, body["note"]) for id, (batch, body) in self.trash.items()]
        return [(id, note) for _, id, note in sorted(entries, reverse=True)]


def written(operation):
    """The fields an operation brings, in the model's words."""
    fields = operation.set
    values = {name: getattr(fields, name) for name in ("url", "title", "note", "quote")}
    values["color"] = fields.color
    values["canonical"] = fields.canonical
    if fields.position is not UNSET:
        values["start"] = fields.position and fields.position.start
    return {name: value for name, value in values.items() if value is not UNSET}


def tagged(tags, operation):
    kept = [tag for tag in tags if tag not in operation.tags_remove]
    return kept + [tag for tag in operation.tags_add if tag not in kept]


def plain(annotation):
    """An annotation in the model's words."""
    same = "id url title quote note tags color created device rev deleted".split()
    optional = {name: getattr(annotation, name) for name in ("canonical", "conflict_of")}
    return {
        **{name: getattr(annotation, name) for name in same},
        **{name: None if value is UNSET else value for name, value in optional.items()},
        "start": annotation.position and annotation.position.start,
    }


def reading(note):
    """Notes on the whole page first, then by where they stand, then by age."""
    start = math.inf if note["start"] is None else note["start"]
    return (note["quote"] is not None, start, note["created"], note["id"])
