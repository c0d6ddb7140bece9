"""A new project is released as 1.0.0 at once, in the real Anki; and where that is not installed, a line says how to."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cardpress.anki.package import read_package
from cardpress.cli.init_command import TEMPLATES
from cardpress.cli.main import run
from tests.helpers.folders import names
from tests.helpers.without_packages import hide
from tests.unit.test_new_project import tree

GIT = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org")
# How many notes and cards a learner gets.
EXTENT = [("basic", 3, 4), ("words", 3, 6), ("table", 3, 6), ("interview", 4, 4)]


def test_every_template_is_tried() -> None:
    assert [template for template, _, _ in EXTENT] == list(TEMPLATES)


def git(project: Path, *arguments: str) -> None:
    subprocess.run([*GIT, "-C", str(project), *arguments], check=True, capture_output=True)


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A new project, of the template that a test names."""
    folder = tmp_path / "my-deck"
    assert run(["init", str(folder), "--template", getattr(request, "param", "basic")]) == 0
    return folder


@pytest.mark.parametrize(("project", "notes", "cards"), EXTENT, indirect=["project"])
def test_a_new_project_is_built_and_released_at_once(
    project: Path, notes: int, cards: int, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--project", str(project)]
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "A new deck")
    assert run(["build", "--strict", *at]) == 0
    assert run(["release", "1.0.0", "--strict", *at]) == 0
    assert f"released 1.0.0: {notes} new notes with {cards} cards\n" in capsys.readouterr().out
    assert len(read_package((project / "dist" / "my-deck.apkg").read_bytes()).notes) == notes
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "Release 1.0.0")
    assert run(["check", "--strict", *at]) == 0
    assert run(["release", "1.0.1", *at]) == 0


def test_a_new_project_without_git_is_released_at_once(project: Path) -> None:
    assert run(["release", "1.0.0", "--project", str(project)]) == 0
    assert {"my-deck.apkg", "RELEASE_NOTES.md", "SHA256SUMS"} <= set(names(project / "dist"))
    assert run(["check", "--strict", "--project", str(project)]) == 0


@pytest.mark.parametrize("command", [["release", "1.0.0"], ["rehearse"]])
def test_without_anki_a_line_says_how_to_install_it(
    command: list[str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(project)
    capsys.readouterr()
    with hide("anki"):
        assert run([*command, "--project", str(project)]) == 3
    said = capsys.readouterr()
    (line,) = said.err.splitlines()
    assert '`pip install "cardpress[rehearse]"`' in line
    assert "`pipx inject cardpress anki`" in line
    assert '`uv tool install "cardpress[rehearse,serve]"`' in line
    assert said.out == ""
    assert tree(project) == before
    assert run([*command, "--project", str(project)]) == 0


def test_without_anki_other_refusals_come_first(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(project, "init", "--quiet")
    with hide("anki"):
        assert run(["release", "1.0.0", "--project", str(project)]) == 1
    assert "not committed" in capsys.readouterr().err
