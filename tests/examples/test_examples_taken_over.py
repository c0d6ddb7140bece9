"""The packages of our own examples, with every kind of field, are taken over as decks of others are."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.anki.original_package import read_original
from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from tests.conftest import ROOT
from tests.helpers.adopting import adopt, build_package

EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if (path / "source").is_dir())


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_makes_the_same_notes_again(name: str, tmp_path: Path) -> None:
    made = build_project(Options(ROOT / "examples" / name, tmp_path / "out", ("apkg",)), NoProgress())
    package = next(each.data for each in made.artifacts if each.name.endswith(".apkg"))
    adopted = adopt(package, tmp_path / "project").adopted
    had, has = read_original(package), read_original(build_package(tmp_path / "project"))

    assert {note.guid: note for note in has.notes} == {note.guid: note for note in had.notes}
    assert {each.name for each in has.decks} >= {deck for note in had.notes for _, deck in note.cards}
    # The scripts of our cards are a stranger's there.
    assert {loss.where for loss in adopted.losses} == {f"note type {each.name}" for each in had.note_types}
    assert dict(has.media) == dict(had.media)
