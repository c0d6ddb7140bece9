"""A lost history is an error, as long as anything says that there was a release. A copy for a new deck is none."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cardpress.cli.main import run
from cardpress.engine import ROOT
from cardpress.pipeline import check_project
from tests.helpers.author import Author, tree
from tests.helpers.committed import put_committed_dist
from tests.helpers.diagnostics import codes, problems

CLEAN, PROBLEMS = 0, 1
NOTES = "RELEASE_NOTES.md"


@pytest.fixture
def lost(author: Author) -> Author:
    (author.project / "source" / "history.json").unlink()
    return author


def where(author: Author) -> list[tuple[str, int]]:
    return [(each.span.path, each.span.line) for each in problems(author.project) if each.code == "lost-history"]


def test_release_notes_in_dist_tell_of_a_release(lost: Author) -> None:
    (lost.project / "CHANGELOG.md").unlink()
    (problem,) = problems(lost.project)
    assert (problem.code, problem.span.path, problem.span.line) == ("lost-history", "dist/RELEASE_NOTES.md", 1)
    assert problem.message.startswith("dist/RELEASE_NOTES.md says that 1.0.0 was released")
    assert problem.help.startswith("put it back from a backup or another clone, ")


def test_the_changelog_tells_of_a_release(lost: Author) -> None:
    shutil.rmtree(lost.out)
    assert where(lost) == [("CHANGELOG.md", 3)]


def test_a_kept_package_tells_of_a_release(author: Author) -> None:
    author.find("neon")["answer"] = "Red."
    author.build(author.out)
    for name in ("source/history.json", "CHANGELOG.md", f"dist/{NOTES}"):
        (author.project / name).unlink()
    assert where(author) == [("dist/.released-1.0.0.apkg", 1)]
    author.facts["id"] = "another"
    author.write()
    assert where(author) == []


def test_a_history_that_cannot_be_read_is_not_lost(author: Author) -> None:
    author.find("neon")["answer"] = "Red."
    author.build(author.out)  # which keeps the released package
    (author.project / "source/history.json").write_text("{ broken", encoding="utf-8")
    assert [each.code for each in check_project(author.project).diagnostics] == ["bad-history"]


@pytest.mark.parametrize("command", ["check", "build", "diff", "rehearse", "release"])
def test_no_command_goes_on_without_the_history(lost: Author, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(lost.project)
    arguments = ["1.0.1", "--date", "2026-02-01", "--allow-dirty"] if command == "release" else []
    assert run([command, *arguments, "--project", str(lost.project)]) == PROBLEMS
    assert "lost-history" in capsys.readouterr().out
    assert tree(lost.project) == before


def test_what_an_author_wrote_into_a_changelog_is_no_trace(tmp_path: Path) -> None:
    author = Author(tmp_path / "project")
    for text in (
        "# Changelog\n\n## 1.0.0, 2026-01-01\n\nThe first release: 49 questions.\n",
        "## 1.0.0 - 2026-01-01\n\nFor those who have 0.9.0: 3 new notes.\n",
        "## 1.0.0, 2026-01-01\n\n<!-- release of another -->\n\nThe first release: 2 questions.\n",
        "<!-- release of sample -->\n",
    ):
        (author.project / "CHANGELOG.md").write_text(text, encoding="utf-8")
        assert codes(problems(author.project)) == []


@pytest.mark.parametrize("kept", [("dist", "CHANGELOG.md"), ("dist",), ("CHANGELOG.md",), ()])
def test_a_copy_of_another_deck_is_a_new_one_under_its_own_id(lost: Author, kept: tuple[str, ...]) -> None:
    for name in {"dist", "CHANGELOG.md"} - set(kept):
        path = lost.project / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    lost.facts["id"] = "another"
    lost.write()
    assert problems(lost.project) == []
    lost.only = ("apkg", "json")
    assert run(["build", "--only", "apkg", "--project", str(lost.project)]) == CLEAN
    assert problems(lost.project) == []


def test_the_fastapi_deck_is_missed_and_a_copy_of_it_is_a_new_deck(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "source", project / "source")
    shutil.copy(ROOT / "CHANGELOG.md", project)
    put_committed_dist(project)
    (project / "source" / "history.json").unlink()
    assert {each.span.path for each in check_project(project).diagnostics} == {f"dist/{NOTES}"}
    (project / "dist" / NOTES).unlink()
    assert {each.span.path for each in check_project(project).diagnostics} == {"CHANGELOG.md"}
    put_committed_dist(project)
    deck = project / "source" / "deck.yaml"
    text = deck.read_text(encoding="utf-8").replace("id: fastapi-interview", "id: my-deck")
    deck.write_text(text, encoding="utf-8")
    assert "lost-history" not in {each.code for each in check_project(project).diagnostics}
    manifest = project / "dist" / "manifest.json"  # as a build of the new deck leaves it
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content |= {"deck": {"id": "my-deck", "version": "1.0.0", "date": "2026-11-24"}, "engine": {"version": "2"}}
    manifest.write_text(json.dumps(content), encoding="utf-8")
    assert "lost-history" not in {each.code for each in check_project(project).diagnostics}


def git(project: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(project), *identity, *arguments], check=True, capture_output=True)


def test_release_asks_git_too(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    git(author.project, "init", "-q", "-b", "main")
    git(author.project, "add", "-A")
    git(author.project, "commit", "-q", "-m", "Release 1.0.0")
    git(author.project, "rm", "-r", "-q", "dist", "CHANGELOG.md", "source/history.json")
    git(author.project, "commit", "-q", "-m", "Lose it")
    assert run(["check", "--project", str(author.project)]) == CLEAN  # it asks no git
    capsys.readouterr()
    arguments = ["release", "1.1.0", "--date", "2026-02-01", "--project", str(author.project)]
    assert run(arguments) == PROBLEMS
    said = capsys.readouterr().out
    assert "error[lost-history] git says that 1.0.0 was released, but source/history.json is not there" in said
    author.facts["id"] = "another"
    author.write()
    git(author.project, "commit", "-q", "-a", "-m", "A new deck")
    assert run(arguments) == CLEAN


@pytest.mark.parametrize("command", ["check", "build", "diff", "rehearse", "release"])
@pytest.mark.parametrize("how", ["gone", "committed", "committed long ago", "older"])
def test_where_git_has_the_history_its_commit_is_named(
    author: Author, how: str, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history = author.project / "source" / "history.json"
    before = history.read_bytes()
    git(author.project, "init", "-q", "-b", "main")
    if how == "older":
        git(author.project, "add", "-A")
        git(author.project, "commit", "-q", "-m", "Release 1.0.0")
        author.find("neon")["answer"] = "Red."
        author.release("1.0.1", "2026-01-15", allow_dirty=True)
    last = history.read_bytes()
    git(author.project, "add", "-A")
    git(author.project, "commit", "-q", "-m", "The last release")
    history.unlink()
    if how == "older":
        history.write_bytes(before)
    if how != "gone":
        git(author.project, "commit", "-q", "-a", "-m", "Lose it")
    if how == "committed long ago":
        git(author.project, "commit", "-q", "--allow-empty", "-m", "Go on")
    monkeypatch.chdir(author.project.parent)
    more = ["1.2.0", "--date", "2026-02-01", "--allow-dirty"] if command == "release" else []
    assert run([command, *more, "--project", author.project.name]) == PROBLEMS
    said = capsys.readouterr().out
    assert "error[lost-history]" in said
    (typed,) = re.findall(r"help: `git (-C project checkout [0-9a-f]+ -- source/history.json)` puts it back", said)
    git(author.project.parent, *typed.split())
    assert history.read_bytes() == last
    assert problems(author.project) == []


def test_an_older_history_is_a_lost_one(author: Author) -> None:
    # Without this, the next release of that day would have the moment of the lost one, and update nobody who has it.
    before = (author.project / "source" / "history.json").read_bytes()
    author.find("neon")["answer"] = "Red."
    author.release("1.0.1", "2026-01-15")
    assert problems(author.project) == []
    (author.project / "source" / "history.json").write_bytes(before)
    (problem,) = problems(author.project)
    assert (problem.code, problem.span.path, problem.span.line) == ("lost-history", "CHANGELOG.md", 3)
    assert problem.message == "CHANGELOG.md says that 1.0.1 was released, but source/history.json does not have it"
    assert problem.help.startswith("put it back from a backup or another clone, ")
    (author.project / "CHANGELOG.md").unlink()
    assert problems(author.project) == []


def test_a_clone_without_older_commits_cannot_tell(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    git(author.project, "init", "-q", "-b", "main")
    git(author.project, "add", "-A")
    git(author.project, "commit", "-q", "-m", "Release 1.0.0")

    def release_in_clone(*gone: str) -> str:
        git(author.project, "rm", "-r", "-q", *gone)
        git(author.project, "commit", "-q", "-m", "Let it go")
        shutil.rmtree(clone, ignore_errors=True)
        git(author.project, "clone", "-q", "--depth", "1", author.project.as_uri(), str(clone))
        assert run(arguments) == PROBLEMS
        return capsys.readouterr().err

    clone = author.project.parent / "clone"
    arguments = ["release", "1.1.0", "--date", "2026-02-01", "--project", str(clone)]
    said = release_in_clone("dist")
    assert f"; run `git -C {clone} fetch --unshallow`, since this clone lacks older commits, or name a copy" in said
    said = release_in_clone("CHANGELOG.md", "source/history.json")
    assert f"cannot tell whether there was a release before; run `git -C {clone} fetch --unshallow`\n" in said
    git(clone, "fetch", "-q", "--unshallow")
    assert run(arguments) == PROBLEMS
    assert "error[lost-history] git says that 1.0.0 was released" in capsys.readouterr().out
    git(clone, "checkout", "-q", "HEAD~1", "--", "CHANGELOG.md", "source/history.json")
    assert run([*arguments, "--allow-dirty"]) == CLEAN


def test_what_is_no_manifest_proves_nothing(lost: Author) -> None:
    (lost.project / "CHANGELOG.md").unlink()
    notes = lost.out / NOTES
    notes.write_text(notes.read_text(encoding="utf-8").replace("<!-- release of sample -->", ""), encoding="utf-8")
    for text in ("[", "[]", "{}", '{"deck": 7}', "[" * 100_000):
        (lost.out / "manifest.json").write_text(text, encoding="utf-8")
        assert where(lost) == []
    (lost.out / "manifest.json").write_text('{"deck": {"id": "sample"}}', encoding="utf-8")
    assert where(lost) == [(f"dist/{NOTES}", 1)]
