"""A reference to what is no question that is asked says what it is, and which question to name instead."""

from __future__ import annotations

import pytest

from tests.conftest import QUESTION, WriteProject
from tests.helpers.diagnostics import problems

_BY_ID = "name the `id` of a question in this deck"


def _question(name: str, more: str = "") -> str:
    return f"- id: {name}\n  question: What is {name}?\n  answer: A word.\n  sources: [https://example.org]\n{more}"


def _retired(name: str, replaced_by: str = "") -> str:
    then = f", replaced_by: {replaced_by}" if replaced_by else ""
    return _question(name, f"  retired: {{reason: Old.{then}}}\n")


@pytest.mark.parametrize(
    ("others", "named", "message", "help_line"),
    [
        (_retired("old", "new") + _question("new"), "old", "`old` is retired", "write `new`, which replaces it"),
        (
            _retired("old", "older") + _retired("older", "new") + _question("new"),
            "old",
            "`old` is retired",
            "write `new`, which replaces it",
        ),
        (_retired("old") + _question("old2"), "old", "`old` is retired", "name a question that is asked, or remove it"),
        (
            _question("tables", "  recall: [{id: fact, question: Which?, answer: This.}]\n"),
            "fact",
            "`fact` is a recall note of `tables`",
            "write `tables`",
        ),
        (
            _question("tables", "  retired: {reason: Old.}\n  recall: [{id: fact, question: Which?, answer: This.}]\n"),
            "fact",
            "`fact` is a recall note of `tables`, which is retired",
            "name a question that is asked, or remove it",
        ),
        (
            QUESTION.replace("id: one", "id: self")
            + "  recall: [{id: fact, question: Which?, answer: This.}]\n"
            + _question("new"),
            "nowhere",
            "no question `nowhere`",
            _BY_ID,
        ),
    ],
)
def test_see_also_says_what_it_names(
    write_project: WriteProject, others: str, named: str, message: str, help_line: str
) -> None:
    found, *_ = problems(write_project({"first.yaml": QUESTION + f"  see_also: [{named}]\n{others}"}))
    assert (found.code, found.span.line, found.message, found.help) == ("unknown-reference", 5, message, help_line)


@pytest.mark.parametrize(
    ("others", "message", "help_line"),
    [
        (
            _retired("first-one", "second-one") + _retired("second-one", "new") + _question("new"),
            "`second-one` is retired itself",
            "write `new`, which replaces it",
        ),
        (
            _retired("first-one", "second-one") + _retired("second-one"),
            "`second-one` is retired itself",
            "name the `id` of a question that is asked, or remove `replaced_by`",
        ),
        (
            _retired("first-one", "first-one"),
            "`first-one` is retired itself",
            "name the `id` of a question that is asked, or remove `replaced_by`",
        ),
        (
            _retired("first-one", "fact")
            + _question("tables", "  recall: [{id: fact, question: Which?, answer: This.}]\n"),
            "`fact` is a recall note of `tables`",
            "write `tables`",
        ),
    ],
)
def test_replaced_by_says_what_it_names(write_project: WriteProject, others: str, message: str, help_line: str) -> None:
    (found,) = problems(write_project({"first.yaml": others + QUESTION}))
    assert (found.code, found.message, found.help) == ("unknown-reference", message, help_line)


def test_retirements_in_a_circle_end(write_project: WriteProject) -> None:
    circle = _retired("cat", "dog") + _retired("dog", "cat")
    found = problems(write_project({"first.yaml": QUESTION + f"  see_also: [cat]\n{circle}"}))
    assert [(each.message, each.help) for each in found] == [
        ("`cat` is retired", "name a question that is asked, or remove it"),
        ("`dog` is retired itself", "name the `id` of a question that is asked, or remove `replaced_by`"),
        ("`cat` is retired itself", "name the `id` of a question that is asked, or remove `replaced_by`"),
    ]


def test_replaced_by_of_a_recall_note_follows_the_same_rule(write_project: WriteProject) -> None:
    retired = "retired: {reason: Old., replaced_by: fact}"
    recall = (
        f"[{{id: old-fact, question: Which?, answer: That., {retired}}}, {{id: fact, question: What?, answer: It.}}]"
    )
    (found,) = problems(write_project({"first.yaml": QUESTION + f"  recall: {recall}\n"}))
    assert (found.message, found.help) == ("`fact` is a recall note of `one`", "write `one`")
