"""Finds the package of the last release, by the digest that the history has of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cardpress.history.records import History
from cardpress.release import git


def find_released_package(out: Path, history: History, deck_id: str) -> bytes | None:
    """Return the last release's package: it is in `out`, or was when that folder was committed. None if it is not."""
    path = out / f"{deck_id}.apkg"
    here = path.read_bytes() if path.is_file() else None
    for data in (here, git.read_committed(path.resolve())):
        if data is not None and hashlib.sha256(data).hexdigest() == history.last.package:
            return data
    return None
