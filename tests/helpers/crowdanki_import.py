"""Imports a CrowdAnki folder into a collection of the real Anki, by the rules of CrowdAnki's importer.

These were read in CrowdAnki of June 2026. Its own importer, in the real Anki, does the same with our folders.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml
from anki.cards import Card
from anki.collection import Collection
from anki.decks import DeckDict, DeckId
from anki.models import NotetypeDict
from anki.notes import Note, NoteId

UUID = "crowdanki_uuid"
_OF_DECKS = ("__type__", "note_models", "deck_configurations", "children", "media_files", "notes", "deck_config_uuid")


def take_folder(collection: Collection, folder: Path) -> list[str]:
    """Import a folder, with what is ticked when the dialog opens. Return the note types that are asked about."""
    content = json.loads((folder / "deck.json").read_text(encoding="utf-8"))
    options = folder / "import_config.yaml"
    wanted = yaml.safe_load(options.read_bytes())["note_models"] if options.exists() else {}
    personal = {name: set(each["personal_fields"]) for name, each in wanted.items()}
    presets = {each[UUID]: _take_preset(collection, each) for each in content["deck_configurations"]}
    asked: list[str] = []
    types = {each[UUID]: _take_type(collection, each, asked) for each in content["note_models"]}
    _take_deck(collection, content, "", presets, types, personal)
    for path in sorted((folder / "media").iterdir()) if (folder / "media").exists() else ():
        collection.media.write_data(path.name, path.read_bytes())
    return asked


def _find(entries: list[Any], uuid: str) -> Any:
    return next((each for each in entries if each.get(UUID) == uuid), None)


def _without(entry: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


def _take_preset(collection: Collection, entry: Mapping[str, Any]) -> int:
    preset = _find(collection.decks.all_config(), entry[UUID]) or collection.decks.add_config(entry["name"])
    preset.update(_without(entry, "__type__"))
    collection.decks.update_config(preset)
    return int(preset["id"])


def _take_type(collection: Collection, entry: Mapping[str, Any], asked: list[str]) -> NotetypeDict:
    known = _find(collection.models.all(), entry[UUID])
    before = known or collection.models.new(entry["name"])
    merged = {**before, **_without(entry, "__type__")}
    if known is None:
        collection.models.add(merged)
        return merged
    if any(_sorted(known[part]) != _sorted(entry[part]) for part in ("flds", "tmpls")):
        asked.append(entry["name"])
    collection.models.update(merged)
    return merged


def _sorted(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _take_deck(
    collection: Collection,
    entry: Mapping[str, Any],
    parent: str,
    presets: Mapping[str, int],
    types: Mapping[str, NotetypeDict],
    personal: Mapping[str, set[str]],
) -> None:
    decks = collection.decks
    name = f"{parent}::{entry['name']}" if parent else entry["name"]
    known = _find(decks.all(), entry[UUID])
    taken = decks.id_for_name(name)
    if taken and (known is None or known["id"] != taken):
        name = next(new for new in _number(name) if decks.id_for_name(new) is None)
    deck: DeckDict = known or decks.get(decks.id(name) or DeckId(0)) or {}
    deck.update(_without(entry, *_OF_DECKS))
    deck["name"], deck["conf"] = name, presets[entry["deck_config_uuid"]]
    decks.save(deck)
    for child in entry["children"]:
        _take_deck(collection, child, name, presets, types, personal)
    for note in entry["notes"]:
        _take_note(collection, note, DeckId(deck["id"]), types[note["note_model_uuid"]], personal)


def _number(name: str) -> Iterator[str]:
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1


def _take_note(
    collection: Collection,
    entry: Mapping[str, Any],
    deck: DeckId,
    note_type: NotetypeDict,
    personal: Mapping[str, set[str]],
) -> None:
    assert collection.db is not None
    known = collection.db.scalar("select id from notes where guid = ?", entry["guid"])
    note = Note(collection, id=NoteId(known)) if known else Note(collection, note_type)
    if known:
        assert note.mid == note_type["id"], "it would be asked how a note is moved to another note type"
    own = personal.get(note_type["name"], set())
    kept = {place: note.fields[place] for place, field in enumerate(note_type["flds"]) if field["name"] in own}
    note.guid, note.tags = entry["guid"], list(entry["tags"])
    note.fields = [kept.get(place, text) for place, text in enumerate(entry["fields"])]
    if not known:
        collection.add_note(note, deck)
        return
    collection.update_note(note)
    for card in note.cards():
        _move(card, deck)


def _move(card: Card, deck: DeckId) -> None:
    if card.odid:
        card.odid = deck
    else:
        card.did = deck
    card.col.update_card(cast("Any", card))
