"""A backslash of a formula that YAML takes for an escape is an error at its place, and other escapes are none."""

from __future__ import annotations

import pytest

from tests.conftest import DECK, WriteProject
from tests.helpers.diagnostics import codes, places, problems

HEAD = "- id: one\n  question: What is one?\n  answer: "
DOLLARS = DECK + "math: dollars\n"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (r'"\\(2 \times 3 \neq \theta\\)"', 17),
        (r'"\\(\neq\\)"', 15),
        (r'"\\[\rho = \frac{1}{2}\\]"', 15),
        (r'"\\(\beta\\)"', 15),
        (r'"\\(\alpha\\)"', 15),
        (r'"\\(\vec x\\)"', 15),
        (r'"\\(\eta\\)"', 15),
        (r'"\\(\Lambda\\)"', 15),
        (r'"\\(\Pi\\)"', 15),
        (r'"\\(x\_1\\)"', 16),
        (r'"\\(x\ y\\)"', 16),
        (r'"\\(\xcancel x\\)"', 15),
        (r'"a $2 \times 2$-Matrix"', 17),
        (r'"$\theta$"', 13),
        (r'"$\nabla f$"', 13),
        (r'"$\rho$"', 13),
        (r'"$\tau$"', 13),
        (r'"$\Pi$"', 13),
        (r'"$$\frac12$$"', 14),
        (r'"A \textbf{b}"', 14),
        (r'"\nabla alone"', 12),
        (r'"\begin{align}x\\end{align}"', 12),
        (r'"\alpha"', 12),
    ],
)
@pytest.mark.parametrize("deck", [DECK, DOLLARS], ids=["plain", "dollars"])
def test_a_backslash_that_an_escape_takes_is_reported(
    text: str, column: int, deck: str, write_project: WriteProject
) -> None:
    (found,) = problems(write_project({"deck.yaml": deck, "first.yaml": f"{HEAD}{text}\n"}))
    assert places([found]) == [f"source/first.yaml:3:{column} lost-backslash"]
    assert found.help.startswith("write '")
    mended = found.help.removeprefix("write ").removesuffix(", in single quotes")
    left = codes(problems(write_project({"deck.yaml": deck, "first.yaml": f"{HEAD}{mended}\n"})))
    assert "lost-backslash" not in left


@pytest.mark.parametrize(
    "text",
    [
        r'"one\ntwo\tthree"',
        r'"to\nnot and\nu and \tan\n"',
        r'"C:\\new\\table costs $5\nand $6"',
        r'"\\(2 \\times 3\\)\nand more\r\n"',
        r'"\\[a\n= b\\]"',
        r'"\\(\u03b8 \u2264 1\\)"',
        r'"US$\n and CA$"',
        r"'\(2 \times 3\)'",
        r"a \(\times\) b",
        '"a long \\\n    line"',
        r'"\x41\u00e9\"\/\\"',
    ],
)
def test_escapes_that_are_meant_are_no_problem(text: str, write_project: WriteProject) -> None:
    assert codes(problems(write_project({"first.yaml": f"{HEAD}{text}\n"}))) == []


def test_every_text_is_looked_at(write_project: WriteProject) -> None:
    deck = DECK.replace("Sample deck", r'"Of \\(x \times y\\)"')
    section = rf"""{HEAD}One.
  key_points: ["a \\(\\pi\\)", "b \\(\tau\\)"]
  recall:
    - id: one-cloze
      cloze: "Is {{{{c1::\\(\rho\\)}}}}."
    - id: one-b
      question: "What is \\(\nu\\)?"
      answer: One.
"""
    found = problems(write_project({"deck.yaml": deck, "first.yaml": section}))
    assert [each for each in places(found) if "lost" in each] == [
        "source/deck.yaml:2:17 lost-backslash",
        "source/first.yaml:4:38 lost-backslash",
        "source/first.yaml:7:27 lost-backslash",
        "source/first.yaml:9:29 lost-backslash",
    ]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        (r'"\(2 \times 3\)"', 12, r"write answer: '\(2 \times 3\)'"),
        (r'"\\(2 \times 3\)"', 25, r"write answer: '\(2 \times 3\)'"),
        (r'"$\u_1$"', 13, r"write answer: '$\u_1$'"),
        (r'"$\xi$"', 13, r"write answer: '$\xi$'"),
        (r'''"It's \,"''', 17, r"write answer: 'It''s \,'"),
        (r'"one\n \(x\)"', 18, "put the text in single quotes, or double each backslash in it"),
    ],
)
def test_an_escape_that_yaml_has_not_is_mended_in_one_step(
    text: str, column: int, said: str, write_project: WriteProject
) -> None:
    (found,) = problems(write_project({"first.yaml": f"{HEAD}{text}\n"}))
    assert places([found]) == [f"source/first.yaml:3:{column} yaml-syntax"]
    assert found.help == said
    assert found.message == f"`{text[column - 11 : column - 9]}` means nothing in double quotes"
