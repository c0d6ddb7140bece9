"""`explain` prints what docs/problems.md says of a code, from what the engine itself has."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from cardpress.cli.main import run
from cardpress.diagnostics import pages
from cardpress.diagnostics.codes import CODES, Severity
from docs import generate

EXAMPLES = pages.read_examples(generate.EXAMPLES.read_text(encoding="utf-8"))


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["explain", *arguments]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


def join_lines(text: str) -> str:
    return " ".join(text.split())


def test_each_code_has_an_example_that_ships() -> None:
    assert list(EXAMPLES) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_page_has_all_that_the_document_has(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, code)
    entry = CODES[code]
    assert said.startswith(f"{entry.severity}[{code}]\n")
    assert f"\n\n  {EXAMPLES[code].splitlines()[0]}\n" in said
    words = re.split(r"(?<!`)(?<!!)\[([^\]]+)\]\([^)]+\.md[^)]*\)", entry.mend)
    assert all(part in join_lines(said) for part in words[::2])
    assert all(part in join_lines(said) for part in words[1::2])
    assert join_lines(entry.meaning) in join_lines(said)
    assert "\x1b" not in said
    section = generate.make_problems().partition(f"### {code}\n")[2].partition("\n### ")[0]
    assert EXAMPLES[code] in section


def test_a_warning_that_no_question_has_is_not_allowed_at_one(capsys: pytest.CaptureFixture[str]) -> None:
    said = join_lines(explained(capsys, "stale-schema"))
    assert "write `checks: {stale-schema: off}` in deck.yaml; `checks: {stale-schema: error}`" in said
    assert "allow:" not in said


def test_no_page_sends_who_has_installed_cardpress_to_a_file_without_saying_where_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = join_lines(" ".join(explained(capsys, code) for code in CODES))
    named = re.findall(r"[\w/-]+\.md\b(?: of cardpress's repository)?", said)
    elsewhere = {name for name in named if not name.endswith("repository")}
    assert elsewhere <= {"CHANGELOG.md"}  # the project's own
    assert "docs/format.md of cardpress's repository lists all of them" in said
    assert "two branches that both released (docs/releases.md of cardpress's repository)" in said


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_truly_whether_checks_can_switch_the_code_off(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = join_lines(explained(capsys, code))
    offer = f"To switch it off, write `checks: {{{code}: off}}` in deck.yaml"
    assert (offer in said) is CODES[code].can_be_lowered
    assert ("`checks` cannot switch it off" in said) is not CODES[code].can_be_lowered


@pytest.mark.parametrize(
    "typed",
    [
        "error[unknown-key]",
        "[unknown-key]",
        "UNKNOWN-KEY",
        "`unknown-key`",
        " unknown-key:",
        "a.yaml:5:3: error[unknown-key] a",
    ],
)
def test_a_code_may_be_copied_from_a_report(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert explained(capsys, typed) == explained(capsys, "unknown-key")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("unknwon-key", "there is no code `unknwon-key`; did you mean `unknown-key`?"),
        ("error[no-sources]", "there is no code `no-sources`; did you mean `no-source`?"),
        ("xyz", "there is no code `xyz`; `cardpress explain` lists all of them"),
        ("", "there is no code ``; `cardpress explain` lists all of them"),
    ],
)
def test_an_unknown_code_is_wrong_usage_and_suggests_the_nearest(
    typed: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["explain", typed]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert words in join_lines(said.err)


def test_without_a_code_all_are_listed_in_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    lines = explained(capsys).splitlines()
    errors = [code for code, entry in CODES.items() if entry.severity is Severity.ERROR]
    warnings = [code for code in CODES if code not in errors]
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [*errors, *warnings]
    assert [line for line in lines if not line.startswith("  ")] == [
        f"{len(errors)} errors",
        "",
        f"{len(warnings)} warnings",
    ]
    assert all(any(line.endswith(entry.meaning) for line in lines) for entry in CODES.values())


@pytest.mark.parametrize("width", [24, 50, 100])
def test_no_line_of_a_list_or_page_is_wider_than_the_terminal(width: int) -> None:
    """Reports apart, whose carets stand below what they mark, and code, which is copied whole."""
    for code in CODES:
        page = pages.make_page(code, EXAMPLES)
        shown = click.unstyle(pages.as_text(page, width))
        for line in shown.splitlines():
            words = re.findall(r"`[^`]*`\S*|\S+", line)
            assert len(line) <= width or line[2:] in page.report or len(words) <= 2, line
    if width > 50:
        assert max(map(len, click.unstyle(pages.list_pages(width)).splitlines())) <= width


def test_no_code_is_broken_across_lines() -> None:
    for code in CODES:
        page = pages.make_page(code, EXAMPLES)
        shown = pages.as_text(page, 40)
        for part in re.findall(r"`[^`]*`", page.meaning + page.switching):
            assert part in shown


def test_the_file_of_examples_ships_beside_the_code() -> None:
    assert generate.EXAMPLES.parent == Path(pages.__file__).parent
