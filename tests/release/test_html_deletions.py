"""The numbers of released deletions in fields of HTML are permanent, in whichever field they stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.author import Author
from tests.helpers.diagnostics import problems
from tests.helpers.html_deletions import BACK, FRONT, GAPS, STYLE

MISSING, MOVED = "released-deletion-missing", "released-deletion-moved"
NOTE = {
    "id": "iron-gaps",
    "note_type": "gaps",
    "text": "<b>{{c1::Iron</b> melts}} at {{c2::1538}}",
    "extra": "{{c3::so}}",
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of a deck whose note was released with three deletions, in two fields."""
    project = tmp_path_factory.mktemp("cloze") / "project"
    folder = project / "templates" / "note-types" / "gaps"
    folder.mkdir(parents=True)
    for name, text in {"note-type.yaml": GAPS, "front.html": FRONT, "back.html": BACK, "style.css": STYLE}.items():
        (folder / name).write_text(text, encoding="utf-8")
    author = Author(project, {"metals": [dict(NOTE), {"id": "none", "note_type": "gaps", "text": "nothing"}]})
    author.release("1.0.0")
    return author.project


@pytest.mark.parametrize(
    ("text", "extra", "wanted"),
    [
        ("{{c1::<i>iron</i> melts}} at {{c2::1538::when}}", "{{c3::so}}", []),
        ("{{c1::Iron}} melts at {{c2::1540}} {{c4::more}}", "{{c3::or}}", []),
        ("{{c3::so}} at {{c2::1538}}", "{{c1::Iron melts}}", []),
        ("{{c1,5::Iron melts}} at {{c2::1538}}", "{{c3::so}}", []),
        ("{{c1::Iron melts}} at {{c2::1538}}", "so", [MISSING]),
        ("{{c1::Iron melts}} at {{c3::1538}}", "{{c2::so}}", [MOVED, MOVED]),
        ("Iron", "none", [MISSING, MISSING, MISSING]),
        ("Iron melts at {{c2::1538}} {{c1::open", "{{c3::so}}", [MISSING]),
    ],
)
def test_a_number_stays_where_it_was(text: str, extra: str, wanted: list[str], released: Path, tmp_path: Path) -> None:
    author = Author.of(shutil.copytree(released, tmp_path / "project"))
    author.find("iron-gaps").update(text=text, extra=extra)
    author.write()
    assert [each.code for each in problems(author.project)] == wanted


def test_the_history_has_them(released: Path) -> None:
    notes = {each.id: each for each in Author.of(released).history.notes.values()}
    assert list(notes["iron-gaps"].deletions) == [1, 2, 3]
    assert notes["none"].deletions == {}
