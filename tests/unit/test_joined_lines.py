"""A list, table or fence that YAML makes one line of is reported, and prose that it joins is not."""

from __future__ import annotations

import pytest

from tests.conftest import WriteProject
from tests.helpers.diagnostics import places, problems
from tests.helpers.yaml_text import indented

HEAD = "- id: one\n  question: What is one?\n  answer: "


def folded(text: str) -> str:
    return f"{HEAD}>{indented(text)[1:]}"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("- one\n- two", 5, "an entry of a list"),
        ("Two:\n- one\n- two", 5, "an entry of a list"),
        ("1. one\n2. two", 5, "an entry of a list"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", 5, "a row of a table"),
        ("Some:\n\n```python\nx = 1\n```", 8, "a fence"),
        ("Text\n## Heading", 5, "a heading"),
        ("Text\n> quoted", 5, "a quote"),
    ],
)
def test_a_list_below_a_folding_sign_is_reported(text: str, line: int, what: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": folded(text)}))
    assert places([found]) == [f"source/first.yaml:{line}:5 joined-lines"]
    assert found.message == f"YAML joins this line with the one above, so it is not {what}"
    assert found.help == "write `|` in the place of `>`, which joins lines"


def test_a_text_with_an_anchor_keeps_its_lines_as_any_other(write_project: WriteProject) -> None:
    text = HEAD + "&told |" + indented("- one\n- two")[1:]
    assert "joined-lines" not in [found.code for found in problems(write_project({"first.yaml": text}))]


@pytest.mark.parametrize(
    "text",
    [
        "Some words,\nand more of them.",
        "- one\n\n- two",
        "Text\n\n  - deeper\n  - and so a line",
        "a\n-b",
        "In\n2024. A year",
    ],
)
def test_what_stays_as_it_is_written_is_no_problem(text: str, write_project: WriteProject) -> None:
    assert "joined-lines" not in [found.code for found in problems(write_project({"first.yaml": folded(text)}))]


@pytest.mark.parametrize(
    "text", ["Two are\n    - one\n    - two\n", '"Two:\n    - one\n    - two"\n', "'- one\n    - two'\n"]
)
def test_a_list_in_a_text_without_a_sign_is_reported(text: str, write_project: WriteProject) -> None:
    (found,) = problems(write_project({"first.yaml": HEAD + text}))
    assert places([found]) == ["source/first.yaml:4:5 joined-lines"]
    assert found.help == "begin the text on a line of its own, below `|`, which keeps its lines"


@pytest.mark.parametrize("sign", [">", ">-", ""])
def test_an_output_of_several_lines_is_reported(sign: str, write_project: WriteProject) -> None:
    text = f"{HEAD}One.\n  output: {sign}\n    1\n    2\n    3\n"
    (found,) = problems(write_project({"first.yaml": text}))
    assert places([found]) == ["source/first.yaml:6:5 joined-lines"]
    assert found.message == "YAML joins this line with the one above, so it is not a line of the output"


def test_an_entry_of_a_list_is_looked_at_too(write_project: WriteProject) -> None:
    text = f"{HEAD}One.\n  key_points:\n    - >\n      a\n      - b\n"
    assert places(problems(write_project({"first.yaml": text}))) == ["source/first.yaml:7:7 joined-lines"]
