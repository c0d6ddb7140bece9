"""The engine itself: where its templates are, its version, and a digest of what decides which bytes it makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cardpress import __version__
from cardpress.history.digests import digest

_PACKAGE = Path(__file__).resolve().parent
# The folder that holds templates/: of an installed cardpress the package itself, of a clone the whole repository.
ROOT = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent
# The packages that decide which bytes are made. pyproject.toml pins each of them to one version.
MAKE_BYTES = (
    "deflate",
    "fonttools",
    "genanki",
    "jinja2",
    "markdown",
    "markdown-it-py",
    "markupsafe",
    "mdurl",
    "nh3",
    "pillow",
    "pygments",
    "pyyaml",
    "typst",
)


@dataclass(frozen=True, slots=True)
class Engine:
    """What manifest.json says about the engine that made the artifacts."""

    version: str
    digest: str


@cache
def this_engine() -> Engine:
    """Return the version and digest of the engine that runs.

    The digest covers code, templates and the versions of the packages that make bytes. It is the same in a clone and
    where cardpress is installed.
    """
    from importlib.metadata import version  # which help and completion do not need

    files = ((name.encode(), path.read_bytes()) for name, path in _list_files())
    packages = ((name.encode(), version(name).encode()) for name in MAKE_BYTES)
    return Engine(__version__, digest(part for pairs in (files, packages) for pair in pairs for part in pair))


def _list_files() -> Iterator[tuple[str, Path]]:
    """Yield the files of code and templates, sorted, each with its path as it is in a clone."""
    templates = {path.relative_to(ROOT): path for path in (ROOT / "templates").rglob("*")}
    code = {
        path.relative_to(_PACKAGE.parent): path
        for path in _PACKAGE.rglob("*.py")
        if ROOT / "templates" not in path.parents
    }
    every = (code | templates).items()
    yield from sorted((name.as_posix(), path) for name, path in every if _is_ours(name) and path.is_file())


def _is_ours(name: Path) -> bool:
    """Return whether a file is one of ours, and not what an editor, a system or pip puts between them."""
    is_beside = any(part.startswith((".", "#")) for part in name.parts)
    # pip compiles the snippets of new projects, too.
    return not is_beside and not name.name.endswith(("~", ".pyc"))


def is_clone() -> bool:
    """Return whether this is the repository, with its tests, and not what was installed from it."""
    return (ROOT / "tests").is_dir()
