"""A mistake in YAML is placed where the author slipped, and the help shows the line as it should be typed."""

from __future__ import annotations

import pytest
import yaml

from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.source.nodes import compose
from cardpress.source.syntax import quote


def mistake(text: str) -> Diagnostic:
    root, problems = compose(SourceFile.of("first.yaml", text))
    assert root is None
    assert [problem.code for problem in problems] == ["yaml-syntax"]
    return problems[0]


@pytest.mark.parametrize(
    ("line", "column", "help_line"),
    [
        ("  question: What is this: one?", 25, 'quote it: question: "What is this: one?"'),
        ("  answer: **Bold** text", 11, 'quote it: answer: "**Bold** text"'),
        ("  answer: *args and more", 11, 'quote it: answer: "*args and more"'),
        ("  answer: `code` first", 11, 'quote it: answer: "`code` first"'),
        ("  answer: @app.get is a decorator", 11, 'quote it: answer: "@app.get is a decorator"'),
        ("  answer: %s is old", 11, 'quote it: answer: "%s is old"'),
        ('  answer: "Quoted" and more', 20, "quote it: answer: '\"Quoted\" and more'"),
        ("  answer: [FastAPI](https://x.org) is one", 20, 'quote it: answer: "[FastAPI](https://x.org) is one"'),
        ("  answer: {user} is one", 18, 'quote it: answer: "{user} is one"'),
        ("  answer: > is greater", 11, 'quote it: answer: "> is greater"'),
        ("  answer: | is a pipe", 11, 'quote it: answer: "| is a pipe"'),
        ("  answer: - is a minus", 11, 'quote it: answer: "- is a minus"'),
        ("  answer: 'it's one'", 15, 'quote it: answer: "it\'s one"'),
    ],
)
def test_a_text_that_must_be_quoted_is_shown_quoted(line: str, column: int, help_line: str) -> None:
    found = mistake(f"- id: one\n{line}\n  extra: More.\n")
    assert (found.span.line, found.span.column) == (2, column)
    assert found.help == help_line
    assert _reads_as_a_text(found.help.removeprefix("quote it: "))


def _reads_as_a_text(line: str) -> bool:
    return isinstance(yaml.safe_load(line)["answer" if line.startswith("answer") else "question"], str)


def test_a_list_entry_that_must_be_quoted_is_shown_with_its_dash() -> None:
    found = mistake("- id: one\n  key_points:\n    - **Bold** text\n")
    assert (found.span.line, found.span.column) == (3, 7)
    assert found.help == 'quote it: - "**Bold** text"'


def test_braces_at_the_start_of_a_text_are_said_to_want_quotes() -> None:
    root, problems = compose(SourceFile.of("first.yaml", "answer: {{ user }}\n"))
    assert root is not None
    assert [(problem.span.line, problem.span.column) for problem in problems] == [(1, 10)]
    assert "quote a text that begins with a bracket" in problems[0].help


def test_a_long_text_is_not_repeated_in_the_help() -> None:
    found = mistake(f"- id: one\n  answer: What is this: {'word ' * 40}\n")
    assert "word" not in found.help
    assert "`|`" in found.help


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ('- id: one\n  question: "What?\n  answer: Text.\n', 2, 13, "never closed"),
        ("- id: one\n  question: 'What?\n  answer: Text.\n", 2, 13, "never closed"),
        ("- id: one\n  tags: [a, b\n  answer: Text.\n", 2, 9, "this `[` is never closed"),
        ("- id: one\n  recall: [{id: a]\n", 2, 12, "this `{` is never closed"),
        ("- id: one\n\tquestion: What?\n", 2, 1, "a tab"),
        ("- id: one\n  answer: |\n    Text\n\tmore\n", 4, 1, "a tab"),
        ("-\tid: one\n", 1, 2, "a tab"),
        ('- id: one\n  answer: "C:\\dir"\n', 2, 14, "`\\d` means nothing"),
        ("- id: one\n   question: What?\n", 2, 4, "not in line"),
        ("- id: one\n question: What?\n", 2, 2, "not in line"),
        ("- id: one\n  answer:Text\n  extra: More\n", 2, 3, "`answer:` has no space after it"),
        ("- id:one\n  answer: Text\n", 2, 3, "no space after `id:`"),
        ("- id: one\n  answer: |\n  Text.\n  extra: More\n", 3, 3, "no key"),
    ],
)
def test_other_slips_are_placed_where_they_begin(text: str, line: int, column: int, words: str) -> None:
    found = mistake(text)
    assert (found.span.line, found.span.column) == (line, column)
    assert words in found.message
    assert "not find expected" not in found.message


@pytest.mark.parametrize(
    "value", ["no", "3.10", "a: b", 'say "no"', "it's", "C:\\dir", "both \" and '", "a\nb", "\x1b", "é日"]
)
def test_a_quoted_value_reads_back_as_itself(value: str) -> None:
    assert yaml.safe_load(quote(value)) == value
