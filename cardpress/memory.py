"""Lets the system have back the memory of large values as soon as they are not needed any more."""

from __future__ import annotations

import sys
from contextlib import suppress

# Of mallopt(3) in glibc: from how many bytes on a value gets memory of its own, which is given back when it goes.
_MMAP_THRESHOLD = -3
_LARGE = 256 * 1024


def give_back_large_values() -> None:
    """Let each large value that is made from now on give its memory back when it goes, where the system can be told.

    Linux keeps such memory otherwise, in case that something else fits in: with many pictures, as much again as is
    needed. It costs a little time for each such value, so that it is for those who have few and very large ones.
    """
    _call("mallopt", _MMAP_THRESHOLD, _LARGE)


def give_back_free_memory() -> None:
    """Give back the memory of all values that are gone, where the system can be told: a tenth, with a large deck."""
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    """Call a function of glibc, where there is one."""
    if sys.platform != "linux":
        return
    import ctypes  # for large decks and pictures alone

    with suppress(OSError, AttributeError):  # another C library
        getattr(ctypes.CDLL(None), name)(*numbers)
