"""Follows the files of a project: tells when some have changed, and goes on when its folders vanish and come back.

Nothing outside of the project is followed, wherever its links lead.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from watchfiles import watch

from cardpress.disk.reading import MAX_FILES, MAX_LEVELS, Stamp, resolve_inside, to_stamp
from cardpress.source.contents import CHANGELOG, look_at_project

# What is read of a project.
_FOLDERS = ("source", "templates")
# Milliseconds. Changes that come within a step of each other are told together, and none later than the longest wait.
_STEP = 10
_LONGEST = 400
# Milliseconds until somebody looks whether the folders are still there.
_ROUND = 500

# A folder that is there, by its path: what tells it from another of that name.
_Folders = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Followed:
    """The folders that are followed: each with all below it, or where a link leads to a folder, each by itself.

    The system follows such links, too, and be it to the whole disk.
    """

    folders: _Folders
    has_links: bool


def follow(project: Path, stop: Event) -> Iterator[None]:
    """Yield once at the start, and again whenever files of a project may have changed, until `stop` is set.

    Many changes at once are one. No change is missed: what comes while the caller is at work is told afterwards.
    """
    known, must_poll = "", False
    while not stop.is_set():
        followed = _find(project)
        now = _describe(project)
        if now != known:
            known = now
            yield
        if not followed.folders:
            stop.wait(_ROUND / 1000)
            continue
        try:
            yield from _watch(project, followed, known, stop, must_poll=must_poll)
        except OSError:  # a folder vanished in this moment; or the system watches so many files already that it refuses
            must_poll = _find(project) == followed
        # Whatever happens until the next watch begins is a change.
        known = ""


def _watch(project: Path, followed: _Followed, known: str, stop: Event, *, must_poll: bool) -> Iterator[None]:
    """Yield when files in these folders may have changed, until one of the folders is another, or `stop` is set."""
    rounds = watch(
        *followed.folders,
        watch_filter=lambda _, path: not _is_hidden(path, project),
        debounce=_LONGEST,
        step=_STEP,
        rust_timeout=_ROUND,
        yield_on_timeout=True,
        stop_event=stop,
        force_polling=True if must_poll else None,
        recursive=not followed.has_links,
    )
    beside = _stamp_beside(project)
    for number, changes in enumerate(rounds):
        was_there = _is_there(project, followed)
        before, beside = beside, _stamp_beside(project)
        # What happened before the watch began is not told by it.
        if changes or beside != before or (number == 0 and _describe(project) != known):
            yield
        # A new folder may have the number of the old one, and one may be back before this line.
        if not was_there or any(Path(path) in followed.folders for _, path in changes):
            return
        if not _is_there(project, followed) or (changes and _find(project) != followed):
            return


def _find(project: Path) -> _Followed:
    """Return what is to be followed of a project: the folders that are there, and no links that lead out of it."""
    roots = {path: number for path in (project / name for name in _FOLDERS) if (number := _identify(path, project))}
    below: dict[Path, tuple[int, int]] = {}
    has_links = False
    waiting = [(path, 1) for path in roots]
    for _ in range(MAX_FILES):
        if not waiting:
            break
        folder, level = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        has_links |= entry.is_dir()
                    elif entry.is_dir() and level < MAX_LEVELS and not entry.name.startswith("."):
                        status = entry.stat()
                        below[Path(entry.path)] = (status.st_dev, status.st_ino)
                        waiting.append((Path(entry.path), level + 1))
        except OSError:  # it has vanished, or may not be read
            continue
    return _Followed(roots | below if has_links else roots, has_links)


def _is_there(project: Path, followed: _Followed) -> bool:
    """Return whether the folders that a project is made of are those that are followed."""
    paths = (project / name for name in _FOLDERS)
    return all(followed.folders.get(path) == _identify(path, project) for path in paths)


def _identify(folder: Path, project: Path) -> tuple[int, int] | None:
    """Return what tells a folder of a project from another of its name; None when there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    is_inside = stat.S_ISDIR(status.st_mode) and resolve_inside(folder, project) is not None
    return (status.st_dev, status.st_ino) if is_inside else None


def _describe(project: Path) -> str:
    """Return what is equal as long as the project's files are, or what is wrong with reading them."""
    try:
        return f"{look_at_project(project, own_templates=True).digest} {_stamp_beside(project)}"
    except OSError as error:
        return f"{error}"


def _stamp_beside(project: Path) -> Stamp | None:
    """Return the stamp of the file beside source/ that is read, too, None when there is none."""
    try:
        return to_stamp((project / CHANGELOG).lstat())
    except OSError:
        return None


def _is_hidden(path: str, project: Path) -> bool:
    """Return whether a file or a folder above it is hidden, which nothing reads. Editors keep their own there."""
    inside = os.path.relpath(path, project)
    return any(part.startswith(".") and part not in ("", "..", ".") for part in Path(inside).parts)
