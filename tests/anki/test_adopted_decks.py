"""A deck that people study is taken over, and Anki finds in what the project makes what it found in the original."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.adopting import adopt, build_package, import_into_anki
from tests.helpers.originals import ORIGINALS


@pytest.mark.parametrize("name", ORIGINALS)
def test_what_the_project_makes_is_the_original_in_anki(name: str, tmp_path: Path) -> None:
    original = ORIGINALS[name]()
    adopt(original, tmp_path / "project")
    had = import_into_anki(tmp_path / "had", original)
    has = import_into_anki(tmp_path / "has", build_package(tmp_path / "project"))

    assert has.notes == had.notes
    assert has.note_types == had.note_types
    assert has.media == had.media
    assert has.decks == had.decks
