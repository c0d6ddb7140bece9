"""Tells again what a check has found, where everything that it read is as it was.

What decides what a check finds is the engine, Python and what compares words; all files of source/ and of a project's
templates/; CHANGELOG.md; and, where there is no history, what of dist/ could be a trace of a release. All of their
bytes are in the key; of hidden files, of which hardly anything is read, the stamps. Where something is unusual, such as
a link, a file that is refused, or a release that was interrupted, nothing is kept: then there are things beside bytes
that decide, and everything is looked at.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.kept import read_problems, write_problems
from cardpress.disk.reading import MAX_PACKAGE_BYTES, Stamp, UnreadableError, list_files, read_in_parts, to_stamp
from cardpress.engine import ROOT, find_version, this_engine
from cardpress.history.digests import digest, digest_parts
from cardpress.history.records import NAME as HISTORY
from cardpress.publish.store import Store
from cardpress.source.contents import CHANGELOG, Contents, is_hidden, read_contents

# In dist/, what a project without a history is searched for; and how the names of kept packages begin.
_NOTES, _MANIFEST = "RELEASE_NOTES.md", "manifest.json"
_KEPT = ".released-"
_JOURNAL = ".cardpress-release"


class _UnusualError(Exception):
    """Something of a project is more than the bytes of a file."""


class LastCheck:
    """The last check of a project, for some outputs or for those that the project wants."""

    def __init__(self, store: Store, project: Path, only: Collection[str] | None = None) -> None:
        self.store, self._project = store, project
        self._only = None if only is None else sorted(only)
        self._name = "check" if only is None else "check-some"
        # A project's values are kept by its place: nothing is looked at where there is no store.
        self._before = self._look() if store.cache else None

    def find(self) -> tuple[Diagnostic, ...] | None:
        """Return the problems that the last check found, if this one would find the same; None otherwise."""
        if self._before is not None:
            with suppress(ValueError):
                kept = self.store.read(self._name, self._before.digest)
                return None if kept is None else read_problems(kept)
        return None

    def remember(self, problems: Iterable[Diagnostic]) -> None:
        """Keep what was found, unless something has changed since this was made: it may or may not have been read.

        What was changed and is as before again counts, too.
        """
        if self._before is not None and self._look() == self._before:
            self.store.write(self._name, self._before.digest, write_problems(problems))

    def _look(self) -> Contents | None:
        """Return what a check finds problems in, as it is now."""
        stamps: list[Stamp] = []
        asked = (*_describe_engine(), repr(self._only).encode())
        try:
            found = digest(chain(asked, _list_read(self._project, stamps)))
        except (_UnusualError, UnreadableError, OSError):
            return None
        return Contents(found, tuple(stamps))


def _describe_engine() -> tuple[bytes, ...]:
    """Return what decides what a check finds in the same files, beside what is asked for."""
    return this_engine().digest.encode(), sys.version.encode(), find_version("rapidfuzz").encode()


def _list_read(project: Path, stamps: list[Stamp]) -> Iterator[bytes]:
    """Yield the names and contents of all that a check of a project may read, and add the stamps of these files."""
    whole = project.resolve()
    if os.path.lexists(whole / _JOURNAL):
        raise _UnusualError
    names = yield from _list_folder(whole, "source", stamps)
    if whole != ROOT:
        yield from _list_folder(whole, "templates", stamps)
    yield from _list_file(whole, CHANGELOG, stamps)
    if (whole / "dist").is_symlink():
        raise _UnusualError
    if HISTORY not in names:
        kept = sorted(path.name for path in (whole / "dist").glob(f"{_KEPT}*"))
        # Each build writes another manifest, which is asked only whose the notes are.
        traces = (_NOTES, _MANIFEST) if os.path.lexists(whole / "dist" / _NOTES) else (_NOTES,)
        for name in (*traces, *kept):
            yield from _list_file(whole, f"dist/{name}", stamps)


def _list_folder(project: Path, name: str, stamps: list[Stamp]) -> Generator[bytes, None, tuple[str, ...]]:
    """Yield the names and contents of all files below a folder, and return the names."""
    folder = project / name
    if folder.is_symlink():
        raise _UnusualError
    found = list_files(folder, project, hidden=True)
    if found.refused or found.repeated or not found.is_whole:
        raise _UnusualError
    stamps += found.stamps
    yield f"{name} {len(found.files)}".encode()
    read = tuple(each for each in found.files if not is_hidden(each))
    for each, data in zip(read, read_contents(folder, read, project), strict=True):
        if data is None or os.path.islink(f"{folder}{os.sep}{each}"):  # noqa: PTH114 - a `Path` of each file takes longer
            raise _UnusualError
        yield os.fsencode(each)
        yield data
    for each, stamp in zip(found.files, found.stamps, strict=True):
        if is_hidden(each):
            yield os.fsencode(each)
            yield repr(stamp).encode()
    return found.files


def _list_file(project: Path, name: str, stamps: list[Stamp]) -> Iterator[bytes]:
    path = project / name
    if path.is_symlink():
        raise _UnusualError
    yield os.fsencode(name)
    if os.path.lexists(path):
        stamps.append(to_stamp(path.lstat()))
        yield digest_parts(read_in_parts(path, project, MAX_PACKAGE_BYTES)).encode()
    else:
        yield b"there is none"
