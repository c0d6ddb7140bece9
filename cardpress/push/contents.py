"""What a package brings: its note types and notes, read from its own database, with the notes' names and digests."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from cardpress.anki.stamps import list_shipped
from cardpress.deck.notes import Deck
from cardpress.history.previews import Preview, to_preview_moment
from cardpress.history.records import History
from cardpress.note_types import Fact
from cardpress.push.connection import read_number
from cardpress.writers.apkg.archive import pack

_COLLECTION = "collection.anki2"
# Anki makes ids of the time in milliseconds; it came out in 2006. Packages before a first release are older.
_FIRST_OF_A_LEARNER = 1_000_000_000_000
# How far the ids in a package may go on from its moment.
_MOST_IDS = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """A field, by its name and its id, by which Anki knows it under any name; None where it has none."""

    name: str
    id: int | None

    def is_same(self, other: Part) -> bool:
        """Return whether Anki takes two fields, or two card templates, for one."""
        if self.id is not None and other.id is not None:
            return self.id == other.id
        return self.name == other.name


@dataclass(frozen=True, slots=True)
class CardTemplate(Part):
    """A card template: a name, an id, and the HTML of both sides."""

    front: str
    back: str


@dataclass(frozen=True, slots=True)
class AnkiNoteType:
    """A note type as Anki has it.

    `modified` is in seconds since 1970, `original` the id of the one that it was forked from, or its own.
    """

    id: int
    name: str
    is_cloze: bool
    modified: int
    fields: tuple[Part, ...]
    templates: tuple[CardTemplate, ...]
    css: str
    original: int | None


@dataclass(frozen=True, slots=True)
class PushedNote:
    """A note of the package. `name` is what its author calls it, `cards` are the numbers of its cards from 0 up."""

    guid: str
    name: str
    note_type: int
    modified: int
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    cards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """What releases and previews made of a deck before.

    `digests` are of each note, by GUID: a note that is so in Anki was not edited there. `moments` are those of all
    releases and of the last preview, in seconds since 1970, from which notes have their ids in Anki.
    """

    digests: Mapping[str, frozenset[str]]
    moments: tuple[int, ...]

    def has_made(self, note: int) -> bool:
        """Return whether a note with this id in Anki can be of a package of this deck."""
        if note < _FIRST_OF_A_LEARNER:
            return True
        *releases, preview = self.moments
        # Previews come in the seconds after the last release.
        spans = [(moment, moment + 1) for moment in releases[:-1]] + [(moment, preview + 1) for moment in releases[-1:]]
        return any(first * 1000 <= note < last * 1000 + _MOST_IDS for first, last in spans)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a package brings.

    `note_types` are by id. `ids` has the place of the field that holds a note's permanent id, for the note types that
    have one, and `versions` the places of fields that no digest counts. `past` is what was made before.
    """

    note_types: Mapping[int, AnkiNoteType]
    notes: tuple[PushedNote, ...]
    ids: Mapping[int, int]
    versions: Mapping[int, frozenset[int]]
    past: Past


def read_contents(deck: Deck, package: bytes, past: Past) -> Contents:
    """Return what the package of a deck brings."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        database = archive.read(_COLLECTION)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        models = json.loads(connection.execute("select models from col").fetchone()[0])
        rows = connection.execute("select id, guid, mid, mod, flds, tags from notes order by id").fetchall()
        cards: dict[int, list[int]] = {}
        for note, number in connection.execute("select nid, ord from cards order by nid, ord"):
            cards.setdefault(note, []).append(number)
    names = {each.note.guid: each.note.id for each in list_shipped(deck)}
    notes = tuple(
        PushedNote(
            guid, names[guid], mid, mod, tuple(flds.split("\x1f")), tuple(tags.split()), tuple(cards.get(nid, ()))
        )
        for nid, guid, mid, mod, flds, tags in rows
    )
    places = {
        each.id(deck.id): {
            fact: [place for place, field in enumerate(each.fields) if field.holds is fact]
            for fact in (Fact.ID, Fact.VERSION)
        }
        for each in deck.note_types
    }
    return Contents(
        {each.id: each for each in map(parse_note_type, models.values())},
        notes,
        {number: found[Fact.ID][0] for number, found in places.items() if found[Fact.ID]},
        {number: frozenset(found[Fact.VERSION]) for number, found in places.items()},
        past,
    )


def recall_past(history: History | None, before: Preview) -> Past:
    """Return what is known of releases and the previews since."""
    found: dict[str, set[str]] = {}
    for notes in (history.notes if history else {}, before.notes):
        for guid, each in notes.items():
            found.setdefault(guid, set()).add(each.digest)
    moments = [release.moment for release in history.releases] if history else []
    latest = to_preview_moment(history, before.number)
    return Past({guid: frozenset(digests) for guid, digests in found.items()}, (*moments, latest))


def parse_note_type(model: Any) -> AnkiNoteType:
    """Return a note type from Anki's JSON. Raises KeyError, TypeError or ValueError for another form."""
    original = model.get("originalId")
    return AnkiNoteType(
        id=read_number(model["id"]),
        name=str(model["name"]),
        is_cloze=model["type"] == 1,
        modified=read_number(model["mod"]),
        fields=tuple(Part(str(each["name"]), each.get("id")) for each in model["flds"]),
        templates=tuple(
            CardTemplate(str(each["name"]), each.get("id"), str(each["qfmt"]), str(each["afmt"]))
            for each in model["tmpls"]
        ),
        css=str(model["css"]),
        original=read_number(original) if original is not None else None,
    )


def raise_moments(package: bytes, notes: Mapping[str, int], note_types: Mapping[int, int]) -> bytes:
    """Return a package some of whose notes, by GUID, and note types, by id, were changed at other moments."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(members[_COLLECTION])
        models = json.loads(connection.execute("select models from col").fetchone()[0])
        for number, moment in note_types.items():
            models[str(number)]["mod"] = moment
        connection.execute("update col set models = ?", (json.dumps(models),))
        connection.executemany(
            "update notes set mod = ? where guid = ?", [(when, guid) for guid, when in notes.items()]
        )
        connection.commit()
        members[_COLLECTION] = connection.serialize()
    return pack(members)
