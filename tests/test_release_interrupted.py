"""A release that fails, is stopped or dies leaves the old state or the new, never a mixture."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from cardpress import release as releases
from cardpress import transaction
from cardpress.pipeline import check_project
from tests.releasing import Author, Silent, tree

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
    monkeypatch.setattr(transaction, "commit", stop)
    with pytest.raises(KeyboardInterrupt):
        releases.release(author.request("1.0.1", "2026-03-01"), Silent())
    _HOOKS.clear()
    assert seen == [before]
    assert {path for path in touched if ".cardpress-cache" not in path} == set()


def test_a_killed_release_is_finished_by_the_next_command(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "_finish", _die)
    monkeypatch.setattr(transaction, "_take_back", _die)
    author.find("neon")["answer"] = "Red."
    with pytest.raises(_Killed):
        author.try_release("1.0.1", "2026-03-01")
    monkeypatch.undo()
    assert (author.project / transaction.FOLDER).exists()
    check_project(author.project)
    assert author.history.last.version == "1.0.1"
    assert Author.of(author.project).build(author.project.parent / "again") == author.package


class _Killed(BaseException):
    """The process has gone."""


def _die(*_: object) -> None:
    raise _Killed
