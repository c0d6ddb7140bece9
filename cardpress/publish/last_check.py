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
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.kept import read_problems, write_problems
from cardpress.disk.reading import MAX_PACKAGE_BYTES, Stamp, UnreadableError, read_in_parts, to_stamp
from cardpress.engine import ROOT, find_version, this_engine
from cardpress.history.digests import digest, digest_parts
from cardpress.history.records import NAME as HISTORY
from cardpress.publish.store import Store
from cardpress.source.contents import CHANGELOG, Contents, look_at_project

# In dist/, what a project without a history is searched for; and how the names of kept packages begin.
_NOTES, _MANIFEST = "RELEASE_NOTES.md", "manifest.json"
_KEPT = ".released-"
_JOURNAL = ".cardpress-release"


class _UnusualError(Exception):
    """Something of a project is more than the bytes of a file."""


class LastCheck:
    """The last check of a project, for some outputs or for those that the project wants.

    `contents` are those of the project, where they are known.
    """

    def __init__(
        self, store: Store, project: Path, only: Collection[str] | None = None, contents: Contents | None = None
    ) -> None:
        self.store, self._project = store, project
        self._only = None if only is None else sorted(only)
        self._name = "check" if only is None else "check-some"
        # A project's values are kept by its place: nothing is looked at where there is no store.
        self._before = self._look(contents) if store.cache else None

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

    def _look(self, contents: Contents | None = None) -> Contents | None:
        """Return what a check finds problems in, as it is now; None where there is more to it than bytes."""
        try:
            contents = contents or look_at_project(self._project, own_templates=self._project.resolve() != ROOT)
            if not contents.is_plain:
                return None
            stamps = list(contents.stamps)
            asked = (*_describe_engine(), repr(self._only).encode(), contents.digest.encode())
            return Contents(digest(chain(asked, _list_beside(self._project.resolve(), stamps))), tuple(stamps))
        except (_UnusualError, UnreadableError, OSError):
            return None


def _describe_engine() -> tuple[bytes, ...]:
    """Return what decides what a check finds in the same files, beside what is asked for."""
    return this_engine().digest.encode(), sys.version.encode(), find_version("rapidfuzz").encode()


def _list_beside(project: Path, stamps: list[Stamp]) -> Iterator[bytes]:
    """Yield the names and contents of what a check may read beside source/ and templates/. Add the stamps of these."""
    if os.path.lexists(project / _JOURNAL):
        raise _UnusualError
    yield from _list_file(project, CHANGELOG, stamps)
    if (project / "dist").is_symlink():
        raise _UnusualError
    if not os.path.lexists(project / "source" / HISTORY):
        kept = sorted(path.name for path in (project / "dist").glob(f"{_KEPT}*"))
        # Each build writes another manifest, which is asked only whose the notes are.
        traces = (_NOTES, _MANIFEST) if os.path.lexists(project / "dist" / _NOTES) else (_NOTES,)
        for name in (*traces, *kept):
            yield from _list_file(project, f"dist/{name}", stamps)


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
