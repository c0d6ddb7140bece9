"""Reading files of a folder that a stranger may have made: regular files inside it, none larger than a limit.

Everything of a project is read here. A link is followed only to a place in the same folder. A FIFO, a socket or a
device is never opened, since opening one can wait for ever, or act.
"""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

# Bytes. No file of a project is larger, apart from packages.
MAX_BYTES = 16 * 1024 * 1024
# Bytes of a sound. Some have more than AnkiWeb takes, which is worth a warning and not a refusal.
MAX_SOUND_BYTES = 128 * 1024 * 1024
# Bytes of an Anki package, with all its pictures.
MAX_PACKAGE_BYTES = 256 * 1024 * 1024
# Bytes that are read at a time of a file that is not needed as a whole.
_PART = 256 * 1024
# Levels of folders, and files and folders below one folder. No deck has more.
MAX_LEVELS = 16
MAX_FILES = 50_000
# Names of one file that are read, links included: a few bytes would otherwise stand for megabytes each.
MAX_NAMES = 4

# Some of these are unknown on Windows, which has no FIFOs to wait for.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)
# A folder is opened only to open what is in it, which needs no right to list it.
_FOLDER_FLAGS = getattr(os, "O_PATH", os.O_RDONLY)
for _name in ("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC"):
    _FOLDER_FLAGS |= getattr(os, _name, 0)
# Whether a file can be opened from an open folder: not on Windows.
_CAN_OPEN_FROM_FOLDER = os.open in os.supports_dir_fd


class Refusal(Enum):
    """Why a file is not read."""

    MISSING = auto()
    # A link that leads out of the folder, or around in a circle.
    OUTSIDE = auto()
    # Not a regular file: a folder, a FIFO, a socket, a device.
    SPECIAL = auto()
    TOO_LARGE = auto()


class UnreadableError(Exception):
    """A file that is not read. `size` is its size in bytes when it is too large."""

    def __init__(self, path: Path, reason: Refusal, size: int = 0) -> None:
        super().__init__(f"{path}: {reason.name}")
        self.reason = reason
        self.size = size


def read_file(path: Path, inside: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file that lies inside a folder once links are followed, `limit` at most.

    Raises UnreadableError, and OSError when the disk fails.
    """
    direct = _read_directly(path, inside, limit)
    if direct is not None:
        return direct
    with _opened(path, inside, limit) as file:
        data = file.read(limit + 1)
    if len(data) > limit:  # it has grown
        raise UnreadableError(path, Refusal.TOO_LARGE, len(data))
    return data


def read_in_parts(path: Path, inside: Path, limit: int = MAX_BYTES) -> Iterator[bytes]:
    """Yield the bytes of a file as `read_file` returns them, a part at a time, for who does not need all at once."""
    size = 0
    with _opened(path, inside, limit) as file:
        while part := file.read(_PART):
            size += len(part)
            if size > limit:
                raise UnreadableError(path, Refusal.TOO_LARGE, size)
            yield part


@contextmanager
def _opened(path: Path, inside: Path, limit: int) -> Iterator[BinaryIO]:
    """Open a regular file that lies inside a folder, and is not larger than the limit by now."""
    folder = _resolve(inside)
    real = _resolve_below(path, folder) if folder else None
    if real is None or folder is None:
        raise UnreadableError(path, Refusal.OUTSIDE)
    try:
        found = real.stat(follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a name with a NUL is no file's
        raise UnreadableError(path, Refusal.MISSING) from None
    _require_regular(path, found, limit)
    handle = _open(path, real, inside, folder)
    try:
        _require_regular(path, os.fstat(handle), limit)  # of what was opened, whatever has happened in between
        with open(handle, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(handle)


def _read_directly(path: Path, inside: Path, limit: int) -> bytes | None:
    """Return the bytes of a regular file to which no link leads below a folder, None of any other.

    Most files are such, and this takes a third of the time. Each part of the path is opened from the one before.
    """
    whole = path if path.is_absolute() else path.absolute()
    if not (_CAN_OPEN_FROM_FOLDER and inside.is_absolute() and str(whole).startswith(f"{inside}{os.sep}")):
        return None
    below = whole.parts[len(inside.parts) :]
    try:
        if ".." in below or not stat.S_ISREG(whole.stat(follow_symlinks=False).st_mode):
            return None
        handle = os.open(inside, _FOLDER_FLAGS)
        for number, part in enumerate(below, 1):
            above = handle
            try:
                is_last = number == len(below)
                if not (is_last or stat.S_ISDIR(os.stat(part, dir_fd=above, follow_symlinks=False).st_mode)):
                    return None
                handle = os.open(part, _FLAGS if is_last else _FOLDER_FLAGS, dir_fd=above)
            finally:
                os.close(above)
        try:
            found = os.fstat(handle)
            with open(handle, "rb", buffering=0, closefd=False) as file:
                data = file.read(limit + 1) if stat.S_ISREG(found.st_mode) else b""
        finally:
            os.close(handle)
        return data if len(data) == found.st_size <= limit else None
    except (OSError, ValueError):
        return None  # which is told apart where links are followed


def _open(path: Path, real: Path, inside: Path, folder: Path) -> int:
    """Open a file that a path led to, unless a part of the path has become a link since then.

    Another program may exchange a folder for a link at any moment. So each part is opened from the one before.
    """
    parts = real.relative_to(folder).parts
    if not _CAN_OPEN_FROM_FOLDER:
        handle = os.open(real, _FLAGS)
        if resolve_inside(path, inside) != real:
            os.close(handle)
            raise UnreadableError(path, Refusal.OUTSIDE)
        return handle
    handle = os.open(folder, _FOLDER_FLAGS if parts else _FLAGS)
    for index, part in enumerate(parts, 1):
        above = handle
        try:
            handle = os.open(part, _FLAGS if index == len(parts) else _FOLDER_FLAGS, dir_fd=above)
        except OSError as error:
            # A link is no folder on Linux, and a circle on macOS.
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise UnreadableError(path, Refusal.OUTSIDE) from None
            error.filename = str(path)  # it has the part alone
            raise
        finally:
            os.close(above)
    return handle


def read_if_there(path: Path, inside: Path, limit: int = MAX_BYTES) -> bytes | None:
    """Return the bytes of a file as `read_file` does, None where that would refuse it."""
    try:
        return read_file(path, inside, limit)
    except UnreadableError:
        return None


def read_all(folder: Path, names: Iterable[str], inside: Path, limit: int = MAX_BYTES) -> Iterator[bytes | None]:
    """Yield the bytes of files below a folder, by their paths there, each as `read_if_there` returns it.

    Of files of one folder after each other, that is opened once.
    """
    above, handle = None, None
    try:
        for name in names:
            place, _, last = name.rpartition("/")
            if place != above:
                if handle is not None:
                    os.close(handle)
                above, handle = place, None  # until it is open
                handle = _open_folder(folder / place, inside)
            data = None if handle is None else _read_from(handle, last, limit)
            yield read_if_there(folder / name, inside, limit) if data is None else data
    finally:
        if handle is not None:
            os.close(handle)


def _open_folder(path: Path, inside: Path) -> int | None:
    """Return a folder that was opened part by part, None of one that a link leads to, or that is not inside another."""
    whole = path if path.is_absolute() else path.absolute()
    if not (_CAN_OPEN_FROM_FOLDER and inside.is_absolute() and f"{whole}{os.sep}".startswith(f"{inside}{os.sep}")):
        return None
    below = whole.parts[len(inside.parts) :]
    if ".." in below:
        return None
    try:
        handle = os.open(inside, _FOLDER_FLAGS)
        for part in below:
            above = handle
            try:
                if not stat.S_ISDIR(os.stat(part, dir_fd=above, follow_symlinks=False).st_mode):
                    return None
                handle = os.open(part, _FOLDER_FLAGS, dir_fd=above)
            finally:
                os.close(above)
    except (OSError, ValueError):
        return None
    return handle


def _read_from(folder: int, name: str, limit: int) -> bytes | None:
    """Return the bytes of a regular file in an open folder, None of anything else."""
    try:
        if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            return None
        handle = os.open(name, _FLAGS, dir_fd=folder)
        try:
            found = os.fstat(handle)
            is_readable = stat.S_ISREG(found.st_mode) and found.st_size <= limit
            data = os.read(handle, found.st_size + 1) if is_readable else b""
        finally:
            os.close(handle)
    except (OSError, ValueError):
        return None
    return data if is_readable and len(data) == found.st_size else None


def resolve_inside(path: Path, inside: Path) -> Path | None:
    """Return a path with its links followed, None when it then leads out of a folder, or in a circle."""
    folder = _resolve(inside)
    return _resolve_below(path, folder) if folder else None


def _resolve_below(path: Path, folder: Path) -> Path | None:
    """Return a path with its links followed, None when it then leads out of a folder without links, or in a circle."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):  # links that point at each other: RuntimeError up to Python 3.12
        return None
    except ValueError:  # a NUL in the name
        return path
    return real if real.is_relative_to(folder) else None


def _resolve(folder: Path) -> Path | None:
    """Return a folder with its links followed, None when they lead in a circle."""
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return None


def _require_regular(path: Path, found: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableError(path, Refusal.SPECIAL)
    if found.st_size > limit:
        raise UnreadableError(path, Refusal.TOO_LARGE, found.st_size)


# What changes with every write to a file: its number and size, and the times of the last write and of the last change
# of anything, which no program can choose. On Windows the number may be 0, and the last time is that of its making.
Stamp = tuple[int, int, int, int]
# Where a stamp has the size.
SIZE = 1


@dataclass(frozen=True, slots=True)
class Listing:
    """What is below a folder, as paths from it, with forward slashes, sorted.

    `files` are files, and links to files inside; `stamps` has what the disk says of each, and `folder_stamps` what it
    says of folders, to which entries are added and from which they are removed. `refused` are links that lead out or
    nowhere, FIFOs, sockets and devices. `repeated` are further names of a file that has `MAX_NAMES` already. `is_whole`
    says whether everything is listed: no folder is read beyond the limits.
    """

    files: tuple[str, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    folder_stamps: tuple[Stamp, ...] = ()
    refused: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    is_whole: bool = True


def list_files(folder: Path, inside: Path, *, hidden: bool = False) -> Listing:
    """Return what is below a folder, which has to lie inside another. Hidden files and folders only if asked for.

    A folder that is not there, or not inside, is empty. Links to folders are passed over.
    """
    real = resolve_inside(folder, inside)
    if real is None or not real.is_dir():
        return Listing()
    files: dict[str, os.stat_result] = {}
    refused: list[str] = []
    folders = [("", 1)]
    count, is_whole = 0, True
    folder_stamps: list[Stamp] = []
    while folders:
        prefix, level = folders.pop()
        folder_stamps.append(to_stamp((real / prefix).stat()))
        with os.scandir(real / prefix) as entries:
            for entry in entries:
                count += 1
                if count > MAX_FILES:
                    return _make_listing(files, folder_stamps, refused, is_whole=False)
                name = prefix + entry.name
                if entry.name.startswith(".") and not hidden:
                    continue
                if entry.is_file(follow_symlinks=False):
                    files[name] = entry.stat(follow_symlinks=False)
                elif not entry.is_dir(follow_symlinks=False):
                    _sort_in(Path(entry.path), name, inside, files, refused)
                elif level < MAX_LEVELS:
                    folders.append((f"{name}/", level + 1))
                else:
                    is_whole = False
    return _make_listing(files, folder_stamps, refused, is_whole=is_whole)


def _sort_in(path: Path, name: str, inside: Path, files: dict[str, os.stat_result], refused: list[str]) -> None:
    """Add a link or a special file to the list that it belongs to, if to any."""
    real = resolve_inside(path, inside) if path.is_symlink() else None
    try:
        found = real.stat() if real else None
    except OSError:
        found = None
    if found and stat.S_ISREG(found.st_mode):
        files[name] = found
    elif not (found and stat.S_ISDIR(found.st_mode)):
        refused.append(name)


def _make_listing(
    files: Mapping[str, os.stat_result], folder_stamps: Iterable[Stamp], refused: Iterable[str], *, is_whole: bool
) -> Listing:
    seen: Counter[tuple[int, int]] = Counter()
    kept: list[str] = []
    repeated: list[str] = []
    for name in sorted(files):
        file = files[name].st_dev, files[name].st_ino
        seen[file] += 1
        # Windows may say 0 of every file.
        (kept if seen[file] <= MAX_NAMES or not file[1] else repeated).append(name)
    stamps = tuple(to_stamp(files[name]) for name in kept)
    return Listing(tuple(kept), stamps, tuple(sorted(folder_stamps)), tuple(sorted(refused)), tuple(repeated), is_whole)


def to_stamp(found: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
