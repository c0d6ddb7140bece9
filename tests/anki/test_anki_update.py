"""The real Anki takes up a newer package: texts change, what the learner did stays, and decks keep to themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from cardpress.note_types.identity import make_guid
from cardpress.writers import apkg
from tests.conftest import WriteProject
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_of, package_of
from tests.helpers.sample_project import DECK, EVERYTHING, FIRST, NOTES, SECOND

NEWER = DECK.replace("2026-01-02", "2026-02-03").replace("1.2.0", "1.3.0")
ONE, TWO, FOUR = (make_guid("sample", note_id) for note_id in ("one", "two", "four"))


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def package(write_project: WriteProject, changes: Mapping[str, str | bytes] | None = None) -> bytes:
    return package_of(deck_of(write_project(EVERYTHING | dict(changes or {}))))


def schedule(learner: Learner) -> list[list[object]]:
    """Everything that Anki knows of when a card comes next, and why."""
    query = "select id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, data from cards order by id"
    return [*learner.rows(query), *learner.rows("select * from revlog order by id")]


def test_an_edited_answer_of_a_newer_deck_arrives_and_the_schedule_stays(
    write_project: WriteProject, learner: Learner
) -> None:
    learner.take(package(write_project))
    learner.study(TWO)
    before = schedule(learner)
    assert len(learner.rows("select id from revlog")) > 2
    edited = FIRST.replace("The second number.", "The number after one.")
    log = learner.take(package(write_project, {"deck.yaml": NEWER, "first.yaml": edited}))
    assert (len(log.updated), len(log.new), len(log.conflicting)) == (len(NOTES), 0, 0)
    assert "The number after one." in learner.cards_of(TWO)[0].render_output().answer_text
    assert learner.field(TWO, "Version") == "1.3.0"
    assert schedule(learner) == before


def test_an_edited_answer_of_the_same_date_does_not_touch_a_learners_note(
    write_project: WriteProject, learner: Learner
) -> None:
    learner.take(package(write_project))
    log = learner.take(
        package(write_project, {"first.yaml": FIRST.replace("The second number.", "Another text entirely.")})
    )
    assert len(log.duplicate) == len(NOTES)
    assert learner.field(TWO, "Answer") == "<p>The second number.</p>"


def test_an_older_package_does_not_take_a_newer_ones_texts_back(write_project: WriteProject, learner: Learner) -> None:
    older = package(write_project)
    edited = FIRST.replace("The second number.", "The number after one.")
    learner.take(package(write_project, {"deck.yaml": NEWER, "first.yaml": edited}))
    assert len(learner.take(older).duplicate) == len(NOTES)
    assert learner.field(TWO, "Answer") == "<p>The number after one.</p>"


def test_tags_of_a_newer_deck_replace_the_old_ones(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package(write_project))
    edited = FIRST.replace("tags: [numbers, numbers::odd]", "tags: [units]")
    learner.take(package(write_project, {"deck.yaml": NEWER, "first.yaml": edited}))
    assert learner.cards_of(ONE)[0].note().tags == ["units"]


def test_a_new_question_arrives_and_a_removed_one_stays(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package(write_project))
    edited = SECOND.replace("id: four\n", "id: five\n")
    log = learner.take(package(write_project, {"deck.yaml": NEWER, "second.yaml": edited}))
    assert len(log.new) == 1
    assert learner.cards_of(FOUR)
    assert learner.cards_of(make_guid("sample", "five"))


def test_a_note_that_its_learner_deleted_comes_back_as_a_new_one(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package(write_project))
    learner.study(TWO)
    learner.collection.remove_notes([learner.cards_of(TWO)[0].nid])
    learner.take(package(write_project, {"deck.yaml": NEWER}))
    (card,) = learner.cards_of(TWO)
    assert (card.type, card.reps) == (0, 0)


def test_a_restyled_card_of_a_newer_deck_arrives(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package(write_project))
    project = write_project({**EVERYTHING, "deck.yaml": NEWER, "../templates/anki/card.css": ".card { color: teal }\n"})
    learner.take(package_of(deck_of(project)))
    assert "color: teal" in learner.cards_of(ONE)[0].render_output().css


def test_a_redrawn_picture_arrives_beside_the_old_one(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package(write_project))
    redrawn = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    learner.take(package(write_project, {"deck.yaml": NEWER, "media/lines.svg": redrawn}))
    assert not learner.collection.media.check().missing
    assert redrawn in [path.read_bytes() for path in Path(learner.collection.media.dir()).iterdir()]


def test_a_question_in_another_section_keeps_its_cards_schedule(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package(write_project))
    learner.study(FOUR)
    before = schedule(learner)
    start = SECOND.index("- id: four")
    moved = {"first.yaml": FIRST + SECOND[start:], "second.yaml": SECOND[:start]}
    log = learner.take(package(write_project, {"deck.yaml": NEWER, **moved}))
    assert (len(log.new), len(log.conflicting)) == (0, 0)
    assert schedule(learner) == before
    assert learner.field(FOUR, "Section") == "First section"


def test_a_reworded_question_is_the_same_note(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package(write_project))
    edited = FIRST.replace("What is two?", "Which number follows one?")
    log = learner.take(package(write_project, {"deck.yaml": NEWER, "first.yaml": edited}))
    assert len(log.new) == 0
    assert learner.field(TWO, "Question") == "Which number follows one?"


def test_a_renamed_field_with_the_same_number_goes_through(
    write_project: WriteProject, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.take(package(write_project))
    learner.study(ONE)
    before = schedule(learner)
    initial = apkg._Model.__init__

    def renamed(model: apkg._Model, *arguments: object) -> None:
        initial(model, *arguments)  # type: ignore[arg-type]  # passed on as they are
        for field in model.fields:
            field["name"] = field["name"].replace("Pitfalls", "Traps")
        for template in model.templates:
            template["afmt"] = template["afmt"].replace("Pitfalls}}", "Traps}}")

    monkeypatch.setattr(apkg._Model, "__init__", renamed)
    log = learner.take(package(write_project, {"deck.yaml": NEWER}))
    assert (len(log.updated), len(log.conflicting)) == (len(NOTES), 0)
    assert "It is prime." in learner.field(ONE, "Traps")
    assert "It is prime." in learner.cards_of(ONE)[0].render_output().answer_text
    assert schedule(learner) == before


def test_two_decks_of_one_title_do_not_touch_each_other(write_project: WriteProject, learner: Learner) -> None:
    first = deck_of(write_project(EVERYTHING))
    other = deck_of(write_project({**EVERYTHING, "deck.yaml": NEWER.replace("id: sample", "id: another")}))
    style = replace(other.templates["anki/card.css"], text=".card { color: teal }")
    other = replace(other, templates={**other.templates, "anki/card.css": style})
    learner.take(package_of(first))
    own = learner.cards_of(ONE)[0].render_output(reload=True)
    log = learner.take(package_of(other))
    assert (len(log.new), len(log.conflicting)) == (len(NOTES), 0)
    interview = next(note.note_type for note in first.notes())
    mine, theirs = (learner.cards_of(make_guid(deck, "one"))[0] for deck in ("sample", "another"))
    assert [card.note().mid for card in (mine, theirs)] == [interview.id(deck) for deck in ("sample", "another")]
    assert mine.render_output(reload=True) == own
    assert "color: teal" in theirs.render_output().css
    assert len(learner.take(package_of(first)).duplicate) == len(NOTES)
    assert len(learner.take(package_of(other)).duplicate) == len(NOTES)
