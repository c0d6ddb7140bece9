"""One at a time: a lock that the system takes back when its holder dies, so that no killed run leaves one behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def hold_lock(path: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[int | None]:
    """Hold the lock of a file or folder that exists. `waiting` is called when another process has it now.

    Gives the open file that the lock hangs on: a program that is started with it holds the lock, too, until it ends.
    Gives None, at once, where there are no such locks (Windows, some network disks).
    """
    handle = _acquired(path, waiting)
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)  # and with it goes the lock


def _acquired(path: Path, waiting: Callable[[], object]) -> int | None:
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return handle
