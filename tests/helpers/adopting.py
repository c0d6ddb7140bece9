"""Take over decks in tests: make projects of packages, build them, and see what Anki has of either."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cardpress.adopt.making import Made, write_project
from cardpress.adopt.original_projects import make_project
from cardpress.adopt.wishes import Wish
from cardpress.anki.original import Original
from cardpress.anki.original_package import read_original
from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from tests.helpers.anki_collection import learning

TODAY = "2026-11-27"


def adopt(package: bytes, folder: Path, *, language: str = "") -> Made:
    """Make a project of a package in a new folder."""
    return adopt_original(read_original(package), package, folder, language=language)


def adopt_original(original: Original, package: bytes | None, folder: Path, *, language: str = "") -> Made:
    """Make a project of an original in a new folder."""
    return write_project(folder, make_project(original, package, Wish("my-deck", "My deck", language, TODAY)))


def build_package(project: Path) -> bytes:
    """Return the package that a project makes, which has no errors."""
    result = build_project(Options(project, project.with_name(f"{project.name}-out"), ("apkg",)), NoProgress())
    assert not result.failed(strict=False), result.diagnostics
    return next(each.data for each in result.artifacts if each.name.endswith(".apkg"))


@dataclass(frozen=True)
class InAnki:
    """What Anki has of packages: notes by GUID, note types by name, the names of decks, and digests of files."""

    notes: dict[str, tuple[Any, ...]]
    note_types: dict[str, dict[str, Any]]
    decks: tuple[str, ...]
    media: dict[str, str]


def import_into_anki(folder: Path, *packages: bytes) -> InAnki:
    """Import packages one after another into an empty collection in a new folder, and return what is there."""
    with learning(folder) as learner:
        for package in packages:
            learner.take(package)
        collection = learner.collection
        notes = {}
        for note_id in collection.find_notes(""):
            note = collection.get_note(note_id)
            note_type = note.note_type()
            assert note_type is not None
            cards = tuple((card.ord, collection.decks.name(card.odid or card.did)) for card in note.cards())
            notes[note.guid] = (tuple(note.fields), tuple(note.tags), note_type["name"], note.mod, cards)
        types = {each["name"]: _look(each) for each in collection.models.all() if collection.models.use_count(each)}
        decks = tuple(sorted(each.name for each in collection.decks.all_names_and_ids()))
        files = Path(collection.media.dir()).iterdir()
        media = {normalize("NFC", each.name): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}
        return InAnki(notes, types, decks, media)


def _look(note_type: Any) -> dict[str, Any]:
    of_type = ("id", "css", "type", "sortf", "latexPre", "latexPost", "latexsvg")
    # Anki gives another name to one that is called as its own are, which is a change.
    is_renamed = note_type["name"].endswith("+")
    of_fields = ("name", "font", "size", "rtl", "description", "plainText", "collapsed")
    return {
        **{key: note_type[key] for key in of_type},
        "modified": None if is_renamed else note_type["mod"],
        "stock kind": note_type.get("originalStockKind"),
        "fields": [{key: field[key] for key in of_fields} for field in note_type["flds"]],
        "cards": [(card["name"], card["qfmt"], card["afmt"]) for card in note_type["tmpls"]],
    }
