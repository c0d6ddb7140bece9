"""The contents of a project's folder, and digests that show later whether anything in it has changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cardpress.diagnostics import SourceFile
from cardpress.disk.reading import list_files, read_all, resolve_inside
from cardpress.history.digests import digest
from cardpress.history.records import NAME as HISTORY

# What editors know the keys of source/ from. It follows from the engine and the note types, and is no source itself.
SCHEMA = "source.schema.json"
# The file beside source/ that a release adds its section to.
CHANGELOG = "CHANGELOG.md"


def list_contents(root: Path, project: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of every file below a folder of a project, sorted, hidden ones too.

    A file that is too large, or is a link that leads out of the folder, has no bytes.
    """
    boundary = resolve_inside(root, project)
    if boundary is None:
        return
    names = sorted(list_files(root, boundary, hidden=True).files, key=lambda name: name.split("/"))
    for name, data in zip(names, read_all(root, names, boundary), strict=True):
        yield name, data or b""


def digest_project(project: Path, own_templates: bool) -> str:
    """Return a digest of everything of a project that decides what a build makes of it."""
    roots = [project / "source", *([project / "templates"] if own_templates else [])]
    return _digest(pair for root in roots for pair in list_contents(root, project))


def digest_source(project: Path, instead: Mapping[str, bytes] | None = None) -> str:
    """Return a digest of source/ without its history and schema. `instead` replaces some files' bytes, by name."""
    contents = dict(list_contents(project / "source", project)) | dict(instead or {})
    return _digest((name, data) for name, data in sorted(contents.items()) if name not in (HISTORY, SCHEMA))


def _digest(contents: Iterable[tuple[str, bytes]]) -> str:
    return digest(part for name, data in contents for part in (os.fsencode(name), data))


def read_history_text(project: Path) -> str | None:
    """Return the text of source/history.json as it is now; None when there is none, or it cannot be read."""
    from cardpress.source.files import Folder  # which takes long to load, and digests need no text

    file = Folder.of(project / "source", "source", project).read_text(HISTORY)
    return file.text if isinstance(file, SourceFile) else None
