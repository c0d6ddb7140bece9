"""A rehearsal in the real Anki holds an update to every promise, and names each one that it breaks."""

from __future__ import annotations

import pytest

from cardpress.anki.package import read_package
from cardpress.release.rehearsal import PackageError, Row, rehearse
from tests.helpers.altered_packages import rewritten, with_field
from tests.helpers.author import Author, recall

SCHEDULE = "every card keeps its schedule"
EDITS = "unchanged notes keep a learner's edits and tags"
SHOWN = "every changed note shows its new text"
FORKS, CONFLICTS = "no note type forks", "no update conflicts"


def rows(old: bytes | None, new: bytes) -> dict[str, Row]:
    return {row.promise: row for row in rehearse(old, new)}


def broken(found: dict[str, Row]) -> set[str]:
    return {promise for promise, row in found.items() if row.broken}


@pytest.fixture
def update(author: Author) -> bytes:
    author.find("neon")["answer"] = "Red."
    author.find("iron-gaps")["cloze"] = "Iron melts at {{c1::1538}} {{c2::degrees}}."
    return author.build(author.project.parent / "preview")


def test_an_update_is_held_to_every_promise(author: Author, update: bytes) -> None:
    found = rows(author.package, update)
    assert broken(found) == set()
    assert {promise: row.held for promise, row in found.items() if promise != "no review is lost"} == {
        SCHEDULE: 10,
        "what is suspended or buried stays so": 10,
        "every card keeps its flag": 10,
        "every card stays in its deck": 10,
        EDITS: 3,
        SHOWN: 2,
        FORKS: 3,
        CONFLICTS: 10,
    }
    assert found["no review is lost"].held > 25


def test_before_the_first_release_a_package_is_imported_over_itself(author: Author) -> None:
    found = rows(None, author.package)
    assert broken(found) == set()
    assert (found[SCHEDULE].held, found[SHOWN].held) == (10, 0)


def test_an_update_that_anki_takes_for_old_breaks_its_promise(author: Author, update: bytes) -> None:
    stale = rewritten(update, "update notes set mod = mod - 10")
    found = rows(author.package, stale)
    assert broken(found) == {SHOWN}
    assert len(found[SHOWN].broken) == 2


def test_an_update_that_makes_every_note_new_costs_learners_their_edits(author: Author, update: bytes) -> None:
    assert broken(rows(author.package, rewritten(update, "update notes set mod = mod + 10"))) == {EDITS}


def test_a_note_type_that_differs_drops_updates_and_forks_with_the_first_new_note(author: Author) -> None:
    author.find("helium-name")["answer"] = "Helios."
    author.find("neon")["recall"] = [recall("neon-symbol", "What is the symbol of neon?", "Ne.")]
    found = rows(with_field(author.package, "recall"), author.build(author.project.parent / "preview"))
    assert broken(found) == {FORKS, CONFLICTS, SHOWN}
    assert found[FORKS].broken == ("Sample deck · recall+",)
    assert len(found[CONFLICTS].broken) == 3


def test_tags_are_part_of_what_changed(author: Author, update: bytes) -> None:
    assert read_package(update).notes != read_package(author.package).notes
    stale = rewritten(author.package, "update notes set tags = ' other '")
    assert len(rows(stale, author.package)[SHOWN].broken) == 10


def test_a_retitled_deck_renames_note_types_and_forks_none(author: Author) -> None:
    author.facts["title"] = "Elements"
    assert broken(rows(author.package, author.build(author.project.parent / "preview"))) == set()


def test_the_first_cloze_note_of_a_deck_brings_its_note_type(author: Author) -> None:
    author.remove("iron-gaps")
    (author.project / "source" / "history.json").unlink()
    without = author.build(author.project.parent / "without")
    assert len(read_package(without).note_types) == 2
    found = rows(without, author.package)
    assert broken(found) == set()
    assert found[FORKS].held == 3


@pytest.mark.parametrize("data", [b"", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_package_is_said_to_be_none(author: Author, data: bytes) -> None:
    with pytest.raises(PackageError):
        rehearse(data, author.package)
