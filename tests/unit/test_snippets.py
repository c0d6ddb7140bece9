"""The part of a snippet that cards show is cut out exactly, and what stands against showing it is placed."""

from __future__ import annotations

import pytest

from cardpress.diagnostics import SourceFile
from cardpress.source.snippets import cut_shown_part
from tests.conftest import QUESTION, WriteProject
from tests.helpers.diagnostics import places, problems


def shown(text: str) -> str:
    part, wrong = cut_shown_part(SourceFile("source/snippets/one.py", text))
    assert not wrong
    return part


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("\n\nx = 1\n\n", "x = 1"),
        ("import a\n# card:\nx = 1\n\ny = 2\n# end\nrun()\n", "x = 1\n\ny = 2"),
        ("# card:\na\n# end\nb\n# card:\nc\n# end\n", "a\n\nc"),
        ("def f():\n    # card:\n    x = 1\n      y\n    # end\n", "x = 1\n  y"),
        ("// card:\nx;\n// end\n", "x;"),
        ("-- card:\nSELECT\n-- end\n", "SELECT"),
        ("<!-- card: -->\n<b>\n<!-- end -->\n", "<b>"),
        ("/* card: */\na{}\n/* end */\n", "a{}"),
        ("# card:\n# end\n", ""),
        ("import a\r\n# card:\r\nx = 1\r\n\r\ny = 2\r\n# end\r\n", "x = 1\n\ny = 2"),
        ("x = 1\r\ny = 2\r\n", "x = 1\ny = 2"),
        ("x = '# card:'\n", "x = '# card:'"),
        ("# the end\n# end of it\n", "# the end\n# end of it"),
    ],
)
def test_what_stands_between_the_marks_is_shown(text: str, part: str) -> None:
    assert shown(text) == part


@pytest.mark.parametrize(
    ("text", "line"),
    [("# card:\nx\n", 1), ("# card:\nx\n# card:\ny\n# end\n", 3), ("# card:\nx\n# end\n# end\n", 4)],
)
def test_marks_that_do_not_pair_are_placed(text: str, line: int) -> None:
    _, (problem,) = cut_shown_part(SourceFile("source/snippets/one.py", text))
    assert (problem.code, problem.span.line, problem.span.column) == ("snippet-syntax", line, 3)


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("x = (\n", "1:5"),
        ("def f():\nx\n", "2:1"),
        ("é = 'ñ\n", "1:5"),
        ("(" * 10_000, "1:200"),
        ("x = 0777\n", "1:5"),
    ],
)
def test_python_that_does_not_parse_is_placed(code: str, place: str, write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": QUESTION + "  snippet: one.py\n", "snippets/one.py": code}))
    found = [each for each in found if each.code != "code-too-wide"]  # of the parentheses
    assert [each.code for each in found] == ["snippet-syntax"]
    if not code.startswith("(("):  # how deep is too deep differs from one Python to the next
        assert places(found) == [f"source/snippets/one.py:{place} snippet-syntax"]


@pytest.mark.parametrize("code", ["x = '\\d'\n", "x is 1\n", "assert (x, 'y')\n", ""])
def test_what_python_only_warns_of_is_no_problem(code: str, write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": QUESTION + "  snippet: one.py\n", "snippets/one.py": code})) == []


def test_other_languages_are_not_parsed(write_project: WriteProject) -> None:
    assert (
        problems(write_project({"first.yaml": QUESTION + "  snippet: sub/one.sql\n", "snippets/sub/one.sql": "("}))
        == []
    )


def test_a_snippet_that_two_notes_show_is_reported_once(write_project: WriteProject) -> None:
    recall = "  recall:\n    - {id: two, question: What is shown?, answer: That., snippet: one.py}\n"
    project = write_project({"first.yaml": QUESTION + "  snippet: one.py\n" + recall, "snippets/one.py": "("})
    assert places(problems(project)) == ["source/snippets/one.py:1:1 snippet-syntax"]


@pytest.mark.parametrize(("name", "hint"), [("on.py", "did you mean `one.py`?"), ("xyz", "create source/snippets/xyz")])
def test_a_missing_snippet_is_guessed(name: str, hint: str, write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + f"  snippet: {name}\n", "snippets/one.py": "x\n"})
    (found,) = problems(project)
    assert (found.code, found.help, found.span.column) == ("missing-snippet", hint, 12)
