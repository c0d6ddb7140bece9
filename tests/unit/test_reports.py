"""Reports for programs: JSON as promised, GitHub's commands escaped as GitHub reads them, SARIF that is valid."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import click
import pytest
from sarif_pydantic import Sarif

from cardpress.diagnostics import Diagnostic, Related, SourceFile, Span
from cardpress.diagnostics.codes import CODES
from cardpress.diagnostics.kept import read_problems, write_problems
from cardpress.diagnostics.moving import move_below
from cardpress.diagnostics.reports import REPORTS
from cardpress.diagnostics.reports.github import as_github
from cardpress.diagnostics.reports.json import as_json
from cardpress.diagnostics.reports.sarif import as_sarif
from cardpress.diagnostics.reports.text import as_text, summarize

FILE = SourceFile("source/a,b: 100%.yaml", "- id: one\n- id: 日本 one\n")
FIRST, SECOND = Span(FILE, 6, 9), Span(FILE, 16, 22)
ERROR = Diagnostic(
    "duplicate-id", SECOND, "`one` is 100%\ntaken: yes, twice", "write `two`", (Related(FIRST, "first here"),)
)
WARNING = Diagnostic("no-source", FIRST, "no source", "add one")


def test_json_is_worded_as_promised() -> None:
    assert json.loads(as_json([ERROR, WARNING])) == {
        "version": 1,
        "diagnostics": [
            {
                "code": "duplicate-id",
                "severity": "error",
                "message": "`one` is 100%\ntaken: yes, twice",
                "file": "source/a,b: 100%.yaml",
                "line": 2,
                "column": 7,
                "help": "write `two`",
                "related": [{"file": "source/a,b: 100%.yaml", "line": 1, "column": 7, "message": "first here"}],
            },
            {
                "code": "no-source",
                "severity": "warning",
                "message": "no source",
                "file": "source/a,b: 100%.yaml",
                "line": 1,
                "column": 7,
                "help": "add one",
                "related": [],
            },
        ],
    }


def test_text_shows_the_place_the_line_the_first_place_and_what_to_type() -> None:
    assert click.unstyle(as_text([WARNING])) == (
        "source/a,b: 100%.yaml:1:7: warning[no-source] no source\n"
        "    1 | - id: one\n"
        "      |       ^^^\n"
        "  help: add one\n"
        "\n"
        "1 warning\n"
    )
    assert "  source/a,b: 100%.yaml:1:7: first here\n  help: write `two`\n" in click.unstyle(as_text([ERROR]))


def _as_github_reads(line: str) -> tuple[str, dict[str, str], str]:
    """Read a workflow command as GitHub's runner does (actions/runner, ActionCommand.cs)."""
    command = re.fullmatch(r"::(\w+) ([^\n]*?)::([^\n]*)", line)
    assert command is not None
    properties = dict(part.split("=", 1) for part in command[2].split(","))
    return command[1], {name: _unescaped(value) for name, value in properties.items()}, _unescaped(command[3])


def _unescaped(text: str) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def test_github_reads_back_what_was_meant() -> None:
    lines = as_github([ERROR, WARNING]).splitlines()
    assert len(lines) == 2
    kind, properties, message = _as_github_reads(lines[0])
    assert kind == "error"
    assert properties == {
        "file": "source/a,b: 100%.yaml",
        "line": "2",
        "col": "7",
        "endColumn": "13",
        "title": "duplicate-id",
    }
    assert message.endswith("\nhelp: write `two`")
    assert "100%" in message
    assert _as_github_reads(lines[1])[0] == "warning"


def test_a_message_cannot_smuggle_a_command_to_github() -> None:
    smuggled = Diagnostic("bad-id", FIRST, "a\n::set-output name=x::y\r\n::error::z", "h\n::error::x")
    assert len(as_github([smuggled]).splitlines()) == 1


def test_github_gets_the_other_place_too() -> None:
    (line,) = as_github([ERROR]).splitlines()
    assert "source/a,b: 100%.yaml:1:7: first here\nhelp: write `two`" in _as_github_reads(line)[2]


def test_github_which_shows_ten_gets_the_first_of_each_code_first() -> None:
    many = [replace(WARNING, span=Span(FILE, start)) for start in range(12)]
    lines = as_github([*many, Diagnostic("lost-cell", SECOND, "lost", "mend it"), ERROR]).splitlines()
    assert ["no-source" in line for line in lines[:4]] == [True, False, False, True]
    assert len(lines) == 14


def test_sarif_is_valid() -> None:
    Sarif.model_validate_json(as_sarif([ERROR, WARNING]))
    Sarif.model_validate_json(as_sarif([]))


def _run(text: str) -> dict[str, Any]:
    content = json.loads(text)
    assert content["version"] == "2.1.0"
    (run,) = content["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_names_rules_levels_and_places() -> None:
    run = _run(as_sarif([ERROR, WARNING]))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["duplicate-id", "no-source"]
    assert rules[0]["shortDescription"]["text"] == CODES["duplicate-id"].meaning
    first, second = run["results"]
    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        ("duplicate-id", "error"),
        ("no-source", "warning"),
    ]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "source/a%2Cb%3A%20100%25.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 7, "endColumn": 13}
    assert first["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert "relatedLocations" not in second


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_to_report_is_still_a_report(report: str) -> None:
    empty = {"text": "", "github": "", "json": '{\n  "version": 1,\n  "diagnostics": []\n}\n'}
    assert REPORTS[report]([]) == empty.get(report, as_sarif([]))


def test_the_summary_counts_in_words() -> None:
    assert summarize([]) == "no problems"
    assert summarize([ERROR]) == "1 error"
    assert summarize([ERROR, ERROR, WARNING]) == "2 errors, 1 warning"


# --- many of one code -----------------------------------------------------------------------------------------------


def _many(count: int, code: str = "no-source") -> list[Diagnostic]:
    return [Diagnostic(code, FIRST, f"number {number}", "add one") for number in range(count)]


def test_many_warnings_of_one_code_become_three_and_a_count() -> None:
    found = [*_many(20), ERROR, *_many(2, "lost-cell")]
    said = click.unstyle(as_text(found))
    assert [f"number {number}\n" in said for number in range(5)] == [True, True, True, False, False]
    assert said.count("[lost-cell]") == 2
    assert said.endswith(
        "… and 17 more: warning[no-source]\n"
        "  help: `check --format json` lists all of them; to switch them off, write `checks: {no-source: off}` in "
        "deck.yaml\n\n1 error, 22 warnings\n"
    )
    for report in (as_json, as_sarif, as_github):
        assert all(f"number {number}" in report(found) for number in range(20))


def test_few_warnings_and_all_errors_are_shown() -> None:
    raised = [replace(each, is_raised=True) for each in _many(20)]
    assert "more:" not in as_text([*raised, *_many(5)])
    assert as_text(raised).count("[no-source]") == 20


# --- where the files are --------------------------------------------------------------------------------------------


def test_problems_are_moved_to_where_their_files_are() -> None:
    (moved,) = move_below("decks/one", [ERROR])
    assert moved.span.path == moved.related[0].span.path == "decks/one/source/a,b: 100%.yaml"
    assert (moved.span.line, moved.span.column, moved.span.excerpt) == (2, 7, "- id: 日本 one")
    assert moved.span.file is moved.related[0].span.file
    assert move_below("", [ERROR]) == (ERROR,)


@pytest.mark.parametrize(
    ("folder", "uri"),
    [
        ("my deck", "my%20deck/source/one.yaml"),
        ("../deck", "../deck/source/one.yaml"),
        ("/decks/ö", "file:///decks/%C3%B6/source/one.yaml"),
        ("D:/decks/one", "file:///D:/decks/one/source/one.yaml"),
        ("/", "file:///source/one.yaml"),
    ],
)
def test_sarif_has_an_address_for_every_folder(folder: str, uri: str) -> None:
    found = Diagnostic("no-source", Span.of_file("source/one.yaml"), "no source", "add one")
    (result,) = _run(as_sarif(move_below(folder, [found])))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    Sarif.model_validate_json(as_sarif(move_below(folder, [found])))


WHOLE = Diagnostic("unprintable-picture", Span.of_file("source/media/it.png"), "it cannot be printed", "save it anew")
LONG = Diagnostic("no-source", Span(FILE, 6, 24), "no source", "add one", is_raised=True)
WINDOWS = Diagnostic(
    "no-source", Span(SourceFile("source/w.yaml", "a\r\n\r\nb: c\rd\r\n"), 8, 9), "no source", "add one"
)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize("problem", [ERROR, WARNING, WHOLE, LONG, WINDOWS])
def test_problems_that_were_kept_are_told_as_they_were(
    report: Callable[[Sequence[Diagnostic]], str], problem: Diagnostic
) -> None:
    kept = read_problems(json.loads(json.dumps(write_problems([problem, WARNING]))))
    assert report(kept) == report([problem, WARNING])
    assert kept[0].order == problem.order


def change(written: Any, path: Sequence[str | int], value: object) -> None:
    *above, last = path
    for key in above:
        written = written[key]
    written[last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("problems", 0, "code"), "no-such-code"),
        (("problems", 0, "message"), None),
        (("problems", 0, "place"), ["source/a,b: 100%.yaml", 3, 1, 1]),
        (("problems", 0, "place"), ["source/a,b: 100%.yaml", 1, 0, 1]),
        (("problems", 0, "place"), ["source/a,b: 100%.yaml", 1, 1]),
        (("problems", 0, "place"), ["source/other.yaml", 1, 1, 1]),
        (("problems", 0, "related"), 1),
        (("lines", "source/a,b: 100%.yaml"), {"0": ""}),
        (("lines", "source/a,b: 100%.yaml"), {"30000000": ""}),
        (("lines", "source/a,b: 100%.yaml"), {"2": 1}),
        (("lines",), []),
    ],
)
def test_what_is_kept_and_damaged_is_no_problem(path: Sequence[str | int], value: object) -> None:
    written = json.loads(json.dumps(write_problems([ERROR])))
    change(written, path, value)
    with pytest.raises(ValueError, match="no problems that were kept"):
        read_problems(written)
