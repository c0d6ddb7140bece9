"""Releases of small text files, and what is in a folder."""

from __future__ import annotations

from pathlib import Path

from cardpress.engine import Engine
from cardpress.publish.artifact import Artifact
from cardpress.publish.manifest import add_manifest


def artifacts(text: str, *names: str) -> tuple[Artifact, ...]:
    """Return the artifacts of a release of text files, `a.txt` and `b.txt` by default, with manifest and checksums."""
    made = (Artifact(name, text.encode(), "text/plain", "words") for name in names or ("a.txt", "b.txt"))
    return add_manifest(made, "sample", "1.0.0", "2026-01-02", Engine("1.0.0", "0" * 64))


def of(made: tuple[Artifact, ...]) -> dict[str, str]:
    """Return the texts of a release, by name."""
    return {artifact.name: artifact.data.decode() for artifact in made}


def contents(folder: Path) -> dict[str, str]:
    """Return the text of every file below a folder, by path."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def names(folder: Path) -> list[str]:
    """Return the sorted names of what is in a folder."""
    return sorted(path.name for path in folder.iterdir())
