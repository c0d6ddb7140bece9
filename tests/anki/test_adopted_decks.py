"""A deck that people study is taken over, and Anki finds in what the project makes what it found in the original."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.helpers.adopting import adopt, build_package, import_into_anki
from tests.helpers.originals import ORIGINALS


@pytest.mark.parametrize("name", ORIGINALS)
def test_what_the_project_makes_is_the_original_in_anki(name: str, tmp_path: Path) -> None:
    original = ORIGINALS[name]()
    made = adopt(original, tmp_path / "project")
    had = import_into_anki(tmp_path / "had", original)
    has = import_into_anki(tmp_path / "has", build_package(tmp_path / "project"))

    # A package has all cards of a note in one deck. Of a filtered deck in a package, Anki makes one of its own.
    odd = {"Cram", "[no deck]"}
    moved = {guid for guid, note in had.notes.items() if len(decks := list_decks(note)) > 1 or decks & odd}
    left_out = [loss for loss in made.adopted.losses if loss.what.startswith("left out")]
    gone = {"", "no-cards"} if name == "by hand" else set()  # no GUID, and no card
    assert len(had.notes.keys() - has.notes.keys()) == len(left_out) == len(gone)
    assert not gone & has.notes.keys()
    assert has.notes.keys() <= had.notes.keys()
    for guid, note in ((guid, note) for guid, note in had.notes.items() if guid in has.notes):
        if guid == "more-cards":  # it gets the card that Anki makes of it, which is told
            continue
        assert without_decks(has.notes[guid]) == without_decks(note)
        assert guid in moved or list_decks(has.notes[guid]) == list_decks(note)
    assert ("el pez" in [loss.where for loss in made.adopted.losses]) == name.startswith("Anki")
    assert has.note_types.keys() == had.note_types.keys()
    for kind, note_type in had.note_types.items():
        assert has.note_types[kind] == note_type, kind
    assert has.media == had.media
    assert {*has.decks, "Cram", "Languages::Recall"} == {*had.decks, "Cram", "Languages::Recall"}


def list_decks(note: tuple[Any, ...]) -> set[str]:
    """Return the names of the decks of a note's cards."""
    return {deck for _, deck in note[-1]}


def without_decks(note: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a note with the numbers of its cards alone."""
    return (*note[:-1], [number for number, _ in note[-1]])
