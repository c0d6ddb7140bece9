"""Writing files where there are none yet: all of them or none, and nothing over what is there."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from cardpress.disk.writing import make_token, remove, write_new


class OccupiedError(Exception):
    """Something is already where a new folder is to be. The message says what."""


def write_all_new(folder: Path, files: Mapping[str, bytes], beside: Collection[str] = ()) -> None:
    """Write files into a folder that is not there yet, or that holds nothing but `beside`. What fails leaves nothing.

    `files` are by their paths in it, with forward slashes. Raises OccupiedError, and OSError when the disk fails.
    """
    list_beside(folder, beside)
    made: list[Path] = []
    try:
        _make_folders(folder, made)
        below = {above for name in files for above in PurePosixPath(name).parents if above.parts}
        for each in sorted(below):
            _make(folder / each, made)
        for name, data in files.items():
            _write(folder / name, data, made)
    except BaseException:
        for path in reversed(made):
            with suppress(OSError):
                path.unlink() if path.is_file() else path.rmdir()
        raise


class StagedFolder:
    """A folder that is being filled, and that nobody sees under its name until all of it is there.

    `path` is where it is for the time being.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, data: bytes) -> None:
        """Write a file that is not there yet. Its name is its path in the folder, with forward slashes."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, data, is_durable=False)

    def overwrite(self, name: str, data: bytes) -> None:
        """Write a file, in the place of one that was written before if there is one."""
        self.remove(name)
        self.write(name, data)

    def remove(self, name: str) -> None:
        """Remove a file that was written, if there is one."""
        (self.path / name).unlink(missing_ok=True)


@contextmanager
def stage_folder(folder: Path, beside: Collection[str] = ()) -> Iterator[StagedFolder]:
    """Give a folder to fill, which takes its place at the end of the `with` block. What fails leaves nothing.

    `folder` is not there yet, or holds nothing but `beside`, which stays: a file of the same name is not written.
    Raises OccupiedError, and OSError when the disk fails.
    """
    list_beside(folder, beside)
    whole = folder.absolute()
    made: list[Path] = []
    staged = whole.parent / f".{whole.name}.{make_token()}.tmp"
    try:
        _make_folders(whole.parent, made)
        _make(staged, made)
        yield StagedFolder(staged)
        _move(staged, whole, {name.lower() for name in list_beside(folder, beside)})
    except BaseException:
        with suppress(OSError):
            remove(staged)
        for path in reversed(made[:-1]):
            with suppress(OSError):
                path.rmdir()
        raise


def _move(staged: Path, folder: Path, there: Collection[str]) -> None:
    """Move what was staged into its place. `there` are the names of what stays, in small letters."""
    if not folder.is_dir():
        staged.rename(folder)
        return
    moved: list[Path] = []
    try:
        for each in sorted(staged.iterdir()):
            if each.name.lower() not in there:
                each.rename(folder / each.name)
                moved.append(folder / each.name)
    except BaseException:
        for path in moved:
            with suppress(OSError):
                remove(path)
        raise
    remove(staged)


def list_beside(folder: Path, beside: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of what a folder holds, none where it is not there yet.

    `beside` are names that it may hold, in small letters. Raises OccupiedError when it holds another, or a folder that
    is not git's, and when something else has the folder's name.
    """
    if not os.path.lexists(folder):
        above = next(each for each in folder.absolute().parents if os.path.lexists(each))
        if not above.is_dir():
            raise OccupiedError(f"{above} is no folder")
        return ()
    if not folder.is_dir():
        raise OccupiedError(f"{folder} is {'a link that leads to no folder' if folder.is_symlink() else 'a file'}")
    found = sorted(folder.iterdir())
    others = [
        each.name
        for each in found
        if each.name.lower() not in beside or (each.name.lower() != ".git" and each.is_dir())
    ]
    if others:
        more = f" and {len(others) - 1:,} more" if len(others) > 1 else ""
        raise OccupiedError(f"{folder} holds {others[0]}{more}")
    return tuple(each.name for each in found)


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Make a folder, and those above it that are missing."""
    if not folder.is_dir():
        if folder.parent != folder:
            _make_folders(folder.parent, made)
        _make(folder, made)


def _make(folder: Path, made: list[Path]) -> None:
    folder.mkdir()
    made.append(folder)


def _write(path: Path, data: bytes, made: list[Path]) -> None:
    try:
        write_new(path, data)
    except FileExistsError:
        raise  # it is another's
    except BaseException:
        made.append(path)
        raise
    made.append(path)
