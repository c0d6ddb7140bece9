"""A release that fails, is stopped or dies leaves the old state or the new, never a mixture."""

from __future__ import annotations

import sys
from collections.abc import Callable
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
_WRITING = "wxa+"


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if _HOOKS and (
        (event == "open" and any(sign in str(arguments[1]) for sign in _WRITING))
        or event in {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate"}
    ):
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
    assert {path for path in touched if ".cardpress-cache" not in path} == set()


@pytest.mark.parametrize("command", ["build", "check", "diff", "rehearse", "release"])
def test_a_killed_release_is_finished_by_the_next_command(
    author: Author, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    author.find("neon")["answer"] = "Red."
    author.write()
    project = ["--project", str(author.project)]
    build = ["build", *project, "--only", "apkg", "--quiet"]
    assert run(build) == 0  # so that the next would have nothing to do
    _kill(author, monkeypatch)
    arguments = {"build": build, "release": ["release", *project, "1.0.1"]}.get(command, [command, *project])
    assert run(arguments) == (command == "release")
    assert ("1.0.1 does not come after 1.0.1" in capsys.readouterr().err) is (command == "release")
    assert author.history.last.version == "1.0.1"
    assert not (author.project / JOURNAL).exists()
    assert Author.of(author.project).build(author.project.parent / "again") == author.package


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
    assert run(["release", "--project", str(author.project), "1.0.1"]) == 0
    assert not (author.project / ".dist.123.cardpress-old").exists()


@pytest.mark.parametrize("name", ["CHANGELOG.md", "source"])
def test_nothing_is_released_through_a_link_that_leads_out(author: Author, name: str) -> None:
    author.write()
    outside = author.project.parent / "outside"
    (author.project / name).rename(outside)
    (author.project / name).symlink_to(outside)
    before = tree(author.project.parent)
    with pytest.raises(RefusedError, match="leads out of the project"):
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
