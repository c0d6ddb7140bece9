"""What an import would do to the open collection: the package held against what Anki has.

Anki updates a note whose moment in the package is later than its own, and so nothing that was edited in Anki since. It
gives all notes of a note type the present as their moment when that gets a field, and a note type with each import
through AnkiConnect. So a note that is in Anki as cardpress made it, and a note type, get a later moment in the package.
"""

from __future__ import annotations

from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from unicodedata import normalize

from cardpress.history.digests import digest_short
from cardpress.push.collection import Collection, KnownNote
from cardpress.push.contents import AnkiNoteType, Contents, Part, PushedNote


class Fate(Enum):
    """What becomes of a note of the package."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KEPT = "edited in Anki since, and kept"
    # Its note type has no field for a permanent id, and its first field is none that Anki has.
    UNKNOWN = "new, or updated: AnkiConnect does not tell"


@dataclass(frozen=True, slots=True)
class PlannedNote:
    """What becomes of a note. `known` is its id in Anki, `new_cards` counts the cards that it gets.

    `moment` is the one that it needs in the package, None where its own will do.
    """

    note: PushedNote
    fate: Fate
    known: int | None = None
    new_cards: int = 0
    moment: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedType:
    """What becomes of a note type: whether it is new, and else what changes, in words.

    `forces_full_sync` says that the next sync of the collection has to be a full one, `moment` as for a note.
    """

    name: str
    is_new: bool = False
    changes: tuple[str, ...] = ()
    forces_full_sync: bool = False
    moment: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `note_types` are by their ids."""

    notes: tuple[PlannedNote, ...]
    note_types: Mapping[int, PlannedType]

    def list(self, fate: Fate) -> tuple[PlannedNote, ...]:
        """Return the notes that something becomes of, in the package's order."""
        return tuple(each for each in self.notes if each.fate is fate)

    @property
    def new_cards(self) -> int:
        """How many cards are added, without those of notes that may be new or not."""
        return sum(each.new_cards for each in self.notes)

    @property
    def changes_nothing(self) -> bool:
        """Whether the collection has everything already, as far as it takes it."""
        done = all(each.fate in (Fate.UNCHANGED, Fate.KEPT) and not each.new_cards for each in self.notes)
        return done and not any(each.is_new or each.changes for each in self.note_types.values())


@dataclass(slots=True)
class _Matches:
    """Which note of the package is which in Anki. What is not matched yet stands in `left`."""

    left: dict[int, KnownNote]
    found: dict[str, KnownNote] = field(default_factory=dict)

    def add(self, note: PushedNote, known: KnownNote) -> None:
        self.found[note.guid] = known
        self.left.pop(known.id, None)


def make_plan(contents: Contents, collection: Collection, unedited: Group[str] = frozenset()) -> Plan:
    """Return what importing a package would do.

    `unedited` are the GUIDs of notes that are known not to have been edited in Anki, whatever their moments are.
    """
    types = {number: _plan_type(each, collection) for number, each in contents.note_types.items()}
    matches = _match(contents, collection)
    unmatched = {known.note_type for known in matches.left.values()}
    families = {number: {number, *_list_forks(number, collection)} for number in contents.note_types}

    def plan(note: PushedNote) -> PlannedNote:
        known = matches.found.get(note.guid)
        if known is None:
            is_sure = note.note_type in contents.ids or not families[note.note_type] & unmatched
            return (
                PlannedNote(note, Fate.NEW, new_cards=len(note.cards)) if is_sure else PlannedNote(note, Fate.UNKNOWN)
            )
        return _plan_known(contents, collection, note, known, is_unedited=note.guid in unedited)

    return Plan(tuple(map(plan, contents.notes)), types)


# --- note types ---------------------------------------------------------------------------------------------------


def _plan_type(pushed: AnkiNoteType, collection: Collection) -> PlannedType:
    known = collection.note_types.get(pushed.id)
    if known is None:
        return PlannedType(pushed.name, is_new=True)
    added = [each.name for each in pushed.fields if _find(each, known.fields) is None]
    new_cards = [each.name for each in pushed.templates if _find(each, known.templates) is None and not known.is_cloze]
    forks = [collection.note_types[number].name for number in _list_forks(pushed.id, collection)]
    changes = [
        *([f"is called `{known.name}` now"] if known.name != pushed.name else []),
        *(f"gets the field `{name}`" for name in added),
        *(f"gets the card template `{name}`" for name in new_cards),
        *(f"takes the notes of `{name}`, which goes" for name in forks),
        *(["other names of fields"] if _are_renamed(pushed.fields, known.fields) else []),
        *(["other card templates"] if _differ(pushed, known) else []),
        *(["other style"] if pushed.css != known.css else []),
    ]
    # As Anki has it, a note type that is not newer adds what is missing, and changes nothing that is there.
    moment = known.modified + 1 if changes and known.modified >= pushed.modified else None
    return PlannedType(pushed.name, False, tuple(changes), bool(added or new_cards or forks), moment)


def _list_forks(number: int, collection: Collection) -> list[int]:
    """Return the note types that Anki made of one on a conflict, which the import merges into it again."""
    return sorted(each.id for each in collection.note_types.values() if each.original == number and each.id != number)


def _find(part: Part, parts: Sequence[Part]) -> int | None:
    """Return the place of what Anki takes for the same, None when it has no such thing."""
    return next((place for place, each in enumerate(parts) if each.is_same(part)), None)


def _are_renamed(pushed: Sequence[Part], known: Sequence[Part]) -> bool:
    places = ((each, _find(each, known)) for each in pushed)
    return any(place is not None and known[place].name != each.name for each, place in places)


def _differ(pushed: AnkiNoteType, known: AnkiNoteType) -> bool:
    """Return whether a card template that Anki has is another in the package."""
    places = ((each, _find(each, known.templates)) for each in pushed.templates)
    pairs = ((each, known.templates[place]) for each, place in places if place is not None)
    return any((one.name, one.front, one.back) != (other.name, other.front, other.back) for one, other in pairs)


# --- notes --------------------------------------------------------------------------------------------------------


def _match(contents: Contents, collection: Collection) -> _Matches:
    """Find each note of the package in Anki: by its permanent id, where its note type has a field for it, or by text.

    A copy that a learner made of a note has its texts, and a later number.
    """
    matches = _Matches({note.id: note for note in sorted(collection.notes.values(), key=lambda note: note.id)})
    by_id: dict[tuple[int, str | None], KnownNote] = {}
    by_text: dict[tuple[int, tuple[str | None, ...]], KnownNote] = {}
    by_first: dict[tuple[int, str | None], KnownNote] = {}
    for known in matches.left.values():
        number = _get_pushed_type(known, contents, collection)
        fields = _align(known, number, contents, collection) if number is not None else None
        if number is None or fields is None:
            continue
        place = contents.ids.get(number)
        if place is not None:
            by_id.setdefault((number, fields[place]), known)
        else:
            by_text.setdefault((number, fields), known)
            by_first.setdefault((number, fields[0]), known)
    for note in contents.notes:
        place = contents.ids.get(note.note_type)
        if place is not None:
            key = note.note_type, note.fields[place]
            bare = collection.cardless.get(key, 0)
            known_note = by_id.get(key) or collection.notes.get(bare)
        else:
            known_note = by_text.get((note.note_type, tuple(map(_normal, note.fields))))
        if known_note is not None and known_note.id in matches.left:
            matches.add(note, known_note)
    for note in contents.notes:
        known_note = by_first.get((note.note_type, _normal(note.fields[0])))
        if note.guid not in matches.found and known_note is not None and known_note.id in matches.left:
            matches.add(note, known_note)
    return matches


def _get_pushed_type(known: KnownNote, contents: Contents, collection: Collection) -> int | None:
    """Return the id of the package's note type that a note in Anki is of, or is of a fork of."""
    if known.note_type in contents.note_types:
        return known.note_type
    has = collection.note_types.get(known.note_type)
    return has.original if has and has.original in contents.note_types else None


def _align(known: KnownNote, number: int, contents: Contents, collection: Collection) -> tuple[str | None, ...] | None:
    """Return a note's fields in the order of the package's note type, None for one that Anki does not have."""
    if known.fields is None:
        return None
    has = collection.note_types[known.note_type].fields
    places = (_find(each, has) for each in contents.note_types[number].fields)
    texts = known.fields
    return tuple(_normal(texts[place]) if place is not None and place < len(texts) else None for place in places)


def _normal(text: str) -> str:
    return normalize("NFC", text)


def _plan_known(
    contents: Contents, collection: Collection, note: PushedNote, known: KnownNote, *, is_unedited: bool
) -> PlannedNote:
    has = collection.note_types.get(known.note_type)
    cards = len(set(_map_cards(note, contents.note_types[note.note_type], has)) - known.cards)
    fields = _align(known, note.note_type, contents, collection) if known.fields is not None else None
    is_newer = note.modified > known.modified
    if is_newer and known.note_type == note.note_type:
        fate = Fate.UPDATED
    elif fields is None:
        fate = Fate.UPDATED if is_unedited or is_newer else Fate.UNCHANGED
    elif _is_as_pushed(note, fields, known.tags):
        fate = Fate.UNCHANGED
    else:
        is_ours = _was_made_before(contents, note, fields, known.tags) and not _has_own_words(
            contents, note, known, has
        )
        fate = Fate.UPDATED if is_unedited or is_newer or is_ours else Fate.KEPT
    moment = known.modified + 1 if fate is Fate.UPDATED and not is_newer else None
    return PlannedNote(note, fate, known.id, cards, moment)


def _map_cards(note: PushedNote, pushed: AnkiNoteType, known: AnkiNoteType | None) -> Iterator[int]:
    """Yield the numbers that a note's cards have in Anki; below 0, those of card templates that it does not have."""
    for number in note.cards:
        if known is None or known.is_cloze:
            yield number
        else:
            place = _find(pushed.templates[number], known.templates)
            yield place if place is not None else -1 - number


def _is_as_pushed(note: PushedNote, fields: Sequence[str | None], tags: Iterable[str]) -> bool:
    """Return whether Anki has a note as the package has it. A field that it does not have counts as empty."""
    same = all((text or "") == _normal(pushed) for text, pushed in zip(fields, note.fields, strict=True))
    return same and _fold(tags) == _fold(note.tags)


def _was_made_before(contents: Contents, note: PushedNote, fields: Sequence[str | None], tags: Sequence[str]) -> bool:
    """Return whether Anki has a note as a release or preview had it, which nobody has edited."""
    versions = contents.versions[note.note_type]
    texts = [text for place, text in enumerate(fields) if text is not None and place not in versions]
    # Anki sorts tags, and writes one in other capitals as the collection has it.
    joined = {
        " ".join(each) for each in (tags, sorted(tags), *([note.tags] if _fold(tags) == _fold(note.tags) else []))
    }
    made_before = contents.past.digests.get(note.guid, frozenset())
    return any(digest_short(*texts, each) in made_before for each in joined)


def _has_own_words(contents: Contents, note: PushedNote, known: KnownNote, has: AnkiNoteType | None) -> bool:
    """Return whether there is anything in a field that a learner added to the note type, which an update empties."""
    ours = contents.note_types[note.note_type].fields
    pairs = zip(has.fields, known.fields or (), strict=False) if has else ()
    return any(text and _find(part, ours) is None for part, text in pairs)


def _fold(tags: Iterable[str]) -> frozenset[str]:
    return frozenset(_normal(tag).casefold() for tag in tags)
