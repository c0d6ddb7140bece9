"""Single steps on the disk that larger changes are built from: write, link or copy, exchange, remove."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

# Constants of Linux's renameat2(2) and macOS's renamex_np(2). The flag for an exchange has the same value in both.
_AT_FDCWD = -100
_EXCHANGE = 2


def write_durably(path: Path, data: bytes) -> None:
    """Write a file, and return when its bytes are on the disk (fsync)."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def link_or_copy(source: Path | str, target: Path | str) -> None:
    """Make `target` a hard link to `source`, or a copy where that is not possible."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # the disk has no hard links, or the system none to symbolic links
        shutil.copy2(source, target, follow_symlinks=False)


def exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step and return True, or return False where the system has no call for it."""
    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform)
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if call is None:
        return False
    paths = (os.fsencode(first), os.fsencode(second))
    if sys.platform == "darwin":
        return bool(call(*paths, ctypes.c_uint(_EXCHANGE)) == 0)
    return bool(call(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], ctypes.c_uint(_EXCHANGE)) == 0)


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder, if it is there. Raises OSError when that fails."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
