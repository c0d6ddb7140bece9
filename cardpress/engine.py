"""The engine itself: its folder, its version, and a digest of its code, templates and pinned packages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cardpress import __version__
from cardpress.history.digests import digest

# The folder that holds cardpress/ and templates/.
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Engine:
    """What manifest.json says about the engine that made the artifacts."""

    version: str
    digest: str


@cache
def this_engine() -> Engine:
    """Return the version and digest of the engine that runs. The digest covers code, templates and pinned packages."""
    names_and_bytes = ((path.relative_to(ROOT).as_posix().encode(), path.read_bytes()) for path in _files())
    return Engine(__version__, digest(part for pair in names_and_bytes for part in pair))


def _files() -> Iterator[Path]:
    yield from sorted((ROOT / "cardpress").rglob("*.py"))
    yield from sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
    yield ROOT / "requirements.txt"
