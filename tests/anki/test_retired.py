"""A retired note reaches everyone who has it, whatever they skipped, and gives newcomers nothing to study."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardpress.anki.package import read_package
from cardpress.note_types.identity import make_guid
from cardpress.release.learners import LEARNERS, import_package
from cardpress.release.learners import Learner as Way
from tests.helpers.altered_packages import NoteTypes, change_note_types, find_type, under_another_id, with_card
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.author import Author

NEON, HELIUM_NAME, IRON_GAPS = (make_guid("sample", name) for name in ("neon", "helium-name", "iron-gaps"))
RETIRED = (NEON, HELIUM_NAME, IRON_GAPS)


@pytest.fixture
def retired(author: Author) -> Author:
    """A deck of which a question, a recall note and a cloze note are retired, and which was released again since."""
    for name in ("neon", "helium-name", "iron-gaps"):
        author.find(name)["retired"] = {"reason": "Nobody asks."}
    author.release("2.0.0", "2026-02-01")
    author.find("gold")["answer"] = "It does not react with air."
    author.release("2.0.1", "2026-03-01")
    return author


@pytest.fixture
def newcomer(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "newcomer") as somebody:
        yield somebody


def have(learner: Learner, guid: str) -> list[str]:
    """The fronts of a note's cards."""
    return [card.render_output().question_text for card in learner.cards_of(guid)]


def test_the_manifest_says_how_many_notes_of_the_package_are_retired(retired: Author) -> None:
    artifacts = json.loads((retired.out / "manifest.json").read_text(encoding="utf-8"))["artifacts"]
    (holds,) = (each["holds"] for each in artifacts if each["path"].endswith(".apkg"))
    notes = len(read_package(retired.package).notes)
    assert holds.startswith(f"{notes} notes (3 retired), ")


def test_it_ships_in_every_later_release_and_is_as_old_as_the_one_that_retired_it(
    author: Author, retired: Author
) -> None:
    assert set(RETIRED) < set(read_package(retired.package).notes)
    assert {retired.history.notes[guid].version for guid in RETIRED} == {"2.0.0"}


def test_a_newcomer_has_nothing_of_it_to_study(retired: Author, newcomer: Learner) -> None:
    newcomer.take(retired.package)
    assert [have(newcomer, guid) for guid in RETIRED] == [[], [], []]
    assert len(newcomer.cards()) == 7
    assert newcomer.collection.get_empty_cards().notes == []


@pytest.mark.parametrize("way", LEARNERS, ids=lambda way: way.name)
def test_nor_has_one_who_imports_in_another_way(retired: Author, newcomer: Learner, way: Way) -> None:
    import_package(newcomer.collection, retired.package, way)
    assert [have(newcomer, guid) for guid in RETIRED] == [[], [], []]


def test_who_skipped_the_release_that_retired_it_is_told_and_keeps_the_cards(
    author: Author, tmp_path: Path, retired: Author, released_project: Path
) -> None:
    with learning(tmp_path / "has") as learner:
        learner.take((released_project / "dist" / "sample.apkg").read_bytes())
        learner.study(NEON)
        before = learner.rows("select * from cards order by id")
        learner.take(retired.package)
        for guid in RETIRED:
            (front,) = have(learner, guid)
            assert "<strong>Retired.</strong> Nobody asks." in front
        assert learner.rows("select * from cards order by id") == before
        assert len(learner.collection.find_notes("tag:sample::retired")) == 3
        learner.collection.fix_integrity()
        assert learner.rows("select id, nid, did, ord, reps from cards order by id") == [
            [row[0], row[1], row[2], row[3], row[11]] for row in before
        ]


def test_who_deletes_it_gets_no_card_of_it_back(tmp_path: Path, retired: Author, released_project: Path) -> None:
    with learning(tmp_path / "has") as learner:
        learner.take((released_project / "dist" / "sample.apkg").read_bytes())
        learner.take(retired.package)
        learner.collection.remove_notes(learner.collection.find_notes("tag:sample::retired"))
        retired.find("gold")["answer"] = "It does not react."
        learner.take(retired.release("2.0.2", "2026-04-01"))
        assert [have(learner, guid) for guid in RETIRED] == [[], [], []]


# --- what no package can do, and the other ways that were tried -----------------------------------------------------


def test_check_database_makes_cards_of_it_which_say_that_they_are_retired(retired: Author, newcomer: Learner) -> None:
    newcomer.take(retired.package)
    newcomer.collection.fix_integrity()
    for guid in RETIRED:
        (front,) = have(newcomer, guid)
        assert "<strong>Retired.</strong> Nobody asks." in front
    assert len(newcomer.collection.find_cards("tag:sample::retired")) == 3


def test_a_card_that_ships_suspended_or_buried_is_a_new_one_after_plain_import(
    retired: Author, newcomer: Learner
) -> None:
    for queue in (-1, -2, -3):
        newcomer.take(with_card(retired.package, NEON, queue=queue))
        assert [card.queue for card in newcomer.cards_of(NEON)] == [0]
        newcomer.collection.remove_notes([newcomer.cards_of(NEON)[0].nid])


def test_check_database_makes_a_first_card_even_where_the_card_template_makes_none(
    retired: Author, newcomer: Learner
) -> None:
    # Anki knows `Card` when it shows a card, and not when it decides which cards a note has. So this front is there for
    # those who have the card, and a retired note has none for others. But no note stays without any card.
    front = "{{#Card}}{{Notice}} {{Question}}{{/Card}}{{^Notice}}{{Id}}{{/Notice}}"

    def gate(note_types: NoteTypes) -> None:
        find_type(note_types, "interview")["tmpls"][0]["qfmt"] = front

    newcomer.take(change_note_types(retired.package, gate))
    assert have(newcomer, NEON) == []
    newcomer.collection.fix_integrity()
    assert len(have(newcomer, NEON)) == 1


def test_a_note_type_of_its_own_is_a_conflict_for_those_who_have_it(
    tmp_path: Path, retired: Author, released_project: Path
) -> None:
    other = under_another_id(retired.package, "interview", name="Retired", where=f"guid = '{NEON}'")
    with learning(tmp_path / "has") as learner:
        learner.take((released_project / "dist" / "sample.apkg").read_bytes())
        log = learner.take(other)
        assert len(log.conflicting) == 1
        assert "Retired" not in have(learner, NEON)[0]
