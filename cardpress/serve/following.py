"""Follows the files of a project: tells when some have changed, and goes on when its folders vanish and come back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event

from watchfiles import watch

from cardpress.source.contents import digest_project

# What is read of a project.
_FOLDERS = ("source", "templates")
# Milliseconds. Changes that come within a step of each other are told together, and none later than the longest wait.
_STEP = 10
_LONGEST = 400
# Milliseconds until somebody looks whether the folders are still there.
_ROUND = 500

# A folder that is there, by its path: what tells it from another of that name.
_Folders = Mapping[Path, tuple[int, int]]


def follow(project: Path, stop: Event) -> Iterator[None]:
    """Yield once at the start, and again whenever files of a project may have changed, until `stop` is set.

    Many changes at once are one. No change is missed: what comes while the caller is at work is told afterwards.
    """
    known, must_poll = "", False
    while not stop.is_set():
        folders = _find(project)
        now = _describe(project)
        if now != known:
            known = now
            yield
        if not folders:
            stop.wait(_ROUND / 1000)
            continue
        try:
            yield from _watch(project, folders, known, stop, must_poll=must_poll)
        except OSError:  # a folder vanished in this moment; or the system watches so many files already that it refuses
            must_poll = _find(project) == folders
        # Whatever happens until the next watch begins is a change.
        known = ""


def _watch(project: Path, folders: _Folders, known: str, stop: Event, *, must_poll: bool) -> Iterator[None]:
    """Yield when files in these folders may have changed, until one of the folders is another, or `stop` is set."""
    rounds = watch(
        *folders,
        watch_filter=lambda _, path: not _is_hidden(path, project),
        debounce=_LONGEST,
        step=_STEP,
        rust_timeout=_ROUND,
        yield_on_timeout=True,
        stop_event=stop,
        force_polling=True if must_poll else None,
    )
    for number, changes in enumerate(rounds):
        was_there = _find(project) == folders
        # What happened before the watch began is not told by it.
        if changes or (number == 0 and _describe(project) != known):
            yield
        # A new folder may have the number of the old one, and one may be back before this line.
        if not was_there or _find(project) != folders or any(Path(path) in folders for _, path in changes):
            return


def _find(project: Path) -> _Folders:
    """Return the folders of a project that are there."""
    found = {}
    for name in _FOLDERS:
        try:
            status = (project / name).stat()
        except OSError:
            continue
        found[project / name] = (status.st_dev, status.st_ino)
    return found


def _describe(project: Path) -> str:
    """Return a digest of the project's files, or what is wrong with reading them."""
    try:
        return digest_project(project, own_templates=True)
    except OSError as error:
        return f"{error}"


def _is_hidden(path: str, project: Path) -> bool:
    """Return whether a file or a folder above it is hidden, which nothing reads. Editors keep their own there."""
    inside = os.path.relpath(path, project)
    return any(part.startswith(".") and part not in ("", "..", ".") for part in Path(inside).parts)
