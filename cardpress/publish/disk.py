"""The two ways in which publishing puts a file on the disk: written for good, or kept as the very same file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


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
