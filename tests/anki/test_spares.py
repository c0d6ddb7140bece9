"""In the real Anki, a spare field or card that is used is an update: no conflict, no full sync, no schedule lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardpress.note_types.identity import make_guid
from cardpress.release.learners import study
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.author import Author
from tests.helpers.own_note_types import CAT, DOG, WORD
from tests.helpers.visible_text import visible

DECLARATION = "note-types/word/note-type.yaml"
SENTENCE = "  - {key: sentence, holds: text}\n"
WITH_ORIGIN = WORD.replace(SENTENCE, "  - {key: origin, holds: text, label: Origin}\n" + SENTENCE) + (
    "  - {name: Origins, asks: [origin], answers: [word]}\n"
)
PERRO, GATO = (make_guid("sample", name) for name in ("perro", "gato"))


@pytest.fixture
def author(tmp_path: Path) -> Author:
    made = Author(tmp_path / "project", {"words": [{**word, "note_type": "word"} for word in (DOG, CAT)]})
    made.facts["note_type"] = "word"
    made.style(DECLARATION, WORD)
    return made


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def cards_of(learner: Learner, guid: str) -> list[str]:
    return [str(card.template()["name"]) for card in learner.cards_of(guid)]


def schedules(learner: Learner) -> list[list[object]]:
    return learner.rows("select id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses from cards order by id")


def test_spare_ones_make_no_card_even_when_a_note_is_added_by_hand_and_nothing_is_to_be_mended(
    author: Author, learner: Learner
) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    assert [cards_of(learner, guid) for guid in (PERRO, GATO)] == [["Recognise", "Recall"]] * 2
    note_type = learner.cards_of(PERRO)[0].note_type()
    fields, templates = note_type["flds"], note_type["tmpls"]
    assert [each["name"] for each in fields if each["collapsed"]] == [f"Spare{number}" for number in range(1, 6)]
    assert [each["name"] for each in templates] == ["Recognise", "Recall", "Spare1", "Spare2"]
    note = learner.collection.new_note(note_type)
    note.fields = ["all"] * len(fields)
    learner.collection.add_note(note, learner.cards_of(PERRO)[0].did)
    assert len(note.cards()) == 2
    learner.collection.models.update_dict(note_type)  # which refuses two equal fronts, and fronts without a field
    assert learner.collection.fix_integrity()[1]
    assert not learner.collection.get_empty_cards().notes


def test_a_studied_deck_gets_a_field_and_a_card(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    study(learner.collection)
    before, schema = schedules(learner), learner.rows("select scm from col")
    author.style(DECLARATION, WITH_ORIGIN)
    author.find("perro").update(origin="Nobody knows.", meaning="a dog")
    log = learner.take(author.release("1.1.0", "2026-02-01"))
    assert (len(log.updated), len(log.new), len(log.conflicting)) == (1, 0, 0)
    assert learner.rows("select scm from col") == schema
    assert schedules(learner)[: len(before)] == before
    assert [cards_of(learner, guid) for guid in (PERRO, GATO)] == [
        ["Recognise", "Recall", "Origins"],
        ["Recognise", "Recall"],
    ]
    new = learner.cards_of(PERRO)[2]
    assert (new.type, new.queue, new.reps) == (0, 0, 0)
    sides = new.render_output()
    assert "Nobody knows." in visible(sides.question_text)
    assert "el perro" in visible(sides.answer_text)
    assert learner.field(PERRO, "Meaning") == "a dog"
    assert not [each for each in learner.collection.models.all_names_and_ids() if "+" in each.name]


def test_a_new_card_of_what_notes_have_already_comes_to_all_of_them(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    study(learner.collection)
    before = schedules(learner)
    author.style(DECLARATION, WORD + "  - {name: Example, asks: [sentence], answers: [word]}\n")
    log = learner.take(author.release("1.1.0", "2026-02-01"))
    assert (len(log.updated), len(log.conflicting)) == (0, 0)  # no note has changed
    assert schedules(learner)[: len(before)] == before
    assert [cards_of(learner, guid) for guid in (PERRO, GATO)] == [
        ["Recognise", "Recall", "Example"],
        ["Recognise", "Recall"],
    ]


SENTENCES = "  - {name: Sentences, asks: [sentence], answers: [word]}\n"
FLAGGED = WORD.replace(SENTENCE, SENTENCE + "  - {key: asked, holds: flag}\n") + SENTENCES.replace(
    "asks:", "when: asked, asks:"
)


@pytest.mark.parametrize(
    ("declared", "cards"),
    [(WORD + SENTENCES, ["Recognise", "Recall", "Sentences"]), (FLAGGED, ["Recognise", "Recall"])],
)
def test_a_retired_note_gets_a_new_card_with_the_banner_unless_that_waits_for_a_flag(
    author: Author, learner: Learner, declared: str, cards: list[str]
) -> None:
    """Anki makes cards of whatever a note holds, as docs/releases.md says."""
    learner.take(author.release("1.0.0", "2026-01-01"))
    author.find("perro")["retired"] = {"reason": "Nobody asks."}
    learner.take(author.release("1.1.0", "2026-02-01"))
    author.style(DECLARATION, declared)
    author.find("gato")["sentence"] = "Un gato."
    if declared == FLAGGED:
        author.find("gato")["asked"] = True
    learner.take(author.release("1.2.0", "2026-03-01"))
    assert cards_of(learner, PERRO) == cards
    assert cards_of(learner, GATO) == ["Recognise", "Recall", "Sentences"]
    for card in learner.cards_of(PERRO):
        assert "Nobody asks." in visible(card.render_output().question_text)


def test_it_can_be_renamed_moved_in_yaml_and_moved_to_another_section_later(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    author.style(DECLARATION, WITH_ORIGIN)
    author.find("perro")["origin"] = "Nobody knows."
    learner.take(author.release("1.1.0", "2026-02-01"))
    study(learner.collection)
    before, schema = schedules(learner), learner.rows("select scm from col")
    renamed = WITH_ORIGIN.replace("{key: origin,", "{key: origin, name: Roots, was: Origin,")
    renamed = renamed.replace("{name: Origins,", "{name: From roots, was: Origins,")
    renamed = renamed.replace("{name: Recall,", "{name: Produce, was: Recall,")
    author.style(DECLARATION, renamed.replace(SENTENCE, "").replace("fields:\n", f"fields:\n{SENTENCE}"))
    author.titles["more"] = "More"
    author.sections["more"] = [author.remove("perro")]
    author.find("perro")["origin"] = "From nowhere."
    log = learner.take(author.release("1.2.0", "2026-03-01"))
    assert (len(log.updated), len(log.new), len(log.conflicting)) == (1, 0, 0)
    assert learner.rows("select scm from col") == schema
    assert schedules(learner) == before
    assert cards_of(learner, PERRO) == ["Recognise", "Produce", "From roots"]
    assert learner.field(PERRO, "Roots") == "<p>From nowhere.</p>"
    assert learner.field(PERRO, "Sentence") == "<p><em>El perro</em> duerme.</p>"


def test_cards_can_exchange_their_names_which_nothing_in_anki_goes_by(author: Author, learner: Learner) -> None:
    learner.take(author.release("1.0.0", "2026-01-01"))
    study(learner.collection)
    before = schedules(learner)
    asked = [visible(card.render_output().question_text) for card in learner.cards_of(PERRO)]
    exchanged = WORD.replace("{name: Recognise,", "{name: Recall, was: Recognise,", 1)
    author.style(
        DECLARATION,
        exchanged.replace("{name: Recall, asks: [meaning]", "{name: Recognise, was: Recall, asks: [meaning]"),
    )
    learner.take(author.release("1.1.0", "2026-02-01"))
    assert cards_of(learner, PERRO) == ["Recall", "Recognise"]
    assert schedules(learner) == before
    now = [visible(card.render_output().question_text) for card in learner.cards_of(PERRO)]
    assert [text.split()[-2:] for text in now] == [text.split()[-2:] for text in asked]


def test_anki_tells_upper_from_lower_case_where_it_renames_a_field(author: Author, learner: Learner) -> None:
    third = WORD + "  - {name: Example, asks: [sentence], answers: [word]}\n"
    author.style(DECLARATION, third)
    learner.take(author.release("1.0.0", "2026-01-01"))
    renamed = third.replace("{key: meaning,", "{key: meaning, name: English, was: Meaning,")
    author.style(DECLARATION, renamed.replace("{key: sentence,", "{key: sentence, name: meaning, was: Sentence,"))
    learner.take(author.release("1.1.0", "2026-02-01"))
    sides = learner.cards_of(PERRO)[2].render_output()
    assert "duerme" in visible(sides.question_text)
