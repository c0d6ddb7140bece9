"""The Anki package, made by genanki: permanent ids, a time of change for each note, the same bytes every time."""

from __future__ import annotations

import json
import sqlite3
import struct
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from typing import Any

import genanki

from cardpress.anki.card_templates import join_css
from cardpress.anki.fields import get_fields, list_card_numbers, write_description, write_plain
from cardpress.anki.models import (
    describe_type,
    find_sort_field,
    write_cards,
    write_fields,
    write_name,
    write_spare_cards,
)
from cardpress.deck.names import DEFAULT, LEVELS, disarm_name
from cardpress.deck.notes import Deck, DeckSection, Note
from cardpress.history.records import DeckRecord, NameRecord
from cardpress.note_types import NoteType
from cardpress.note_types.identity import make_number
from cardpress.publish.artifact import Artifact
from cardpress.wording import say_count
from cardpress.writers import Written
from cardpress.writers.apkg.archive import pack
from cardpress.writers.apkg.required import find_required

_MEDIA_TYPE = "application/vnd.anki"
# Where SQLite's file format keeps the number of the library version that wrote the file (its section 1.3.15).
_SQLITE_VERSION = slice(96, 100)
# That of Anki's own deck.
_DEFAULT_NUMBER = 1


def write(deck: Deck) -> Written:
    """Return `<id>.apkg`."""
    models = {note_type.kind: _Model(deck, note_type) for note_type in deck.note_types}
    positions = count(1)
    numbers = _number_decks(deck)
    root = genanki.Deck(numbers[_fold(deck.names.name)], disarm_name(deck.names.name), write_description(deck))
    decks = []
    for section in deck.sections:
        number = numbers[_fold(section.names.name)]
        name, description = disarm_name(section.names.name), write_plain(section.description)
        subdeck = root if number == root.deck_id else genanki.Deck(number, name, description)
        _fill(subdeck, section, models, numbers, positions)
        decks += [subdeck] if subdeck is not root else []
    if root.notes or not _is_elsewhere(deck):
        decks.insert(0, root)
    decks += _list_card_decks(deck, numbers, {each.deck_id for each in decks})
    data = _zip(_database(genanki.Package(decks), deck.modified), deck)
    notes = [note for each in decks for note in each.notes]
    cards = sum(len(note.cards) for note in notes)
    # Retired notes have no cards in the package, so that there may be fewer cards than notes.
    retired = sum(len(section.retired) for section in deck.sections)
    said = f" ({retired} retired)" if retired else ""
    holds = f"{say_count(len(notes), 'note')}{said}, {say_count(cards, 'card')}"
    return Written((Artifact(f"{deck.id}.apkg", data, _MEDIA_TYPE, holds),))


def _find_number(names: NameRecord | DeckRecord, made: int) -> int:
    """Return the number of a deck: the one that learners have, or else the one that is made of its id.

    A deck of the name of Anki's own is that one, under its number: under another, Anki would call it otherwise.
    """
    if names.number is None:
        return _DEFAULT_NUMBER if names.name.casefold() == DEFAULT else made
    return names.number


def _is_elsewhere(deck: Deck) -> bool:
    """Return whether all sections are in decks of other names, as those of several decks that were taken over.

    The deck itself would be an empty one that learners did not have.
    """
    name = deck.names.name.casefold()
    names = [section.names.name.casefold() for section in deck.sections]
    return bool(names) and not any(each == name or each.startswith(f"{name}{LEVELS}") for each in names)


def _number_decks(deck: Deck) -> dict[str, int]:
    """Return the number of each deck by its name. Sections of the same name share one, and may share the deck's.

    Their author wants it so, or two branches have released such sections. Anki would give one of two subdecks another
    name, now this one and now that.
    """
    numbers = {_fold(deck.names.name): _find_number(deck.names, make_number(deck.id, "deck"))}
    for section in deck.sections:
        number = _find_number(section.names, make_number(deck.id, "section", section.id))
        numbers.setdefault(_fold(section.names.name), number)
    for section in deck.sections:
        for template, each in section.names.card_decks.items():
            number = _find_number(each, make_number(deck.id, "section", section.id, "cards", template))
            numbers.setdefault(_fold(each.name), number)
    return numbers


def _list_card_decks(deck: Deck, numbers: dict[str, int], known: set[int]) -> Iterator[genanki.Deck]:
    """Yield the decks that have cards of some card templates and no note of their own."""
    for section in deck.sections:
        for template, each in section.names.card_decks.items():
            number = numbers[_fold(each.name)]
            if number not in known:
                known.add(number)
                yield genanki.Deck(number, disarm_name(each.name), write_plain(section.card_decks.get(template, "")))


def _fold(name: str) -> str:
    """Return a name of which Anki has one deck alone."""
    return unicodedata.normalize("NFC", name).casefold()


def _fill(
    subdeck: genanki.Deck,
    section: DeckSection,
    models: dict[str, _Model],
    numbers: dict[str, int],
    positions: Iterator[int],
) -> None:
    """Add the notes of a section to its subdeck."""
    for note in section.notes:
        for each in (note, *note.recall):
            made = _Note(section, note, each, models[each.note_type.kind], next(positions))
            subdeck.add_note(made)
            if section.names.card_decks:
                made.cards = [_Card(number, numbers[_fold(name)]) for number, name in _list_cards(section, each)]
    for retired in section.retired:
        model = models[retired.note.note_type.kind]
        subdeck.add_note(_Note(section, retired.parent, retired.note, model, position=0))  # it has no cards to place


def _list_cards(section: DeckSection, note: Note) -> Iterator[tuple[int, str]]:
    """Yield the number of each card of a note, and the name of its deck."""
    for number in list_card_numbers(note):
        yield number, section.find_deck(note.note_type.cards[0 if note.note_type.is_cloze else number - 1])


class _Model(genanki.Model):  # type: ignore[misc]  # genanki ships no types
    """A note type whose fields and templates carry permanent ids, so that a rename is not a conflict."""

    def __init__(self, deck: Deck, note_type: NoteType) -> None:
        super().__init__(
            note_type.id(deck.id),
            write_name(deck, note_type),
            fields=write_fields(deck, note_type),
            templates=write_cards(deck, note_type),
            css=join_css(deck, note_type),
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
            sort_field_index=find_sort_field(note_type),
        )
        self.more = describe_type(note_type)
        self.is_adopted = note_type.is_adopted
        self.modified = deck.type_moments.get(note_type.kind, deck.modified)
        self._add_spare_cards(deck, note_type)

    def _add_spare_cards(self, deck: Deck, note_type: NoteType) -> None:
        """Add card templates that make no card, and say which fields each card needs: those need what cannot be."""
        fronts = (template["qfmt"] for template in self.templates)
        needs = find_required(fronts, [field.name for field in note_type.fields])
        for card in write_spare_cards(deck, note_type):
            needs.append([len(self.templates), "none", []])
            self.templates.append(card)
        self.__dict__["_req"] = needs  # in the place of what genanki would work out

    def to_json(self, timestamp: float, deck_id: int) -> Any:
        made = super().to_json(self.modified, deck_id) | self.more
        if self.is_adopted:
            for field in made["flds"]:
                field.pop("media")  # which no Anki of these years has
        return made


class _Card(genanki.Card):  # type: ignore[misc]  # genanki ships no types
    """A card in a deck that need not be that of its note's other cards."""

    def __init__(self, number: int, deck: int) -> None:
        super().__init__(number - 1)
        self.deck = deck

    def write_to_db(
        self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, note_id: int, id_gen: Iterator[int], due: int = 0
    ) -> None:
        super().write_to_db(cursor, timestamp, self.deck, note_id, id_gen, due)


class _Note(genanki.Note):  # type: ignore[misc]  # genanki ships no types
    """A note with its own GUID, its own modification time, and its place in the deck's order."""

    def __init__(self, section: DeckSection, parent: Note, note: Note, model: _Model, position: int) -> None:
        super().__init__(
            model=model,
            fields=list(get_fields(section, parent, note).values()),
            guid=note.guid,
            tags=list(note.tags),
            due=position,
        )
        self.modified = note.stamp.modified
        # genanki's own pattern for deletions does not find nested ones.
        self.cards = [genanki.Card(number - 1) for number in list_card_numbers(note)]

    def _check_invalid_html_tags_in_fields(self) -> None:
        """Say nothing of HTML: rules have looked at it, and what learners have is as it is."""

    def write_to_db(self, cursor: sqlite3.Cursor, timestamp: float, deck_id: int, id_gen: Iterator[int]) -> None:
        super().write_to_db(cursor, self.modified, deck_id, id_gen)


def _database(package: genanki.Package, moment: int) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA page_size = 4096")
        package.write_to_db(connection.cursor(), moment, count(moment * 1000))
        connection.commit()
        data = bytearray(connection.serialize())
    # SQLite's version, the only part of the file that depends on the machine. SQLite ignores it when it reads.
    data[_SQLITE_VERSION] = struct.pack(">I", 3_040_000)
    return bytes(data)


def _zip(database: bytes, deck: Deck) -> bytes:
    """Return the package: its members in a fixed order, with a fixed date, compressed alike on every machine."""
    media = deck.list_media_of_anki()
    index = {str(number): picture.name for number, picture in enumerate(media)}
    members = {
        "collection.anki2": database,
        **{str(number): picture.data for number, picture in enumerate(media)},
        "media": json.dumps(index).encode(),
    }
    return pack(members)
