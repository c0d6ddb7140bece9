"""Code that a phone has no room for is named at its line: 42 columns below a question, 56 on others."""

from __future__ import annotations

import pytest

from cardpress.check.code_width import MOST, MOST_BELOW, count_columns
from cardpress.pipeline import check_project
from tests.conftest import DECK, WriteProject
from tests.helpers.diagnostics import codes, places
from tests.helpers.yaml_text import question

SOURCE = {"sources": ["https://example.org/"]}


def line(columns: int) -> str:
    return "x" * (columns - 4) + " = 1"


def below(**keys: object) -> str:
    recall = [{"id": "one-below", "question": "What does this print?", "answer": "Nothing.", **keys}]
    return question(recall=recall, **SOURCE)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("a b", 3),
        ("\tx", 5),
        ("ab\tx", 5),
        ("漢字", 4),
        ("e\u0301", 1),
        ("\u200bx", 1),
        ("é = 1", 5),
        ("x  ", 1),
        ("é  ", 1),
    ],
)
def test_columns(text: str, columns: int) -> None:
    assert count_columns(text) == columns


@pytest.mark.parametrize(("more", "wanted"), [(0, []), (1, ["code-too-wide"])])
def test_what_a_question_and_a_note_below_it_have_room_for(
    more: int, wanted: list[str], write_project: WriteProject
) -> None:
    shown = question(snippet="one.py", **SOURCE)
    project = write_project({"first.yaml": shown, "snippets/one.py": line(MOST + more)})
    assert codes(check_project(project).diagnostics) == wanted
    project = write_project({"first.yaml": below(snippet="one.py"), "snippets/one.py": line(MOST_BELOW + more)})
    assert codes(check_project(project).diagnostics) == wanted


def test_a_fence_counts_and_an_output_does_not(write_project: WriteProject) -> None:
    fence = f"It does:\n\n```python\nx = 1\n{line(MOST + 1)}\n```\n"
    project = write_project({"first.yaml": question(answer=fence, **SOURCE)})
    assert codes(check_project(project).diagnostics) == ["code-too-wide"]
    shown = question(snippet="one.py", output="y" * 200, **SOURCE)
    assert codes(check_project(write_project({"first.yaml": shown, "snippets/one.py": "x = 1\n"})).diagnostics) == []


def test_the_lines_of_a_gist_are_for_paper(write_project: WriteProject) -> None:
    gist = [f"```python\n{line(MOST + 1)}\n```"]
    project = write_project({"first.yaml": question(gist=gist, **SOURCE)})
    assert codes(check_project(project).diagnostics) == []


def test_tabs_of_a_short_line_count(write_project: WriteProject) -> None:
    tabs = "\t" * 11
    project = write_project({"first.yaml": below(answer=f"This:\n\n```go\n{tabs}x := 1\n```\n")})
    assert codes(check_project(project).diagnostics) == ["code-too-wide"]


def test_an_answer_that_the_gist_repeats_is_on_screens_all_the_same(write_project: WriteProject) -> None:
    text = (
        "- id: one\n  question: What is one?\n  answer: &told |\n"
        f"    ```python\n    {line(MOST + 1)}\n    ```\n  gist: [*told]\n  sources: [https://example.org/]\n"
    )
    found = check_project(write_project({"first.yaml": text})).diagnostics
    assert places(found) == ["source/first.yaml:5:5 code-too-wide"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_is_found_in_the_file(end: str, write_project: WriteProject) -> None:
    wide = line(MOST + 1)
    lines = [wide, "# card:", "if x:", f"    {wide}", "# end", "", "# card:", "    pass", f"    {wide}", "# end", ""]
    project = write_project({"first.yaml": question(snippet="one.py", **SOURCE), "snippets/one.py": end.join(lines)})
    assert places(check_project(project).diagnostics) == ["source/snippets/one.py:4:5 code-too-wide"]


def test_what_is_retired_or_allowed_is_left_alone(write_project: WriteProject) -> None:
    files = {"snippets/one.py": line(MOST + 1)}
    retired = below(snippet="one.py", retired={"reason": "Old."})
    assert codes(check_project(write_project({"first.yaml": retired, **files})).diagnostics) == []
    allowed = below(snippet="one.py", allow=["code-too-wide"])
    assert codes(check_project(write_project({"first.yaml": allowed, **files})).diagnostics) == []
    off = {"deck.yaml": f"checks: {{code-too-wide: off}}\n{DECK}", "first.yaml": below(snippet="one.py")}
    assert codes(check_project(write_project({**off, **files})).diagnostics) == []


def test_a_deck_for_paper_alone_has_room(write_project: WriteProject) -> None:
    outputs = "outputs: {apkg: false, page: false}\n"
    files = {"first.yaml": below(snippet="one.py"), "snippets/one.py": line(MOST + 1)}
    assert codes(check_project(write_project({"deck.yaml": outputs + DECK, **files})).diagnostics) == []
