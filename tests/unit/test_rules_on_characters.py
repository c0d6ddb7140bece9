"""No text that reaches a learner has a control character, wherever an author may have put one."""

from __future__ import annotations

import pytest

from cardpress.pipeline import check_project
from tests.conftest import DECK, QUESTION, WriteProject

SIGN = "a\\x1fb"


@pytest.mark.parametrize(
    "line",
    [
        'question: "{}"',
        'output: "{}"',
        'key_points: ["{}"]',
        'pitfalls: [{{claim: "{}", truth: x}}]',
        'pitfalls: [{{claim: x, truth: "{}"}}]',
        'how_to_answer: "{}"',
        'example_answer: "{}"',
        'extra: "{}"',
        'tags: ["a\\x01b"]',
        'retired: {{reason: "{}"}}',
        'recall: [{{id: r, question: "{}", answer: x}}]',
        'recall: [{{id: r, question: x, answer: "{}"}}]',
        'recall: [{{id: r, cloze: "{{{{c1::{}}}}}"}}]',
        'recall: [{{id: r, question: x, answer: x, extra: "{}"}}]',
        'recall: [{{id: r, question: x, answer: x, tags: ["a\\x01b"]}}]',
    ],
)
def test_a_control_character_in_a_question_is_reported_in_its_line(write_project: WriteProject, line: str) -> None:
    key = line.partition(":")[0]
    kept = "".join(f"{each}\n" for each in QUESTION.splitlines() if not each.startswith(f"  {key}:"))
    problems = check_project(write_project({"first.yaml": f"{kept}  {line.format(SIGN)}\n"})).diagnostics
    found = [problem for problem in problems if problem.code == "control-character"]
    assert [(problem.span.path, problem.span.line) for problem in found] == [
        ("source/first.yaml", kept.count("\n") + 1)
    ]


@pytest.mark.parametrize("key", ["description", "introduction", "license", "title"])
def test_a_control_character_in_the_deck_is_reported(write_project: WriteProject, key: str) -> None:
    deck = DECK.replace("title: Sample deck\n", "") if key == "title" else DECK
    problems = check_project(write_project({"deck.yaml": f'{key}: "{SIGN}"\n{deck}'})).diagnostics
    assert [(problem.code, problem.span.line) for problem in problems] == [("control-character", 1)]


def test_tabs_and_line_ends_are_none(write_project: WriteProject) -> None:
    question = QUESTION.replace("answer: The", 'answer: "a\\tb\\r\\nc\\n"\n  extra: The')
    assert not check_project(write_project({"first.yaml": question})).diagnostics


def test_a_form_feed_in_the_part_of_a_snippet_that_no_card_shows_is_nobodys_business(
    write_project: WriteProject,
) -> None:
    files = {
        "first.yaml": QUESTION + "  snippet: one.py\n",
        "snippets/one.py": "x = 1\n\f\n# card:\ny = 2\n# end\n",
    }
    assert not check_project(write_project(files)).diagnostics
