"""Single steps on the disk that all writing is built from: write, link or copy, exchange, remove.

A file that is written is always new, under a name that nobody can guess, so that no link is followed; then it is
renamed over the old one, which replaces a link itself.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
from contextlib import suppress
from pathlib import Path

# Constants of Linux's renameat2(2) and macOS's renamex_np(2). The flag for an exchange has the same value in both.
_AT_FDCWD = -100
_EXCHANGE = 2
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
for _name in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
    _NEW |= getattr(os, _name, 0)  # those that Windows does not have


def make_token() -> str:
    """Return a part of a file's name that nobody can guess. It is in no name that stays, and in nothing written."""
    return secrets.token_hex(8)


def write_new(path: Path, data: bytes, *, is_durable: bool = True) -> None:
    """Write a file that is not there yet, and return when its bytes are on the disk (fsync), if it is to be durable.

    Raises FileExistsError when there is anything of this name, even a link to nowhere.
    """
    handle = os.open(path, _NEW, 0o666)
    with open(handle, "wb") as file:  # noqa: PTH123 - a handle has no path
        file.write(data)
        if is_durable:
            file.flush()
            os.fsync(file.fileno())


def write_over(path: Path, data: bytes, *, is_durable: bool = True) -> None:
    """Write a file in place of the one that is there, if any. After a kill it is the old one or the new.

    After a loss of power one that is not durable can be anything.
    """
    beside = path.with_name(f".{path.name}.{make_token()}.tmp")
    try:
        write_new(beside, data, is_durable=is_durable)
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()


def link_or_copy(source: Path | str, target: Path | str) -> None:
    """Make `target` a hard link to `source`, or a copy where that is not possible."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # the disk has no hard links, or the system none to symbolic links
        shutil.copy2(source, target, follow_symlinks=False)


def exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step and return True, or return False where the system has no call for it."""
    import ctypes

    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform)
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if call is None:
        return False
    paths = (os.fsencode(first), os.fsencode(second))
    if sys.platform == "darwin":
        return bool(call(*paths, ctypes.c_uint(_EXCHANGE)) == 0)
    return bool(call(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], ctypes.c_uint(_EXCHANGE)) == 0)


def remove(path: Path) -> None:
    """Remove a file, a link itself, or a whole folder, if it is there. Raises OSError when that fails."""
    if path.is_dir() and not path.is_symlink():
        try:
            shutil.rmtree(path)
        except RecursionError as error:  # up to Python 3.12
            raise OSError(errno.ELOOP, "folders nested too deep", str(path)) from error
    else:
        path.unlink(missing_ok=True)
