"""Learners who studied a deck of another program import the first and the second release of it, and lose nothing."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import pytest

from cardpress.anki.package import pack_anew
from cardpress.cli.main import run
from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.diagnostics.reports.text import as_text
from cardpress.history.records import History, parse
from cardpress.pipeline import Options
from cardpress.progress import NoProgress
from cardpress.release.make import Request, make_release
from cardpress.release.rehearsal import rehearse
from tests.helpers.originals import ORIGINALS, messy_package
from tests.helpers.students import Student, students

# What each release changes in a text of the deck.
EDITS = {
    "Anki, collection.anki2, with scheduling": ("A weight.", "A weight of lines.", "A weight of all lines."),
    "Anki, collection.anki21, with scheduling": ("El perro ladra", "El perro come", "El perro duerme"),
    "Anki, collection.anki21b": ("القط", "القطة", "قط"),
    "Anki, collection.anki21b, with scheduling": ("::unit", "::measure", "::of what"),
    "genanki": ("Oslo", "Oslo of course", "Oslo since 1814"),
    "ankiforge": ("hello", "good day", "hi"),
    "by hand": ("with everything in it", "with much in it", "with more in it"),
    "messy": ("more; than", "less than", "as much as"),
}


def history_of(project: Path) -> History:
    read = parse(SourceFile("", (project / "source" / "history.json").read_text(encoding="utf-8")))
    assert not isinstance(read, Diagnostic)
    return read


def reword(project: Path, old: str, new: str) -> None:
    """Replace a text wherever it stands in the project's questions."""
    found = [path for path in (project / "source").glob("*.*") if old in path.read_text(encoding="utf-8")]
    found = [path for path in found if path.suffix in (".csv", ".yaml")]
    assert found
    for path in found:
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def release(project: Path, version: str, day: str) -> bytes:
    """Release what is saved, with its rehearsal by three learners, and return the package."""
    options = Options(project, project / "dist", ("apkg",))
    outcome = make_release(Request(options, version, day, allow_dirty=True), NoProgress())
    assert outcome.released, (
        as_text(outcome.diagnostics),
        outcome.reasons,
        [each for each in outcome.rehearsal if each.broken],
    )
    (package,) = (project / "dist").glob("*.apkg")
    return package.read_bytes()


def rename_types(student: Student) -> None:
    """Give the note types of a new collection other names: of two of one name, Anki renames the second."""
    models = student.learner.collection.models
    for model in models.all():
        models.update_dict({**model, "name": f"Mine {model['id']}"})


@pytest.mark.parametrize("name", EDITS)
def test_learners_keep_everything_from_the_original_to_the_second_release(name: str, tmp_path: Path) -> None:
    original = messy_package() if name == "messy" else ORIGINALS[name]()
    file, project = tmp_path / "original.apkg", tmp_path / "deck"
    file.write_bytes(original)
    assert run(["import", str(file), str(project)]) == 0
    adopted = history_of(project)
    moments = [adopted.last_moment]
    packages = [pack_anew(original)]
    old, *edits = EDITS[name]
    today = date.fromisoformat(adopted.last_date)
    for number, new in enumerate(edits, start=1):
        reword(project, old, new)
        packages.append(release(project, f"{number}.0.0", (today + timedelta(number)).isoformat()))
        moments.append(history_of(project).last_moment)
        old = new
    assert sorted(set(moments)) == moments
    first, second, third = packages
    with ExitStack() as stack:
        steady, late, busy = students(tmp_path, stack, "steady", "late", "busy")
        for student in (steady, late, busy):
            rename_types(student)
            student.take(first)
            for _ in range(3):
                student.study()
        steady.take(second)
        steady.study()
        busy.tinker(moments[0] + 60)
        busy.take(second)
        busy.study()
        busy.tinker(moments[1] + 60)
        for student in (steady, late, busy):
            student.take(third)
            student.study()
            shown = [text for (text,) in student.learner.rows("select flds from notes")]
            assert any(edits[-1] in text for text in shown) or student is busy
    for before, after in ((first, third), (second, third)):
        assert [row.promise for row in rehearse(before, after) if row.broken] == []


def test_a_note_that_was_left_out_stops_no_release(tmp_path: Path) -> None:
    file, project = tmp_path / "original.apkg", tmp_path / "deck"
    file.write_bytes(messy_package())
    assert run(["import", str(file), str(project)]) == 0
    assert history_of(project).is_taken_over
    release(project, "1.0.0", "2026-01-01")
    assert not history_of(project).is_taken_over
