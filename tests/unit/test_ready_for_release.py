"""What stops a release, and is in the project: `check` reports it before."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.diagnostics.codes import Severity
from cardpress.pipeline import check_project
from tests.conftest import DECK, WriteProject


@pytest.mark.parametrize(
    ("content", "code"), [("latin", "file-not-utf8"), ("folder", "special-file"), ("link", "path-outside-source")]
)
def test_a_changelog_that_no_release_could_write_is_reported(
    content: str, code: str, write_project: WriteProject, tmp_path: Path
) -> None:
    project = write_project({})
    log = project / "CHANGELOG.md"
    log.write_text("# Changelog\n", encoding="utf-8")
    assert check_project(project).diagnostics == ()
    log.unlink()
    if content == "folder":
        log.mkdir()
    elif content == "link":
        log.symlink_to(tmp_path / "outside.md")
    else:
        log.write_bytes(b"Caf\xe9")
    (problem,) = check_project(project).diagnostics
    assert (problem.code, problem.span.path) == (code, "CHANGELOG.md")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_changelog_with_both_sides_of_a_merge_is_an_error(write_project: WriteProject, ending: str) -> None:
    lines = ["# Changelog", "", "<<<<<<< HEAD", "## 1.1.0", "=======", "## 1.2.0", ">>>>>>> other", ""]
    project = write_project({"deck.yaml": DECK + "checks: {merge-conflict: off}\n"})
    (project / "CHANGELOG.md").write_bytes(ending.join(lines).encode())
    (problem,) = check_project(project).diagnostics
    assert (problem.code, problem.span.path, problem.span.line) == ("merge-conflict", "CHANGELOG.md", 3)
    assert problem.severity is Severity.ERROR


def test_a_source_folder_elsewhere_is_reported(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project({})
    (project / "source").rename(tmp_path / "elsewhere")
    (project / "source").symlink_to(tmp_path / "elsewhere")
    (problem,) = check_project(project).diagnostics
    assert (problem.code, problem.span.path) == ("path-outside-source", "source/deck.yaml")


@pytest.mark.parametrize("name", ["CHANGELOG.md", "source", "source/deck.yaml", "dist"])
def test_a_link_through_which_no_release_writes_stops_no_build(
    name: str, write_project: WriteProject, tmp_path: Path
) -> None:
    project = write_project({"../CHANGELOG.md": "# Changelog\n", "../dist/notes.txt": ""})
    assert check_project(project).diagnostics == ()
    moved = project / name
    there = moved.rename(project / f"{name}-itself")
    moved.symlink_to(there)
    (problem,) = [each for each in check_project(project).diagnostics if each.code != "unlisted-file"]
    assert (problem.code, problem.span.path) == ("link-in-the-way", name)


@pytest.mark.parametrize(
    "written",
    [
        "version: 1.0.0",
        "version:  '1.0.0'",
        'version: "1.0.0" # it',
        '"version": 1.0.0',
        "'version' : 1.0.0",
    ],
)
def test_a_plain_version_can_be_replaced(written: str, write_project: WriteProject) -> None:
    assert check_project(write_project({"deck.yaml": DECK.replace("version: 1.0.0", written)})).diagnostics == ()


@pytest.mark.parametrize(
    "written",
    [
        "version: &v 1.0.0",
        "version: !!str 1.0.0",
        "version: |-\n  1.0.0",
        "version:\n  1.0.0",
        "description: &v 1.0.0\nversion: *v",
        '"ver\\x73ion": 1.0.0',
        'version: "1.0\\x2e0"',
        "? version\n: 1.0.0",
    ],
)
def test_a_version_that_no_release_could_replace_is_reported(written: str, write_project: WriteProject) -> None:
    (problem,) = check_project(write_project({"deck.yaml": DECK.replace("version: 1.0.0", written)})).diagnostics
    assert (problem.code, problem.help) == ("version-not-plain", "write `version: 1.0.0`")


@pytest.mark.parametrize("deck_id", ["manifest", "con", "lpt9"])
def test_a_deck_has_no_name_that_its_files_could_not_have(deck_id: str, write_project: WriteProject) -> None:
    (problem,) = check_project(write_project({"deck.yaml": DECK.replace("id: sample", f"id: {deck_id}")})).diagnostics
    assert (problem.code, problem.help) == ("bad-id", f"write `{deck_id}-deck`")


def test_a_deck_has_a_section(write_project: WriteProject) -> None:
    deck = DECK.partition("sections:")[0] + "sections: []\n"
    project = write_project({"deck.yaml": deck})
    (project / "source" / "first.yaml").unlink()
    (problem,) = check_project(project).diagnostics
    assert (problem.code, problem.message, problem.span.line) == ("empty-text", "`sections` is empty", 5)
