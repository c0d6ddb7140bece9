"""Kinds of notes that stand below others, ask gaps or answer with other things than texts keep what they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.anki.fields import list_card_numbers
from cardpress.writers import load_writer
from tests.conftest import DECK, WriteProject
from tests.helpers.decks import deck_from
from tests.helpers.diagnostics import places, problems
from tests.helpers.own_note_types import CAT, DOG, SENTENCE, WORD, place_of, with_below, with_words
from tests.helpers.pdf_pages import glyphs, sheets, words

GAPS = "title: Gaps\nfields: [{key: word, holds: line}, {key: gaps, holds: cloze}, {key: more, holds: line}]\n"
GAPS += "cards: [{asks: [word, gaps], answers: [more]}]\n"


def test_a_cloze_text_that_is_asked_second_makes_the_cards(tmp_path: Path) -> None:
    files = with_words({"id": "a", "word": "x", "gaps": "a {{c1::b}}"}, declared=GAPS)
    (note,) = deck_from(tmp_path, files).notes()
    assert list_card_numbers(note) == (1,)


@pytest.mark.parametrize("kinds", ["recall, cloze, word", "word"])
def test_notes_below_a_question_are_not_reported_when_a_kind_that_may_stand_there_is_broken(
    write_project: WriteProject, kinds: str
) -> None:
    broken = with_below(kinds, [DOG]) | {place_of("word"): WORD.replace(SENTENCE, "{key: sentence, holds: txt}")}
    assert places(problems(write_project(broken))) == ["templates/note-types/word/note-type.yaml:6:28 bad-note-type"]


def test_a_note_that_may_not_stand_below_is_refused(write_project: WriteProject) -> None:
    (found,) = problems(write_project(with_below("recall, cloze", [{**DOG, "note_type": "word"}])))
    assert (found.code, found.help) == ("unknown-note-type", "write one of recall, cloze")


@pytest.mark.parametrize(
    ("holds", "value"), [("number", 1859), ("output", "1859"), ("one-of, values: ['1859']", "1859")]
)
def test_a_flashcards_back_has_the_answer_whatever_it_holds(tmp_path: Path, holds: str, value: object) -> None:
    declared = f"title: Year\nfields: [{{key: asked, holds: line}}, {{key: year, holds: {holds}}}]\n"
    declared += "cards: [{asks: [asked], answers: [year]}]\n"
    deck = deck_from(tmp_path, with_words({"id": "a", "asked": "When?", "year": value}, declared=declared))
    assert "1859" in "".join(words(glyphs(page)) for page in sheets(deck)["flashcards-a4"].pages)


def test_questions_that_look_like_another_kind_are_reported_once(write_project: WriteProject) -> None:
    files = with_words(DOG, CAT, deck=DECK)
    (found,) = problems(write_project(files))
    assert (found.code, found.span.line) == ("unknown-note-type", 1)
    assert "note_type: word" in found.help


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        (SENTENCE, "{key: sentence, name: FrontSide, holds: text}", "6:27"),
        (SENTENCE, "{key: sentence, holds: text, unique: true}", "6:42"),
        (SENTENCE, "{key: sentence, holds: text, values: [a]}", "6:42"),
        (SENTENCE, "{key: sentence, name: Version, holds: text}", "6:27"),
        ("answers: [meaning, sentence]", "answers: [meaning, meaning, sentence]", "8:56"),
    ],
)
def test_what_would_lose_a_learners_text_is_refused(
    write_project: WriteProject, right: str, wrong: str, place: str
) -> None:
    found = problems(write_project(with_words(CAT, declared=WORD.replace(right, wrong))))
    assert places(found) == [f"templates/note-types/word/note-type.yaml:{place} bad-note-type"]


def test_a_value_of_a_few_that_a_card_names_stands_there_and_not_beside_the_question(tmp_path: Path) -> None:
    gender = "{key: gender, holds: one-of, values: [m, f], label: Gender}"
    declared = WORD.replace(SENTENCE, f"{SENTENCE}\n  - {gender}").replace(
        "answers: [meaning,", "answers: [meaning, gender,"
    )
    deck = deck_from(tmp_path, with_words({**DOG, "gender": "m"}, declared=declared))
    (note,) = deck.notes()
    assert note.level is None
    page = load_writer("page")(deck).artifacts[0].data.decode()
    assert page.count(">Gender:</span> m") == 1
    assert 'id="page_level"' not in page


def test_words_of_a_language_may_be_alike(write_project: WriteProject) -> None:
    words = [{**DOG, "id": name, "word": f"el {name}"} for name in ("caballo", "cabello")]
    assert problems(write_project(with_words(*words))) == []


@pytest.mark.parametrize("part", ["- a", "> a", "```\nx = 1\n```", "| a |\n|---|\n| b |", "a"])
def test_pairs_of_any_block_are_printed(tmp_path: Path, part: str) -> None:
    declared = "title: P\nfields: [{key: main, holds: line}, {key: extra, holds: pairs, parts: [{key: p, label: L}]}]\n"
    declared += "cards: [{asks: [main], answers: [extra]}]\n"
    deck = deck_from(tmp_path, with_words({"id": "a", "main": "x", "extra": [{"p": part}]}, declared=declared))
    assert load_writer("pdf")(deck).diagnostics == ()


def test_a_required_list_without_entries_is_reported(write_project: WriteProject) -> None:
    declared = WORD.replace(SENTENCE, "{key: others, holds: lines, required: true}").replace("sentence", "others")
    note = {"id": "a", "word": "dog", "meaning": "An animal that barks.", "others": []}
    found = problems(write_project(with_words(note, declared=declared)))
    assert [each.code for each in found] == ["empty-text"]


def test_a_note_type_without_cards_is_refused(write_project: WriteProject) -> None:
    declared = WORD.partition("cards:")[0] + "cards: []\n"
    found = problems(write_project(with_words(DOG, declared=declared)))
    assert places(found) == ["templates/note-types/word/note-type.yaml:7:8 bad-note-type"]


def test_many_problems_of_one_note_type_do_not_hide_those_of_another(write_project: WriteProject) -> None:
    many = "title: A\nfields: [" + "{key: '0', holds: line}, " * 1_100 + "]\ncards: [{asks: [a]}]\n"
    broken = WORD.replace("{key: meaning, holds: line, required: true}", "{key: word, holds: number}")
    files = with_words(DOG, declared=broken) | {place_of("aaa"): many}
    assert {each.code for each in problems(write_project(files))} == {"bad-note-type", "more-problems"}


@pytest.mark.parametrize("name", ["=x", "!x", "tags", "FrontSide"])
def test_a_name_that_anki_reads_as_something_else_is_refused(write_project: WriteProject, name: str) -> None:
    declared = WORD.replace(SENTENCE, f"{{key: sentence, name: '{name}', holds: text}}")
    assert [each.code for each in problems(write_project(with_words(DOG, declared=declared)))] == ["bad-note-type"]


def test_a_card_is_there_when_its_question_is_whatever_else_it_asks(tmp_path: Path) -> None:
    declared = WORD.replace("asks: [word]", "asks: [sentence, word]").replace(
        "answers: [meaning, sentence]", "answers: [meaning]"
    )
    deck = deck_from(tmp_path, with_words(DOG, declared=declared))
    (note,) = deck.notes()
    assert list_card_numbers(note) == (1, 2)
