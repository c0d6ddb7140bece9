"""What `diff`, `rehearse` and `release` read beside the source has bounds, too: history, packages, git's objects."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cardpress.anki.field_text import to_plain_text
from cardpress.anki.package import PackageError, read_package
from cardpress.check.released import check_notes, find_circles
from cardpress.cli import main as cli
from cardpress.diagnostics import Diagnostic
from cardpress.history.records import Release
from cardpress.note_types.identity import make_guid
from cardpress.pipeline import check_project, load_and_check, render_deck
from cardpress.release import git
from cardpress.release.change_reports import as_text
from cardpress.release.changes import Change, Changes, FieldChange, add_texts, find_changes
from cardpress.release.refusals import RefusedError
from cardpress.release.rehearsal import rehearse
from cardpress.source.templates.template_html import read_html
from tests.helpers.altered_packages import NoteTypes, change_note_types, rewritten
from tests.helpers.author import Author
from tests.unit.test_git import commit, run

# Seconds of work. All of these took minutes, or had no end.
SOON = 5


@pytest.fixture(autouse=True)
def ends_soon() -> Any:
    start = time.process_time()
    yield
    assert time.process_time() - start < SOON


def changed(author: Author, change: Callable[[dict[str, Any]], object]) -> list[Diagnostic]:
    """Change what history.json holds, and return the problems of the project."""
    path = author.project / "source" / "history.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return [each for each in check_project(author.project).diagnostics if each.code == "bad-history"]


# --- history.json -----------------------------------------------------------------------------------------------------


LONG: Mapping[str, Callable[[dict[str, Any]], object]] = {
    "a version": lambda content: content["releases"][0].update(version=f"0.1.0+{'a' * 5_000}"),
    "a section's title": lambda content: content["sections"][0].update(first_title="a" * 5_000),
    "a section's name": lambda content: content["sections"][0].update(name="a" * 5_000),
    "a deck's name": lambda content: content["deck"].update(name="a" * 5_000),
    "a name of many levels": lambda content: content["deck"].update(name="::".join("a" * 60)),
    "a note type's name": lambda content: content["note_types"][0].update(name="a" * 5_000),
}


@pytest.mark.parametrize("name", LONG)
def test_what_stands_on_every_note_is_short(author: Author, name: str) -> None:
    (found,) = changed(author, LONG[name])
    assert len(found.message) < 300


def test_many_releases_cost_each_note_nothing(author: Author) -> None:
    history = author.history
    old = [Release(f"0.0.{number}", "2020-01-01", "", "", number) for number in range(50_000)]
    many = replace(history, releases=(*old, history.last))
    assert {many.last_moment for _ in range(20_000)} == {history.last.moment}


def test_a_field_that_only_the_history_knows_has_no_text(author: Author) -> None:
    assert changed(author, lambda content: content["notes"][0]["fields"].update(Gone="12345678")) == []
    options = author.options()
    bank, _ = load_and_check(author.project)
    deck = render_deck(bank, options)
    found = add_texts(find_changes(deck, bank.history), deck, read_package(author.package))
    assert [(field.name, field.old, field.new) for each in found.notes for field in each.fields] == [("Gone", "", "")]


def test_a_long_row_of_questions_that_each_took_over_another_is_walked_once() -> None:
    row = {str(number): str(number + 1) for number in range(20_000)}
    assert find_circles(row) == set()
    assert find_circles(row | {"19999": "3"}) == {str(number) for number in range(3, 20_000)}


def test_tens_of_thousands_of_released_notes_may_ask_the_same(author: Author) -> None:
    bank, _ = load_and_check(author.project)
    assert bank.history
    first, history = next(bank.questions()), bank.history
    record = next(each for each in history.notes.values() if each.id == first.id.value)
    ids = [f"same-{number}" for number in range(40_000)]
    same = tuple(replace(first, id=replace(first.id, value=each), recall=()) for each in ids)
    notes = (replace(record, guid=make_guid("sample", each), id=each) for each in ids)
    many = replace(
        bank,
        sections=(replace(bank.sections[0], questions=same),),
        history=replace(history, notes={each.guid: each for each in notes}),
    )
    assert list(check_notes(many)) == []


# --- what changed -----------------------------------------------------------------------------------------------------


def test_texts_of_many_lines_are_compared_soon() -> None:
    # Every second line is common to both, and of few sorts: difflib took 40 seconds for these.
    old, new = ("\n".join(f"{number % 60}\n{sign}{number}" for number in range(3_300)) for sign in "ab")
    change = Change("q", "guid", "interview", "What?", ("details changed",), True, (FieldChange("Extra", old, new),))
    lines = as_text(Changes("1.0.0", (change,), ()), fields=True).splitlines()
    assert lines[3:7] == ["      - a0", "      + b0", "      - a1", "      + b1"]


def test_what_stands_in_the_place_of_other_lines_comes_after_them() -> None:
    field = FieldChange("Extra", "one\ntwo\nthree\nfour", "one\n2\n3\nfour\nfive")
    change = Change("q", "guid", "interview", "What?", ("details changed",), True, (field,))
    lines = as_text(Changes("1.0.0", (change,), ()), fields=True).splitlines()
    assert [line.strip() for line in lines[3:8]] == ["- two", "- three", "+ 2", "+ 3", "+ five"]


@pytest.mark.parametrize(
    "element", ["<div>", "<b>", "<ul><li>", "<ol start=999999999><li>", "<pre>", "<table><tr><td>"]
)
def test_a_field_of_any_depth_has_its_text(element: str) -> None:
    assert to_plain_text(f"{element * 5_000}text{'<br>x' * 2_000}").strip("-. \n1234567890").startswith("text")


# --- packages ---------------------------------------------------------------------------------------------------------


def with_template(package: bytes, front: str, css: str = "") -> bytes:
    def change(models: NoteTypes) -> None:
        for each in models.values():
            each["css"] += css
            for template in each["tmpls"]:
                template["qfmt"] += front

    return change_note_types(package, change)


@pytest.mark.parametrize(
    "front",
    [
        "{{#Question}}" * 20_000 + "{{/Question}}" * 20_000,  # Anki's engine crashes
        "{{" * 30_000,
        "<!--" * 30_000,
        "[anki:tts lang=x]" * 20_000,
    ],
    ids=["sections", "braces", "comments", "tags"],
)
def test_card_templates_that_anki_reads_without_end_are_refused(author: Author, front: str) -> None:
    with pytest.raises(PackageError, match="card template"):
        read_package(with_template(author.package, front))


def test_styles_count_once_for_each_card(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    # For the 10 cards of this deck, and not for hundreds.
    monkeypatch.setattr("cardpress.anki.package._SHOWN", 10_000_000)
    monkeypatch.setattr("cardpress.anki.package._SHOWN_TIMES", 1)
    read_package(with_template(author.package, "", "a{b:c}" * 100_000))
    with pytest.raises(PackageError, match="styles are too long"):
        read_package(with_template(author.package, "", "a{b:c}" * 1_000_000))


def test_a_field_that_anki_reads_without_end_is_refused(author: Author) -> None:
    with pytest.raises(PackageError, match="too often"):
        read_package(rewritten(author.package, f"update notes set flds = flds || '{'[anki:tts lang=x]' * 20_000}'"))


def test_what_anki_says_of_a_package_is_a_refusal_and_no_traceback(author: Author) -> None:
    rest = "mod, usn, 0, 0, due, 0, 0, 0, 0, 0, 0, 0, 0, ''"
    more = f"insert into cards select id + 99999, nid, did, 5000, {rest} from cards"
    with pytest.raises((PackageError, RefusedError)):
        rehearse(author.package, rewritten(author.package, more))
    # Learners' own package is mended before.
    assert [row.promise for row in rehearse(rewritten(author.package, more), author.package) if row.broken] == []
    deep = change_note_types(
        author.package, lambda models: None, f"update col set decks = replace(decks, 'Sample deck', '{'a::' * 300}')"
    )
    with pytest.raises(RefusedError, match="what the source makes now cannot be rehearsed"):
        rehearse(author.package, deep)
    with pytest.raises(PackageError):
        rehearse(deep, author.package)


# --- templates of a project -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{{#Extra}}" * 60 + "{{/Extra}}" * 60, "too-deep"),
        ("{{Extra}}" * 600, "text-too-long"),
        ("x" * 600_000, "text-too-long"),
        ("{" * 100_000, "template-field"),
    ],
)
def test_a_card_template_has_bounds(author: Author, template: str, code: str) -> None:
    author.style("note-types/recall/front.html", "{{Question}}" + template)
    assert code in {each.code for each in check_project(author.project).diagnostics}


def test_spaces_in_a_place_of_a_template_are_read_once(author: Author) -> None:
    author.style("note-types/recall/front.html", "{{" + " " * 100_000 + "Question}}")
    assert "template-field" not in {each.code for each in check_project(author.project).diagnostics}


@pytest.mark.parametrize("sign", ["<!--", "<style>", "<script>", "<title>", "<noscript></noscript>"])
def test_what_is_never_closed_is_searched_for_once(sign: str) -> None:
    read_html(sign * 15_000)


# --- git --------------------------------------------------------------------------------------------------------------


def test_versions_in_git_are_read_up_to_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "init", "-q")
    for number in range(5):
        (tmp_path / "sample.apkg").write_bytes(bytes([number]) * 1_000)
        commit(tmp_path)
    monkeypatch.setattr(git, "_LARGEST_VERSIONS", 2)
    assert [data[0] for data in git.read_versions(tmp_path, "sample.apkg", limit=1_000)] == [4, 3]
    assert list(git.read_versions(tmp_path, "sample.apkg", limit=999)) == []


def test_a_tree_of_very_many_files_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(*arguments: str, text: str = "") -> str:
        command = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b", *arguments]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout.strip()

    ask("init", "-q")
    tree = ask("mktree", text=f"100644 blob {ask('hash-object', '-w', '--stdin', text='x')}\tsample.apkg\n")
    for _ in range(8):
        tree = ask("mktree", text="".join(f"040000 tree {tree}\td{number}\n" for number in range(10)))
    ask("update-ref", "refs/heads/bomb", ask("commit-tree", tree, "-m", "bomb"))
    monkeypatch.setattr(git, "_LONGEST", 1)
    with pytest.raises(git.GitError, match="stopped"):
        list(git.read_versions(tmp_path, "sample.apkg"))


# --- deck.yaml --------------------------------------------------------------------------------------------------------


def test_what_every_note_repeats_is_short(author: Author) -> None:
    author.facts |= {"title": "a" * 301, "report_url": f"https://example.org/{'a' * 2_000}"}
    author.titles["gases"] = "b" * 400
    author.write()
    found = [each for each in check_project(author.project).diagnostics if each.code == "text-too-long"]
    assert [each.message.split(";")[0] for each in found] == [
        "`title` has 301 characters",
        "`report_url` has 2,020 characters",
        "`title` has 400 characters",
    ]


def test_a_version_is_short(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    long = f"0.1.0+{'a' * 60}"
    deck = author.project / "source" / "deck.yaml"
    deck.write_text(deck.read_text("utf-8").replace(f"version: {author.facts['version']}", f"version: {long}"), "utf-8")
    assert "bad-version" in {each.code for each in check_project(author.project).diagnostics}
    assert cli.run(["release", long, "--project", str(author.project)]) == 2
    assert "at most 60 characters" in capsys.readouterr().err
