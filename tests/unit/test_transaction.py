"""A change of several files is made whole or not at all, at whichever step it fails, is stopped, or dies."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest

from cardpress.pipeline import check_project
from cardpress.publish import transaction
from cardpress.publish.lock import hold_lock
from tests.conftest import DECK, QUESTION, ROOT
from tests.helpers.author import tree

BEFORE = {
    "source/deck.yaml": DECK.encode(),
    "source/first.yaml": QUESTION.encode(),
    "dist/manifest.json": b"old manifest",
    "dist/gone.txt": b"no longer made",
    "CHANGELOG.md": b"# Changelog\n",
}
CHANGE: Mapping[str, bytes | None] = {
    "dist/gone.txt": None,
    "dist/manifest.json": b"new manifest",
    "dist/new.txt": b"made now",
    "notes/deep/RELEASE.md": b"in a folder that was not there",
    "source/history.json": b"{}",
    "source/deck.yaml": DECK.replace("1.0.0", "1.1.0").encode(),
    "CHANGELOG.md": b"# Changelog\n\n## 1.1.0\n",
}


def _reset(project: Path) -> dict[str, bytes]:
    shutil.rmtree(project, ignore_errors=True)
    for name, data in BEFORE.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(data)
    return tree(project)


def _contents(project: Path) -> dict[Path, bytes | None]:
    return {project / name: data for name, data in CHANGE.items()}


def _changed(project: Path) -> dict[str, bytes]:
    _reset(project)
    transaction.commit(project, _contents(project))
    return tree(project)


class _Striker:
    """Has the change made by a process that a fault strikes at a given step."""

    def __init__(self, project: Path) -> None:
        self.project = project
        command = [sys.executable, "-m", "tests.helpers.faults"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def strike(self, number: int, how: str) -> str:
        """Strike, and say how that ended."""
        contents = _contents(self.project).items()
        coded = {str(path): None if data is None else base64.b64encode(data).decode() for path, data in contents}
        asked = {"project": str(self.project), "contents": coded, "number": number, "how": how}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@pytest.fixture
def striker(tmp_path: Path) -> Iterator[_Striker]:
    one = _Striker(tmp_path / "project")
    with one.process:
        yield one
        one.process.terminate()


def test_a_change_is_made_and_leaves_nothing_else(tmp_path: Path) -> None:
    changed = _changed(tmp_path / "project")
    files = {name: data for name, data in changed.items() if data != b"/"}
    wanted = {**BEFORE, **CHANGE}
    assert files == {name: data for name, data in wanted.items() if data is not None}


def _to_see(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out hidden files: where they cannot be tidied away after all is done, the next command does it."""
    return {name: data for name, data in files.items() if not any(part[0] == "." for part in name.split("/"))}


@pytest.mark.parametrize("how", ["kill", "full", "interrupt"])
def test_wherever_a_change_ends_all_is_old_or_all_is_new(striker: _Striker, how: str) -> None:
    project = striker.project
    new, outcomes = _changed(project), []
    for number in count(1):
        old = _reset(project)
        end = striker.strike(number, how)
        at_once = tree(project)
        if end == "made without a fault":
            break
        if how != "kill":
            assert (_to_see(at_once) == _to_see(new)) if end == "made" else (at_once == old), number
        check_project(project)  # any command puts right what a killed one left
        after = tree(project)
        assert after in (old, new), number
        outcomes.append(after == new)
    assert 40 < len(outcomes) < 200
    assert True in outcomes
    if how == "kill":
        assert outcomes == sorted(outcomes)  # from one moment on, the change counts as made


def test_a_fault_while_a_killed_change_is_being_finished_is_no_loss(striker: _Striker) -> None:
    project = striker.project
    new = _changed(project)
    for number in count(1):
        _reset(project)
        if striker.strike(number, "kill") == "made without a fault":
            break
        if not (project / transaction.FOLDER / "journal.json").exists():
            continue
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "replace", _fail)
            with pytest.raises(OSError, match="the disk has gone"):
                check_project(project)
        check_project(project)
        assert tree(project) == new


def _fail(*_: object, **_options: object) -> None:
    raise OSError("the disk has gone")


def test_a_change_that_cannot_be_taken_back_at_once_is_by_the_next_command(tmp_path: Path) -> None:
    project = tmp_path / "project"
    old = _reset(project)
    replace, left = Path.replace, iter(range(4))

    def fails_from_the_fourth_on(path: Path, target: Path) -> Path:
        if next(left, None) is None:
            _fail()
        return replace(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", fails_from_the_fourth_on)
        with pytest.raises(OSError, match="the disk has gone"):
            transaction.commit(project, _contents(project))
        assert (project / "dist" / "manifest.json").read_bytes() == b"new manifest"
    check_project(project)
    assert tree(project) in (old, _changed(project))


def test_ctrl_c_comes_too_late_once_a_change_counts_as_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    new, replace = _changed(project), Path.replace
    _reset(project)

    def stopped(path: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    transaction.commit(project, _contents(project))
    assert tree(project) == new
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_files_cannot_be_linked_they_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    new = _changed(project)
    monkeypatch.setattr(os, "link", _fail)
    assert _changed(project) == new


def test_a_change_keeps_permissions_and_links(tmp_path: Path) -> None:
    project = tmp_path / "project"
    _reset(project)
    (project / "elsewhere.md").write_bytes(b"# Changelog\n")
    (project / "CHANGELOG.md").unlink()
    (project / "CHANGELOG.md").symlink_to("elsewhere.md")
    (project / "dist" / "manifest.json").chmod(0o640)
    transaction.commit(project, _contents(project))
    assert (project / "CHANGELOG.md").is_symlink()
    assert (project / "elsewhere.md").read_bytes() == CHANGE["CHANGELOG.md"]
    assert (project / "dist" / "manifest.json").stat().st_mode & 0o777 == 0o640


def test_what_an_earlier_change_left_lying_about_is_no_hindrance(tmp_path: Path) -> None:
    project = tmp_path / "project"
    _reset(project)
    for name in ("CHANGELOG.md", "new.txt"):
        for end in ("new", "old"):
            (project / f".{name}.release-{end}").write_bytes(b"litter")
    (project / ".new.txt.release-new").rename(project / "dist" / ".new.txt.release-new")
    (project / ".new.txt.release-old").rename(project / "dist" / ".new.txt.release-old")
    transaction.commit(project, _contents(project))
    assert tree(project) == _changed(tmp_path / "other")


def test_a_folder_where_a_file_should_be_stops_a_change(tmp_path: Path) -> None:
    project = tmp_path / "project"
    _reset(project)
    (project / "CHANGELOG.md").unlink()
    (project / "CHANGELOG.md").mkdir()
    old = tree(project)
    with pytest.raises(OSError, match=r"CHANGELOG\.md"):
        transaction.commit(project, _contents(project))
    assert tree(project) == old


def test_a_command_waits_for_a_release_that_is_at_work(tmp_path: Path) -> None:
    """It would otherwise take the release for a dead one, and its half-made change away."""
    project = tmp_path / "project"
    _reset(project)
    (project / transaction.FOLDER).mkdir()
    waiter = threading.Thread(target=transaction.recover, args=(project,))
    with hold_lock(project / "source"):
        waiter.start()
        waiter.join(0.2)
        assert waiter.is_alive()
        assert (project / transaction.FOLDER).exists()
    waiter.join()
    assert not (project / transaction.FOLDER).exists()
