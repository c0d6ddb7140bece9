"""The engine itself: where its templates are, its version, and a digest of what decides which bytes it makes."""

from __future__ import annotations

import os
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
    code = ((f"{_PACKAGE.name}/{name}", path) for name, path in _walk(_PACKAGE) if name.endswith(".py"))
    # In an installed cardpress, templates/ is in the package.
    ours = {name: path for name, path in code if ROOT != _PACKAGE or not name.startswith(f"{_PACKAGE.name}/templates/")}
    ours |= {f"templates/{name}": path for name, path in _walk(ROOT / "templates")}
    yield from sorted(ours.items())


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder, each with its path there, that are ours."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if _is_ours(name)]
        below = os.path.relpath(place, folder).replace(os.sep, "/")
        for name in filter(_is_ours, names):
            path = Path(place, name)
            if path.is_file():
                yield (name if below == "." else f"{below}/{name}"), path


def _is_ours(name: str) -> bool:
    """Return whether a name is that of a file or folder of ours, and not of what others put between them.

    Editors, systems and pip do; pip compiles the snippets of new projects, too.
    """
    return not (name.startswith((".", "#")) or name.endswith(("~", ".pyc")))


def is_clone() -> bool:
    """Return whether this is the repository, with its tests, and not what was installed from it."""
    return (ROOT / "tests").is_dir()
