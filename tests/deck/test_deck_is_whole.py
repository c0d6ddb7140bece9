"""The FastAPI deck has all that it promises; what is missing is named."""

from __future__ import annotations

import re
from functools import cache

from cardpress.check.advice import count_words
from cardpress.check.rules import check
from cardpress.markdown.tree import CodeBlock
from cardpress.source.bank import Link, Number, Question, Text
from cardpress.source.load import Loaded, load
from cardpress.source.templates.loading import load_templates
from cardpress.source.texts import list_markdown_texts
from tests.conftest import ROOT

SECTIONS = {
    "foundations": [1, 2, 24],
    "routing": [3, 21],
    "data": [5, 13, 17, 19, 23],
    "dependencies": [4, 8],
    "concurrency": [6, 14, 18, 20],
    "security": [7, 9, 10],
    "openapi": [11, 22],
    "reliability": [12, 15, 16],
}
SIX_RECALL_NOTES = {6, 7, 8, 9, 10, 16, 20}
BEYOND = {"recent", "beyond"}
PROVED_BY_OUTPUT = {3, 4, 8, 10, 12, 13, 17, 19, 20, 23}
FILLER = re.compile(
    r"\b(modern|powerful|robust|seamless(?:ly)?|blazing|leverag\w+|simply|obviously)\b|—", re.IGNORECASE
)


@cache
def loaded() -> Loaded:
    templates, _ = load_templates(ROOT)
    return load(ROOT / "source", templates)


def questions() -> list[Question]:
    return list(loaded().bank.questions())


def number_of(question: Question) -> int | None:
    number = question.values.get("number")
    return number.value if isinstance(number, Number) else None


def numbered() -> dict[int, Question]:
    return {number: question for question in questions() if (number := number_of(question))}


def text(question: Question, key: str) -> str:
    """Return a text that a question has under a key."""
    found = question.values[key]
    assert isinstance(found, Text)
    return found.value


def entries(question: Question, key: str) -> tuple[object, ...]:
    """Return what a question lists under a key."""
    found = question.values[key]
    assert isinstance(found, tuple)
    return found


def output_notes(question: Question) -> list[Question]:
    return [note for note in question.recall if {"snippet", "answer"} <= note.values.keys()]


def test_the_source_is_clean_even_when_strict() -> None:
    assert (*loaded().diagnostics, *check(loaded().bank)) == ()


def test_the_24_stand_in_their_sections() -> None:
    got = {section.id.value: [number_of(q) for q in section.questions] for section in loaded().bank.sections}
    assert {name: got[name] for name in SECTIONS} == SECTIONS
    assert sorted(numbered()) == list(range(1, 25))


def test_every_question_has_every_part() -> None:
    parts = {"level", "key_points", "snippet", "output", "how_to_answer", "example_answer", "pitfalls", "sources"}
    missing = [
        f"{question.id.value}: {part}"
        for question in questions()
        for part in sorted((parts | {"see_also"}) - question.values.keys())
    ]
    assert missing == []
    assert [question.id.value for question in questions() if not question.tags or not question.recall] == []


def test_texts_have_the_length_that_can_be_spoken_or_printed() -> None:
    wrong = []
    for question in questions():
        spoken, points, answer = (
            count_words(text(question, "example_answer")),
            len(entries(question, "key_points")),
            count_words(text(question, "answer")),
        )
        if not 60 <= spoken <= 150:
            wrong.append(f"{question.id.value}: example_answer has {spoken} words")
        if not 3 <= points <= 7:
            wrong.append(f"{question.id.value}: {points} key points")
        if not 20 <= answer <= 110:
            wrong.append(f"{question.id.value}: answer has {answer} words")
    assert wrong == []


def test_there_are_enough_recall_notes() -> None:
    few = [
        f"{number}: {len(question.recall)}"
        for number, question in numbered().items()
        if len(question.recall) < (6 if number in SIX_RECALL_NOTES else 4)
    ]
    notes = [recall for question in numbered().values() for recall in question.recall]
    assert few == []
    assert len(notes) >= 120
    assert sum(note.note_type.is_cloze for note in notes) >= 30
    assert sum(len(output_notes(question)) for question in numbered().values()) >= 20


def test_what_code_can_prove_is_proved_by_output_notes() -> None:
    assert [number for number in PROVED_BY_OUTPUT if not output_notes(numbered()[number])] == []


def test_two_sections_go_beyond_the_24() -> None:
    beyond = [q for section in loaded().bank.sections if section.id.value in BEYOND for q in section.questions]
    assert len(beyond) >= 24
    assert [q.id.value for q in beyond if number_of(q) is not None or len(q.recall) < 2] == []


def test_at_least_eight_diagrams_are_drawn_and_shown() -> None:
    shown = {
        name for text in list_markdown_texts(loaded().bank) for name in re.findall(r"\]\(([\w-]+\.svg)\)", text.value)
    }
    drawn = {name for name in loaded().bank.media if name.endswith(".svg")}
    assert len(drawn) >= 8
    assert drawn == shown
    for name in drawn:
        picture = loaded().bank.media[name].data.decode()
        assert "<title" in picture, f"{name} has no title"
        assert "<text" in picture, f"{name} has no text that can be searched"


def test_code_on_cards_comes_from_snippets_that_run() -> None:
    fenced = [
        text.span.line
        for text in list_markdown_texts(loaded().bank)
        if any(isinstance(node, CodeBlock) and node.language for node in text.document.walk())
    ]
    assert fenced == []


def test_every_question_rests_on_the_official_documentation() -> None:
    without = [
        question.id.value
        for question in questions()
        if not any(
            isinstance(link, Link) and link.url and "fastapi.tiangolo.com" in link.url.value
            for link in entries(question, "sources")
        )
    ]
    assert without == []


def test_no_filler() -> None:
    found = [
        f"{text.span.path}:{text.span.line}: {match[0]}"
        for text in list_markdown_texts(loaded().bank)
        if (match := FILLER.search(text.value))
    ]
    assert found == []


def test_the_deck_says_what_it_was_checked_on() -> None:
    info = loaded().bank.info
    assert info is not None
    assert info.checked is not None
    pins = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    fastapi = re.search(r"^fastapi\[?.*?==([\d.]+)", pins, re.MULTILINE)
    assert fastapi is not None
    assert f"FastAPI {fastapi[1]}" in info.checked.value
