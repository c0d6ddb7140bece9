"""A mistake in a note type's declaration, or in a note of it, is reported where it is, and alone."""

from __future__ import annotations

from typing import Any

import pytest

from cardpress.diagnostics import Diagnostic
from tests.conftest import DECK, WriteProject
from tests.helpers.diagnostics import codes, places, problems
from tests.helpers.own_note_types import (
    CAT,
    DOG,
    LOOSE_WORD,
    SENTENCE,
    WORD,
    place_of,
    with_below,
    with_words,
)

DECLARATION = "templates/note-types/word/note-type.yaml"


def more(field: str) -> str:
    """Return the line of the sentence, and one for a field more."""
    return f"{SENTENCE}\n  - {{{field}}}"


def sentence(holds: str) -> str:
    """Return the line of the sentence, which holds something else."""
    return f"{{key: sentence, holds: {holds}}}"


# By what is wrong: what is right in the declaration, what is wrong, its place, and a part of the help.
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "what no field holds": (SENTENCE, sentence("txt"), "6:28", "did you mean `text`?"),
    "a key that every note has": (SENTENCE, more("key: id, holds: line"), "7:11", "choose another word"),
    "a key of the bundle": (SENTENCE, more("key: guid, holds: line"), "7:11", "choose another word"),
    "a key that is a fact": (SENTENCE, more("key: version, holds: line"), "7:11", "choose another word"),
    "a key with a capital": (SENTENCE, more("key: Note, holds: line"), "7:11", "write `note`"),
    "two fields of one key": (SENTENCE, more("key: word, holds: text"), "7:11", "give one of them another"),
    "two fields of nearly one key": (SENTENCE, more("key: senten_ce, holds: text"), "7:11", "another `name`"),
    "two fields of one name": (SENTENCE, more("key: more, name: Word, holds: text"), "7:23", "another `name`"),
    "two fields once of one name": (SENTENCE, sentence("text, was: Word"), "6:39", "write the name under which"),
    "one of no values": (SENTENCE, sentence("one-of"), "6:28", "add `values: […]`"),
    "one of an empty list of values": (SENTENCE, sentence("one-of, values: []"), "6:44", "write at least one"),
    "pairs without parts": (SENTENCE, sentence("pairs"), "6:28", "add `parts: […]`"),
    "two parts of one key": (
        SENTENCE,
        sentence("pairs, parts: [{key: a, label: A}, {key: a, label: B}]"),
        "6:69",
        "give one of them another",
    ),
    "a personal list": (SENTENCE, sentence("lines, personal: true"), "6:28", "write `holds: text`"),
    "a personal field that must be there": (
        SENTENCE,
        sentence("text, personal: true, required: true"),
        "6:60",
        "remove one of the two",
    ),
    "a first card that asks the learner's own words": (
        "{key: word, holds: line, required: true}",
        "{key: word, holds: line, personal: true}",
        "8:30",
        "name a key that is not personal",
    ),
    "a card that asks the learner's own words": (
        "holds: text}\ncards:\n",
        "holds: text, personal: true}\ncards:\n  - {name: Own, asks: [sentence], answers: [word]}\n",
        "8:24",
        "name a key that is not personal",
    ),
    "the learner's own words to type": (
        "holds: text}\ncards:\n  - {name: Recognise, asks: [word], answers: [meaning, sentence]}",
        "holds: text, personal: true}\ncards:\n"
        "  - {name: Recognise, asks: [word], answers: [meaning, sentence], typed: sentence}",
        "8:74",
        "name one that ships",
    ),
    "a fact that there is not": (SENTENCE, more("fact: notise"), "7:12", "did you mean `notice`?"),
    "a kind below that there is not": ("noun: a word", "noun: a word\nbelow: [recal]", "3:9", "did you mean `recall`?"),
    "a card that asks an unknown key": ("asks: [meaning]", "asks: [meanig]", "9:27", "did you mean `meaning`?"),
    "a card that answers an unknown key": ("[word, sentence]", "[word, sentense]", "9:53", "did you mean `sentence`?"),
    "a card that asks nothing": ("asks: [meaning]", "asks: []", "9:26", "name a key"),
    "typing without what": (
        "answers: [word, sentence]",
        "answers: [word, sentence], typed: true",
        "9:71",
        "`typed: word`",
    ),
    "a condition without a flag": (
        "answers: [word, sentence]",
        "answers: [word, sentence], when: yes",
        "9:70",
        "`when: reverse`",
    ),
    "two cards of one name": ("{name: Recall,", "{name: Recognise,", "9:12", "give each a `name`"),
    "two cards once of one name": (
        "{name: Recall,",
        "{name: Recall, was: Recognise,",
        "9:25",
        "write the name under which",
    ),
}


def report(write_project: WriteProject, declared: str, *notes: dict[str, Any]) -> list[Diagnostic]:
    return problems(write_project(with_words(*notes, declared=declared)))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_declaration_is_reported_where_it_is(write_project: WriteProject, name: str) -> None:
    right, wrong, place, hint = MISTAKES[name]
    assert WORD.count(right) == 1
    found = report(write_project, WORD.replace(right, wrong), CAT)
    assert places(found) == [f"{DECLARATION}:{place} bad-note-type"]
    assert hint in found[0].help


def test_a_key_that_is_a_fact_is_not_said_to_be_there_twice(write_project: WriteProject) -> None:
    (found,) = report(write_project, WORD.replace(SENTENCE, more("key: version, holds: line")))
    assert found.message == "every note has the key `version` already"


@pytest.mark.parametrize(
    ("right", "wrong", "place", "code"),
    [
        ("title: Word\n", "", "1:1", "missing-key"),
        ("noun:", "nuon:", "2:1", "unknown-key"),
        ("holds: text}", "holds: text, labl: x}", "6:34", "unknown-key"),
        ("holds: text}", "holds: text, folded: sure}", "6:42", "wrong-type"),
    ],
)
def test_a_declaration_is_read_like_any_other_yaml(
    write_project: WriteProject, right: str, wrong: str, place: str, code: str
) -> None:
    found = report(write_project, WORD.replace(right, wrong, 1), CAT)
    assert places(found) == [f"{DECLARATION}:{place} {code}"]


@pytest.mark.parametrize("declared", ["", "# To do.\n"])
def test_an_empty_declaration_is_said_to_be_empty(write_project: WriteProject, declared: str) -> None:
    assert places(report(write_project, declared)) == [f"{DECLARATION}:1:1 empty-text"]


def test_a_field_that_a_template_misspells_is_not_said_to_be_shown_nowhere(write_project: WriteProject) -> None:
    declared = WORD.replace("asks: [meaning]", "back: back.html, asks: [meaning]")
    files = with_words(CAT, declared=declared)
    back = "../templates/note-types/word/back.html"
    text = "{{FrontSide}}<hr>{{Word}} {{sentence}}"
    found = problems(write_project(files | {back: text}))
    assert places(found) == ["templates/note-types/word/back.html:1:27 template-field"]
    assert found[0].help == "did you mean `Sentence`? Upper and lower case differ"


@pytest.mark.parametrize("kind", ["my word", "wörter", "a~b", "a%20b", "Word"])
def test_a_folder_whose_name_can_be_no_kind_is_refused(write_project: WriteProject, kind: str) -> None:
    files = with_words(DOG, deck=f"note_type: '{kind}'\n{DECK}") | {place_of(kind): WORD}
    assert places(problems(write_project(files))) == [f"templates/note-types/{kind}/note-type.yaml:1:1 bad-note-type"]


def test_a_folder_in_a_folder_declares_nothing(write_project: WriteProject) -> None:
    files = with_words(DOG, deck=f"note_type: a/b\n{DECK}") | {place_of("a/b"): WORD}
    assert places(problems(write_project(files))) == [
        "source/deck.yaml:1:12 unknown-note-type",
        "templates/note-types/a/b/note-type.yaml:1:1 unused-template",
    ]


def test_a_label_that_no_font_has_is_warned_of(write_project: WriteProject) -> None:
    for written, place in (
        (sentence("text, label: 例"), "6:41"),
        (sentence("pairs, parts: [{key: a, label: A}, {key: b, label: 例}]"), "6:79"),
    ):
        found = report(write_project, WORD.replace(SENTENCE, written), CAT)
        assert places(found) == [f"{DECLARATION}:{place} missing-glyph"]


# --- what the first card asks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "holds",
    [
        *("lines", "snippet", "output", "links", "number", "ids"),
        *("one-of, values: [a]", "pairs, parts: [{key: a, label: A}]"),
    ],
)
def test_a_first_card_that_asks_no_text_is_reported(write_project: WriteProject, holds: str) -> None:
    declared = LOOSE_WORD.replace("{key: word, holds: line}", f"{{key: word, holds: {holds}}}")
    found = report(write_project, declared, {"id": "a", "meaning": "x"})
    assert places(found) == [f"{DECLARATION}:8:30 bad-note-type"]
    assert found[0].message == "the first card asks no text"


@pytest.mark.parametrize("keys", [{}, {"meaning": "x"}, {"sentence": "x"}])
def test_a_note_without_what_its_first_card_asks_is_reported(write_project: WriteProject, keys: dict[str, str]) -> None:
    (found,) = report(write_project, LOOSE_WORD, {"id": "a", **keys})
    assert (found.code, found.message) == ("missing-key", "a word has no `word`, which the first card asks")


@pytest.mark.parametrize(
    ("cards", "place"),
    [
        ("[{asks: [word], answers: [gaps]}]", "3:17"),
        ("[{name: A, asks: [gaps], answers: [word]}, {name: B, asks: [word], answers: [gaps]}]", "3:58"),
    ],
)
def test_a_cloze_text_that_is_not_the_only_card_is_reported(
    write_project: WriteProject, cards: str, place: str
) -> None:
    fields = "title: Gaps\nfields: [{key: word, holds: line}, {key: gaps, holds: cloze}]\n"
    found = report(write_project, f"{fields}cards: {cards}\n", {"id": "a", "word": "x", "gaps": "a {{c1::b}}"})
    assert places(found) == [f"{DECLARATION}:{place} bad-note-type"]
    assert "`asks: [gaps]`" in found[0].help


# --- one report for one mistake -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("title: Word\n", "", "missing-key"),
        (SENTENCE, sentence("txt"), "bad-note-type"),
        ("asks: [meaning]", "asks: [meanig]", "bad-note-type"),
        ("fields:", "fields: [", "yaml-syntax"),
    ],
)
def test_notes_of_a_broken_type_are_not_reported_too(
    write_project: WriteProject, right: str, wrong: str, code: str
) -> None:
    (found,) = report(write_project, WORD.replace(right, wrong))
    assert (found.code, found.span.path) == (code, DECLARATION)


def test_a_note_below_a_question_that_names_a_broken_type_is_not_reported_too(write_project: WriteProject) -> None:
    files = with_below("recall, cloze, word", [{**DOG, "note_type": "word"}])
    broken = files | {place_of("word"): WORD.replace(SENTENCE, sentence("txt"))}
    assert places(problems(write_project(broken))) == [f"{DECLARATION}:6:28 bad-note-type"]


# --- mistakes in notes ----------------------------------------------------------------------------------------------


def test_a_kind_that_is_no_text_is_reported(write_project: WriteProject) -> None:
    (found,) = report(write_project, WORD, {"note_type": ["word"], **DOG})
    assert places([found]) == ["source/first.yaml:1:17 wrong-type"]


def test_an_unknown_id_in_a_note_below_a_question_is_reported(write_project: WriteProject) -> None:
    recall = {"id": "r", "question": "R?", "answer": "B.", "others": ["one", "nowhere"]}
    (found,) = problems(write_project(with_below("fact", [recall])))
    assert (found.code, found.message) == ("unknown-reference", "no question `nowhere`")


def test_notes_below_notes_below_a_question_are_reported(write_project: WriteProject) -> None:
    deep = {"id": "deep", "question": "D?", "answer": "E."}
    recall = {"id": "r", "question": "R?", "answer": "B.", "recall": [deep]}
    found = problems(write_project(with_below("interview", [recall])))
    assert codes(found) == ["unknown-key"]
    assert "`recall`" in found[0].message


def test_a_key_of_another_note_type_is_told_which(write_project: WriteProject) -> None:
    asked = "- {id: dog, question: el perro, answer: the dog, reverse: true, typed: true}\n"
    found = [each for each in problems(write_project({"first.yaml": asked})) if each.code != "no-source"]
    assert [each.code for each in found] == ["unknown-key"] * 2
    assert {each.help for each in found} == {
        "a basic note has it: add `note_type: basic` to the question, its section or the deck"
    }
    mixed = asked.replace("typed", "key_points")
    found = [each for each in problems(write_project({"first.yaml": mixed})) if each.code != "no-source"]
    assert "it may have: id, question" in found[0].help


@pytest.mark.parametrize(
    ("right", "wrong", "place", "code"),
    [
        ("title: Word", 'title: "Wo\\u0007rd"', "1:11", "control-character"),
        ("noun: a word", 'noun: "a\\u2028word"', "2:9", "control-character"),
        ("name: Recall", 'name: "Re\\tcall"', "9:15", "control-character"),
        ("name: Recall", f"name: {'x' * 201}", "9:12", "text-too-long"),
        (SENTENCE, sentence('text, label: "a\\0"'), "6:43", "control-character"),
        (SENTENCE, sentence(f"text, label: {'x' * 201}"), "6:41", "text-too-long"),
        (SENTENCE, sentence('text, name: "a\\eb"'), "6:42", "control-character"),
        (SENTENCE, sentence('one-of, values: [a, "b\\x1f"]'), "6:50", "control-character"),
        (SENTENCE, sentence("one-of, values: [a, b, a]"), "6:51", "bad-note-type"),
        (SENTENCE, sentence('pairs, parts: [{key: a, label: "\\x9f-"}]'), "6:60", "control-character"),
        (SENTENCE, sentence("text, name: '@@script@@'"), "6:40", "bad-note-type"),
        (SENTENCE, f"{SENTENCE}\n  - {{of_question: levle}}", "7:19", "bad-note-type"),
        ("name: Recall", "name: [Recall]", "9:12", "wrong-type"),
    ],
)
def test_names_and_labels_stand_in_a_line_and_say_something(
    write_project: WriteProject, right: str, wrong: str, place: str, code: str
) -> None:
    assert places(report(write_project, WORD.replace(right, wrong))) == [f"{DECLARATION}:{place} {code}"]


def test_a_name_may_stand_in_a_block(write_project: WriteProject) -> None:
    assert report(write_project, WORD.replace("title: Word", "title: |\n  Word\nbelow: []")) == []


def test_cards_show_no_fields_without_end(write_project: WriteProject) -> None:
    keys = [f"f{number}" for number in range(500)]
    declared = "title: Word\nfields:\n  - {key: word, holds: line}\n"
    declared += "".join(f"  - {{key: {key}, holds: line}}\n" for key in keys) + "cards:\n"
    cards = [f"  - {{name: C{number}, asks: [word], answers: [{', '.join(keys)}]}}\n" for number in range(41)]
    assert report(write_project, declared + "".join(cards[:39]), {"id": "one", "word": "a"}) == []
    found = report(write_project, declared + "".join(cards), {"id": "one", "word": "a"})
    assert places(found) == [f"{DECLARATION}:505:3 text-too-long"]
