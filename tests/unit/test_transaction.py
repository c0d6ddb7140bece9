"""A change of several files is made whole or not at all, at whichever step it fails, is stopped, or dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from cardpress.publish import transaction
from cardpress.publish.lock import hold_lock
from cardpress.publish.recovery import JOURNAL, recover, wait_for_release
from cardpress.publish.transaction import BadJournalError, NewFolder
from tests.conftest import ROOT
from tests.helpers.author import tree
from tests.helpers.faults import CHANGES, contents_of

BEFORE = {
    "source/deck.yaml": b"version: 1.0.0\n",
    "source/first.yaml": b"[]\n",
    "dist/manifest.json": b"old manifest",
    "dist/gone.txt": b"no longer made",
    "dist/mine.txt": b"nobody made this",
    "dist/deep/mine.txt": b"nor this",
    "dist/deep/gone.html": b"no longer made",
    "dist/old/gone.html": b"no longer made",
    "CHANGELOG.md": b"# Changelog\n",
}
EACH_CHANGE = pytest.mark.parametrize("change", CHANGES)


def _reset(project: Path, change: str = "folder") -> dict[str, bytes]:
    shutil.rmtree(project, ignore_errors=True)
    for name, data in BEFORE.items():
        if change == "new folder" and name.startswith("dist/"):
            continue
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(data)
    return tree(project)


def _commit(project: Path, change: str) -> None:
    transaction.commit(contents_of(project, change), project / JOURNAL)


def _recover(project: Path) -> None:
    recover(project)


def _changed(project: Path, change: str) -> dict[str, bytes]:
    _reset(project, change)
    _commit(project, change)
    return tree(project)


class _Striker:
    """Has the change made by a process that a fault strikes at a given step."""

    def __init__(self, project: Path) -> None:
        self.project = project
        command = [sys.executable, "-m", "tests.helpers.faults"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def strike(self, change: str, number: int, how: str) -> str:
        """Strike, and say how that ended."""
        asked = {"project": str(self.project), "change": change, "number": number, "how": how}
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


@pytest.fixture(autouse=True)
def _ctrl_c() -> Iterator[None]:
    """Have Ctrl-C do what it does in a terminal, though a shell may have started us with it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("change", ["folder", "files"])
def test_a_change_is_made_and_leaves_nothing_else(tmp_path: Path, change: str) -> None:
    changed = _changed(tmp_path / "project", change)
    files = {name: data for name, data in changed.items() if data != b"/"}
    wanted = {**BEFORE, **CHANGES["files"]}
    assert files == {name: data for name, data in wanted.items() if data is not None}


def _to_see(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out hidden files: where they cannot be tidied away after all is done, the next command does it."""
    return {name: data for name, data in files.items() if not any(part[0] == "." for part in name.split("/"))}


@EACH_CHANGE
@pytest.mark.parametrize("how", ["kill", "full", "interrupt"])
def test_wherever_a_change_ends_all_is_old_or_all_is_new(striker: _Striker, how: str, change: str) -> None:
    project = striker.project
    new, outcomes = _changed(project, change), []
    for number in range(1, 300):
        old = _reset(project, change)
        end = striker.strike(change, number, how)
        at_once = tree(project)
        if end == "made without a fault":
            break
        if how != "kill":
            assert (_to_see(at_once) == _to_see(new)) if end == "made" else (at_once == old), number
        _recover(project)
        after = tree(project)
        assert after in (old, new), number
        outcomes.append(after == new)
    assert 25 < len(outcomes) < 200
    assert True in outcomes
    if how == "kill":
        assert outcomes == sorted(outcomes)  # from one moment on, the change counts as made


@EACH_CHANGE
def test_a_fault_while_a_killed_change_is_being_finished_is_no_loss(striker: _Striker, change: str) -> None:
    project = striker.project
    new = _changed(project, change)
    for number in range(1, 300):
        _reset(project, change)
        if striker.strike(change, number, "kill") == "made without a fault":
            break
        if not (project / JOURNAL / "journal.json").exists():
            continue
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "replace", _fail)
            with pytest.raises(OSError, match="the disk has gone"):
                _recover(project)
        _recover(project)
        assert tree(project) == new


def _fail(*_: object, **_options: object) -> None:
    raise OSError("the disk has gone")


@pytest.mark.parametrize("change", ["folder", "files"])
def test_a_change_that_cannot_be_taken_back_at_once_is_by_the_next_command(tmp_path: Path, change: str) -> None:
    project = tmp_path / "project"
    old = _reset(project)
    # The plan becomes the journal, and then what is changed first gets its new self.
    replace, left = Path.replace, iter(range(4 if change == "files" else 2))

    def fails_from_then_on(path: Path, target: Path) -> Path:
        if next(left, None) is None:
            _fail()
        return replace(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", fails_from_then_on)
        with pytest.raises(OSError, match="the disk has gone"):
            _commit(project, change)
        assert (project / "dist" / "manifest.json").read_bytes() == b"new manifest"
    _recover(project)
    assert tree(project) in (old, _changed(project, change))


@EACH_CHANGE
def test_ctrl_c_comes_too_late_once_a_change_counts_as_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    project = tmp_path / "project"
    new, replace = _changed(project, change), Path.replace
    _reset(project, change)

    def stopped(path: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    _commit(project, change)
    assert tree(project) == new
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@EACH_CHANGE
def test_where_files_cannot_be_linked_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    project = tmp_path / "project"
    new = _changed(project, change)
    monkeypatch.setattr(os, "link", _fail)
    assert _changed(project, change) == new


@pytest.mark.parametrize("change", ["folder", "files"])
def test_a_change_keeps_permissions(tmp_path: Path, change: str) -> None:
    project = tmp_path / "project"
    _reset(project)
    (project / "dist").chmod(0o750)
    (project / "dist" / "mine.txt").chmod(0o640)
    _commit(project, change)
    assert (project / "dist").stat().st_mode & 0o777 == 0o750
    assert (project / "dist" / "mine.txt").stat().st_mode & 0o777 == 0o640


@EACH_CHANGE
def test_a_change_replaces_a_link_and_writes_nothing_through_it(tmp_path: Path, change: str) -> None:
    project = tmp_path / "project"
    new = _changed(project, change)
    _reset(project, change)
    (tmp_path / "victim").write_bytes(b"mine")
    for name in ("CHANGELOG.md", "source/history.json", *(("dist/manifest.json",) if change == "files" else ())):
        (project / name).unlink(missing_ok=True)
        (project / name).symlink_to(tmp_path / "victim")
    _commit(project, change)
    assert tree(project) == new
    assert not any(path.is_symlink() for path in project.rglob("*"))
    assert (tmp_path / "victim").read_bytes() == b"mine"


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "deck.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    transaction.commit({path: b"new"})
    assert path.stat().st_mode & 0o777 == 0o640


@EACH_CHANGE
def test_what_an_earlier_change_left_lying_about_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Not even under the very names that this change uses: it stops, and what lies there stays."""
    project = tmp_path / "project"
    _reset(project, change)
    (project / ".CHANGELOG.md.0123456789abcdef.cardpress-new").symlink_to(tmp_path / "victim")
    before = tree(project)
    with monkeypatch.context() as patch:
        patch.setattr(transaction, "make_token", lambda: "0123456789abcdef")
        with pytest.raises(FileExistsError):
            _commit(project, change)
    assert not (tmp_path / "victim").exists()
    assert {name: data for name, data in before.items() if "cardpress-new" not in name} == tree(project)
    _commit(project, change)


@EACH_CHANGE
def test_a_folder_where_a_file_should_be_stops_a_change(tmp_path: Path, change: str) -> None:
    project = tmp_path / "project"
    _reset(project, change)
    (project / "CHANGELOG.md").unlink()
    (project / "CHANGELOG.md").mkdir()
    old = tree(project)
    with pytest.raises(OSError, match=r"CHANGELOG\.md"):
        _commit(project, change)
    assert tree(project) == old


def test_a_file_where_a_folder_should_be_stops_a_change(tmp_path: Path) -> None:
    (tmp_path / "dist").write_bytes(b"mine")
    with pytest.raises(NotADirectoryError):
        transaction.commit({tmp_path / "dist": NewFolder({"a": b""})})
    assert tree(tmp_path) == {"dist": b"mine"}


@pytest.mark.parametrize("ends", [recover, wait_for_release])
def test_a_command_waits_for_a_release_that_is_at_work(tmp_path: Path, ends: Callable[[Path], object]) -> None:
    """It would otherwise take the release for a dead one, and its half-made change away."""
    project = tmp_path / "project"
    _reset(project)
    (project / JOURNAL).mkdir()
    waiter = threading.Thread(target=ends, args=(project,))
    with hold_lock(project / "source"):
        waiter.start()
        waiter.join(0.2)
        assert waiter.is_alive()
        (project / JOURNAL).rmdir()  # as the release does last
    waiter.join()
    assert tree(project) == _reset(project)


# --- what a journal may do ------------------------------------------------------------------------------------------


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@EACH_CHANGE
def test_a_change_that_was_only_prepared_touches_nothing_that_was_written_since(striker: _Striker, change: str) -> None:
    """A kill before the change counts as made, and then an author who goes on working."""
    project = striker.project
    for number in range(1, 300):
        _reset(project, change)
        striker.strike(change, number, "kill")
        if (project / JOURNAL / "journal.json").exists():
            break
        new = {"source/deck.yaml": b"edited\n", "CHANGELOG.md": b"mine\n", "dist/x": b"x"}
        for name, data in new.items():
            (project / name).unlink(missing_ok=True)  # as an editor saves, and git checks out: another file
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_bytes(data)
        _recover(project)
        assert {name: (project / name).read_bytes() for name in new} == new, number
    assert number > 10


def test_a_project_that_was_moved_after_the_kill_is_finished_where_it_is_now(tmp_path: Path) -> None:
    project = tmp_path / "project"
    new = _changed(project, "folder")
    _reset(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "_carry_out", _die)
        patch.setattr(transaction, "_take_back", _die)
        with pytest.raises(KeyboardInterrupt):
            _commit(project, "folder")
    moved = project.rename(tmp_path / "moved")
    _recover(moved)
    assert tree(moved) == new


def _journal(project: Path, name: str, content: str) -> Path:
    (project / JOURNAL).mkdir(parents=True)
    (project / JOURNAL / name).write_text(content, encoding="utf-8")
    (project / "source").mkdir()
    return project


def _step(path: str, kind: str, **more: object) -> dict[str, object]:
    return {"path": path, "kind": kind, "was_there": False, **more}


def _text(*steps: object, **more: object) -> str:
    return json.dumps({"token": "0123456789abcdef", "steps": steps, **more})


NOT_OURS = (
    "../victim ../victim/a source . source/first.yaml /tmp dist/a/b dist/../source/first.yaml dist/.. dist/. dist/ "
    "./dist source/../CHANGELOG.md README.md .git/config dist\\\\a C:dist templates/web/page.html"
).split()


@pytest.mark.parametrize("state", ["plan.json", "journal.json", "undo.json", "done.json"])
@pytest.mark.parametrize("path", [*NOT_OURS, "", "dist/a\0b"])
def test_a_journal_of_someone_else_changes_nothing(tmp_path: Path, state: str, path: str) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "a").write_bytes(b"mine")
    steps = [_step(path, kind) for kind in ("folder", "file", "removal")]
    project = _journal(tmp_path / "project", state, _text(*steps))
    (project / "source" / "first.yaml").write_bytes(b"[]")
    before = tree(tmp_path)
    with pytest.raises(BadJournalError, match="is not for a release to change"):
        recover(project)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("source/history.json", "removal"),
        ("source/history.json", "folder"),
        ("dist", "removal"),
        ("dist", "file"),
        ("dist/a", "folder"),
    ],
)
def test_a_journal_may_do_only_what_a_release_does(tmp_path: Path, path: str, kind: str) -> None:
    project = _journal(tmp_path / "project", "undo.json", _text(_step(path, kind)))
    (project / "source" / "history.json").write_bytes(b"{}")
    (project / "dist").mkdir()
    before = tree(tmp_path)
    with pytest.raises(BadJournalError):
        recover(project)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", [JOURNAL, "dist", "source", "CHANGELOG.md", "source/history.json", "source/deck.yaml"])
@pytest.mark.parametrize("state", ["plan.json", "journal.json", "undo.json", "done.json"])
def test_a_link_among_what_a_release_writes_is_not_followed_by_a_journal(tmp_path: Path, state: str, name: str) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    steps = [_step(path, kind) for path, kind in (("dist", "folder"), ("dist/a", "file"), ("CHANGELOG.md", "file"))]
    _journal(project, state, _text(*steps))
    (project / name).rename(outside) if (project / name).exists() else outside.mkdir()
    (project / name).symlink_to(outside)
    before = tree(tmp_path)
    with pytest.raises(BadJournalError, match="is a link"):
        recover(project)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "content",
    [
        _text(_step("dist", "file"), token="../x"),
        _text(_step("dist", "file"), token="0123456789abcdef\n"),
        _text(_step("dist", "file"), token=16 * "٣"),
        _text(_step("dist", "file"), token=10**15),
        _text(_step("dist", "file"), steps=5),
        _text(_step("dist", "anything")),
        _text(_step("dist", "file", was_there=1)),
        _text(_step("dist/a", "file") | {"made": 1}),
        _text(_step("dist/a/b", "file") | {"made": 2}),
        _text(_step("dist/a/b", "file") | {"made": -1}),
        _text(_step("dist/a/b", "file") | {"made": True}),
        _text({"path": "dist"}),
        *("5", "null", "[1]", '"x"', "[" * 9000, "{", "{}", " " * 2_000_000),
    ],
)
def test_a_journal_that_nothing_can_read_is_said_to_be_one(tmp_path: Path, content: str) -> None:
    project = _journal(tmp_path / "project", "journal.json", content)
    with pytest.raises(BadJournalError, match="cannot be read"):
        recover(project)
    (project / JOURNAL / "journal.json").rename(project / JOURNAL / "plan.json")
    assert recover(project) == "undone"  # nothing was prepared yet
    assert not (project / JOURNAL).exists()


def test_a_journal_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    project = _journal(tmp_path / "project", "other", "")
    os.mkfifo(project / JOURNAL / "journal.json")
    with pytest.raises(BadJournalError, match="cannot be read"):
        recover(project)


def test_a_folder_that_came_back_after_a_kill_is_replaced(striker: _Striker) -> None:
    """As by `git checkout`, between the kill and the command that finishes the release."""
    project, came_back = striker.project, 0
    new = _changed(project, "folder")
    for number in range(1, 300):
        _reset(project)
        if striker.strike("folder", number, "kill") == "made without a fault":
            break
        if (project / JOURNAL / "journal.json").exists() and not (project / "dist").exists():
            (project / "dist").mkdir()
            (project / "dist" / "manifest.json").write_bytes(b"from git")
            _recover(project)
            assert tree(project) == new
            came_back += 1
    assert came_back
