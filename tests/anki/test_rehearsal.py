"""A rehearsal in the real Anki holds an update to every promise, and names each one that it breaks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from anki import importing
from anki.collection import ImportAnkiPackageOptions

from cardpress.anki.package import PackageError, pack_anew, read_package
from cardpress.disk.writing import remove
from cardpress.note_types.identity import make_guid
from cardpress.release.learners import LEARNERS, import_package, open_collection, read_state, study
from cardpress.release.rehearsal import Row, rehearse
from tests.helpers.altered_packages import (
    NoteTypes,
    change_note_types,
    find_type,
    reworded,
    rewritten,
    under_another_id,
    with_card,
    with_field,
)
from tests.helpers.anki_collection import learning
from tests.helpers.author import Author, recall
from tests.helpers.originals import Form, export

SCHEDULE = "every card keeps its schedule"
EDITS = "unchanged notes keep a learner's edits and tags"
SHOWN = "every changed note shows its new text"
FORKS, CONFLICTS = "no note type forks", "no update conflicts"
SIDES, GAPS = "no card is empty or shows an error", "every cloze card asks for the same gap"
SYNC = "no full sync is forced"
DEFAULT, MERGE, CONNECT = (learner.name for learner in LEARNERS)
IRON_GAPS, HELIUM_NAME = (make_guid("sample", name) for name in ("iron-gaps", "helium-name"))


def rows(old: bytes | None, new: bytes) -> dict[str, Row]:
    return {row.promise: row for row in rehearse(old, new)}


def broken(found: dict[str, Row], learner: str = "") -> set[str]:
    """The promises that were broken, for a learner, or for any."""
    return {promise for promise, row in found.items() if (row.broken_for[learner] if learner else row.broken)}


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
        "every deck keeps its preset": 5,
        EDITS: 3,
        SHOWN: 2,
        SIDES: 11,
        GAPS: 1,
        FORKS: 3,
        CONFLICTS: 10,
        SYNC: 1,
    }
    assert found["no review is lost"].held > 25


def test_before_the_first_release_a_package_is_imported_over_itself(author: Author) -> None:
    found = rows(None, author.package)
    assert broken(found) == set()
    assert (found[SCHEDULE].held, found[SHOWN].held) == (10, 0)


def test_an_update_that_anki_takes_for_old_breaks_its_promise(author: Author, update: bytes) -> None:
    stale = rewritten(update, "update notes set mod = mod - 10")
    found = rows(author.package, stale)
    assert broken(found) == {SHOWN, SIDES}  # the text that the new cloze card is made for does not come
    assert len(found[SHOWN].broken) == 2


def test_an_update_that_makes_every_note_new_costs_learners_their_edits(author: Author, update: bytes) -> None:
    assert broken(rows(author.package, rewritten(update, "update notes set mod = mod + 10"))) == {EDITS}


def test_a_note_type_that_differs_drops_updates_and_forks_with_the_first_new_note(author: Author) -> None:
    author.find("helium-name")["answer"] = "Helios."
    author.find("neon")["recall"] = [recall("neon-symbol", "What is the symbol of neon?", "Ne.")]
    found = rows(with_field(author.package, "recall"), author.build(author.project.parent / "preview"))
    assert broken(found, DEFAULT) == {FORKS, CONFLICTS, SHOWN}
    assert found[FORKS].broken == ("Sample deck · recall+",)
    assert len(found[CONFLICTS].broken) == 3
    # To these two, a field that is gone is one that a learner added.
    assert not (broken(found, MERGE) | broken(found, CONNECT)) & {FORKS, CONFLICTS, SYNC}


def test_an_added_field_is_a_conflict_or_forces_a_full_sync(author: Author) -> None:
    changed = reworded(with_field(author.package, "recall"), HELIUM_NAME, "Whom", "Who")
    found = rows(author.package, changed)
    assert broken(found, DEFAULT) == {FORKS, CONFLICTS, SHOWN}
    assert broken(found, CONNECT) == broken(found, MERGE) == {SYNC, SHOWN}


def test_a_note_type_under_another_id_is_a_conflict_or_forces_a_full_sync(author: Author) -> None:
    found = rows(author.package, under_another_id(author.package, "recall", name="Sample deck · fact"))
    assert broken(found, DEFAULT) == {CONFLICTS}
    assert {SYNC} <= broken(found, CONNECT)


def test_who_uses_ankiconnect_imports_as_it_does() -> None:
    """The add-on's `importPackage` calls Anki's old importer, which has options of its own."""
    asked: list[Any] = []
    anki_importing: Any = importing  # it makes the class when it is asked for it, as the add-on does
    anki_importing.AnkiPackageImporter(SimpleNamespace(import_anki_package=asked.append), "new.apkg").run()
    learner = next(each for each in LEARNERS if each.name == CONNECT)
    assert [request.options for request in asked] == [ImportAnkiPackageOptions(**learner.options)]


# --- what cards show ----------------------------------------------------------------------------------------------


@pytest.fixture
def two_gaps(author: Author) -> bytes:
    """A release whose cloze note has two deletions, and so two cards."""
    return with_card(reworded(author.package, IRON_GAPS, "degrees", "{{c2::degrees}}"), IRON_GAPS, number=2)


def test_a_cloze_note_that_loses_a_deletion_leaves_a_card_that_asks_nothing(author: Author, two_gaps: bytes) -> None:
    found = rows(two_gaps, reworded(two_gaps, IRON_GAPS, "{{c2::degrees}}", "degrees"))
    assert broken(found) == {SIDES}
    assert found[SIDES].broken_for == dict.fromkeys((DEFAULT, MERGE, CONNECT), (f"{IRON_GAPS} c2",))


def test_a_new_deletion_in_front_makes_old_schedules_ask_another_thing(author: Author) -> None:
    shifted = reworded(author.package, IRON_GAPS, "Iron melts at {{c1::", "{{c1::Iron}} melts at {{c2::")
    found = rows(author.package, with_card(shifted, IRON_GAPS, number=2))
    assert broken(found) == {GAPS}
    assert found[GAPS].broken == (f"{IRON_GAPS} c1",)


def test_deletions_that_change_places_are_found(author: Author, two_gaps: bytes) -> None:
    swapped = reworded(two_gaps, IRON_GAPS, "{{c1::1538}} {{c2::", "{{c2::1538}} {{c1::")
    assert rows(two_gaps, swapped)[GAPS].broken == (f"{IRON_GAPS} c1", f"{IRON_GAPS} c2")


def test_deletions_that_change_places_in_a_formula_are_found(author: Author, two_gaps: bytes) -> None:
    formula = reworded(two_gaps, IRON_GAPS, "{{c1::1538}} {{c2::degrees}}", r"\({{c1::a}} + {{c2::b}}\)")
    swapped = reworded(formula, IRON_GAPS, "{{c1::a}} + {{c2::b}}", "{{c1::b}} + {{c2::a}}")
    assert rows(formula, swapped)[GAPS].broken == (f"{IRON_GAPS} c1", f"{IRON_GAPS} c2")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1538", "1,538"),  # in other words
        ("{{c1::1538}} {{c2::degrees}}", "{{c2::degrees}}: {{c1::1538}}"),  # at another place
        ("{{c1::1538}}", "{{c1::**1538** {{c2::or}} so}}"),  # with another inside
        ("{{c2::degrees}}", "{{c2::degrees::unit}} {{c2::Celsius}}"),  # in two places
    ],
)
def test_a_deletion_may_be_reworded_and_moved(two_gaps: bytes, old: str, new: str) -> None:
    assert broken(rows(two_gaps, reworded(two_gaps, IRON_GAPS, old, new))) == set()


def front(text: str) -> Callable[[NoteTypes], None]:
    """Return a function that gives the note type of recall notes another front."""

    def change(note_types: NoteTypes) -> None:
        note_type = find_type(note_types, "recall")
        note_type["tmpls"][0]["qfmt"] = text
        note_type["mod"] += 5

    return change


@pytest.mark.parametrize("text", ["", "{{Level}}", "{{#Notice}}{{Question}}{{/Notice}}", "{{Nothing}}", "{{#Answer}}"])
def test_a_card_whose_front_is_blank_or_cannot_be_shown_is_found(author: Author, text: str) -> None:
    try:
        found = rows(author.package, change_note_types(author.package, front(text)))
    except PackageError as error:
        assert "never closed" in str(error)  # noqa: PT017 - Anki does not even import it
    else:
        assert broken(found) == {SIDES}
        assert len(found[SIDES].broken) == 3


def test_what_was_broken_before_may_be_mended(author: Author, two_gaps: bytes) -> None:
    lost = reworded(two_gaps, IRON_GAPS, "{{c2::degrees}}", "degrees")
    mended = reworded(lost, IRON_GAPS, "degrees", "{{c2::degrees}}")
    assert broken(rows(lost, mended)) == set()


@pytest.mark.parametrize("form", list(Form))
def test_learners_have_what_anki_exports_in_any_format(
    author: Author, update: bytes, form: Form, tmp_path: Path
) -> None:
    """A package that went through somebody's Anki is as good as the one that was released."""
    with learning(tmp_path / "somebody") as learner:
        learner.take(author.package)
        exported = export(learner.collection, form, with_scheduling=True)
    assert read_package(exported).notes == read_package(author.package).notes
    found = rows(exported, update)
    assert broken(found) == set()
    assert found[SHOWN].held == 2


def test_a_card_that_was_broken_before_is_not_the_update_s_fault(author: Author, two_gaps: bytes) -> None:
    lost = reworded(two_gaps, IRON_GAPS, "{{c2::degrees}}", "degrees")
    found = rows(lost, reworded(lost, IRON_GAPS, "Iron", "Pure iron"))
    assert broken(found) == set()
    assert found[SIDES].held == found[SCHEDULE].held - 1
    blank = change_note_types(two_gaps, front("{{#Notice}}{{Question}}{{/Notice}}"))
    assert len(rows(blank, reworded(blank, IRON_GAPS, "{{c2::degrees}}", "degrees"))[SIDES].broken) == 1


# --- learners -----------------------------------------------------------------------------------------------------


def test_the_third_learner_imports_as_ankiconnect_does() -> None:
    from anki import importing

    asked = []

    class Collection:
        def import_anki_package(self, request: Any) -> None:
            asked.append(request.options)

    # `importPackage` of AnkiConnect, up to its release of November 2025 at least.
    importer: Any = importing  # it makes deprecated names when they are asked for
    importer.AnkiPackageImporter(Collection(), "a.apkg").run()
    assert asked == [ImportAnkiPackageOptions(**LEARNERS[2].options)]


def test_the_first_learner_imports_as_ankis_dialog_proposes(tmp_path: Path) -> None:
    with learning(tmp_path / "somebody") as learner:
        assert learner.collection._backend.get_import_anki_package_presets() == ImportAnkiPackageOptions()


def test_rows_call_notes_by_their_ids(author: Author, update: bytes) -> None:
    stale = rewritten(update, "update notes set mod = mod - 10")
    found = {row.promise: row for row in rehearse(author.package, stale, {IRON_GAPS: "iron-gaps"})}
    assert found[SIDES].broken == ("iron-gaps c2",)
    assert "iron-gaps" in found[SHOWN].broken


def test_tags_are_part_of_what_changed(author: Author, update: bytes) -> None:
    assert read_package(update).notes != read_package(author.package).notes
    stale = rewritten(author.package, "update notes set tags = ' other '")
    assert len(rows(stale, author.package)[SHOWN].broken) == 10


def test_tags_in_other_capitals_are_the_same_to_anki(author: Author) -> None:
    before = author.package
    author.find("helium-boils")["tags"] = ["Cold", "B", "a"]
    assert broken(rows(before, author.build(author.project.parent / "preview"))) == set()


def test_a_retitled_deck_renames_note_types_and_forks_none(author: Author) -> None:
    author.facts["title"] = "Elements"
    assert broken(rows(author.package, author.build(author.project.parent / "preview"))) == set()


def test_the_first_cloze_note_of_a_deck_brings_its_note_type(author: Author) -> None:
    for path in (author.out, author.project / "CHANGELOG.md", author.project / "source" / "history.json"):
        remove(path)
    whole = author.build(author.project.parent / "whole")
    author.remove("iron-gaps")
    without = author.build(author.project.parent / "without")
    assert len(read_package(without).note_types) == 2
    found = rows(without, whole)
    assert broken(found) == set()
    assert found[FORKS].held == 3


@pytest.mark.parametrize("data", [b"", b"no zip at all", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_package_is_said_to_be_none(author: Author, data: bytes) -> None:
    with pytest.raises(PackageError):
        rehearse(data, author.package)


def test_anki_gets_the_collection_that_was_read(author: Author) -> None:
    """The file `meta` makes Anki read the other one, which was not checked."""
    hidden = rewritten(author.package, "create trigger t after insert on notes begin delete from notes; end")
    made = io.BytesIO()
    good, bad = (zipfile.ZipFile(io.BytesIO(package)).read("collection.anki2") for package in (author.package, hidden))
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("meta", b"\x08\x01")
        archive.writestr("collection.anki21", good)
        archive.writestr("collection.anki2", bad.replace(b"1538", b"8888"))
        archive.writestr("media", "{}")
    assert b"8888" in made.getvalue()
    with open_collection() as collection:
        import_package(collection, made.getvalue(), LEARNERS[0])
        assert "8888" in str(read_state(collection).notes)  # so Anki does by itself
    assert not broken(rows(made.getvalue(), author.package))
    assert "8888" not in str(read_package(pack_anew(made.getvalue())).notes)
    with zipfile.ZipFile(io.BytesIO(pack_anew(made.getvalue()))) as archive:
        assert archive.namelist() == ["collection.anki21", "media"]


@pytest.mark.parametrize("is_in_update", [False, True])
def test_tags_that_anki_takes_off_are_no_change(author: Author, is_in_update: bool) -> None:
    """Who imports with scheduling, as AnkiConnect does, keeps `leech` and `marked` of the exporter; others do not."""
    tagged = rewritten(author.package, "update notes set tags = tags || ' Leech marked ' where id % 2 = 0")
    with open_collection() as collection:
        import_package(collection, tagged, LEARNERS[0])
        assert not collection.find_notes("tag:leech or tag:marked")
    with open_collection() as collection:
        import_package(collection, tagged, LEARNERS[-1])
        assert collection.find_notes("tag:leech tag:marked")

    found = rows(author.package, tagged) if is_in_update else rows(tagged, author.package)
    assert broken(found) == set()
    assert (found[SHOWN].held, found[EDITS].held) == (0, 4)


def test_a_note_that_became_a_leech_before_the_release_gets_it(author: Author) -> None:
    """Who imports with schedules has the exporter's lapses: one more, and Anki gives the note a tag, and a time."""
    lapsed = "update cards set type = 2, queue = 2, due = 1, ivl = 9, factor = 2500, reps = 9, lapses = 7"
    old = rewritten(author.package, lapsed)
    with open_collection() as collection:
        import_package(collection, old, LEARNERS[-1])
        study(collection)
        assert len(collection.find_notes("tag:leech")) > 2

    found = rows(old, rewritten(author.package, "update notes set flds = flds || ' More.', mod = mod + 10"))
    assert found[SHOWN].held == 10
    assert broken(found) == set()
