"""A lock that one process can hold. The system releases it when its holder dies, so a killed run leaves none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def hold_lock(path: Path, waiting: Callable[[], object] = lambda: None) -> Iterator[int | None]:
    """Hold the lock of an existing file or folder during the `with` block, with flock(2).

    `waiting` is called when another process holds it; this then waits. Yields the lock's file descriptor: a program
    that inherits it holds the lock too, until it ends. Yields None, without waiting, where there are no such locks
    (Windows, some network disks).
    """
    handle = _acquired(path, waiting)
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)  # releases the lock, unless a child process has inherited it


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
