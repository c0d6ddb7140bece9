"""Folders that only this program sees, for programs that read files: they hold what those need, and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def make_private_folder(folders: Iterable[str], files: Mapping[str, bytes]) -> Iterator[Path]:
    """Make a temporary folder of a name that nobody can guess, yield its path, and remove it.

    `files` are by their paths in it, of at most one of the `folders`.
    """
    # Windows keeps files that a program still has open.
    with tempfile.TemporaryDirectory(prefix="cardpress-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for each in folders:
            (folder / each).mkdir()
        for path, data in files.items():
            (folder / path).write_bytes(data)
        yield folder
