"""Finds disks that are mounted below a folder, which must not be moved or removed with it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

# Linux's list of what is mounted where; the fifth column has the place (proc_pid_mountinfo(5)).
_MOUNTED = Path("/proc/self/mountinfo")
_PLACE = 4
# How a space, a tab, a line's end and a backslash are written there.
_ESCAPED = re.compile(rb"\\([0-7]{3})")


def has_mount_below(folder: Path) -> bool:
    """Return whether anything is mounted on a folder or file below a folder, at any depth.

    A folder of the same disk that is mounted a second time is known on Linux alone.
    """
    whole = folder.resolve()
    if any(place != whole and place.is_relative_to(whole) for place in _list_mounted()):
        return True
    return any(os.path.ismount(Path(above, name)) for above, names, _ in os.walk(whole) for name in names)


def _list_mounted() -> Iterator[Path]:
    """Yield the places that the system's list has, none where there is no such list."""
    try:
        lines = _MOUNTED.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        columns = line.split(b" ")
        if len(columns) > _PLACE:
            place = _ESCAPED.sub(lambda found: bytes([int(found[1], 8) & 0xFF]), columns[_PLACE])
            yield Path(os.fsdecode(place))
