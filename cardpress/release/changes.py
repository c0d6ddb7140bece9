"""Finds what changed since the last release, and what it means for learners who have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from cardpress.anki.field_text import to_plain_text
from cardpress.anki.package import Package
from cardpress.anki.stamps import (
    Shipped,
    collect_contents,
    has_other_answers,
    list_shipped,
    make_record,
    make_type_record,
)
from cardpress.check.released import find_circles
from cardpress.deck.notes import Deck, Note
from cardpress.history.records import TAGS, History, NoteRecord, name_text
from cardpress.note_types import Fact, Holds, OcclusionPart, Spare

KINDS = ("new", "reworded", "answer changed", "picture changed", "details changed", "moved", "new cards", "retired")
# Where a picture stands, and the masks of one.
_PICTURED = (Holds.PICTURE, Holds.OCCLUSION, OcclusionPart.IMAGE)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field, or the note's `tags`, whose content changed. `add_texts` adds the plain texts, which are None before."""

    name: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How a note changed.

    `asks` is its question or cloze text without markup, `what` is one or more of KINDS, `updates` says whether Anki
    will update the note that learners have, `fields` are those that changed, and `is_question` tells questions from
    the notes below them. `noun` is what its note type calls a note. `cards` are the names of the cards that learners do
    not have of it yet: all of a new note's, otherwise those of new cloze deletions, new card templates and new flags.
    """

    id: str
    guid: str
    kind: str
    asks: str
    what: tuple[str, ...]
    updates: bool = False
    fields: tuple[FieldChange, ...] = ()
    is_question: bool = True
    noun: str = "a note"
    cards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Renaming:
    """A new title of the deck, or of a section. Anki keeps the `name` of its first release."""

    id: str
    old: str
    new: str
    name: str
    is_deck: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """A field or card that is added to a released note type, of this title. It takes the place of a spare one.

    `name` is its name in Anki, which may be that of the spare one, and `label` what readers call it.
    """

    title: str
    name: str
    spare: str
    is_card: bool
    label: str


@dataclass(frozen=True, slots=True)
class NewName:
    """A new name in Anki of a field or card of a released note type, a spare one that is taken included.

    `note_type` is the name in Anki of that, and `title` what authors call it.
    """

    note_type: str
    title: str
    old: str
    new: str
    is_card: bool
    is_spare: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed since the release `since`, which is None when nothing was released yet.

    `note_types` are those that are new or whose card templates or CSS changed, `new_types` those that are new,
    `titles` says what has another title, `additions` which fields and cards come to released note types, and `names`
    what has another name in Anki there. `exchanged` are the ids of notes that hold now all that another one did, with
    the id of that.
    """

    since: str | None
    notes: tuple[Change, ...]
    note_types: tuple[str, ...]
    titles: tuple[Renaming, ...] = ()
    new_types: tuple[str, ...] = ()
    additions: tuple[Addition, ...] = ()
    names: tuple[NewName, ...] = ()
    exchanged: Mapping[str, str] = field(default_factory=dict)
    # The titles of note types, by kind.
    type_titles: Mapping[str, str] = field(default_factory=dict)
    # Whether `since` is the deck that was taken over, which learners know by no version.
    is_from_elsewhere: bool = False

    @property
    def before(self) -> str:
        """What learners had before, in their words: a version, or the deck itself."""
        return "the deck as it was before" if self.is_from_elsewhere else self.since or "nothing"

    @property
    def is_empty(self) -> bool:
        """Whether Anki has nothing new for learners who have the last release."""
        return self.since is not None and not (
            self.notes or self.note_types or self.titles or self.additions or self.names
        )

    def count(self, what: str) -> int:
        """Return how many notes changed in this way, one of KINDS."""
        return sum(1 for change in self.notes if what in change.what)

    @property
    def updates(self) -> int:
        """How many notes Anki will update for learners who have the last release."""
        return sum(1 for change in self.notes if change.updates)

    @property
    def new_cards(self) -> int:
        """How many cards learners get in notes that they have."""
        return sum(len(change.cards) for change in self.notes if "new" not in change.what)

    @property
    def cards_of_new(self) -> int:
        """How many cards learners get in new notes."""
        return sum(len(change.cards) for change in self.notes if "new" in change.what)

    @property
    def designs(self) -> tuple[str, ...]:
        """The titles of note types of which learners have cards that will look otherwise."""
        changed = (kind for kind in self.note_types if kind not in self.new_types)
        return tuple(self.type_titles.get(kind, kind) for kind in changed)

    @property
    def size(self) -> str:
        """The smallest version step that the changes need: `minor` or `patch`.

        Nothing needs a `major` one, because no release costs learners anything: that step is the author's to take.
        """
        return "minor" if self.reasons else "patch"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What needs more than a patch, in words."""
        found = {
            "new notes": bool(self.count("new")),
            "a retired note": bool(self.count("retired")),
            "another card design": bool(self.designs),
            "another title of the deck": any(each.is_deck for each in self.titles),
        }
        return tuple(reason for reason, is_there in found.items() if is_there)


def find_changes(deck: Deck, history: History | None) -> Changes:
    """Return how a deck differs from what was released. Without a history, everything is new.

    After a merge, it differs from what learners of either branch have.
    """
    notes = tuple(change for each in list_shipped(deck) if (change := _find_change(deck, each, history)))
    type_titles = {note_type.kind: note_type.title for note_type in deck.note_types}
    if history is None:
        kinds = tuple(note_type.kind for note_type in deck.note_types)
        return Changes(None, notes, kinds, new_types=kinds, type_titles=type_titles)
    note_types = tuple(
        note_type.kind
        for note_type in deck.note_types
        if note_type.kind not in history.note_types
        or history.note_types[note_type.kind].digest != make_type_record(deck, note_type).digest
        or any(note_type.kind in side.note_types for side in history.sides)
    )
    new_types = tuple(kind for kind in note_types if kind not in history.note_types)
    versions = dict.fromkeys(side.version for side in history.sides) or (history.last.shipped_version,)
    return Changes(
        since=" or ".join(versions),
        notes=notes,
        note_types=note_types,
        titles=tuple(_find_titles(deck, history)),
        new_types=new_types,
        additions=tuple(_find_additions(deck, history)),
        names=tuple(_find_names(deck, history)),
        exchanged=_find_exchanged(deck, history, {change.guid for change in notes}),
        type_titles=type_titles,
        is_from_elsewhere=_is_from_elsewhere(deck, history),
    )


def _is_from_elsewhere(deck: Deck, history: History) -> bool:
    """Return whether a history has nothing but the deck that was taken over."""
    adopted = {each.kind for each in deck.note_types if each.is_adopted}
    return len(history.releases) == 1 and not adopted.isdisjoint(history.note_types)


def _find_exchanged(deck: Deck, history: History, changed: Set[str]) -> dict[str, str]:
    """Return notes that hold now all that another one did, which does not hold it any more, with the ids of these.

    `check` finds those that ask what another did. Notes may ask the same, and differ in what else they hold.
    """
    facts = {
        each.released_name for note_type in deck.note_types for each in note_type.fields if isinstance(each.holds, Fact)
    }

    def get_content(record: NoteRecord) -> tuple[object, ...]:
        held = tuple(sorted((name, digest) for name, digest in record.fields.items() if name not in facts))
        return record.kind, held

    shipped = [each for each in list_shipped(deck) if each.note.guid in changed]
    now = {each.note.guid: make_record(deck, each) for each in shipped}
    # A note that did not change still holds it, and what a retired one held is free.
    is_free = {each.note.guid for each in shipped if each.is_retired} | history.retired.keys()
    released = {guid: get_content(history.notes[guid]) for guid in now if guid in history.notes}
    times = Counter(map(get_content, history.notes.values()))
    held_by = {content: guid for guid, content in released.items() if times[content] == 1}
    leads = {guid: held_by.get(get_content(record)) for guid, record in now.items()}
    moved = {guid: other for guid, other in leads.items() if other is not None and leads[other] != other}
    circles = find_circles(moved)
    moved = {guid: other for guid, other in moved.items() if other not in is_free or guid in circles}
    # That one note has another's answer now is a change, unless that has a third one's.
    chained = moved.keys() & set(moved.values()) | {guid for guid, other in moved.items() if other in moved}
    return {now[guid].id: now[moved[guid]].id for guid in chained}


def _find_additions(deck: Deck, history: History) -> Iterator[Addition]:
    for note_type in deck.note_types:
        record = history.note_types.get(note_type.kind)
        fields = {number: name for name, number in record.spare_fields.items()} if record else {}
        cards = {number: name for name, number in record.spare_cards.items()} if record else {}
        for each in note_type.fields:
            number = note_type.field_id(deck.id, each)
            if number in fields and not isinstance(each.holds, Spare):
                label = each.label or each.key_in_words or each.name
                yield Addition(note_type.title, each.name, fields[number], is_card=False, label=label)
        for card in note_type.cards:
            number = note_type.template_id(deck.id, card)
            if number in cards:
                yield Addition(note_type.title, card.name, cards[number], is_card=True, label=card.name)


def _find_names(deck: Deck, history: History) -> Iterator[NewName]:
    for note_type in deck.note_types:
        record = history.note_types.get(note_type.kind)
        if record is None:
            continue
        # A history that does not say so is of a time in which the first card had its first name.
        first = record.first_card or note_type.cards[0].released_name
        fields = {number: name for name, number in {**record.fields, **record.personal_fields}.items()}
        cards = {record.template: first} | {number: name for name, number in record.more.items()}
        spare_fields = {number: name for name, number in record.spare_fields.items()}
        spare_cards = {number: name for name, number in record.spare_cards.items()}
        parts = [(note_type.field_id(deck.id, each), each.name, False) for each in note_type.fields]
        parts += [(note_type.template_id(deck.id, card), card.name, True) for card in note_type.cards]
        taken = {*record.from_spares.values(), *record.cards_from_spares.values()}
        found: dict[NewName, None] = {}
        for number, new, is_card in parts:
            known, spares = (cards, spare_cards) if is_card else (fields, spare_fields)
            here = known.get(number, spares.get(number, new))
            # After a merge, learners of each branch may know it by another name.
            named = [side.names.get(note_type.kind, {}).get(number, here) for side in history.sides] or [here]
            for old in (each for each in named if each != new):
                name = deck.type_names[note_type.kind]
                is_spare = number in spares or (old != here and old in taken)
                found[NewName(name, note_type.title, old, new, is_card, is_spare=is_spare)] = None
        yield from found


def _find_titles(deck: Deck, history: History) -> Iterator[Renaming]:
    if history.deck and history.deck.title != deck.title:
        yield Renaming(deck.id, history.deck.title, deck.title, deck.names.name, is_deck=True)
    for section in deck.sections:
        released = history.sections.get(section.id)
        if released and released.title != section.title:
            yield Renaming(section.id, released.title, section.title, section.names.name)


def _find_change(deck: Deck, each: Shipped, history: History | None) -> Change | None:
    guid = each.note.guid
    if history is None or not history.sides:
        released = history.notes.get(guid) if history else None
        return _change(deck, each, released, is_told=history is not None and guid in history.retired)
    changes = []
    cards: dict[int, str] = {}
    for side in history.sides:
        released = None if guid in side.lacks else side.notes.get(guid, history.notes.get(guid))
        # One that the other branch retired comes without cards. It is nothing new to study.
        if released or not (each.is_retired and guid in history.retired):
            notices = (field.released_name for field in each.note.note_type.fields if field.holds is Fact.NOTICE)
            own = side.notes.get(guid)
            is_told = guid in history.retired and (own is None or any(name in own.fields for name in notices))
            changes.append(_change(deck, each, released, is_told=is_told))
            cards |= {} if each.is_retired else _find_new_cards(each.note, released)
    return _join([change for change in changes if change], tuple(cards.values()))


def _join(changes: Sequence[Change], cards: tuple[str, ...]) -> Change | None:
    """Return the changes of a note for learners of several branches as one. `cards` are new to any of them."""
    if not changes:
        return None
    fields = tuple(dict.fromkeys(field for change in changes for field in change.fields))
    what = tuple(kind for kind in KINDS if any(kind in change.what for change in changes))
    updates = any(change.updates for change in changes)
    return replace(changes[0], what=what, updates=updates, fields=fields, cards=cards)


def _change(deck: Deck, each: Shipped, released: NoteRecord | None, *, is_told: bool) -> Change | None:
    """Return how a note differs from what was released. `is_told` says that learners know that it is retired."""
    now = make_record(deck, each)
    found = Change(
        id=now.id,
        guid=now.guid,
        kind=now.kind,
        asks=each.note.title,
        what=("new",),
        is_question=each.is_question,
        noun=each.note.note_type.noun,
        cards=() if each.is_retired else tuple(_find_new_cards(each.note, released).values()),
    )
    if released is None:
        return found
    names = (*now.fields, *(name for name in released.fields if name not in now.fields))
    changed = tuple(name for name in names if now.fields.get(name) != released.fields.get(name))
    what = tuple(_what(each, now, released, set(changed), is_told=is_told)) or ("new cards",) * bool(found.cards)
    shown = {name_text(field.released_name): name_text(field.name) for field in each.note.note_type.fields}
    fields = tuple(FieldChange(shown.get(name, name)) for name in changed)
    return replace(found, what=what, updates=now.digest != released.digest, fields=fields) if what else None


def _find_new_cards(note: Note, released: NoteRecord | None) -> dict[int, str]:
    """Return the names of the cards of a note that learners do not have of it, by their numbers."""
    cards = {card.number: card for card in note.cards()}
    if released is not None:
        has = released.deletions.__contains__ if note.note_type.is_cloze else released.has_card
        cards = {number: card for number, card in cards.items() if not has(number)}
    return {number: card.template.name for number, card in cards.items()}


def _what(each: Shipped, now: NoteRecord, released: NoteRecord, fields: set[str], *, is_told: bool) -> Iterator[str]:
    """Yield how a note changed. `is_told` says that an earlier release has told learners that it is retired."""
    if each.is_retired and not is_told:
        yield "retired"
        return
    is_moved = now.section != released.section and not each.is_retired
    note_type = each.note.note_type
    asked, answered = (
        {name_text(field.released_name) for field in part} for part in (note_type.asked, note_type.answered)
    )
    # What masks hide is told by their labels.
    pictured = {name_text(field.released_name) for field in note_type.fields if field.holds in _PICTURED}
    labels = {name_text(field.released_name) for field in note_type.fields if field.holds is OcclusionPart.LABELS}
    # Where no released mask is called otherwise, they changed with one that is new.
    is_added = bool(released.masks) and all(
        mask in now.masks and now.masks[mask].label == was.label for mask, was in released.masks.items()
    )
    (pictured if is_added else answered).update(labels)
    asked -= pictured
    # In a cloze text, the answers are part of what is asked.
    in_gaps = has_other_answers(each.note, now, released)
    if asked & fields and not in_gaps:
        yield "reworded"
    if answered & fields or in_gaps:
        yield "answer changed"
    if pictured & fields:
        yield "picture changed"
    titles = {field.released_name for field in note_type.fields if field.holds is Fact.SECTION}
    details = fields - (titles if is_moved else set())
    if details and not (asked | answered | pictured) & fields:
        yield "details changed"
    if is_moved:
        yield "moved"


def add_texts(found: Changes, deck: Deck, package: Package) -> Changes:
    """Return the changes with both texts of each changed field. The old one is from the released package."""
    notes = {each.note.guid: each for each in list_shipped(deck)}
    return replace(found, notes=tuple(_with_texts(change, notes[change.guid], package) for change in found.notes))


def _with_texts(change: Change, each: Shipped, package: Package) -> Change:
    released = package.notes.get(change.guid)
    if released is None:
        return change
    # A renamed field keeps its place, so fields are matched by place.
    names = [name_text(field.name) for field in each.note.note_type.fields]
    now = dict(zip((*names, TAGS), collect_contents(each).values(), strict=True))
    before = dict(zip_longest(names, released.fields[: len(names)], fillvalue=""))
    before[TAGS] = " ".join(released.tags)
    return replace(change, fields=tuple(_with_text(field, before, now) for field in change.fields))


def _with_text(field: FieldChange, before: Mapping[str, str], now: Mapping[str, str]) -> FieldChange:
    # A history that merges made may know a field by a name that the note type has no more.
    old, new = (to_plain_text(texts.get(field.name, "")) for texts in (before, now))
    return FieldChange(field.name, old, new)
