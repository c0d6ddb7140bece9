"""What the open collection has of a package's note types and notes, as far as AnkiConnect tells.

It tells no GUIDs, by which Anki itself knows notes, and nothing but the time of change of a note without cards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cardpress.push.connection import AnkiConnect, PushError, Request, divide, read_number, unexpected
from cardpress.push.contents import AnkiNoteType, Contents, PushedNote, parse_note_type

_NOTES_AT_ONCE = 500
_NOTE_TYPES_AT_ONCE = 20
# A collection of more notes of these note types than packages may have is another's.
_MOST_NOTES = 500_000
# Anki makes ids of note types of the time in milliseconds; those of packages are mostly larger.
_LAST_OF_ANKI = 10_000_000_000_000


@dataclass(frozen=True, slots=True)
class KnownNote:
    """A note in the collection. `fields` are in the note type's order, None for a note without cards.

    `cards` are the numbers of its cards from 0 up, as far as the package may have them.
    """

    id: int
    note_type: int
    modified: int
    fields: tuple[str, ...] | None
    tags: tuple[str, ...]
    cards: frozenset[int]


@dataclass(frozen=True, slots=True)
class Collection:
    """What Anki has: the package's note types and those forked from them, and their notes, by id.

    `cardless` are the notes without cards that an id of a note finds, by the note type and that id. `cards` are the ids
    of all cards of these notes, `names` the ids of all note types in the collection, by their names.
    """

    note_types: Mapping[int, AnkiNoteType]
    notes: Mapping[int, KnownNote]
    cardless: Mapping[tuple[int, str], int]
    cards: frozenset[int]
    names: Mapping[str, int]


def require_profile(connection: AnkiConnect, wanted: str | None) -> str:
    """Return the name of the open profile. Raises PushError when it is not the wanted one, or none is open."""
    name = connection.ask("getActiveProfile")
    if not isinstance(name, str) or not name:
        raise PushError("Anki has no profile open; choose one in its window, and push again")
    if wanted is not None and name != wanted:
        profiles = connection.ask("getProfiles")
        if isinstance(profiles, list) and wanted not in profiles:
            raise PushError(f"Anki has no profile `{wanted}`; the open one is `{name}`")
        raise PushError(
            f"Anki has the profile `{name}` open, not `{wanted}`; use File → Switch Profile, and push again"
        )
    return name


def read_collection(connection: AnkiConnect, contents: Contents) -> Collection:
    """Return what the open collection has of a package's note types and notes."""
    known = connection.ask("modelNamesAndIds")
    if not isinstance(known, dict) or not all(type(each) is int for each in known.values()):
        raise unexpected("modelNamesAndIds")
    every = list(_read_note_types(connection, sorted(known.values())))
    ours = {each.id: each for each in every if {each.id, each.original} & contents.note_types.keys()}
    if not ours:
        return Collection({}, {}, {}, frozenset(), known)
    query = " OR ".join(f"mid:{number}" for number in sorted(ours))
    found = connection.ask_numbers("findNotes", query=query)
    if len(found) > _MOST_NOTES:
        raise PushError(f"the collection has more than {_MOST_NOTES:,} notes of the package's note types")
    cards = connection.ask_numbers("findCards", query=query)
    with_cards = set(connection.ask_numbers("cardsToNotes", cards=cards))
    numbers = _read_numbers(connection, contents, ours)
    by_name = {each.name: each.id for each in ours.values()}
    shown = [number for number in found if number in with_cards]
    notes = {note.id: note for note in _read_notes(connection, shown, by_name, numbers)}
    bare = sorted(set(found) - with_cards)
    cardless = _find_cardless(connection, contents, ours, bare, notes.values())
    types = {note: number for (number, _), note in cardless.items()}
    notes |= {note.id: note for note in _read_moments(connection, bare, types)}
    return Collection(ours, notes, cardless, frozenset(cards), known)


def refuse_strays(
    connection: AnkiConnect, contents: Contents, collection: Collection, new: Iterable[PushedNote]
) -> None:
    """Raise PushError when one of the notes that seem `new` is in Anki under a note type that is not the deck's.

    Anki knows it by its GUID, which AnkiConnect does not tell. It would merge the two note types, and all notes of the
    deck's would have their texts in other fields.
    """
    asked = {note.fields[0]: note.name for note in new}
    others = {number: name for name, number in collection.names.items() if number < _LAST_OF_ANKI}
    query = " OR ".join(f"mid:{number}" for number in sorted(others.keys() - collection.note_types.keys()))
    if not asked or not query:
        return
    ours = [number for number in connection.ask_numbers("findNotes", query=query) if contents.past.has_made(number)]
    for some in divide(sorted(ours), _NOTES_AT_ONCE):
        cards = connection.ask_numbers("findCards", query=f"nid:{','.join(map(str, some))}")
        with_cards = connection.ask_numbers("cardsToNotes", cards=cards)
        rows = connection.ask("notesInfo", notes=sorted(with_cards))
        try:
            found = [(row["modelName"], str(field["value"])) for row in rows if row for field in row["fields"].values()]
        except (KeyError, TypeError, AttributeError) as error:
            raise unexpected("notesInfo") from error
        for note_type, text in found:
            if text in asked:
                why = f"`{asked[text]}` is in Anki under the note type `{note_type}`, and Anki would mix up the fields"
                mend = "give it its own note type again (in the browser: Notes → Change Note Type), or delete it"
                raise PushError(f"{why}; {mend}, and push again")


def _read_note_types(connection: AnkiConnect, numbers: list[int]) -> Iterator[AnkiNoteType]:
    for some in divide(numbers, _NOTE_TYPES_AT_ONCE):
        models = connection.ask("findModelsById", modelIds=some)
        try:
            yield from [parse_note_type(model) for model in models]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise unexpected("findModelsById") from error


def _read_numbers(
    connection: AnkiConnect, contents: Contents, ours: Mapping[int, AnkiNoteType]
) -> dict[int, frozenset[int]]:
    """Return the numbers of the cards that notes have, by the notes' ids."""
    wanted: dict[int, int] = {}
    for note in contents.notes:
        wanted[note.note_type] = max(wanted.get(note.note_type, 0), *(each + 1 for each in note.cards), 0)
    pairs = []
    for each in ours.values():
        package = each.id if each.id in contents.note_types else each.original
        count = wanted.get(package or 0, 0) if each.is_cloze else len(each.templates)
        pairs += [(each.id, number) for number in range(count)]
    queries = (Request("findCards", {"query": f"mid:{number} card:{card + 1}"}) for number, card in pairs)
    cards = connection.ask_all_numbers(queries)
    notes = connection.ask_all_numbers(Request("cardsToNotes", {"cards": each}) for each in cards)
    found: dict[int, set[int]] = {}
    for (_, card), ids in zip(pairs, notes, strict=True):
        for number in ids:
            found.setdefault(number, set()).add(card)
    return {number: frozenset(numbers) for number, numbers in found.items()}


def _read_notes(
    connection: AnkiConnect, ids: list[int], note_types: Mapping[str, int], cards: Mapping[int, frozenset[int]]
) -> Iterator[KnownNote]:
    for some in divide(ids, _NOTES_AT_ONCE):
        rows = connection.ask("notesInfo", notes=some)
        try:
            # A note that was deleted since has nothing.
            yield from [_parse_note(row, note_types, cards) for row in rows if row]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise unexpected("notesInfo") from error


def _parse_note(row: Any, note_types: Mapping[str, int], cards: Mapping[int, frozenset[int]]) -> KnownNote:
    number = read_number(row["noteId"])
    fields = sorted(row["fields"].values(), key=lambda field: read_number(field["order"]))
    return KnownNote(
        id=number,
        note_type=note_types[row["modelName"]],
        modified=read_number(row["mod"]),
        fields=tuple(str(field["value"]) for field in fields),
        tags=tuple(map(str, row["tags"])),
        cards=cards.get(number, frozenset()),
    )


def _read_moments(connection: AnkiConnect, ids: list[int], note_types: Mapping[int, int]) -> Iterator[KnownNote]:
    """Yield notes without cards, of which AnkiConnect tells the moment of their last change alone."""
    for some in divide(ids, _NOTES_AT_ONCE):
        rows = connection.ask("notesModTime", notes=some)
        try:
            for row in filter(None, rows):
                number = read_number(row["noteId"])
                yield KnownNote(number, note_types.get(number, 0), read_number(row["mod"]), None, (), frozenset())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise unexpected("notesModTime") from error


def _find_cardless(
    connection: AnkiConnect,
    contents: Contents,
    ours: Mapping[int, AnkiNoteType],
    bare: Iterable[int],
    shown: Iterable[KnownNote],
) -> dict[tuple[int, str], int]:
    """Return the notes without cards that have the permanent id of one in the package, by note type and that id."""
    among = set(bare)
    if not among:
        return {}
    seen = {text for note in shown for text in note.fields or ()}
    asked = []
    for note in contents.notes:
        place = contents.ids.get(note.note_type)
        if place is None or note.note_type not in ours or note.fields[place] in seen:
            continue
        wanted = contents.note_types[note.note_type].fields[place]
        text = note.fields[place]
        name = next((field.name for field in ours[note.note_type].fields if field.is_same(wanted)), None)
        if name is not None:
            asked.append((note.note_type, text, f'mid:{note.note_type} "{_quote(name)}:{_quote(text)}"'))
    answers = connection.ask_all_numbers(Request("findNotes", {"query": query}) for _, _, query in asked)
    found = {}
    for (number, text, _), ids in zip(asked, answers, strict=True):
        if known := sorted(among.intersection(ids)):
            found[number, text] = known[0]
    return found


def _quote(text: str) -> str:
    """Return a text as Anki's search finds it, and nothing else."""
    return re.sub(r'([\\"*_:])', r"\\\1", text)
