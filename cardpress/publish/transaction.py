"""Changes several files as one: all of them or, whatever happens in between, none.

New contents are put beside the files that they are for, and what is there now is kept beside them, too. Then a plan
that names them all is renamed to a journal: from that moment on the change counts as made, and only renames are left.
Should the process die, the next command forgets a plan and carries out a journal. An error on the way is taken back at
once, again by renames alone, so that even a full disk is no hindrance.
"""

from __future__ import annotations

import json
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from cardpress.publish.disk import link_or_copy, write_durably
from cardpress.publish.lock import hold_lock

FOLDER = ".cardpress-release"
# The one file in there has, by its name, the state of the change: to forget, to carry out, to take back, to tidy up.
_PLAN, _JOURNAL, _UNDO, _DONE = "plan.json", "journal.json", "undo.json", "done.json"


@dataclass(frozen=True, slots=True)
class _Step:
    """A file that gets new content, or goes; whether it was there; and which folder has to be made for it."""

    path: str
    is_written: bool
    was_there: bool
    made_folder: str | None

    @property
    def target(self) -> Path:
        return Path(self.path)

    @property
    def new(self) -> Path:
        return self.target.with_name(f".{self.target.name}.release-new")

    @property
    def old(self) -> Path:
        return self.target.with_name(f".{self.target.name}.release-old")


def commit(project: Path, contents: Mapping[Path, bytes | None]) -> None:
    """Give files new contents, or, where the content is None, take them away.

    Raises OSError when the disk says no; every file is then as it was.
    """
    stage = project / FOLDER
    steps = [_step(path, data) for path, data in contents.items()]
    stage.mkdir()
    try:
        write_durably(stage / _PLAN, json.dumps([asdict(step) for step in steps]).encode())
        for step, data in zip(steps, contents.values(), strict=True):
            _put_beside(step, data)
        with _no_stopping():
            (stage / _PLAN).replace(stage / _JOURNAL)
            _finish(stage)
    except BaseException:
        _take_back(stage)
        raise


def recover(project: Path, *, alone: bool = False) -> None:
    """Bring a change to an end whose process died: carried out if it was committed, else forgotten.

    `alone` says that the caller holds the lock of source/; otherwise this waits for a release that is at work.
    """
    stage = project / FOLDER
    if stage.exists():
        with nullcontext() if alone else hold_lock(project / "source"):
            _end(stage)


def _end(stage: Path) -> None:
    if (stage / _JOURNAL).exists():
        _finish(stage)
    else:
        _take_back(stage)


def _step(path: Path, data: bytes | None) -> _Step:
    target = path.resolve()  # where a link leads, so that the link stays
    missing = [folder for folder in target.parents if not folder.exists()]
    return _Step(str(target), data is not None, target.exists(), str(missing[-1]) if missing else None)


def _put_beside(step: _Step, data: bytes | None) -> None:
    step.target.parent.mkdir(parents=True, exist_ok=True)
    step.old.unlink(missing_ok=True)
    if step.was_there:
        link_or_copy(step.target, step.old)
    if data is not None:
        write_durably(step.new, data)
        if step.was_there:
            shutil.copymode(step.target, step.new)


def _finish(stage: Path) -> None:
    for step in _steps(stage / _JOURNAL):
        if not step.is_written:
            step.target.unlink(missing_ok=True)
        elif step.new.exists():  # else it has its new content already
            step.new.replace(step.target)
    (stage / _JOURNAL).replace(stage / _DONE)
    with suppress(OSError):  # what is left lying about, the next command takes away
        _tidy(stage)


def _take_back(stage: Path) -> None:
    if (stage / _JOURNAL).exists():
        (stage / _JOURNAL).replace(stage / _UNDO)
    for step in _steps(stage / _UNDO):
        if not step.was_there:
            step.target.unlink(missing_ok=True)
        elif step.old.exists():
            step.old.replace(step.target)
    _tidy(stage)


def _tidy(stage: Path) -> None:
    """Remove what a change has put beside the files, and the folders that only a change made in vain has needed."""
    for name in (_PLAN, _UNDO, _DONE):
        for step in _steps(stage / name):
            step.new.unlink(missing_ok=True)
            step.old.unlink(missing_ok=True)
            if step.made_folder and name != _DONE:
                _remove_empty(step.target.parent, Path(step.made_folder))
    shutil.rmtree(stage, ignore_errors=True)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder.is_relative_to(top):
        with suppress(OSError):  # it is not empty, or was never made
            folder.rmdir()
        folder = folder.parent


def _steps(path: Path) -> list[_Step]:
    """Read a plan. One that is not there, or not whole, was never begun."""
    try:
        return [_Step(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError):
        return []


@contextmanager
def _no_stopping() -> Iterator[None]:
    """Let Ctrl-C come too late, for the instant in which a change is carried out."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
