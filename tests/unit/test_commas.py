"""A comma in a list in brackets that was meant as part of a text is reported, and one that parts entries is not."""

from __future__ import annotations

import time

import pytest

from tests.conftest import QUESTION, WriteProject
from tests.helpers.diagnostics import places, problems

_SOURCES = "  sources: [https://example.org/one]\n"


@pytest.mark.parametrize(
    ("entries", "column", "meant"),
    [
        ("Learning SQL, chapter 3", 27, "Learning SQL, chapter 3"),
        ("sql in a week, Chapter 3", 28, "sql in a week, Chapter 3"),
        ("SICP, p. 7", 19, "SICP, p. 7"),
        ("SICP, pp. 7-9", 19, "SICP, pp. 7-9"),
        ("Fluent Python, 2nd edition", 28, "Fluent Python, 2nd edition"),
        ("Eats shoots, and leaves, a book", 26, "Eats shoots, and leaves, a book"),
        ("The “Big, Bad” Book", 23, "The “Big, Bad” Book"),
        ("Das „Große, Kleine“ Buch", 25, "Das „Große, Kleine“ Buch"),
        ("Fluent Python (O'Reilly, Second edition)", 38, "Fluent Python (O'Reilly, Second edition)"),
        ("'https://example.org/a', Learning SQL, chapter 3", 52, "Learning SQL, chapter 3"),
        ("https://example.org/a,b", 35, "https://example.org/a,b"),
    ],
)
def test_a_source_that_a_comma_cuts_in_two_is_reported(
    entries: str, column: int, meant: str, write_project: WriteProject
) -> None:
    (found,) = problems(write_project({"first.yaml": QUESTION.replace(_SOURCES, f"  sources: [{entries}]\n")}))
    assert places([found]) == [f"source/first.yaml:4:{column} text-cut-by-comment"]
    assert found.help == f'if it is one text, quote it: "{meant}"; if there are several, quote each'


@pytest.mark.parametrize(
    "entries",
    [
        "https://example.org/a, https://example.org/b",
        "https://example.org/a,https://example.org/b",
        "https://example.org/a, iOS handbook",
        "Learning SQL, Fluent Python",
        "learning sql, fluent python",
        "Learning SQL, https://docs.python.org",
        "RFC 9110, RFC 9111",
        "Das „Buch“, Zweites Buch",
        '"Learning SQL, chapter 3"',
        '"Learning SQL", "chapter 3"',
        "{title: Learning SQL}, {title: another one}",
    ],
)
def test_a_comma_between_sources_is_no_problem(entries: str, write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": QUESTION.replace(_SOURCES, f"  sources: [{entries}]\n")})) == []


def test_wide_space_behind_a_comma_is_gone_over_once(write_project: WriteProject) -> None:
    start = time.process_time()
    entries = f"Learning SQL,{' ' * 250_000}chapter 3"
    (found,) = problems(write_project({"first.yaml": QUESTION.replace(_SOURCES, f"  sources: [{entries}]\n")}))
    assert found.help.startswith('if it is one text, quote it: "Learning SQL, chapter 3"')
    assert time.process_time() - start < 8


def test_key_points_are_looked_at_too(write_project: WriteProject) -> None:
    points = "  key_points: [Lists keep their order, sets do not]\n"
    (found,) = problems(write_project({"first.yaml": QUESTION + points}))
    assert places([found]) == ["source/first.yaml:5:40 text-cut-by-comment"]


@pytest.mark.parametrize("points", ["Python, pip, venv", "200 OK, 404 Not Found", "GET reads, PUT writes"])
def test_short_key_points_are_no_problem(points: str, write_project: WriteProject) -> None:
    assert problems(write_project({"first.yaml": QUESTION + f"  key_points: [{points}]\n"})) == []
