"""A project in git with two branches that both release, and their merge as `release --merge` says."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cardpress.cli.main import run
from tests.helpers.author import Author, question

HISTORY = "source/history.json"


def git(project: Path, *arguments: str, check: bool = True) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]
    command = ["git", "-C", str(project), *identity, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=check).stdout


def commit(project: Path, message: str) -> None:
    git(project, "add", "-A")
    git(project, "commit", "-q", "--allow-empty", "-m", message)


Change = Callable[[Author], object]


def add(note_id: str, *, section: str = "metals") -> Change:
    def change(author: Author) -> None:
        author.sections[section].append(question(note_id, f"Where is {note_id} used?", f"In {note_id} works."))

    return change


def release_on_branch(project: Path, branch: str, version: str, day: str, *changes: Change) -> bytes:
    """Make a branch of main with a release of its own, and return the package."""
    git(project, "checkout", "-q", "-b", branch, "main")
    author = Author.of(project)
    for change in changes:
        change(author)
    package = author.release(version, day, allow_dirty=True)
    commit(project, f"Release {version} on {branch}")
    return package


def settle(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Do what `release --merge` says after a merge, and return what it said."""
    capsys.readouterr()
    assert run(["release", "--merge", "--project", str(project)]) == 0
    said = capsys.readouterr().out
    for command in re.findall(r"`git -C \S+ (checkout [^`]+)`", said):
        git(project, *command.split())
    found = re.search(r"settle version (\S+) and date (\S+) in", said)
    assert found
    for path in ("source/deck.yaml", "source/metals.yaml", "source/gases.yaml", "CHANGELOG.md"):
        text = (project / path).read_text(encoding="utf-8")
        text = re.sub(r"<{7}[^\n]*\n(.*?)={7}\n(.*?)>{7}[^\n]*\n", r"\1\2", text, flags=re.DOTALL)
        if path == "source/deck.yaml":
            lines = [line for line in text.splitlines() if not re.match(r"version:|date:", line)]
            text = "\n".join([f"version: {found[1]}", f"date: {found[2]}", *lines]) + "\n"
        (project / path).write_text(text, encoding="utf-8")
    commit(project, "Merge")
    return said


def merge_branches(project: Path, into: str, other: str) -> None:
    git(project, "checkout", "-q", into)
    git(project, "merge", other, check=False)
    assert HISTORY in git(project, "diff", "--name-only", "--diff-filter=U")


def reword(note_id: str, answer: str) -> Change:
    return lambda author: author.find(note_id).update(answer=answer)
