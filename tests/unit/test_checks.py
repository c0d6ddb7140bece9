"""`checks` in deck.yaml and `allow` on a question: what they switch off, raise and allow, and what they may not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cardpress.check import near_duplicates, rules
from cardpress.cli.main import run
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.diagnostics.checks import Allowance, Checks, Level, apply
from cardpress.diagnostics.codes import CODES, Code, Severity
from cardpress.pipeline import check_project, load_and_check
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from tests.conftest import DECK, QUESTION, ROOT, WriteProject
from tests.helpers.diagnostics import codes, places

BARE = QUESTION.replace("  sources: [https://example.org/one]\n", "")
TWO = BARE.replace("one", "two").replace("first", "second")


def found(project: Path) -> list[str]:
    return codes(check_project(project).diagnostics)


# --- levels ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("off", ["off", "Off", "OFF", '"off"', "'off'"])
def test_a_warning_is_switched_off_for_the_whole_deck(off: str, write_project: WriteProject) -> None:
    project = write_project({"deck.yaml": f"checks: {{no-source: {off}}}\n{DECK}", "first.yaml": BARE})
    assert found(project) == []
    assert run(["check", "--strict", "--project", str(project)]) == 0


@pytest.mark.parametrize("command", [["check"], ["build", "--only", "json"], ["diff"]])
def test_a_raised_warning_is_an_error_everywhere(
    command: list[str], write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write_project({"deck.yaml": f"checks: {{no-source: error}}\n{DECK}", "first.yaml": BARE})
    assert run([*command, "--project", str(project)]) == 1
    assert "first.yaml:1:3: error[no-source] `one` names no source" in capsys.readouterr().out
    assert not (project / "dist").exists()


@pytest.mark.parametrize(
    ("report_format", "words"),
    [("json", '"severity": "error"'), ("sarif", '"level": "error"'), ("github", "::error ")],
)
def test_reports_for_programs_have_the_raised_severity(
    report_format: str, words: str, write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write_project({"deck.yaml": f"checks: {{no-source: error}}\n{DECK}", "first.yaml": BARE})
    assert run(["check", "--format", report_format, "--project", str(project)]) == 1
    assert words in capsys.readouterr().out


def test_the_level_warning_changes_nothing(write_project: WriteProject) -> None:
    project = write_project({"deck.yaml": f"checks: {{no-source: warning}}\n{DECK}", "first.yaml": BARE})
    assert found(project) == ["no-source"]
    assert run(["check", "--project", str(project)]) == 0


@pytest.mark.parametrize(
    ("written", "message", "help_line"),
    [
        ("no-source: on", "`on` is not a level", "write `no-source: warning`, as it is"),
        ("no-source: true", "`true` is not a level", "or `no-source: error`, which stops a build"),
        ("no-source: false", "`false` is not a level", "write `no-source: off`"),
        ("no-source: no", "`no` is not a level", "write `no-source: off`"),
        ("no-source: warn", "`warn` is not a level", "did you mean `warning`?"),
        ("no-source: loud", "`loud` is not a level", "write one of off, warning, error"),
        ("no-sources: off", "no problem has the code `no-sources`", "did you mean `no-source`?"),
        ("qwertz: off", "no problem has the code `qwertz`", "write the code of a warning"),
        ("duplicate-id: off", "`duplicate-id` is an error, which nothing can switch off or lower", "remove it"),
        ("duplicate-id: error", "`duplicate-id` is an error, which nothing can switch off or lower", "remove it"),
    ],
)
def test_a_mistaken_level_is_explained_at_its_place(
    written: str, message: str, help_line: str, write_project: WriteProject
) -> None:
    project = write_project({"deck.yaml": f"checks:\n  {written}\n{DECK}"})
    (problem,) = check_project(project).diagnostics
    assert (problem.code, problem.message) == ("bad-check", message)
    assert help_line in problem.help
    assert problem.span.line == 2
    assert problem.span.excerpt[problem.span.column - 1 :].startswith(message.split("`")[1])


@pytest.mark.parametrize(
    ("deck", "question"),
    [
        (f"checks: {{trusted-templates: off}}\n{DECK}", QUESTION),
        (DECK, QUESTION + "  allow: [trusted-templates]\n"),
        (f"{DECK}    allow: [trusted-templates]\n", QUESTION),
    ],
)
def test_trust_in_templates_cannot_be_hidden(deck: str, question: str, write_project: WriteProject) -> None:
    (problem,) = check_project(write_project({"deck.yaml": deck, "first.yaml": question})).diagnostics
    assert (problem.code, problem.message) == ("bad-check", "`trusted-templates` cannot be switched off")


@pytest.mark.parametrize("checks", ["off", "[no-source]", "no-source"])
def test_checks_that_are_no_mapping_are_explained(checks: str, write_project: WriteProject) -> None:
    (problem,) = check_project(write_project({"deck.yaml": f"checks: {checks}\n{DECK}"})).diagnostics
    assert (problem.code, problem.help) == ("wrong-type", "write a code and its level: `checks: {no-source: off}`")


def test_checks_count_even_if_the_rest_of_the_deck_is_broken(write_project: WriteProject) -> None:
    deck = DECK.replace("version: 1.0.0\n", "checks: {no-source: off}\n")
    assert found(write_project({"deck.yaml": deck, "first.yaml": BARE})) == ["missing-key"]


def test_a_warning_that_authors_must_not_hide_can_only_be_raised() -> None:
    code = Code(Severity.WARNING, "It runs.", "Look.", is_permanent=True)
    assert not code.can_be_lowered
    assert CODES["trusted-templates"].is_permanent
    assert Code(Severity.WARNING, "It is long.", "Cut it.").can_be_lowered
    assert not Code(Severity.ERROR, "It is wrong.", "Mend it.").can_be_lowered


def test_what_is_off_is_not_computed(write_project: WriteProject, monkeypatch: pytest.MonkeyPatch) -> None:
    deck = f"checks: {{near-duplicate-question: off, no-source: off}}\n{DECK}"
    project = write_project({"deck.yaml": deck, "first.yaml": BARE})
    monkeypatch.setattr(near_duplicates, "_read", lambda *_: 1 / 0)
    assert found(project) == []


def test_rules_that_are_left_out_find_nothing_but_what_is_off() -> None:
    for advised in rules._ADVISES.values():
        assert all(CODES[code].severity is Severity.WARNING for code in advised)
    assert set(rules._ADVISES) <= set(rules.RULES)
    templates, _ = load_templates(ROOT)
    for case in (ROOT / "tests" / "cases").iterdir():
        bank = load(case / "source", templates).bank
        for rule, advised in rules._ADVISES.items():
            assert {each.code for each in rule(bank)} <= set(advised)


# --- allow ----------------------------------------------------------------------------------------------------------

RECALL = """\
  recall:
    - id: three
      question: Name all the noble gases.
      answer: Six.
"""


def test_a_question_may_cause_a_warning_that_others_may_not(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": BARE + "  allow: [no-source]\n" + TWO})
    assert places(check_project(project).diagnostics) == ["source/first.yaml:5:3 no-source"]


def test_what_a_question_allows_its_recall_notes_may_cause(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + "  allow: [recall-asks-for-a-list]\n" + RECALL})
    assert found(project) == []
    project = write_project({"first.yaml": QUESTION + RECALL + "      allow: [recall-asks-for-a-list]\n"})
    assert found(project) == []


def test_what_a_recall_note_allows_counts_there_alone(write_project: WriteProject) -> None:
    text = BARE + RECALL + "      allow: [no-source, recall-asks-for-a-list]\n"
    assert places(check_project(write_project({"first.yaml": text})).diagnostics) == [
        "source/first.yaml:1:3 no-source",
        "source/first.yaml:8:15 unused-allow",
    ]


def test_a_section_may_cause_a_warning_that_others_may_not(write_project: WriteProject) -> None:
    deck = f"{DECK}    allow: [no-source]\n  - id: second\n    title: Second section\n"
    project = write_project({"deck.yaml": deck, "first.yaml": BARE, "second.yaml": TWO})
    assert places(check_project(project).diagnostics) == ["source/second.yaml:1:3 no-source"]


@pytest.mark.parametrize("allows", [0, 1])
def test_either_of_two_questions_that_are_alike_can_allow_it(allows: int, write_project: WriteProject) -> None:
    again = QUESTION.replace("id: one", "id: two")
    both = [QUESTION, again]
    assert found(write_project({"first.yaml": "".join(both)})) == ["near-duplicate-question"]
    both[allows] += "  allow: [near-duplicate-question]\n"
    assert found(write_project({"first.yaml": "".join(both)})) == []


def test_what_the_reading_of_a_file_warns_of_can_be_allowed(write_project: WriteProject) -> None:
    cut = QUESTION.replace("What is one?", "What is one? # really")
    assert found(write_project({"first.yaml": cut})) == ["text-cut-by-comment"]
    assert found(write_project({"first.yaml": cut + "  allow: [text-cut-by-comment]\n"})) == []


@pytest.mark.parametrize(
    ("allow", "code", "words"),
    [
        ("[no-sauce]", "bad-check", "did you mean `no-source`?"),
        ("[missing-key]", "bad-check", "remove it"),
        ("no-source", "wrong-type", "write `allow: [no-source]`"),
        ("[[no-source]]", "wrong-type", "- …"),
    ],
)
def test_a_mistaken_allow_is_explained(allow: str, code: str, words: str, write_project: WriteProject) -> None:
    (problem,) = check_project(write_project({"first.yaml": QUESTION + f"  allow: {allow}\n"})).diagnostics
    assert (problem.code, problem.span.line) == (code, 5)
    assert words in problem.help


# --- allow that allows nothing --------------------------------------------------------------------------------------


def test_an_allow_that_is_not_needed_any_more_is_told(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + "  allow: [no-source, lost-cell]\n"})
    assert places(check_project(project).diagnostics) == [
        "source/first.yaml:5:11 unused-allow",
        "source/first.yaml:5:22 unused-allow",
    ]
    project = write_project({"deck.yaml": f"checks: {{unused-allow: off}}\n{DECK}"})
    assert found(project) == []


@pytest.mark.parametrize(
    ("deck", "question"),
    [
        (f"checks: {{no-source: off}}\n{DECK}", BARE + "  allow: [no-source]\n"),  # moot
        (DECK, QUESTION + "  allow: [missing-glyph]\n"),  # an output may find it
        (DECK, BARE + "  allow: [no-source]\n  retired: {reason: Old.}\n"),  # nothing advises on it
        # No output is made that it is about.
        (f"outputs: {{apkg: no, page: no}}\n{DECK}", QUESTION + "  allow: [code-too-wide]\n"),
        (f"outputs: {{cheatsheet: no}}\n{DECK}", QUESTION + "  allow: [gist-too-long]\n"),
        (DECK, QUESTION + "  retired: {reason: Old.}\n" + RECALL + "      allow: [recall-asks-for-a-list]\n"),
    ],
)
def test_an_allow_that_only_seems_to_be_of_no_use_is_not_told(
    deck: str, question: str, write_project: WriteProject
) -> None:
    assert found(write_project({"deck.yaml": deck, "first.yaml": question + TWO + "  allow: [no-source]\n"})) == []


def test_an_allow_for_what_another_build_is_warned_of_is_not_told(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + "  allow: [code-too-wide]\n"})
    assert codes(load_and_check(project, only=["json"])[1].diagnostics) == []
    assert found(project) == ["unused-allow"]


def test_errors_come_before_an_allow_that_is_of_no_use(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + "  allow: [no-source]\n  level: expert\n"})
    assert found(project) == ["unknown-level"]


# --- applying -------------------------------------------------------------------------------------------------------

FILE = SourceFile("source/a.yaml", "x" * 100)


def at(start: int, code: str = "no-source", file: SourceFile = FILE) -> Diagnostic:
    return Diagnostic(code, Span(file, start, start + 1), f"at {start}", "mend it")


def allowed(start: int, end: int, code: str = "no-source") -> Allowance:
    return Allowance(code, Span(FILE, start, start), (Span(FILE, start, end),))


def test_allow_counts_inside_its_part_of_its_file_for_its_code() -> None:
    outer, inner, after = allowed(10, 50), allowed(20, 30), allowed(60, 70)
    checks = Checks({}, (after, inner, outer))
    problems = [at(9), at(10), at(25), at(49), at(50), at(65, "lost-cell"), at(15, file=SourceFile("b.yaml", ""))]
    applied = apply(checks, problems)
    assert applied.diagnostics == tuple(problems[index] for index in (0, 4, 5, 6))
    assert applied.used == {outer, inner}
    assert applied.is_whole


def test_what_is_off_or_allowed_does_not_count_towards_the_most() -> None:
    checks = Checks({"lost-cell": Level.OFF, "no-source": Level.ERROR}, (allowed(0, 10),))
    problems = [*map(at, range(10)), *(at(20, "lost-cell") for _ in range(10)), *map(at, range(30, 40))]
    applied = apply(checks, iter(problems), 3)
    assert applied.diagnostics == tuple(replace(at(start), is_raised=True) for start in (30, 31, 32))
    assert not applied.is_whole
    assert apply(checks, applied.diagnostics) == applied._replace(used=frozenset(), is_whole=True)


def test_nothing_changes_what_codes_are_by_themselves() -> None:
    raised = apply(Checks({"no-source": Level.ERROR}), [at(1)]).diagnostics[0]
    assert (raised.severity, at(1).severity) == (Severity.ERROR, Severity.WARNING)
    assert CODES["no-source"].severity is Severity.WARNING


def test_a_hundred_thousand_allowances_are_looked_up_quickly() -> None:
    file = SourceFile("source/a.yaml", "")
    many = tuple(Allowance("no-source", Span(file, n, n), (Span(file, n, n + 10),)) for n in range(0, 1_000_000, 10))
    around = Allowance("no-source", Span(file, 0, 0), (Span(file, 0, 2_000_000),))
    applied = apply(Checks({}, (around, *many)), (at(n, file=file) for n in range(5, 1_500_000, 10)))
    assert not applied.diagnostics
    assert len(applied.used) == 100_001


def test_the_report_is_the_same_in_each_run(write_project: WriteProject, capsys: pytest.CaptureFixture[str]) -> None:
    project = write_project({"first.yaml": BARE + "  allow: [lost-cell]\n" + TWO})
    reports = []
    for _ in range(2):
        run(["check", "--format", "json", "--project", str(project)])
        reports.append(json.loads(capsys.readouterr().out))
    assert reports[0] == reports[1]


# --- what only outputs find -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "status"), [("warning", 0), ("error", 1), ("off", 0)])
def test_check_finds_what_stops_a_build_even_if_only_an_output_can_tell(
    level: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = shutil.copytree(ROOT / "tests" / "cases" / "unprintable-picture", tmp_path / "project")
    deck = project / "source" / "deck.yaml"
    deck.write_text(f"checks: {{unprintable-picture: {level}}}\n{deck.read_text(encoding='utf-8')}", encoding="utf-8")
    for command in ("check", "build"):
        assert run([command, "--project", str(project)]) == status
        assert ("error[unprintable-picture]" in capsys.readouterr().out) is bool(status)
        assert (project / "dist").exists() is (command == "build" and status == 0)


def test_a_strict_check_finds_what_stops_a_strict_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = shutil.copytree(ROOT / "tests" / "cases" / "unprintable-picture", tmp_path / "project")
    for command in ("check", "build"):
        assert run([command, "--strict", "--project", str(project)]) == 1
        assert "warning[unprintable-picture]" in capsys.readouterr().out
    assert not (project / "dist").exists()
