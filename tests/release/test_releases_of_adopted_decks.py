"""Learners who studied a deck for weeks before it was taken over import its first and its second release."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from cardpress.diagnostics.reports.text import as_text
from cardpress.pipeline import Options
from cardpress.progress import NoProgress
from cardpress.release.make import Request, make_release
from tests.helpers.adopting import adopt
from tests.helpers.originals import LONG_AGO, Hand, HandNote, by_hand, genanki_package
from tests.helpers.students import students

# Some weeks after the original, long before the first release.
STUDIED = LONG_AGO + 40 * 24 * 3600
Edit = Callable[[Path], None]


def release(project: Path, version: str, date: str) -> bytes:
    """Release a project, with the rehearsal, and return the package."""
    options = Options(project, project / "dist", ("apkg",))
    outcome = make_release(Request(options, version, date), NoProgress())
    broken = [(row.promise, row.broken) for row in outcome.rehearsal if row.broken]
    assert outcome.released, (as_text(outcome.diagnostics), outcome.reasons, broken)
    return (project / "dist" / "my-deck.apkg").read_bytes()


def replace(project: Path, before: str, after: str) -> None:
    """Replace a text that stands once in the project's source."""
    files = [path for path in sorted((project / "source").glob("*.*")) if path.name != "history.json"]
    found = [path for path in files if before in path.read_text(encoding="utf-8")]
    assert len(found) == 1, found
    text = found[0].read_text(encoding="utf-8")
    assert text.count(before) == 1
    found[0].write_text(text.replace(before, after), encoding="utf-8")


def edit_capitals(project: Path) -> None:
    replace(project, "Buenos Aires", "Buenos Aires on the *Río de la Plata*")


def edit_rivers(project: Path) -> None:
    replace(project, "The {{c1::Rhine}} ends in the {{c2::sea}}.", "The {{c1::Rhine}} ends in the {{c2::North Sea}}.")
    replace(
        project, "id: the-rhine-ends-in-the-sea", "id: the-rhine-ends-in-the-sea\n  retired: {reason: It is wrong.}"
    )


def odd_package() -> bytes:
    """Return a package of odd notes, of which Anki makes cards all the same."""
    notes = [
        HandNote("|\"%  '<&> :", ["an odd GUID", "with everything in it"], tags=" b a "),
        HandNote("empty", ["", "an empty first field"]),
        HandNote("same-1", ["the same first field", "once"]),
        HandNote("same-2", ["the same first field", "and <b>again</b>"], tags=" it's x,y "),
        HandNote("lines", ["one<br>two", "<div>three</div>\n<div>four&nbsp;</div>"]),
        HandNote("unsafe", ["safe <script>alert(1)</script>", "and sound"]),
    ]
    return by_hand(Hand(notes))


def edit_odd(project: Path) -> None:
    replace(project, "with everything in it", "with all in it")


def edit_empty(project: Path) -> None:
    replace(project, "an empty first field", "no first field")


ORIGINALS = {
    "genanki": (genanki_package, edit_capitals, edit_rivers),
    "by hand": (odd_package, edit_odd, edit_empty),
}


@pytest.mark.parametrize("name", ORIGINALS)
def test_learners_of_the_original_lose_nothing_by_two_releases(name: str, tmp_path: Path) -> None:
    make, first_edit, second_edit = ORIGINALS[name]
    project = tmp_path / "project"
    original = make()
    adopt(original, project)
    first_edit(project)
    first = release(project, "1.0.0", "2026-11-27")
    second_edit(project)
    second = release(project, "1.1.0", "2026-11-28")

    with ExitStack() as stack:
        diligent, lazy, late = students(tmp_path, stack, "diligent", "lazy", "late")
        for student in (diligent, lazy, late):
            student.take(original)
            student.study()
            student.tinker(STUDIED)
        diligent.take(first)
        diligent.study()
        diligent.take(second)
        lazy.take(second)  # they skip one
        late.take(first)
        late.take(first)
        late.study()
        late.take(second)
