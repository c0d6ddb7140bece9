"""The contents of a project's folder, and digests that show later whether anything in it has changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cardpress.diagnostics import SourceFile
from cardpress.history.digests import digest
from cardpress.history.records import NAME as HISTORY
from cardpress.source.files import MAX_BYTES, Folder


def list_contents(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of every file below a folder, sorted. Too large a file has no bytes."""
    for path in sorted(root.rglob("*")):
        if path.is_file():
            name = path.relative_to(root).as_posix()
            yield name, path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""


def digest_project(project: Path, own_templates: bool) -> str:
    """Return a digest of everything of a project that decides what a build makes of it."""
    roots = [project / "source", *([project / "templates"] if own_templates else [])]
    return digest(part for root in roots for name, data in list_contents(root) for part in (name.encode(), data))


def digest_source(project: Path, instead: Mapping[str, bytes] | None = None) -> str:
    """Return a digest of source/ without its history. `instead` replaces some files' bytes, by name."""
    contents = dict(list_contents(project / "source")) | dict(instead or {})
    return digest(part for name, data in sorted(contents.items()) if name != HISTORY for part in (name.encode(), data))


def read_history_text(source: Path) -> str | None:
    """Return the text of source/history.json as it is now; None when there is none, or it cannot be read."""
    folder = Folder.of(source, "source")
    file = folder.read_text(HISTORY) if (source / HISTORY).exists() else None
    return file.text if isinstance(file, SourceFile) else None
