"""Changes files and whole folders as one: all of them or, whatever happens in between, none.

First, each new file or folder is written beside the old one under a hidden name. After that only renames are left. One
file or folder changes by a single rename. For several, a plan that lists them is written before anything else, and
renamed to a journal when all new files are there: from that moment on the change counts as made. If the process dies,
`recover` undoes a plan and carries out a journal. An error is undone at once, again by renames alone, which work even
on a full disk.

No link is followed: a link with the name of a file that is written is replaced itself. The hidden names cannot be
guessed, so that nothing is there already.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from cardpress.disk.reading import UnreadableError, read_file
from cardpress.disk.writing import exchange, link_or_copy, make_token, remove, write_new

# A journal's folder holds one file. Its name says what is to be done with the change: discard it, carry it out, undo
# it, or clean up after it.
_PLAN, _JOURNAL, _UNDO, _DONE = "plan.json", "journal.json", "undo.json", "done.json"
_ASIDE = re.compile(r"\.(?P<name>.+)\.[0-9a-f]+\.cardpress-(?P<kind>new|old)")
_TOKEN = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class NewFolder:
    """A folder's new content: `files`, and everything that it holds now except the files named in `gone`.

    Both are paths from the folder, with forward slashes. A folder that held nothing but what is gone goes, too.
    """

    files: Mapping[str, bytes]
    gone: frozenset[str] = field(default=frozenset())


# A path's new content. None removes the file.
Content = bytes | NewFolder | None


class Kind(StrEnum):
    """What happens to a path."""

    FILE = "file"
    FOLDER = "folder"
    REMOVAL = "removal"


class Outcome(StrEnum):
    """How `recover` ended a change: it is made, or everything is as before it."""

    FINISHED = "finished"
    UNDONE = "undone"


# Says whether a journal may do this to a path, which is relative to the project.
IsOurs = Callable[[str, Kind], bool]
# Bytes. A release changes a few dozen files at most.
_LONGEST_JOURNAL = 1_000_000


@dataclass(frozen=True, slots=True)
class _Step:
    """The replacement of one file or folder, or the removal of one file.

    `was_there` says whether it existed before. `token` is in the hidden names of this change. `made_folder` is the
    topmost folder that had to be made for it, if any.
    """

    target: Path
    kind: Kind
    was_there: bool
    token: str
    made_folder: Path | None = None

    @property
    def new(self) -> Path:
        return self._aside("new")

    @property
    def old(self) -> Path:
        return self._aside("old")

    def _aside(self, kind: str) -> Path:
        return self.target.with_name(f".{self.target.name}.{self.token}.cardpress-{kind}")


def commit(
    contents: Mapping[Path, Content], journal: Path | None = None, guard: Callable[[], object] = lambda: None
) -> None:
    """Change every path to its new content. `journal` is a folder to make, which exists only during the change.

    If the process is killed, a change of one path is complete or has not happened. Several paths need a journal for
    that: without one, some of them may be new and others old, though each is whole. `guard` is called when only renames
    are left to do, and may raise. Raises OSError when the disk fails; everything is then as it was.
    """
    token = make_token()
    steps = [_plan(path, content, token) for path, content in contents.items()]
    if journal is not None:
        journal.mkdir()
    with ExitStack() as on_failure:
        on_failure.callback(_forget, journal, steps)
        if journal is not None:
            _write_steps(journal / _PLAN, steps)
        for step, content in zip(steps, contents.values(), strict=True):
            _put_beside(step, content)
        guard()
        with _no_stopping():
            if journal is not None:
                (journal / _PLAN).replace(journal / _JOURNAL)
            on_failure.pop_all()
            on_failure.callback(_take_back, journal, steps)
            _carry_out(journal, steps)
            on_failure.pop_all()  # the change is made, and nothing takes it back any more
            with suppress(OSError):  # the next run removes what cannot be removed now
                _tidy(journal, steps)


class BadJournalError(Exception):
    """A journal that no change of ours has left here. The message says why, and what to do."""


def recover(journal: Path, is_ours: IsOurs) -> Outcome:
    """End a change whose process died: carry it out if it counts as made, take it back if that was begun, or forget it.

    Raises BadJournalError, and changes nothing, when the journal cannot be read or names a path that `is_ours` does not
    accept.
    """
    if (journal / _JOURNAL).exists():
        steps = _read_steps(journal / _JOURNAL, is_ours)
        _carry_out(journal, steps)
        _tidy(journal, steps)
        return Outcome.FINISHED
    if (journal / _DONE).exists():
        _tidy(journal, _read_steps(journal / _DONE, is_ours))
        return Outcome.FINISHED
    if (journal / _UNDO).exists():
        _take_back(journal, _read_steps(journal / _UNDO, is_ours))
        return Outcome.UNDONE
    try:
        plan = _parse(journal / _PLAN)
    except BadJournalError:
        plan = _Journal()  # cut short as it was written: nothing was prepared yet
    _forget(journal, _make_steps(journal, plan, is_ours))
    return Outcome.UNDONE


def list_left(folder: Path, kind: str, name: str | None = None) -> list[Path]:
    """Return the hidden files and folders of a kind, `new` or `old`, that changes left in a folder, sorted.

    With `name`, return only those of the entry of that name.
    """
    if not folder.is_dir():
        return []
    found = ((path, _ASIDE.fullmatch(path.name)) for path in folder.iterdir())
    return sorted(path for path, aside in found if aside and aside["kind"] == kind and name in (None, aside["name"]))


# --- before the change -------------------------------------------------------------------------------------------


def _plan(path: Path, content: Content, token: str) -> _Step:
    missing = [folder for folder in path.parents if not folder.exists()]
    kind = Kind.REMOVAL if content is None else Kind.FOLDER if isinstance(content, NewFolder) else Kind.FILE
    return _Step(path, kind, os.path.lexists(path), token, missing[-1] if missing else None)


def _put_beside(step: _Step, content: Content) -> None:
    step.target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, NewFolder):
        _make_folder(step, content)
        return
    if step.was_there:
        link_or_copy(step.target, step.old)
    if content is not None:
        write_new(step.new, content)
        if step.was_there and not step.target.is_symlink():
            shutil.copymode(step.target, step.new)


def _make_folder(step: _Step, content: NewFolder) -> None:
    """Make the new folder beside the old one. Files that stay are hard links, or copies where there are no links."""
    step.new.mkdir()
    for name, data in content.files.items():
        (step.new / name).parent.mkdir(parents=True, exist_ok=True)
        write_new(step.new / name, data)
    if step.was_there:
        _keep_others(step.target, step.new, content, "")


def _keep_others(old: Path, new: Path, content: NewFolder, prefix: str) -> None:
    """Put what stays of an old folder into the new one. `prefix` is the path that leads to it, as in `content`."""
    for entry in sorted(old.iterdir()):
        name, kept = prefix + entry.name, new / entry.name
        if entry.is_dir() and not entry.is_symlink():
            if not _goes_with(content.gone, f"{name}/", entry):
                kept.mkdir(exist_ok=True)
            if kept.exists():
                _keep_others(entry, kept, content, f"{name}/")
        # What is written may have another case here, which to some systems is the same name.
        elif name not in content.gone and not os.path.lexists(kept):
            link_or_copy(entry, kept)
    if prefix:
        shutil.copystat(old, new)
    else:
        shutil.copymode(old, new)


def _goes_with(gone: Collection[str], prefix: str, folder: Path) -> bool:
    """Return whether a folder holds nothing but files that go."""
    inside = [name for name in gone if name.startswith(prefix)]
    if not inside:
        return False
    return all(
        _goes_with(inside, f"{prefix}{entry.name}/", entry)
        if entry.is_dir() and not entry.is_symlink()
        else prefix + entry.name in inside
        for entry in folder.iterdir()
    )


# --- the change: only renames, some of which a process that died may have made already -----------------------------


def _carry_out(journal: Path | None, steps: Sequence[_Step]) -> None:
    is_alone = journal is None and len(steps) == 1
    for step in steps:
        if step.kind is Kind.REMOVAL:
            step.target.unlink(missing_ok=True)
        elif not step.new.exists():
            continue  # it was replaced already
        elif step.kind is Kind.FILE:
            step.new.replace(step.target)
        # An exchange leaves no moment without the folder. But afterwards `recover` could not tell that it was done, so
        # among several steps it is not used.
        elif not (is_alone and step.target.exists() and exchange(step.new, step.target)):
            if step.target.exists():
                # There is an old one already if the process died between these renames and somebody made the folder
                # again. What is to stay of it is in the new one, too.
                remove(step.old)
                step.target.rename(step.old)
            step.new.rename(step.target)
    if journal is not None:
        (journal / _JOURNAL).replace(journal / _DONE)


def _take_back(journal: Path | None, steps: Sequence[_Step]) -> None:
    """Put everything back as it was before the change was carried out, wholly or in part, and forget the change."""
    if journal is not None and (journal / _JOURNAL).exists():
        (journal / _JOURNAL).replace(journal / _UNDO)
    for step in steps:
        if step.kind is Kind.FOLDER:
            _undo_folder(step)
        elif not step.was_there:
            step.target.unlink(missing_ok=True)
        elif step.old.exists():
            step.old.replace(step.target)
    _forget(journal, steps)


def _undo_folder(step: _Step) -> None:
    if step.old.exists():
        if step.target.exists():
            step.target.rename(step.new)
        step.old.rename(step.target)
    elif not step.was_there and not step.new.exists():
        remove(step.target)


# --- after it ----------------------------------------------------------------------------------------------------


def _forget(journal: Path | None, steps: Sequence[_Step]) -> None:
    """Remove what was prepared for a change, and the empty folders that were made for it. No target is touched."""
    _tidy(None, steps)
    for step in steps:
        if step.made_folder:
            _remove_empty(step.target.parent, step.made_folder)
    if journal is not None:
        remove(journal)


def _tidy(journal: Path | None, steps: Sequence[_Step]) -> None:
    """Remove the hidden files and folders that a finished change leaves, and its journal."""
    for step in steps:
        remove(step.new)
        remove(step.old)
    if journal is not None:
        remove(journal)


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove a folder and those above it, up to `top`, as far as they are empty."""
    while folder.is_relative_to(top) and folder != folder.parent:
        with suppress(OSError):  # it is not empty, or was never made
            folder.rmdir()
        folder = folder.parent


# --- the steps of a change as JSON: paths are relative to the folder that holds the journal, which may be moved -------


def _write_steps(file: Path, steps: Sequence[_Step]) -> None:
    project = file.parent.parent
    entries = [
        {
            "path": step.target.relative_to(project).as_posix(),
            "kind": step.kind,
            "was_there": step.was_there,
            "made": step.target.parents.index(step.made_folder) + 1 if step.made_folder else 0,
        }
        for step in steps
    ]
    write_new(file, json.dumps({"token": steps[0].token, "steps": entries}).encode())


@dataclass(frozen=True, slots=True)
class _Entry:
    """A step in a journal: its path, what happens to it, whether it was there, and how many folders above it were not.

    Only folders that a change makes in a folder that is there can be counted, so never the first.
    """

    path: str
    kind: Kind
    was_there: bool
    made: int = 0

    def to_step(self, project: Path, token: str) -> _Step:
        target = project / self.path
        return _Step(target, self.kind, self.was_there, token, target.parents[self.made - 1] if self.made else None)


@dataclass(frozen=True, slots=True)
class _Journal:
    """What a journal says: the token, and the steps."""

    token: str = ""
    entries: tuple[_Entry, ...] = ()


def _read_steps(file: Path, is_ours: IsOurs) -> list[_Step]:
    return _make_steps(file.parent, _parse(file), is_ours)


def _parse(file: Path) -> _Journal:
    try:
        content = json.loads(read_file(file, file.parent, _LONGEST_JOURNAL))
        if not _TOKEN.fullmatch(content["token"]):
            raise ValueError("no release wrote this")
        return _Journal(content["token"], tuple(map(_parse_entry, content["steps"])))
    except (UnreadableError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = f"{file} cannot be read; look at what a release writes, then delete {file.parent}"
        raise BadJournalError(message) from error


def _parse_entry(entry: dict[str, Any]) -> _Entry:
    path, was_there, made = entry["path"], entry["was_there"], entry.get("made", 0)
    if not isinstance(path, str) or not isinstance(was_there, bool) or type(made) is not int:
        raise TypeError("no release wrote this")
    if not 0 <= made <= max(0, path.count("/") - 1):
        raise ValueError("no release wrote this")
    return _Entry(path, Kind(entry["kind"]), was_there, made)


def _make_steps(journal: Path, found: _Journal, is_ours: IsOurs) -> list[_Step]:
    for entry in found.entries:
        if not is_ours(entry.path, entry.kind):
            message = f"{journal} names {entry.path}, which is not for a release to change; delete {journal}"
            raise BadJournalError(message)
    return [entry.to_step(journal.parent, found.token) for entry in found.entries]


@contextmanager
def _no_stopping() -> Iterator[None]:
    """Ignore Ctrl-C during the `with` block. Does nothing outside the main thread, where Python allows no handlers."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
