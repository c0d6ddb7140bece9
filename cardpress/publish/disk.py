"""Single steps on the disk, of which changes are made: write for good, link or copy, exchange, remove."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

# Constants of Linux's renameat2(2) and macOS's renamex_np(2), which share the value of the flag for an exchange.
_AT_FDCWD = -100
_EXCHANGE = 2


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that its bytes are on the disk, not on their way to it, when this returns."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def link_or_copy(source: Path | str, target: Path | str) -> None:
    """Put the very same file under a second name, or a copy where the file system has no links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):  # some disks have no links, some systems no links to links
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
    """Remove a file, a link or a whole folder, if it is there. Raises OSError when the disk says no."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
