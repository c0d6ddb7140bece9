"""A note type that an author has declared makes cards in the real Anki, and keeps them from release to release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardpress.note_types.identity import make_guid
from tests.conftest import WriteProject
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_of, package_of
from tests.helpers.own_note_types import (
    ASKING_TWO,
    CAT,
    DECK_OF_WORDS,
    DOG,
    LOOSE_WORD,
    WORD,
    with_follow_up,
    with_words,
)
from tests.helpers.visible_text import visible

PERRO, GATO = make_guid("sample", "perro"), make_guid("sample", "gato")
NEWER = DECK_OF_WORDS.replace("2026-01-02", "2026-02-03").replace("1.0.0", "1.1.0")


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def sides(learner: Learner, guid: str) -> list[tuple[str, str]]:
    """Return what a person sees on the front and the back of each of a note's cards, up to its version."""
    outputs = [card.render_output() for card in learner.cards_of(guid)]
    backs = [visible(output.answer_text).partition(" Version ")[0] for output in outputs]
    return [(visible(output.question_text), back) for output, back in zip(outputs, backs, strict=True)]


def test_a_note_has_a_card_for_each_template_and_both_show_its_values(
    write_project: WriteProject, learner: Learner
) -> None:
    log = learner.take(package_of(deck_of(write_project(with_words()))))
    assert len(log.new) == 2
    assert [card.template()["name"] for card in learner.cards_of(PERRO)] == ["Recognise", "Recall"]
    assert sides(learner, PERRO) == [
        ("First section · Recognise el perro", "First section · Recognise el perro the dog El perro duerme. perro"),
        ("First section · Recall the dog", "First section · Recall the dog el perro El perro duerme. perro"),
    ]
    assert sides(learner, GATO) == [
        ("First section · Recognise el gato", "First section · Recognise el gato the cat gato"),
        ("First section · Recall the cat", "First section · Recall the cat el gato gato"),
    ]


def test_anki_finds_nothing_to_mend_in_it(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project(with_words()))))
    before = learner.everything()
    assert learner.collection.fix_integrity()[1]
    empty = learner.collection.get_empty_cards()
    assert list(empty.notes) == []
    assert learner.everything()["cards"] == before["cards"]


def test_an_update_reaches_both_cards_and_costs_no_schedule(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project(with_words()))))
    learner.study(GATO)
    query = "select id, nid, did, ord, type, queue, due, ivl, reps from cards order by id"
    before = learner.rows(query)
    files = with_words({**DOG, "meaning": "a dog"}, CAT, deck=NEWER)
    log = learner.take(package_of(deck_of(write_project(files))))
    assert (len(log.updated), len(log.new), len(log.conflicting)) == (2, 0, 0)
    assert [front for front, _ in sides(learner, PERRO)] == [
        "First section · Recognise el perro",
        "First section · Recall a dog",
    ]
    assert learner.rows(query) == before


def test_other_names_of_a_field_and_a_card_go_through(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project(with_words()))))
    renamed = WORD.replace("{key: sentence,", "{key: sentence, name: Example, was: Sentence,")
    renamed = renamed.replace("{name: Recall,", "{name: Produce, was: Recall,")
    log = learner.take(package_of(deck_of(write_project(with_words(declared=renamed, deck=NEWER)))))
    assert (len(log.updated), len(log.conflicting)) == (2, 0)
    assert learner.field(PERRO, "Example") == "<p><em>El perro</em> duerme.</p>"
    assert [card.template()["name"] for card in learner.cards_of(PERRO)] == ["Recognise", "Produce"]
    assert "El perro duerme." in sides(learner, PERRO)[1][1]


def test_a_field_more_of_ours_is_on_the_back_of_the_card(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project(with_follow_up(follow_up="A *harder* one.")))))
    ((front, back),) = sides(learner, make_guid("sample", "one"))
    assert "Follow-up" not in front
    assert "Follow-upA harder one." in back
    assert learner.field(make_guid("sample", "one"), "FollowUp") == "<p>A <em>harder</em> one.</p>"


def test_a_question_without_the_field_has_no_trace_of_it(write_project: WriteProject, learner: Learner) -> None:
    learner.take(package_of(deck_of(write_project(with_follow_up()))))
    assert "Follow-up" not in sides(learner, make_guid("sample", "one"))[0][1]


def test_a_card_that_had_nothing_to_ask_comes_with_what_it_asks(write_project: WriteProject, learner: Learner) -> None:
    bare = {"id": "perro", "word": "el perro"}
    learner.take(package_of(deck_of(write_project(with_words(bare, declared=LOOSE_WORD)))))
    assert [front for front, _ in sides(learner, PERRO)] == ["First section · Recognise el perro"]
    learner.take(package_of(deck_of(write_project(with_words(DOG, declared=LOOSE_WORD, deck=NEWER)))))
    assert [front for front, _ in sides(learner, PERRO)] == [
        "First section · Recognise el perro",
        "First section · Recall the dog",
    ]


def test_a_note_has_a_card_when_it_has_the_first_of_what_the_card_asks(
    write_project: WriteProject, learner: Learner
) -> None:
    bare = {"id": "perro", "word": "el perro", "sentence": "*El perro* duerme."}
    learner.take(package_of(deck_of(write_project(with_words(bare, CAT, declared=ASKING_TWO)))))
    assert [front for front, _ in sides(learner, PERRO)] == ["First section · Recognise el perro"]
    assert [front for front, _ in sides(learner, GATO)] == [
        "First section · Recognise el gato",
        "First section · Recall the cat",
    ]
    assert list(learner.collection.get_empty_cards().notes) == []


def test_anki_makes_no_card_of_its_own_that_asks_nothing(write_project: WriteProject, learner: Learner) -> None:
    bare = {"id": "perro", "word": "el perro"}
    learner.take(package_of(deck_of(write_project(with_words(bare, declared=LOOSE_WORD)))))
    for name, value, count in (("Sentence", "My own words.", 1), ("Meaning", "the dog", 2)):
        note = learner.cards_of(PERRO)[0].note()
        note[name] = value
        learner.collection.update_note(note)
        assert len(learner.cards_of(PERRO)) == count
