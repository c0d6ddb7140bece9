"""A mistake in YAML is placed where the author slipped, and the help shows the line as it should be typed."""

from __future__ import annotations

import re

import pytest
import yaml

from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.source.yaml.nodes import compose
from cardpress.source.yaml.reading import Reader, Shape
from cardpress.source.yaml.syntax import quote


def mistake(text: str) -> Diagnostic:
    root, problems = compose(SourceFile("first.yaml", text))
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


@pytest.mark.parametrize("text", ["answer: {{ user }}\n", "{answer: {{ user }}}\n", "answer: {{ user }, x}\n"])
def test_braces_at_the_start_of_a_text_are_said_to_want_quotes(text: str) -> None:
    root, problems = compose(SourceFile("first.yaml", text))
    reader = Reader(list(problems))
    fields = reader.fields(root, Shape("a note", {"answer": "Anything."})) if root else None
    assert fields is not None
    assert fields.text("answer") is None
    assert [problem.code for problem in reader.diagnostics] == ["text-expected"]
    assert reader.diagnostics[0].help.startswith('quote it: "{{ user }')


def test_a_text_behind_braces_is_one_mistake() -> None:
    found = mistake("- id: one\n  question: {{c1::Gap}} is it\n")
    assert found.help == 'quote it: question: "{{c1::Gap}} is it"'


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


@pytest.mark.parametrize(
    ("text", "line", "column", "meant"),
    [
        ("- id: one\n  output: |\n       id | name\n    ----+-----\n      1 | a\n  extra: x\n", 4, 5, "output: |2"),
        ("- id: one\n  output: |\n       id | name\n    plain\n    more words\n", 4, 5, "output: |2"),
        ("- id: one\n  output: |-\n      a: b\n    c: d\n", 4, 5, "output: |2-"),
        ("- id: one\n  key_points:\n    - |\n        a\n      b\n  extra: x\n", 5, 7, "- |2"),
        ("- id: one\n  answer: |\n    a\n   b\n    c\n", 4, 4, "answer: |1"),
        ("- id: one\n  answer: >  # words\n\n      a\n\n    b\n", 6, 5, "answer: >2"),
        ("output: |\n   a\n b\n", 3, 2, "output: |1"),
    ],
)
def test_a_text_whose_first_line_is_indented_the_furthest_gets_a_number(
    text: str, line: int, column: int, meant: str
) -> None:
    found = mistake(text)
    assert (found.span.line, found.span.column) == (line, column)
    sign = meant.rsplit(maxsplit=1)[-1][0]
    assert found.message == f"the first line of this text is indented further than this one, where `{sign}` ends it"
    assert found.help == f"write `{meant}`, or indent this line as the first"
    lead, _, sign = meant.rpartition(" ")
    root, problems = compose(SourceFile("first.yaml", re.sub(rf"{lead} [|>]-?", f"{lead} {sign}", text)))
    assert root is not None
    assert problems == ()


def test_a_text_that_is_too_far_to_the_right_for_a_number_is_indented_anew() -> None:
    found = mistake(f"- id: one\n  answer: |\n{' ' * 20}a\n{' ' * 16}b\n")
    assert found.help == "indent this line as the first"


def test_a_line_that_ends_a_text_on_purpose_has_its_own_report() -> None:
    found = mistake("- id: one\n  answer: |\n    a\n  b\n")
    assert found.message == "this line is no key, and not part of the text above"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("-id: venv\n  question: x\n", 1, 1),
        ("- id: a\n  tags:\n    - a\n    -b\n", 4, 5),
        ("- id: a\n  m:\n    -claim: x\n     truth: y\n", 3, 5),
        ("- id: a\n-id: b\n", 2, 1),
        ("- id: a\n  question: x\n-id: b\n  question: x\n", 3, 1),
        ("- -id: a\n    question: x\n", 1, 3),
    ],
)
def test_a_dash_without_a_space_is_placed_at_the_dash(text: str, line: int, column: int) -> None:
    found = mistake(text)
    assert (found.span.line, found.span.column) == (line, column)
    assert found.message == "this dash has no space after it, so it begins no entry of a list"
    assert found.help == "put a space after the dash"


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("  question: ‘venv’: what is it?", '"‘venv’: what is it?"'),
        ("  question: “What: this?”", '"What: this?"'),
        ("  question: «What: this?»", '"What: this?"'),
        ("  question: “a”: is “b”", '"“a”: is “b”"'),
        ("  question: “What: this?", '"What: this?"'),
    ],
)
def test_curly_quotes_around_a_part_of_a_text_belong_to_it(line: str, meant: str) -> None:
    assert mistake(f"- id: one\n{line}\n").help == f"write question: {meant}"
