"""What changed since the last release, and what it means for those who have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from cardpress.anki.package import Package
from cardpress.anki.stamps import TAGS, Shipped, collect_contents, list_shipped, make_record, make_type_record
from cardpress.deck.notes import ClozeNote, Deck
from cardpress.history.records import History, NoteRecord
from cardpress.markdown.html_tree import to_plain_text
from cardpress.note_types import NOTE_TYPES

# Which fields hold what is asked, and what is answered; a change of any other is one of the details.
_ASKED = frozenset({"Question", "Text"})
_ANSWERED = frozenset({"Answer"})
KINDS = ("new", "reworded", "answer changed", "details changed", "moved", "retired")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that has another content now, or `tags`; with both texts where the old one is at hand."""

    name: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a note: one or more of KINDS, which fields are others now, and whether Anki will update it."""

    id: str
    guid: str
    kind: str
    asks: str
    what: tuple[str, ...]
    updates: bool = False
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed since a release, which is None before the first."""

    since: str | None
    notes: tuple[Change, ...]
    note_types: tuple[str, ...]

    def count(self, what: str) -> int:
        """Count the notes to which this happened."""
        return sum(1 for change in self.notes if what in change.what)

    @property
    def updates(self) -> int:
        """How many notes that learners have get another content."""
        return sum(1 for change in self.notes if change.updates)

    @property
    def size(self) -> str:
        """How large a step of the version this wants: `major`, `minor` or `patch`."""
        if self.since is not None and (self.note_types or self.count("retired")):
            return "major"
        return "minor" if self.count("new") else "patch"


def find_changes(deck: Deck, history: History | None) -> Changes:
    """Hold a deck against what was released."""
    notes = tuple(change for each in list_shipped(deck) if (change := _change(deck, each, history)))
    if history is None:
        return Changes(None, notes, tuple(note_type.kind for note_type in NOTE_TYPES))
    note_types = tuple(
        note_type.kind
        for note_type in NOTE_TYPES
        if note_type.kind not in history.note_types
        or history.note_types[note_type.kind].digest != make_type_record(deck, note_type).digest
    )
    return Changes(history.last.version, notes, note_types)


def _change(deck: Deck, each: Shipped, history: History | None) -> Change | None:
    now = make_record(deck, each)
    text = each.note.text if isinstance(each.note, ClozeNote) else each.note.question
    asks = " ".join(to_plain_text(text.html).split())
    released = history.notes.get(now.guid) if history else None
    if history is None or released is None:
        return Change(now.id, now.guid, now.kind, asks, ("new",))
    if now.guid in history.retired:  # that is said once
        return None
    names = (*now.fields, *(name for name in released.fields if name not in now.fields))
    changed = tuple(name for name in names if now.fields.get(name) != released.fields.get(name))
    what = tuple(_what(each, now, released, set(changed)))
    shown = {each.note_type.released_name(name): name for name in each.note_type.fields}
    fields = tuple(FieldChange(shown.get(name, name)) for name in changed)
    return Change(now.id, now.guid, now.kind, asks, what, now.digest != released.digest, fields) if what else None


def _what(each: Shipped, now: NoteRecord, released: NoteRecord, fields: set[str]) -> Iterator[str]:
    if each.is_retired:
        yield "retired"
        return
    is_moved = now.section != released.section
    if _ASKED & fields:
        yield "reworded"
    if _ANSWERED & fields:
        yield "answer changed"
    details = fields - ({"Section"} if is_moved else set())
    if details and not (_ASKED | _ANSWERED) & fields:
        yield "details changed"
    if is_moved:
        yield "moved"


def add_texts(found: Changes, deck: Deck, package: Package) -> Changes:
    """Add to each field that changed what a person reads in it, before (in the released package) and after."""
    notes = {each.note.guid: each for each in list_shipped(deck)}
    return replace(found, notes=tuple(_with_texts(change, notes[change.guid], deck, package) for change in found.notes))


def _with_texts(change: Change, each: Shipped, deck: Deck, package: Package) -> Change:
    released = package.notes.get(change.guid)
    if released is None:
        return change
    # A field keeps its place, under whatever name.
    now = dict(zip((*each.note_type.fields, TAGS), collect_contents(deck, each).values(), strict=True))
    before = dict(zip_longest(each.note_type.fields, released.fields[: len(each.note_type.fields)], fillvalue=""))
    before[TAGS] = " ".join(released.tags)
    fields = (FieldChange(f.name, to_plain_text(before[f.name]), to_plain_text(now[f.name])) for f in change.fields)
    return replace(change, fields=tuple(fields))
