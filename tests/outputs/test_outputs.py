"""`outputs` in deck.yaml says what a plain build makes, and `--only` overrides it."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from cardpress.cli.main import run
from cardpress.diagnostics import Diagnostic
from cardpress.outputs import NAMES, OUTPUTS, PER_PAGE, SHEETS, Wanted
from cardpress.pdf import typesetting
from cardpress.pdf.typesetting import Job, MadeSheet, Overflows, set_sheet
from cardpress.pipeline import Options, Result, build_project, check_project, load_and_check
from cardpress.progress import NoProgress
from cardpress.writers import find_writer, pdf
from tests.conftest import DECK, QUESTION, ROOT, WriteProject
from tests.helpers.author import Author
from tests.helpers.folders import names


def deck(outputs: str) -> dict[str, str]:
    return {"deck.yaml": f"outputs: {outputs}\n{DECK}"}


def build(project: Path, *only: str) -> list[str]:
    """Build, and return the outputs that are there: endings of files, and sheets with their papers."""
    result = build_project(Options(project, project / "dist", only or None), NoProgress())
    assert not result.failed(strict=False), result.diagnostics
    return made(project)


def made(project: Path) -> list[str]:
    files = (name.removeprefix("sample").lstrip(".-").removesuffix(".pdf") for name in names(project / "dist"))
    return sorted(name for name in files if name not in ("SHA256SUMS", "manifest.json", "schema.json"))


def problems(write_project: WriteProject, outputs: str) -> list[Diagnostic]:
    return list(check_project(write_project(deck(outputs))).diagnostics)


# Those of a deck without notes below its questions, and without gists.
ALL_SHEETS = [f"{sheet}-{paper}" for sheet in ("booklet", "flashcards", "study-notes") for paper in ("a4", "letter")]
BELOW = QUESTION + "  gist: [this]\n  recall: [{id: below, question: What is recalled?, answer: This.}]\n"


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        ("{booklet: false}", sorted(["apkg", *ALL_SHEETS[2:], "html", "json"])),
        ("{pdf: false}", ["apkg", "html", "json"]),
        ("{pdf: false, study-notes: true}", ["apkg", "html", "json", "study-notes-a4", "study-notes-letter"]),
        ("{pdf: {papers: [a4]}, apkg: false, page: no}", sorted([*ALL_SHEETS[::2], "json"])),
        (
            "{pdf: {papers: [a4]}, booklet: {papers: [letter, a4]}, flashcards: {per_page: 4}, study-notes: false}",
            ["apkg", "booklet-a4", "booklet-letter", "flashcards-a4", "html", "json"],
        ),
        ("{pdf: false, flashcards: {per_page: 16}, json: off}", ["apkg", "flashcards-a4", "flashcards-letter", "html"]),
    ],
)
def test_a_plain_build_makes_what_outputs_says(write_project: WriteProject, outputs: str, expected: list[str]) -> None:
    project = write_project(deck(outputs))
    assert build(project) == expected
    sums = (project / "dist" / "SHA256SUMS").read_text(encoding="utf-8")
    listed = {line.split("  ")[1] for line in sums.splitlines()}
    assert listed == set(names(project / "dist")) - {"SHA256SUMS"}
    manifest = json.loads((project / "dist" / "manifest.json").read_text(encoding="utf-8"))
    assert {each["path"] for each in manifest["artifacts"]} == listed - {"manifest.json"}
    if "html" in expected:
        page = (project / "dist" / "sample.html").read_text(encoding="utf-8")
        linked = {name for name in ALL_SHEETS if f'href="sample-{name}.pdf"' in page}
        assert linked == set(expected) & set(ALL_SHEETS)
        assert ('href="sample.apkg"' in page) is ("apkg" in expected)
        assert ('href="sample.json"' in page) is ("json" in expected)


def test_only_overrides_outputs(write_project: WriteProject) -> None:
    project = write_project(deck("{apkg: false, pdf: {papers: [a4]}, booklet: false}"))
    assert build(project, "apkg") == ["apkg"]
    assert build(project, "booklet", "page") == ["booklet-a4", "html"]
    assert build(project, "pdf") == ["booklet-a4", "flashcards-a4", "study-notes-a4"]


def test_what_is_switched_off_later_is_removed_and_said(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write_project(deck("{pdf: false}"))
    assert run(["--project", str(project)]) == 0
    capsys.readouterr()
    source = project / "source" / "deck.yaml"
    source.write_text(source.read_text(encoding="utf-8").replace("{pdf", "{json: false, pdf"), encoding="utf-8")
    assert run(["--project", str(project)]) == 0
    assert "removed 2 files that an earlier build made" in capsys.readouterr().out
    assert made(project) == ["apkg", "html"]
    assert run(["--project", str(project)]) == 0
    assert "nothing changed" in capsys.readouterr().out


@pytest.mark.parametrize("sheet", SHEETS)
def test_one_sheet_alone_is_set(write_project: WriteProject, monkeypatch: pytest.MonkeyPatch, sheet: str) -> None:
    template = (ROOT / "templates" / "print" / f"{OUTPUTS[sheet].template}.typ").read_text(encoding="utf-8")
    set_sheets = []

    def note(job: Job) -> MadeSheet | Overflows:
        set_sheets.append(job)
        return set_sheet(job)

    monkeypatch.setattr(typesetting, "set_sheet", note)
    assert build(write_project({"first.yaml": BELOW}), sheet) == [f"{sheet}-a4", f"{sheet}-letter"]
    # Cards are the same on both papers.
    assert len(set_sheets) == (2 if OUTPUTS[sheet].per_page is None else 1)
    assert all(template in job.source for job in set_sheets)


def test_every_name_is_an_output_of_a_writer_or_a_sheet() -> None:
    on_request = {"ankiweb", "crowdanki", "site"}
    assert {find_writer(name) for name in NAMES} == {"apkg", "page", "json", "csv", "pdf", *on_request}
    assert set(Wanted().choose(["pdf"])) == set(SHEETS)
    assert Wanted().choose() == tuple(sorted(set(NAMES) - {"pdf", *on_request}))
    assert "csv" not in Wanted({"csv": False}).choose()
    assert "json" not in Wanted().choose(off=("json",))
    assert "json" in Wanted({"json": True}).choose(off=("json",))


# --- checks follow --------------------------------------------------------------------------------------------------

WIDE = f"- id: q\n  question: Q?\n  sources: [https://example.org/]\n  answer: |\n    |{'a|' * 13}\n    |{'-|' * 13}\n"


@pytest.mark.parametrize(
    ("outputs", "codes"),
    [("{apkg: true}", ["wide-table"]), ("{study-notes: false}", ["wide-table"]), ("{pdf: false}", [])],
)
def test_rules_about_sheets_are_asked_where_one_is_made(
    write_project: WriteProject, outputs: str, codes: list[str]
) -> None:
    project = write_project({**deck(outputs), "first.yaml": WIDE})
    assert [each.code for each in check_project(project).diagnostics] == codes
    assert [each.code for each in check_project(project, strict=True).diagnostics] == codes


@pytest.mark.parametrize(
    ("outputs", "only", "place"),
    [
        ("{apkg: true}", ("booklet",), 1),
        ("{booklet: true}", ("booklet", "json"), 1),
        ("{booklet: false}", ("booklet",), 1),
        ("{apkg: true}", ("pdf",), 0),
        ("{apkg: true}", ("json",), 0),
    ],
)
def test_who_asks_for_a_booklet_of_too_many_questions_is_told_once(
    write_project: WriteProject, monkeypatch: pytest.MonkeyPatch, outputs: str, only: tuple[str, ...], place: int
) -> None:
    monkeypatch.setattr("cardpress.outputs.LONGEST_BOOKLET", 0)
    _, found = load_and_check(write_project(deck(outputs)), only)
    assert [(each.code, each.span.path) for each in found.diagnostics] == [("no-booklet", "source/deck.yaml")] * place


@pytest.mark.parametrize(
    ("outputs", "only", "place"),
    [
        ("{apkg: true}", ("recall-cards",), 1),
        ("{recall-cards: true}", None, 1),
        ("{recall-cards: {per_page: 9}}", ("recall-cards", "json"), 1),
        ("{recall-cards: false}", ("recall-cards",), 1),
        ("{recall-cards: false}", None, 0),
        ("{apkg: true}", None, 0),
        ("{apkg: true}", ("pdf",), 0),
    ],
)
def test_who_asks_for_recall_cards_where_nothing_is_below_a_question_is_told_once(
    write_project: WriteProject, outputs: str, only: tuple[str, ...] | None, place: int
) -> None:
    project = write_project(deck(outputs))
    _, found = load_and_check(project, only)
    assert [(each.code, each.span.path) for each in found.diagnostics] == [("empty-sheet", "source/deck.yaml")] * place
    retired = "  recall: [{id: below, question: Q?, answer: A., retired: {reason: Old.}}]\n"
    assert load_and_check(write_project({"first.yaml": QUESTION + retired}), ("recall-cards",))[1].diagnostics != ()
    assert load_and_check(write_project({"first.yaml": BELOW}), ("recall-cards",))[1].diagnostics == ()


def test_recall_cards_are_made_and_linked_where_notes_are_below_questions(write_project: WriteProject) -> None:
    project = write_project({**deck("{recall-cards: {papers: [a4], per_page: 9}}"), "first.yaml": BELOW})
    assert "recall-cards-a4" in build(project)
    assert 'href="sample-recall-cards-a4.pdf"' in (project / "dist" / "sample.html").read_text(encoding="utf-8")
    (project / "source" / "first.yaml").write_text(QUESTION + "  gist: [this]\n", encoding="utf-8")
    assert build(project) == sorted(["apkg", "cheatsheet-a4", "cheatsheet-letter", *ALL_SHEETS, "html", "json"])
    assert "recall-cards" not in (project / "dist" / "sample.html").read_text(encoding="utf-8")
    manifest = json.loads((project / "dist" / "manifest.json").read_text(encoding="utf-8"))
    assert not any("recall-cards" in each["path"] for each in manifest["artifacts"])


def test_names_in_anki_matter_where_a_package_is_made(write_project: WriteProject) -> None:
    quoted = DECK.replace("title: First section", "title: First::section")
    for outputs, codes in (("{json: true}", ["altered-name"]), ("{apkg: false}", [])):
        project = write_project({"deck.yaml": f"outputs: {outputs}\n{quoted}"})
        assert [each.code for each in check_project(project).diagnostics] == codes


def test_a_strict_check_looks_at_no_sheet_that_is_switched_off(
    write_project: WriteProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a sheet was made")

    monkeypatch.setattr(pdf, "open_press", never)
    assert not check_project(write_project(deck("{pdf: false}")), strict=True).diagnostics


# --- mistakes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outputs", "place", "message", "help_line"),
    [
        ("[apkg]", 1, "expected a mapping for `outputs`, found a list", "`outputs: {booklet: false}`"),
        ("none", 1, "expected a mapping for `outputs`, found a text", "`outputs: {booklet: false}`"),
        ("{chetsheet: false}", 2, "there is no output `chetsheet`", "did you mean `cheatsheet`?"),
        ("{docx: true}", 2, "there is no output `docx`", f"choose from {', '.join(NAMES)}"),
        ("{apkg: 1}", 8, "expected `true` or `false` for `apkg`, found a text", "write `apkg: true` or `apkg: false`"),
        (
            "{booklet: }",
            11,
            "expected `true` or `false` for `booklet`",
            "or its options, such as `booklet: {papers: [a4]}`",
        ),
        ("{json: {papers: [a4]}}", 9, "found a mapping", "only these have options: pdf, cheatsheet"),
        ("{booklet: {papers: a4}}", 20, "expected a list for `papers`, found a text", "write `papers: [a4]`"),
        ("{booklet: {papers: []}}", 20, "`papers` is empty", "write at least one: `papers: [a4]`"),
        ("{booklet: {papers: [a4, leter]}}", 25, "there is no paper `leter`", "did you mean `letter`?"),
        ("{booklet: {per_page: 8}}", 12, "booklet has no option `per_page`", "`flashcards: {per_page: …}`"),
        ("{pdf: {per_page: 8}}", 8, "pdf has no option `per_page`", "`per_page` is an option of flashcards"),
        ("{pdf: {paper: [a4]}}", 8, "pdf has no option `paper`", "did you mean `papers`?"),
        ("{flashcards: {per_page: 7}}", 25, "`7` is no number of cards", "another of 4, 6, 8, 9, 10, 12 or 16"),
        ("{flashcards: {per_page: [8]}}", 25, "this list is no number of cards", "write `per_page: 8`"),
        ("{flashcards: {per_page: -8}}", 25, "`-8` is no number", "write `per_page: 8`"),
        ("{apkg: no, page: no, json: no, pdf: no}", 2, "`outputs` switches everything off", "such as `apkg: true`"),
    ],
)
def test_each_mistake_is_reported_at_its_place(
    write_project: WriteProject, outputs: str, place: int, message: str, help_line: str
) -> None:
    (problem,) = problems(write_project, outputs)
    assert (problem.span.path, problem.span.line, problem.span.column) == ("source/deck.yaml", 1, 9 + place)
    assert message in problem.message
    assert help_line in problem.help


def test_all_mistakes_are_reported_at_once(write_project: WriteProject) -> None:
    found = problems(write_project, "{aple: 1, apkg: x, flashcards: {papers: [a3, b], per_page: 5, x: 1}}")
    assert [each.code for each in found] == ["bad-output", "wrong-type", *["bad-output"] * 3, "unknown-key"]


# --- the command line -----------------------------------------------------------------------------------------------


def test_the_command_line_knows_every_output(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = write_project({})
    monkeypatch.chdir(project)
    assert run(["--only", "cheetsheet"]) == 2
    assert "there is no output `cheetsheet`; did you mean `cheatsheet`?" in capsys.readouterr().err
    assert run(["flashcards"]) == 2
    assert "did you mean `--only flashcards`?" in capsys.readouterr().err
    assert run(["build", "--only", "apkg", "booklet"]) == 2
    assert "write `--only apkg,booklet`" in capsys.readouterr().err


def test_other_outputs_are_another_build(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project(deck("{pdf: false}"))

    def again(*only: str) -> Result:
        return build_project(Options(project, project / "dist", only or None, cache=tmp_path / "cache"), NoProgress())

    assert not again().unchanged
    assert again().unchanged
    assert not again("page").unchanged
    assert not again().unchanged
    source = project / "source" / "deck.yaml"
    source.write_text(source.read_text(encoding="utf-8").replace("pdf:", "booklet: false, pdf:"), encoding="utf-8")
    assert not again().unchanged


# --- releases -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_release_makes_what_outputs_says(author: Author) -> None:
    author.facts["outputs"] = {"pdf": False, "page": False}
    author.only = None
    author.release("1.0.1", "2026-02-01")
    assert sorted(path.name for path in author.out.iterdir()) == [
        "RELEASE_NOTES.md",
        "SHA256SUMS",
        "manifest.json",
        "sample.apkg",
        "sample.json",
        "sample.schema.json",
    ]


@pytest.mark.slow
def test_a_release_without_a_package_is_refused(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    author.facts["outputs"] = {"apkg": False}
    author.write()
    arguments = ["release", "1.0.1", "--project", str(author.project), "--allow-dirty"]
    assert run(arguments) == 1
    said = capsys.readouterr().err
    assert "refused: `outputs` switches the package off (source/deck.yaml:" in said
    assert "and a release is one; write `apkg: true`" in said


# --- flashcards -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_as_many_cards_are_on_a_page_as_is_said(write_project: WriteProject, per_page: int) -> None:
    cards = "".join(QUESTION.replace("id: one", f"id: q{number}") for number in range(per_page + 1))
    project = write_project({**deck(f"{{flashcards: {{per_page: {per_page}}}}}"), "first.yaml": cards})
    assert build(project, "flashcards") == ["flashcards-a4", "flashcards-letter"]
    for paper in ("a4", "letter"):
        with pikepdf.open(project / "dist" / f"sample-flashcards-{paper}.pdf") as printed:
            assert len(printed.pages) == 4
