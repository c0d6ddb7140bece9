"""Paths in reports count from where the command runs, so that editors and code hosts find the files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cardpress.cli.main import run
from cardpress.cli.reports import find_folder, name_project
from tests.conftest import QUESTION, WriteProject

WARNS = QUESTION.replace("  sources: [https://example.org/one]\n", "")


@pytest.fixture
def project(write_project: WriteProject) -> Path:
    return write_project({"first.yaml": WARNS})


@pytest.mark.parametrize(
    ("here", "named", "folder"),
    [
        (".", "project", "project/"),
        (".", "./project/", "project/"),
        (".", "other/../project", "project/"),
        (".", "{project}", "project/"),
        (".", "link", "link/"),
        (".", "link/../beside", "link/../beside/"),  # which is beside what the link leads to
        ("project", ".", ""),
        ("project", "{project}", ""),
        ("project", "../project", ""),
        ("project/source", "..", "../"),
        ("other", "../project", "../project/"),
        ("other", "{project}", "{project}/"),
        ("other", "{link}", "{link}/"),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["build", "--only", "json", "--out", "{made}"]])
def test_a_path_counts_from_the_working_directory(
    command: list[str],
    here: str,
    named: str,
    folder: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = project.parent
    (root / "other").mkdir()
    (root / "deep" / "inside").mkdir(parents=True)
    (root / "link").symlink_to("project" if "beside" not in named else "deep/inside")
    if "beside" in named:
        project.rename(root / "deep" / "beside")
    monkeypatch.chdir(root / here)
    at = {"project": project.as_posix(), "link": (root / "link").as_posix(), "made": (root / "made").as_posix()}
    path = f"{folder}source/first.yaml".format(**at)
    for report_format, words in (
        ("text", f"{path}:1:3: warning[no-source]"),
        ("json", f'"file": "{path}"'),
        ("github", f"::warning file={path},line=1,"),
        ("sarif", f'"uri": "{"file://" if path.startswith("/") else ""}{path}"'),
    ):
        assert (
            run([*(word.format(**at) for word in command), "--project", named.format(**at), "--format", report_format])
            == 0
        )
        assert words in capsys.readouterr().out
    if not folder.startswith("link/.."):
        assert (root / here / path).is_file()


@pytest.mark.parametrize("command", [["diff"], ["rehearse"], ["release", "1.0.0", "--allow-dirty"]])
def test_other_commands_do_so_too(
    command: list[str],
    write_project: WriteProject,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = write_project({"first.yaml": WARNS + "  levle: beginner\n"})
    monkeypatch.chdir(project.parent)
    assert run([*command, "--project", "project"]) == 1
    assert "project/source/first.yaml:4:3: error[unknown-key]" in capsys.readouterr().out


def test_related_places_are_moved_too(
    write_project: WriteProject, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    another = QUESTION.replace("id: one", "id: two")  # asks the same
    project = write_project({"first.yaml": QUESTION * 2 + another})
    monkeypatch.chdir(project.parent)
    assert run(["check", "--project", "project", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    related = [place["file"] for each in report["diagnostics"] for place in each["related"]]
    assert related == ["project/source/first.yaml"] * 2
    assert "source/" not in " ".join(each["message"] for each in report["diagnostics"])


def test_the_root_of_a_disk_is_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_folder(Path("/")) == "/"
    monkeypatch.chdir("/")
    assert find_folder(tmp_path) == tmp_path.as_posix()[1:]


@pytest.mark.parametrize("report_format", ["text", "json", "github", "sarif"])
@pytest.mark.parametrize("here", [".", "project", "other"])
def test_a_command_in_a_help_line_acts_on_the_project_that_was_named(
    here: str, report_format: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.parent / "other").mkdir()
    (project / ".cardpress-release").mkdir()
    (project / "source" / "history.json").write_text("{", encoding="utf-8")
    monkeypatch.chdir(project.parent / here)
    named = {".": "project", "project": ".", "other": "../project"}[here]
    assert run(["check", "--project", named, "--format", report_format]) == 1
    said = capsys.readouterr().out
    after = "" if here == "project" else f" --project {named}"
    for command in ("--recover", "--merge"):
        assert f"`cardpress release {command}{after}`" in said


def test_commands_of_git_and_names_with_spaces_are_quoted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = project.rename(project.with_name("my deck"))
    monkeypatch.chdir(project.parent)
    asked = "run `git fetch --unshallow`, or `cardpress check`, not `git` and `write: git`"
    quoted = '"my deck"' if os.name == "nt" else "'my deck'"
    assert name_project(asked, moved) == (
        f"run `git -C {quoted} fetch --unshallow`, or `cardpress check --project {quoted}`, not `git` and `write: git`"
    )
    monkeypatch.chdir(moved)
    assert name_project(asked, Path()) == asked
