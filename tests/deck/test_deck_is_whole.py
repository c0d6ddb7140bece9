"""The FastAPI deck has all that it promises; what is missing is named."""

from __future__ import annotations

import re
from functools import cache

from cardpress.check.advice import count_words
from cardpress.check.rules import check
from cardpress.markdown.tree import CodeBlock
from cardpress.source.bank import Link, Number, Question, Text
from cardpress.source.load import Loaded, load
from cardpress.source.media.transparency import has_dark_scheme
from cardpress.source.templates.loading import load_templates
from cardpress.source.texts import list_markdown_texts
from tests.conftest import ROOT

SIX_RECALL_NOTES = {6, 7, 8, 9, 10, 16, 20}
# Numbers that learners know, by the ids that have them for ever.
FIRST_24 = (
    "what-fastapi-is advantages defining-routes dependency-injection pydantic async-operations authentication "
    "dependency-overrides-and-lifetimes securing-an-application middleware openapi-contract errors-and-exceptions "
    "request-and-response-models websockets databases testing validation-rules performance input-errors "
    "background-tasks api-versioning interactive-docs request-versus-response-validation when-to-choose-fastapi"
).split()
LAST_SECTION = "recent"
PROVED_BY_OUTPUT = {3, 4, 8, 10, 12, 13, 17, 19, 20, 23}
# What nobody can say out loud.
UNSPEAKABLE = re.compile(r"[/_=<>(){}\[\]|@#&~^+]|->|::|--")
OWN_WORK = "**With your own work:**"
FILLER = re.compile(
    r"\b(modern|powerful|robust|seamless(?:ly)?|blazing|leverag\w+|simply|obviously)\b|—", re.IGNORECASE
)


@cache
def loaded() -> Loaded:
    templates, _ = load_templates(ROOT)
    return load(ROOT / "source", templates)


def questions() -> list[Question]:
    """Return the questions that are asked: all that are not retired."""
    return [question for question in loaded().bank.questions() if question.retired is None]


def recall_notes(question: Question) -> list[Question]:
    """Return the notes below a question that are asked."""
    return [note for note in question.recall if note.retired is None]


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
    return [note for note in recall_notes(question) if {"snippet", "answer"} <= note.values.keys()]


def test_the_source_is_clean_even_when_strict() -> None:
    assert (*loaded().diagnostics, *check(loaded().bank)) == ()


def test_every_question_has_a_number_in_the_order_of_the_page_and_the_first_24_keep_theirs() -> None:
    numbers = {question.id.value: number_of(question) for question in questions()}
    assert [numbers[name] for name in FIRST_24] == list(range(1, 25))
    others = [number for name, number in numbers.items() if name not in FIRST_24]
    assert others == list(range(25, 25 + len(others)))


def test_upgrading_comes_last() -> None:
    assert [section.id.value for section in loaded().bank.sections][-1] == LAST_SECTION


def test_beginners_have_ten_questions_of_their_own() -> None:
    levels = [text(question, "level") for question in questions()]
    assert levels.count("beginner") >= 10


def test_every_question_has_every_part() -> None:
    parts = {
        "number",
        "level",
        "key_points",
        "snippet",
        "output",
        "how_to_answer",
        "example_answer",
        "pitfalls",
        "sources",
    }
    missing = [
        f"{question.id.value}: {part}"
        for question in questions()
        for part in sorted((parts | {"see_also"}) - question.values.keys())
    ]
    assert missing == []
    assert [question.id.value for question in questions() if not question.tags or not recall_notes(question)] == []


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
        f"{number}: {len(recall_notes(question))}"
        for number, question in numbered().items()
        if len(recall_notes(question)) < (6 if number in SIX_RECALL_NOTES else 4)
    ]
    notes = [recall for question in numbered().values() for recall in recall_notes(question)]
    assert few == []
    assert len(notes) >= 120
    assert sum(note.note_type.is_cloze for note in notes) >= 30
    assert sum(len(output_notes(question)) for question in numbered().values()) >= 20


def test_what_code_can_prove_is_proved_by_output_notes() -> None:
    assert [number for number in PROVED_BY_OUTPUT if not output_notes(numbered()[number])] == []


def test_no_answer_is_a_guess_between_yes_and_no() -> None:
    guesses = [
        recall.id.value
        for question in questions()
        for recall in recall_notes(question)
        if "answer" in recall.values and re.match(r"(yes|no)\b", text(recall, "answer"), re.IGNORECASE)
    ]
    assert guesses == []


def test_a_long_answer_has_a_few_bold_terms() -> None:
    wrong = {
        question.id.value: bold
        for question in questions()
        if (answer := text(question, "answer")) and count_words(answer) > 50
        if not 3 <= (bold := len(re.findall(r"\*\*[^*]+\*\*", answer))) <= 5
    }
    assert wrong == {}


def test_an_example_begins_with_what_anyone_can_say_and_goes_on_with_a_pattern_to_fill() -> None:
    wrong = []
    for question in questions():
        direct, _, own = text(question, "example_answer").partition("\n\n")
        if not own.startswith(OWN_WORK) or own.count("*") < len("****") + 4:
            wrong.append(f"{question.id.value}: no pattern with blanks")
        if len(re.findall(r"[.?](?=\s|$)", direct)) != 2:
            wrong.append(f"{question.id.value}: the direct answer has not two sentences")
        if found := UNSPEAKABLE.search(text(question, "example_answer").replace(OWN_WORK, "")):
            wrong.append(f"{question.id.value}: {found[0]} cannot be spoken")
    assert wrong == []


def test_at_least_twenty_diagrams_are_drawn_for_day_and_night_and_shown() -> None:
    shown = {
        name for text in list_markdown_texts(loaded().bank) for name in re.findall(r"\]\(([\w-]+\.svg)\)", text.value)
    }
    drawn = {name for name in loaded().bank.media if name.endswith(".svg")}
    assert len(drawn) >= 20
    assert drawn == shown
    for name in drawn:
        picture = loaded().bank.media[name].data.decode()
        assert "<title" in picture, f"{name} has no title"
        assert has_dark_scheme(picture.encode()), f"{name} is white by night"
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
