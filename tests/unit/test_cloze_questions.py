"""A text with gaps is a question of its own in a section of any kind, and tags reach what stands below them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.deck.notes import Deck
from cardpress.source.bank import Bank
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from tests.conftest import DECK, QUESTION, ROOT, WriteProject
from tests.helpers.decks import deck_of as make_deck
from tests.helpers.diagnostics import codes, places, problems

CLOZE = "- id: iron\n  cloze: Iron melts at {{c1::1538}} degrees.\n"
GAP = """\
title: Gap
noun: a gap
fields:
  - {key: cloze, holds: cloze, required: true}
  - {key: place, holds: line, required: true}
cards: [{asks: [cloze], answers: [place]}]
"""
WORD = """\
title: Word
noun: a word
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line, required: true}
cards: [{asks: [word], answers: [meaning]}]
"""


def read(project: Path) -> Bank:
    return load(project / "source", load_templates(ROOT, project)[0]).bank


def kinds(project: Path) -> list[str]:
    return [question.note_type.kind for question in read(project).questions()]


def declare(project: Path, **declarations: str) -> None:
    for kind, text in declarations.items():
        path = project / "templates" / "note-types" / kind / "note-type.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")


def test_a_text_with_gaps_needs_no_note_type(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + CLOZE})
    assert problems(project) == []
    assert kinds(project) == ["interview", "cloze"]
    assert list(read(project).note_types) == ["interview", "recall", "cloze"]


def test_it_stands_in_a_section_of_an_authors_note_type_too(write_project: WriteProject) -> None:
    deck = DECK + "    note_type: word\n"
    project = write_project(
        {"deck.yaml": deck, "first.yaml": "- {id: dog, word: el perro, meaning: the dog}\n" + CLOZE}
    )
    declare(project, word=WORD)
    assert problems(project) == []
    assert kinds(project) == ["word", "cloze"]


def test_of_several_kinds_with_gaps_the_one_that_asks_for_most_is_taken(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": CLOZE + CLOZE.replace("iron", "tin") + "  place: a mine\n"})
    declare(project, gap=GAP)
    assert kinds(project) == ["cloze", "gap"]


def test_ours_goes_before_an_authors_that_asks_for_the_same(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": CLOZE})
    declare(project, **{"a-gap": GAP.replace("place, holds: line, required: true", "place, holds: line")})
    assert kinds(project) == ["cloze"]


def test_keys_of_a_question_win(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + "  cloze: Iron {{c1::melts}}.\n"})
    assert places(problems(project)) == ["source/first.yaml:5:3 unknown-key"]


def test_what_is_checked_below_a_question_is_checked_here(write_project: WriteProject) -> None:
    long = "- id: iron\n  cloze: Iron {{c2::melts}}" + " and melts" * 40 + ".\n"
    project = write_project({"first.yaml": long + "  recall: [{id: tin, question: Why?, answer: So.}]\n"})
    assert codes(problems(project)) == ["recall-too-long", "cloze-numbering", "unknown-key"]
    project = write_project({"first.yaml": long})
    assert codes(problems(project)) == ["recall-too-long", "cloze-numbering"]


def test_the_other_note_types_still_have_to_be_named(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": "- {id: dog, word: el perro, meaning: the dog}\n"})
    declare(project, word=WORD)
    [problem] = problems(project)
    assert (problem.code, problem.span.line, problem.span.column) == ("unknown-note-type", 1, 4)
    assert "note_type: word" in problem.help


# --- tags


TAGGED = QUESTION + "  tags: [numbers]\n  recall: [{id: two, question: And two?, answer: The second., tags: [even]}]\n"


def tags(deck: Deck) -> dict[str, tuple[str, ...]]:
    return {each.id: each.tags for note in deck.notes() for each in (note, *note.recall)}


def test_tags_reach_what_stands_below_them(write_project: WriteProject) -> None:
    deck = DECK + "    tags: [maths, numbers]\n"
    made = make_deck(write_project({"deck.yaml": deck, "first.yaml": TAGGED + CLOZE}))
    assert tags(made) == {
        "one": ("maths", "numbers"),
        "two": ("even", "maths", "numbers"),
        "iron": ("maths", "numbers"),
    }


def test_a_deck_can_say_that_they_do_not(write_project: WriteProject) -> None:
    made = make_deck(write_project({"deck.yaml": DECK + "inherit_tags: false\n", "first.yaml": TAGGED}))
    assert tags(made) == {"one": ("numbers",), "two": ("even",)}


def test_then_a_section_has_none(write_project: WriteProject) -> None:
    deck = f"inherit_tags: false\n{DECK}    tags: [maths]\n"
    found = problems(write_project({"deck.yaml": deck, "first.yaml": TAGGED}))
    assert places(found) == ["source/deck.yaml:9:11 unknown-key"]


@pytest.mark.parametrize("count", [0, 3])
def test_a_bad_tag_of_a_section_is_reported_once(count: int, write_project: WriteProject) -> None:
    deck = DECK + "    tags: [two words]\n"
    questions = "".join(QUESTION.replace("one", f"one-{number}") for number in range(count)) or "[]\n"
    found = problems(write_project({"deck.yaml": deck, "first.yaml": questions}))
    assert places(found).count("source/deck.yaml:8:12 bad-tag") == 1


@pytest.mark.parametrize("value", ["maybe", "[]"])
def test_inherit_tags_is_true_or_false(value: str, write_project: WriteProject) -> None:
    found = problems(write_project({"deck.yaml": f"{DECK}inherit_tags: {value}\n"}))
    assert codes(found) == ["wrong-type"]
    assert found[0].help == "write `inherit_tags: false`, or remove it"


def test_a_number_that_was_mistyped_is_told_once(write_project: WriteProject) -> None:
    text = "- {id: iron, cloze: '{{c1::eins}} {{c3::drei}} {{c2:zwei}}'}"
    found = problems(write_project({"first.yaml": text}))
    assert places(found) == ["source/first.yaml:1:48 cloze-without-deletion"]
