"""A place is exact whatever the file: any line ends, tabs, a byte order mark, wide characters, blocks and quotes."""

from __future__ import annotations

import click
import pytest

from cardpress.diagnostics import MAX_PROBLEMS, Diagnostic, SourceFile, Span, has_errors, sort_diagnostics
from cardpress.diagnostics.reports.text import as_text
from cardpress.source.bank import Text
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.diagnostics import places, problems
from tests.helpers.yaml_text import block

LINK = "See [it](it.html)."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_move_nothing(end: str, mark: str, write_project: WriteProject) -> None:
    text = mark + block("One.", "", LINK).replace("\n", end)
    found = problems(write_project({"first.yaml": text, "deck.yaml": mark + DECK.replace("\n", end)}))
    assert places(found) == ["source/first.yaml:6:14 bad-url"]
    assert found[0].span.excerpt == f"    {LINK}"
    assert found[0].span.width == len("it.html")


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (f"|\n    One.\n\n    {LINK}", "6:14"),
        (f"|2-\n    {LINK}", "4:14"),
        (f"|  # a comment\n    {LINK}", "4:14"),
        (f"|\n      {LINK}\n", "4:16"),
        (f"|\n    - One\n      {LINK}", "5:16"),
        (f"|\n    日本語 {LINK}", "4:18"),
        (f"|\n    日本語\u2028    {LINK}", "4:22"),
        (f"|\n    {LINK} 日本語\u2028    two", "4:14"),
        (f">\n    One.\n    {LINK}", "5:14"),
        (LINK, "3:20"),
        (f"'{LINK}'", "3:21"),
        (f'"{LINK}"', "3:21"),
        (f"One\n    {LINK}", "4:14"),
        (f'"One\\n{LINK}"', "3:26"),
        (f"'it''s {LINK}'", "3:27"),
        (f"'{LINK} {LINK}'", "3:21"),
        # Folded, the same words before, escapes, quotes in quotes, and a break that an escape takes away.
        (f">\n    it.html it.html\n    {LINK}", "5:14"),
        (f">-\n    One\n    two.\n\n      {LINK}\n", "7:16"),
        (f'"it.html \\u00e9\\n\\x20{LINK}"', "3:41"),
        (f'"it.html \\\n    {LINK}"', "4:14"),
        (f"'it''s it.html\n    ''{LINK}'", "4:16"),
        (f"it.html\n    {LINK}", "4:14"),
    ],
)
def test_a_place_in_a_text_is_exact_in_every_way_of_writing_it(
    answer: str, place: str, write_project: WriteProject
) -> None:
    found = problems(write_project({"first.yaml": f"- id: one\n  question: What?\n  answer: {answer}\n"}))
    links = [each for each in found if each.code == "bad-url"]
    assert places(links)[0] == f"source/first.yaml:{place} bad-url"


def test_an_escape_is_placed_whole() -> None:
    file = SourceFile("first.yaml", 'a: "o\\u006ee"\n')
    assert Text("one", Span(file, 3, 13)).place(0, 3) == Span(file, 4, 12)
    assert Text("one", Span(file, 3, 13)).place(1, 2) == Span(file, 5, 11)


def test_what_cannot_be_found_is_placed_at_its_node() -> None:
    file = SourceFile("first.yaml", "a: *b\n")  # an alias: its text stands elsewhere
    assert Text("one", Span(file, 3, 5)).place(0, 3) == Span(file, 3, 5)


def shown(text: str, start: int, end: int) -> list[str]:
    """Return the line and the caret of a report on characters of a text."""
    span = Span(SourceFile("first.yaml", text), start, end)
    return click.unstyle(as_text([Diagnostic("bad-url", span, "bad", "good")])).splitlines()[1:-3]


@pytest.mark.parametrize(
    ("line", "typed", "caret"),
    [
        ("a: bad", "bad", "      |    ^^^"),
        ("\ta: bad", "bad", "      | \t   ^^^"),
        ("日本: bad", "bad", "      |       ^^^"),
        ("a: 悪い", "悪い", "      |    ^^^^"),
        ("e\u0301: bad", "bad", "      |    ^^^"),
        ("🎉 bad", "bad", "      |    ^^^"),
    ],
)
def test_the_caret_stands_below_what_it_points_at(line: str, typed: str, caret: str) -> None:
    start = line.index(typed)
    assert shown(line, start, start + len(typed)) == [f"    1 | {line}", caret]


def test_a_long_line_is_shown_around_the_place() -> None:
    line, caret = shown(f"{'x' * 5_000} bad {'y' * 5_000}", 5_001, 5_004)
    assert len(line) < 200
    assert line[caret.index("^") : caret.index("^") + 3] == "bad"


def test_what_is_longer_than_its_line_is_underlined_to_the_end_of_the_line() -> None:
    assert shown("a: |\n  b\n", 3, 9) == ["    1 | a: |", "      |    ^"]


def test_an_empty_file_has_no_line_to_show() -> None:
    assert shown("", 0, 0) == []


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028"])
def test_a_report_shows_signs_in_the_place_of_what_a_terminal_would_act_on(character: str) -> None:
    file = SourceFile(f"a{character}b", f"a{character}b\n")
    report = as_text([Diagnostic("bad-url", Span(file), f"a{character}b", f"a{character}b")])
    assert character not in click.unstyle(report)


def test_a_report_is_sorted_and_says_nothing_twice() -> None:
    first, second = SourceFile("a.yaml", "x\ny\n"), SourceFile("b.yaml", "x\n")
    wanted = [
        Diagnostic("bad-id", Span(first, 0, 1), "m", "h"),
        Diagnostic("bad-url", Span(first, 0, 1), "m", "h"),
        Diagnostic("bad-id", Span(first, 2, 3), "m", "h"),
        Diagnostic("bad-id", Span(second, 0, 1), "m", "h"),
    ]
    assert list(sort_diagnostics([*reversed(wanted), *wanted])) == wanted


def test_a_message_that_quotes_half_a_file_is_shortened_in_its_middle() -> None:
    (short,) = sort_diagnostics(
        [Diagnostic("bad-id", Span(SourceFile("a", "")), f"start {'x' * MAX_PROBLEMS} end", "h")]
    )
    assert len(short.message) < 600
    assert short.message.startswith("start x")
    assert short.message.endswith("x end")


def test_only_errors_stop_a_build() -> None:
    span = Span(SourceFile("a", ""))
    warning, error = Diagnostic("no-source", span, "m", "h"), Diagnostic("bad-id", span, "m", "h")
    assert not has_errors([warning])
    assert has_errors([warning, error])


def test_a_problem_in_the_last_line_without_an_end_is_placed(write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": QUESTION + "  level: hard"}))
    assert places(found) == ["source/first.yaml:5:10 unknown-level"]
