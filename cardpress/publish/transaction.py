"""Changes files and whole folders as one: all of them or, whatever happens in between, none.

The new self of each is put beside it, under a hidden name, before anything is changed; after that only renames are
left. One file or folder changes by a single rename. For several, a plan that names them all is first written, and
renamed to a journal: from that moment on the change counts as made. Should the process die, `recover` forgets a plan
and carries out a journal. An error on the way is taken back at once, again by renames alone, so that even a full disk
is no hindrance.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from cardpress.publish.disk import exchange, link_or_copy, remove, write_durably

# The one file in a journal's folder has, by its name, the state of the change: to forget, to carry out, to take back,
# to tidy up.
_PLAN, _JOURNAL, _UNDO, _DONE = "plan.json", "journal.json", "undo.json", "done.json"
_ASIDE = re.compile(r"\.(?P<name>.+)\.\d+\.cardpress-(?P<kind>new|old)")


@dataclass(frozen=True, slots=True)
class NewFolder:
    """What a folder is to hold: these files, and whatever it holds now but for the files named in `gone`."""

    files: Mapping[str, bytes]
    gone: frozenset[str] = field(default=frozenset())


# What a path is to hold; None takes the file away.
Content = bytes | NewFolder | None


class _Kind(StrEnum):
    FILE = "file"
    FOLDER = "folder"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True)
class _Step:
    """A file or folder that gets a new self, or a file that goes.

    `was_there` says whether it existed before, `made_folder` which folder had to be made for it, if any, and `owner`
    is the number of the process that makes the change, so that two never use the same hidden names.
    """

    path: str
    kind: _Kind
    was_there: bool
    made_folder: str | None
    owner: int

    @property
    def target(self) -> Path:
        return Path(self.path)

    @property
    def new(self) -> Path:
        return self._aside("new")

    @property
    def old(self) -> Path:
        return self._aside("old")

    def _aside(self, kind: str) -> Path:
        return self.target.with_name(f".{self.target.name}.{self.owner}.cardpress-{kind}")


def commit(contents: Mapping[Path, Content], journal: Path | None = None) -> None:
    """Give every path its new content. `journal` is a folder to be made for the time of the change.

    Without a journal, only a change of one path is safe from being killed; of several, some may then be old and some
    new, though each is whole. Raises OSError when the disk says no; everything is then as it was.
    """
    steps = [_plan(path, content) for path, content in contents.items()]
    if journal is not None:
        journal.mkdir()
    with ExitStack() as unless_made:
        unless_made.callback(_take_back, journal, steps)
        if journal is not None:
            _write_plan(journal, steps)
        for step, content in zip(steps, contents.values(), strict=True):
            _put_beside(step, content)
        with _no_stopping():
            if journal is not None:
                (journal / _PLAN).replace(journal / _JOURNAL)
            _carry_out(journal, steps)
            unless_made.pop_all()
            with suppress(OSError):  # what cannot be removed now, the next run removes
                _tidy(journal, steps)


def recover(journal: Path) -> None:
    """Bring a change to an end whose process died: carry it out if it counts as made, else forget it."""
    if (journal / _JOURNAL).exists():
        steps = _read_steps(journal / _JOURNAL)
        _carry_out(journal, steps)
        _tidy(journal, steps)
    elif (journal / _DONE).exists():
        _tidy(journal, _read_steps(journal / _DONE))
    else:
        _take_back(journal, _read_steps(journal / _UNDO) or _read_steps(journal / _PLAN))


def list_left(folder: Path, kind: str, name: str | None = None) -> list[Path]:
    """List what changes of this folder's entries have left under hidden names, `new` or `old`; of one entry alone."""
    if not folder.is_dir():
        return []
    found = ((path, _ASIDE.fullmatch(path.name)) for path in folder.iterdir())
    return sorted(path for path, aside in found if aside and aside["kind"] == kind and name in (None, aside["name"]))


# --- before the change -------------------------------------------------------------------------------------------


def _plan(path: Path, content: Content) -> _Step:
    target = path.resolve()  # where a link leads, so that the link stays
    missing = [folder for folder in target.parents if not folder.exists()]
    kind = _Kind.REMOVAL if content is None else _Kind.FOLDER if isinstance(content, NewFolder) else _Kind.FILE
    return _Step(str(target), kind, target.exists(), str(missing[-1]) if missing else None, os.getpid())


def _put_beside(step: _Step, content: Content) -> None:
    step.target.parent.mkdir(parents=True, exist_ok=True)
    for left in (step.new, step.old):
        remove(left)
    if isinstance(content, NewFolder):
        _make_folder(step, content)
        return
    if step.was_there:
        link_or_copy(step.target, step.old)
    if content is not None:
        write_durably(step.new, content)
        if step.was_there:
            shutil.copymode(step.target, step.new)


def _make_folder(step: _Step, content: NewFolder) -> None:
    """Make a folder's new self, with what stays as the very same files where the file system can."""
    step.new.mkdir()
    for name, data in content.files.items():
        write_durably(step.new / name, data)
    if not step.was_there:
        return
    for entry in sorted(step.target.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, step.new / entry.name, symlinks=True, copy_function=link_or_copy)
        elif entry.name not in content.gone and entry.name not in content.files:
            link_or_copy(entry, step.new / entry.name)
    shutil.copymode(step.target, step.new)


# --- the change: renames alone, each of which may have been made by a process that has died since -------------------


def _carry_out(journal: Path | None, steps: Sequence[_Step]) -> None:
    is_alone = len(steps) == 1
    for step in steps:
        if step.kind is _Kind.REMOVAL:
            step.target.unlink(missing_ok=True)
        elif not step.new.exists():
            continue  # it has its new self already
        elif step.kind is _Kind.FILE:
            step.new.replace(step.target)
        # An exchange leaves no moment without the folder, but cannot be told from none where a journal is read.
        elif not (is_alone and step.target.exists() and exchange(step.new, step.target)):
            if step.target.exists():
                step.target.rename(step.old)
            step.new.rename(step.target)
    if journal is not None:
        (journal / _JOURNAL).replace(journal / _DONE)


def _undo(step: _Step) -> None:
    if step.kind is not _Kind.FOLDER:
        if not step.was_there:
            step.target.unlink(missing_ok=True)
        elif step.old.exists():
            step.old.replace(step.target)
    elif step.old.exists():
        if step.target.exists():
            step.target.rename(step.new)
        step.old.rename(step.target)
    elif not step.was_there and not step.new.exists():
        remove(step.target)


# --- after it ----------------------------------------------------------------------------------------------------


def _take_back(journal: Path | None, steps: Sequence[_Step]) -> None:
    if journal is not None and (journal / _JOURNAL).exists():
        (journal / _JOURNAL).replace(journal / _UNDO)
    for step in steps:
        _undo(step)
    _tidy(None, steps)
    for step in steps:
        if step.made_folder:
            _remove_empty(step.target.parent, Path(step.made_folder))
    if journal is not None:
        remove(journal)


def _tidy(journal: Path | None, steps: Sequence[_Step]) -> None:
    for step in steps:
        remove(step.new)
        remove(step.old)
    if journal is not None:
        remove(journal)


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove a folder and those above it, up to `top`, as far as they are empty."""
    while folder.is_relative_to(top):
        with suppress(OSError):  # it is not empty, or was never made
            folder.rmdir()
        folder = folder.parent


def _write_plan(journal: Path, steps: Sequence[_Step]) -> None:
    write_durably(journal / _PLAN, json.dumps([asdict(step) for step in steps]).encode())


def _read_steps(path: Path) -> list[_Step]:
    """Read a plan or journal. A plan that is missing or cut short has not begun to be carried out: no steps."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [_Step(**entry | {"kind": _Kind(entry["kind"])}) for entry in entries]
    except (FileNotFoundError, ValueError):
        return []


@contextmanager
def _no_stopping() -> Iterator[None]:
    """Ignore Ctrl-C for the instant in which a change is carried out."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
