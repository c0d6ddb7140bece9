"""Which cards a note has, what each asks and answers, and what the learner types: as declared, in every output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cardpress.anki.card_templates import fill_card_template
from cardpress.anki.fields import list_card_numbers
from cardpress.deck.notes import Card, Note
from tests.conftest import WriteProject
from tests.helpers.basic_notes import with_basics, with_gaps
from tests.helpers.decks import deck_from
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.json_bundle import bundle_and_schema, problems_of
from tests.helpers.own_note_types import CAT, DOG, TYPED_WORD, with_words
from tests.helpers.yaml_text import question

DECLARATION = "templates/note-types/word/note-type.yaml"
# By what is wrong: what is right, what is wrong, with `>` where the report is, and a part of the help.
MISTAKES: dict[str, tuple[str, str, str]] = {
    "no such flag": ("when: reverse", "when: >revers", "did you mean `reverse`?"),
    "what is no flag": ("when: reverse", "when: >sentence", "name one of these flags: reverse, spelled"),
    "a flag that is asked": ("asks: [meaning,", "asks: [meaning, >reverse,", "write `when: reverse`"),
    "a first card that not all notes have": (
        "answers: [meaning, sentence]}",
        "answers: [meaning, sentence], when: >reverse}",
        "behind another one",
    ),
    "a required flag": ("{key: spelled, holds: flag}", "{key: spelled, holds: flag, required: >true}", "remove it"),
    "what is not answered": ("typed: word", "typed: >sentence", "move it from `asks`"),
    "what is shown before": ("typed: word", "typed: >meaning", "move it from `asks` to `answers`"),
    "what nobody can type": ("typed: word", "typed: >reverse", "name one that holds line, text"),
    "no such filter": ('"hint:sentence"', '>"hnt:sentence"', "did you mean `hint`?"),
    "no such key behind a filter": ("hint:sentence", "hint:>sentense", "did you mean `sentence`?"),
    "a flag of nothing": ("typed: word, typed_when: ", "typed_when: >", "as in `typed: word`"),
    "a key twice": ('"hint:sentence"]', '"hint:sentence", >sentence]', "remove one of the two"),
    "a key on both sides": ("answers: [word]", "answers: [word, >meaning]", "remove one of the two"),
}


def notes_of(folder: Path, *words: dict[str, Any]) -> dict[str, Note]:
    deck = deck_from(folder, with_words(*words, declared=TYPED_WORD))
    return {note.id: note for note in deck.notes()}


def keys(parts: tuple[tuple[Any, Any], ...]) -> list[str]:
    return [field.key for field, _ in parts]


def typed(card: Card) -> str | None:
    return card.typed[0].key if card.typed else None


def test_a_note_has_a_card_for_each_template_whose_conditions_it_meets(tmp_path: Path) -> None:
    notes = notes_of(tmp_path, DOG | {"reverse": True}, CAT | {"reverse": False})
    assert [card.template.name for card in notes["perro"].cards()] == ["Recognise", "Recall"]
    assert [(card.number, card.deletion) for card in notes["perro"].cards()] == [(1, None), (2, None)]
    assert [card.template.name for card in notes["gato"].cards()] == ["Recognise"]
    assert list_card_numbers(notes["perro"]) == (1, 2)
    assert list_card_numbers(notes["gato"]) == (1,)


def test_a_card_has_what_its_note_has_of_its_sides(tmp_path: Path) -> None:
    notes = notes_of(tmp_path, DOG | {"reverse": True}, CAT | {"reverse": True})
    _, dog = notes["perro"].cards()
    _, cat = notes["gato"].cards()
    assert (keys(dog.asked), keys(dog.answered)) == (["meaning", "sentence"], ["word"])
    assert (keys(cat.asked), keys(cat.answered)) == (["meaning"], ["word"])


def test_a_learner_types_where_the_note_says_so(tmp_path: Path) -> None:
    notes = notes_of(tmp_path, DOG | {"reverse": True, "spelled": True}, CAT | {"reverse": True})
    assert [typed(card) for card in notes["perro"].cards()] == [None, "word"]
    assert [typed(card) for card in notes["gato"].cards()] == [None, None]


def test_a_cloze_note_has_a_card_for_each_number_of_its_deletions(tmp_path: Path) -> None:
    recall = [{"id": "both", "cloze": "{{c1::Both}} and {{c2::all}} and {{c1::each}}.", "extra": "More."}]
    deck = deck_from(tmp_path, {"first.yaml": question(recall=recall)})
    (cloze,) = next(deck.notes()).recall
    assert [(card.number, card.deletion) for card in cloze.cards()] == [(1, 1), (2, 2)]
    assert [(keys(card.asked), keys(card.answered)) for card in cloze.cards()] == [(["cloze"], ["extra"])] * 2


def test_a_flag_is_true_in_anki_and_in_the_bundle_or_not_there(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_words(DOG | {"reverse": True}, CAT | {"reverse": False}, declared=TYPED_WORD))
    assert [note.fields["Reverse"] for note in deck.notes()] == ["true", ""]
    bundle, schema = bundle_and_schema(deck)
    assert [each.get("reverse") for each in bundle["questions"]] == [True, None]
    assert problems_of(bundle, schema) == []
    bundle["questions"][0]["reverse"] = "true"
    assert problems_of(bundle, schema)


@pytest.mark.parametrize("value", ["'true'", "1", "maybe", "[true]", "null"])
def test_a_flag_is_true_or_false(write_project: WriteProject, value: str) -> None:
    files = with_words(declared=TYPED_WORD) | {"first.yaml": f"- {{id: gato, word: a, meaning: b, reverse: {value}}}\n"}
    found = problems(write_project(files))
    assert places(found) == ["source/first.yaml:1:44 wrong-type"]
    assert "`reverse: true`" in str(found[0].help)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_card_is_reported_where_it_is(write_project: WriteProject, name: str) -> None:
    right, wrong, hint = MISTAKES[name]
    assert TYPED_WORD.count(right) == 1
    before, _, after = TYPED_WORD.replace(right, wrong).partition(">")
    place = f"{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"
    found = problems(write_project(with_words(CAT, declared=before + after)))
    assert places(found) == [f"{DECLARATION}:{place} bad-note-type"]
    assert hint in str(found[0].help)


def test_a_field_stands_on_both_sides_through_other_filters(tmp_path: Path) -> None:
    declared = TYPED_WORD.replace("answers: [word]", "answers: [word, sentence]")
    deck = deck_from(tmp_path, with_words(DOG | {"reverse": True}, declared=declared))
    _, recall = next(deck.notes()).cards()
    assert (keys(recall.asked), keys(recall.answered)) == (["meaning", "sentence"], ["word", "sentence"])


def test_what_learners_write_themselves_is_not_typed(write_project: WriteProject) -> None:
    declared = TYPED_WORD.replace("{key: sentence, holds: text}", "{key: sentence, holds: text, personal: true}")
    declared = declared.replace('[meaning, "hint:sentence"], answers: [word]', "[meaning], answers: [word, sentence]")
    found = problems(write_project(with_words(CAT, declared=declared.replace("typed: word", "typed: sentence"))))
    assert codes(found) == ["bad-note-type"]
    assert "name one that ships with what is to be typed" in str(found[0].help)


def test_what_is_typed_is_among_the_answers(write_project: WriteProject) -> None:
    declared = TYPED_WORD.replace("typed: word, typed_when: spelled", "typed: sentence").replace(
        '[meaning, "hint:sentence"]', "[meaning]"
    )
    found = problems(write_project(with_words(CAT, declared=declared)))
    assert codes(found) == ["bad-note-type"]
    assert "add `sentence` to its `answers`" in str(found[0].help)


def test_a_flag_that_nothing_needs_is_reported(write_project: WriteProject) -> None:
    declared = TYPED_WORD.replace(", typed: word, typed_when: spelled", "")
    assert codes(problems(write_project(with_words(CAT, declared=declared)))) == ["unshown-field"]


def test_flags_are_shown_nowhere(tmp_path: Path) -> None:
    notes = notes_of(tmp_path, DOG | {"reverse": True, "spelled": True})
    assert "reverse" not in keys((*notes["perro"].front(), *notes["perro"].back()))


def test_the_engine_opens_a_card_by_its_conditions_alone(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_words(CAT, declared=TYPED_WORD))
    note_type = next(each for each in deck.note_types if each.kind == "word")
    front, _ = fill_card_template(deck, note_type, note_type.cards[1])
    assert front.startswith("{{#Reverse}}<div")
    assert front.endswith("{{/Reverse}}")
    assert "{{hint:Sentence}}" in front


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("- one\n- two", "is more than one line"),
        ("one\n\ntwo", "is more than one line"),
        ("![a dot](dot.png)", "has a picture"),
        (r"\(x^2\)", "has a formula"),
        ("学校[がっこう]に行[い]く", "has a reading, which Anki would want to be typed, with its brackets"),
        ("word " * 50, "has more than 200 characters"),
        ("*one* `two`", None),
    ],
)
def test_what_is_typed_is_a_line_of_words(write_project: WriteProject, answer: str, why: str | None) -> None:
    note = {"id": "one", "question": "One?", "answer": answer, "typed": True}
    found = [each for each in problems(write_project(with_basics(note))) if each.code == "untypable-answer"]
    assert [each.message.partition("which ")[2] for each in found] == ([why] if why else [])
    assert codes(problems(write_project(with_basics(note | {"typed": False})))).count("untypable-answer") == 0


def test_a_gap_that_is_typed_is_a_line_of_words(write_project: WriteProject) -> None:
    found = problems(write_project(with_gaps({"id": "gap", "text": "One {{c1::word}}.\n\n- {{c2::a\n\n  b}}"})))
    assert "untypable-answer" in codes(found)
    found = problems(write_project(with_gaps({"id": "gap", "text": r"One \({{c1::x}} + 1\)."})))
    assert "untypable-answer" in codes(found)
