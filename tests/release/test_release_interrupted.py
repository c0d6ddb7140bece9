"""A release that fails, is stopped or dies leaves the old state or the new, never a mixture."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from cardpress.cli.main import run
from cardpress.progress import NoProgress
from cardpress.publish import dist, transaction
from cardpress.publish.dist import PathClashError
from cardpress.publish.recovery import JOURNAL
from cardpress.release import make
from cardpress.release.refusals import RefusedError
from tests.helpers.author import Author, tree

_HOOKS: list[Callable[[str], object]] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    changes = event in {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate", "os.chmod"}
    if _HOOKS and (changes or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))):
        _HOOKS[0](str(arguments[0]))


sys.addaudithook(_listen)


def test_a_disk_that_fills_up_leaves_every_file_as_it_was(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    author.write()
    before = tree(author.project)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        author.try_release("1.0.1", "2026-03-01")
    assert tree(author.project) == before


def test_nothing_of_a_project_is_touched_before_all_is_made(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    """Together with what test_transaction.py proves of the change itself: a release is old or new at every step."""
    seen = []

    def stop(*_: object) -> None:
        seen.append(tree(author.project))
        raise KeyboardInterrupt

    author.find("neon")["answer"] = "Red."
    author.write()
    before = tree(author.project)
    touched: set[str] = set()
    _HOOKS.append(lambda path: touched.add(path) if path.startswith(str(author.project)) else None)
    monkeypatch.setattr(dist, "commit", stop)
    with pytest.raises(KeyboardInterrupt):
        make.make_release(author.request("1.0.1", "2026-03-01"), NoProgress())
    _HOOKS.clear()
    assert seen == [before]
    assert touched == set()


@pytest.mark.parametrize("command", ["build", "check", "diff", "rehearse", "release 1.0.2"])
def test_a_killed_release_is_reported_by_every_other_command_and_mended_by_none(
    author: Author, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    _kill(author, monkeypatch)
    subprocess.run(["git", "init", "-q", str(author.project)], check=True)
    before = tree(author.project)
    assert run([*command.split(), "--project", str(author.project)]) == 1
    printed = "".join(capsys.readouterr())
    assert ".cardpress-release:1:1: error[interrupted-release]" in printed
    assert f"run `cardpress release --recover --project {author.project}`" in printed
    assert "commit" not in printed
    assert tree(author.project) == before


def test_a_release_after_a_killed_one_says_that_alone(
    author: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    _kill(author, monkeypatch)
    author.find("neon")["levle"] = "beginner"
    author.write()
    assert run(["release", "1.0.0", "--project", str(author.project)]) == 1
    told = capsys.readouterr()
    assert re.findall(r"error\[(.*?)\]", told.out) == ["interrupted-release"]
    assert told.out.endswith("\n1 error\n")
    assert told.err == ""


def test_release_recover_ends_a_killed_release_and_does_nothing_else(
    author: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    recover = ["release", "--recover", "--project", str(author.project)]
    before = tree(author.project)
    assert run(recover) == 0
    assert tree(author.project) == before
    _kill(author, monkeypatch)
    assert run(recover) == 0
    at = author.project.as_posix()
    assert capsys.readouterr().out.splitlines() == [
        "no release was interrupted here",
        "the interrupted release is finished",
        f"keep {at}/dist/ and {at}/source/history.json: without git, the next release needs both as they are",
    ]
    assert author.history.last.version == "1.0.1"
    assert not (author.project / JOURNAL).exists()
    assert Author.of(author.project).build(author.project.parent / "again") == author.package


def test_a_release_that_was_ended_is_to_be_committed(
    author: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    _kill(author, monkeypatch)
    subprocess.run(["git", "init", "-q", str(author.project)], check=True)
    monkeypatch.chdir(author.project.parent)
    assert run(["release", "--recover", "--project", author.project.name]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "the interrupted release is finished",
        f"commit it now, in {author.project.name}: until then, the next release is refused",
    ]


@pytest.mark.parametrize("more", ["1.0.1", "--date 2026-03-01", "--allow-dirty"])
def test_release_recover_takes_nothing_else(author: Author, more: str) -> None:
    assert run(["release", "--recover", *more.split(), "--project", str(author.project)]) == 2


class _KillAt:
    """Kills this process at its n-th step on files of a folder."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = str(folder)
        self.left = number

    def __call__(self, path: str) -> None:
        if path.startswith(self.folder):
            self.left -= 1
            if self.left == 0:
                os._exit(9)


def _commit_in_a_child(arguments: tuple[Any, ...], copy: Path, number: int) -> int:
    """Let a child process write a release in a copy of its project, and die at a step. Return how it ended."""
    request, *others = arguments
    options = replace(request.options, project=copy, out=copy / "dist")
    child = os.fork()
    if child == 0:
        _HOOKS[:] = [_KillAt(copy, number)]
        _COMMIT(replace(request, options=options), *others)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


_COMMIT = make._commit


def test_wherever_a_release_is_killed_it_is_reported_and_recovered_to_the_old_state_or_the_new(
    author: Author, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    given: list[tuple[Any, ...]] = []
    monkeypatch.setattr(make, "_commit", lambda *arguments: given.append(arguments))
    author.try_release("1.0.1", "2026-03-01")
    old, new, outcomes = tree(author.project), {}, []
    for number in range(1, 300):
        copy = shutil.copytree(author.project, author.project.parent / f"copy {number}")
        status = _commit_in_a_child(given[0], copy, number)
        if status == 0:
            new = tree(copy)
            break
        assert status == 9
        at_once = tree(copy)
        project = ["--project", str(copy)]
        capsys.readouterr()
        run(["check", *project])
        assert ("interrupted-release" in capsys.readouterr().out) is (copy / JOURNAL).exists()
        assert tree(copy) == at_once
        assert run(["release", "--recover", *project]) == 0
        outcomes.append(tree(copy))
    assert len(outcomes) > 30
    assert new != old
    assert [old, new] == [state for state, _ in groupby(outcomes)]


def _kill(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a release of 1.0.1 die at the moment from which on it counts as made."""
    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_carry_out", _die)
        patch.setattr(transaction, "_take_back", _die)
        with pytest.raises(_Killed):
            author.try_release("1.0.1", "2026-03-01", old_package=author.released)
    assert (author.project / JOURNAL).exists()


def test_a_build_that_was_killed_as_it_took_dist_away_is_no_hindrance(author: Author) -> None:
    author.out.rename(author.project / ".dist.123.cardpress-old")
    assert run(["check", "--project", str(author.project)]) == 0
    assert not author.out.exists()
    assert run(["release", "--project", str(author.project), "1.0.1"]) == 0
    assert not (author.project / ".dist.123.cardpress-old").exists()


@pytest.mark.parametrize("name", ["CHANGELOG.md", "source", "source/deck.yaml", "source/history.json", "dist"])
def test_nothing_is_released_through_a_link(author: Author, name: str) -> None:
    author.write()
    outside = author.project.parent / "outside"
    (author.project / name).rename(outside)
    (author.project / name).symlink_to(outside)
    before = tree(author.project.parent)
    with pytest.raises(RefusedError, match="is a link"):
        make.make_release(author.request("1.0.1", "2026-03-01"), NoProgress())
    assert tree(author.project.parent) == before


def test_a_folder_of_another_program_is_not_released_into(author: Author) -> None:
    (author.out / "manifest.json").write_text('{"name": "a web application"}', encoding="utf-8")
    before = tree(author.project)
    with pytest.raises(PathClashError, match="was made by another program"):
        author.try_release("1.0.1", "2026-03-01")
    assert tree(author.project) == before


class _Killed(BaseException):
    """The process has gone."""


def _die(*_: object) -> None:
    raise _Killed
