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

from cardpress.anki.card_templates import fill_card_template, join_css, write_spare_card
from cardpress.anki.fields import get_fields, list_card_numbers, write_description, write_plain
from cardpress.deck.names import DEFAULT, LEVELS, clean_name, disarm_name
from cardpress.deck.notes import Deck, DeckSection, Note
from cardpress.history.records import NameRecord
from cardpress.note_types import Field, NoteType, Spare
from cardpress.note_types.identity import make_number
from cardpress.note_types.in_anki import OCCLUSION_KIND, USUAL_FONT, FieldInAnki, TypeInAnki
from cardpress.publish.artifact import Artifact
from cardpress.wording import say_count
from cardpress.writers import Written
from cardpress.writers.apkg.archive import pack
from cardpress.writers.apkg.required import find_required

_MEDIA_TYPE = "application/vnd.anki"
# Where SQLite's file format keeps the number of the library version that wrote the file (its section 1.3.15).
_SQLITE_VERSION = slice(96, 100)
# What Anki knows its image occlusion by, beside the kind of note type that it was made as: tags of the first fields, of
# which its editor needs all but the last (its `rslib/src/image_occlusion/notetype.rs`).
_TAGS = range(5)
# That of Anki's own deck.
_DEFAULT_NUMBER = 1


def write(deck: Deck) -> Written:
    """Return `<id>.apkg`."""
    models = {note_type.kind: _Model(deck, note_type) for note_type in deck.note_types}
    positions = count(1)
    numbers = _number_subdecks(deck)
    root = genanki.Deck(_number_deck(deck), disarm_name(deck.names.name), write_description(deck))
    decks = []
    for section in deck.sections:
        number = numbers[section.id]
        name, description = disarm_name(section.names.name), write_plain(section.description)
        subdeck = root if number == root.deck_id else genanki.Deck(number, name, description)
        _fill(subdeck, section, models, positions)
        decks += [subdeck] if subdeck is not root else []
    if root.notes or not _is_elsewhere(deck):
        decks.insert(0, root)
    data = _zip(_database(genanki.Package(decks), deck.modified), deck)
    notes = [note for each in decks for note in each.notes]
    cards = sum(len(note.cards) for note in notes)
    # Retired notes have no cards in the package, so that there may be fewer cards than notes.
    retired = sum(len(section.retired) for section in deck.sections)
    said = f" ({retired} retired)" if retired else ""
    holds = f"{say_count(len(notes), 'note')}{said}, {say_count(cards, 'card')}"
    return Written((Artifact(f"{deck.id}.apkg", data, _MEDIA_TYPE, holds),))


def _number_deck(deck: Deck) -> int:
    """Return the deck's number in Anki."""
    return _find_number(deck.names, make_number(deck.id, "deck"))


def _find_number(names: NameRecord, made: int) -> int:
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


def _number_subdecks(deck: Deck) -> dict[str, int]:
    """Return the number of each section's subdeck. Sections of the same name share one, and may share the deck's.

    Their author wants it so, or two branches have released such sections. Anki would give one of two subdecks another
    name, now this one and now that.
    """
    numbers = {_fold(deck.names): _number_deck(deck)}
    for section in deck.sections:
        number = _find_number(section.names, make_number(deck.id, "section", section.id))
        numbers.setdefault(_fold(section.names), number)
    return {section.id: numbers[_fold(section.names)] for section in deck.sections}


def _fold(names: NameRecord) -> str:
    """Return a name of which Anki has one deck alone."""
    return unicodedata.normalize("NFC", names.name).casefold()


def _fill(subdeck: genanki.Deck, section: DeckSection, models: dict[str, _Model], positions: Iterator[int]) -> None:
    """Add the notes of a section to its subdeck."""
    for note in section.notes:
        for each in (note, *note.recall):
            subdeck.add_note(_Note(section, note, each, models[each.note_type.kind], next(positions)))
    for retired in section.retired:
        model = models[retired.note.note_type.kind]
        subdeck.add_note(_Note(section, retired.parent, retired.note, model, position=0))  # it has no cards to place


def _name_type(deck: Deck, note_type: NoteType) -> str:
    """Return a note type's name in Anki. One that learners have has that, whatever Anki makes of other titles."""
    name = deck.type_names[note_type.kind]
    return disarm_name(name if note_type.anki and note_type.anki.name == name else clean_name(name))


def _mark_field(field: Field, place: int | None) -> dict[str, Any]:
    """Return what Anki shall know of a field besides its name; `place` is its place in a type with masks."""
    mark = _describe_field(field.anki) if field.anki else {"font": USUAL_FONT}
    if place in _TAGS:
        return mark | {"tag": place, "preventDeletion": place != _TAGS[-1]}
    # Anki's editor shows a collapsed field as its name alone.
    return mark | ({"collapsed": True} if isinstance(field.holds, Spare) else {})


def _describe_field(anki: FieldInAnki) -> dict[str, Any]:
    """Return how Anki's editor shows a field that learners have."""
    more = {"description": anki.description, "collapsed": anki.is_collapsed, "plainText": anki.is_plain_text}
    shown = {"font": anki.font, "size": anki.size, "rtl": anki.is_right_to_left}
    return shown | {key: value for key, value in more.items() if value}


def _describe_type(note_type: NoteType) -> dict[str, Any]:
    """Return what Anki shall know of a note type beside its parts, as far as that is not what genanki writes."""
    anki = note_type.anki or TypeInAnki()
    latex = {"latexPre": anki.latex_before, "latexPost": anki.latex_after, "latexsvg": anki.is_latex_svg or None}
    kind = OCCLUSION_KIND if note_type.has_masks else anki.stock_kind
    more = {key: value for key, value in latex.items() if value is not None}
    return more | ({"originalStockKind": kind} if kind else {})


def _find_sort_field(note_type: NoteType) -> int:
    """Return the place of the field that Anki's browser sorts by, from 0."""
    keys = [field.key for field in note_type.fields]
    wanted = note_type.anki.sort_field if note_type.anki else ""
    return keys.index(wanted) if wanted and wanted in keys else 0


class _Model(genanki.Model):  # type: ignore[misc]  # genanki ships no types
    """A note type whose fields and templates carry permanent ids, so that a rename is not a conflict."""

    def __init__(self, deck: Deck, note_type: NoteType) -> None:
        templates = [(card, fill_card_template(deck, note_type, card)) for card in note_type.cards]
        self.more = _describe_type(note_type)
        self.is_adopted = note_type.is_adopted
        has_masks = self.more.get("originalStockKind") == OCCLUSION_KIND
        super().__init__(
            note_type.id(deck.id),
            _name_type(deck, note_type),
            fields=[
                {"name": field.name, "id": note_type.field_id(deck.id, field)}
                | _mark_field(field, place if has_masks else None)
                for place, field in enumerate(note_type.fields)
            ],
            templates=[
                {
                    "name": disarm_name(card.name),
                    "qfmt": front,
                    "afmt": back,
                    "id": note_type.template_id(deck.id, card),
                }
                for card, (front, back) in templates
            ],
            css=join_css(deck, note_type),
            model_type=genanki.Model.CLOZE if note_type.is_cloze else genanki.Model.FRONT_BACK,
            sort_field_index=_find_sort_field(note_type),
        )
        self.modified = deck.type_moments.get(note_type.kind, deck.modified)
        self._add_spare_cards(deck, note_type)

    def _add_spare_cards(self, deck: Deck, note_type: NoteType) -> None:
        """Add card templates that make no card, and say which fields each card needs: those need what cannot be."""
        fronts = (template["qfmt"] for template in self.templates)
        needs = find_required(fronts, [field.name for field in note_type.fields])
        for name in note_type.spare_cards:
            front, back = write_spare_card(note_type, name)
            needs.append([len(self.templates), "none", []])
            number = note_type.spare_card_id(deck.id, name)
            self.templates.append({"name": name, "qfmt": front, "afmt": back, "id": number})
        self.__dict__["_req"] = needs  # in the place of what genanki would work out

    def to_json(self, timestamp: float, deck_id: int) -> Any:
        made = super().to_json(self.modified, deck_id) | self.more
        if self.is_adopted:
            for field in made["flds"]:
                field.pop("media")  # which no Anki of these years has
        return made


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
