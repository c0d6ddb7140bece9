"""The engine itself: where its templates are, its version, and a digest of what decides which bytes it makes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
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
    files = ((name.encode(), _read(path)) for name, path in _list_files())
    packages = ((name.encode(), find_version(name).encode()) for name in MAKE_BYTES)
    return Engine(__version__, digest(part for pairs in (files, packages) for pair in pairs for part in pair))


def find_version(name: str) -> str:
    """Return the version of an installed package.

    `importlib.metadata` takes longer to load than all versions take to be read from the files that it would read.
    """
    for folder in sys.path:
        place = _list_metadata(folder or ".").get(_normalize(name))
        if place is not None:
            with suppress(OSError, ValueError), place.open(encoding="utf-8") as file:
                for line in takewhile(str.strip, file):
                    if line.startswith("Version: "):
                        return line.removeprefix("Version: ").strip()
    from importlib.metadata import version

    return version(name)


@cache
def _list_metadata(folder: str) -> Mapping[str, Path]:
    """Return the files of metadata in a folder of packages, by the packages' names."""
    found: dict[str, Path] = {}
    with suppress(OSError):
        for each in Path(folder).iterdir():
            if each.name.endswith(".dist-info"):
                found.setdefault(_normalize(each.name.partition("-")[0]), each / "METADATA")
    return found


def _normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a `Path` for each of 500 takes longer than to read it
        return file.read()


def _list_files() -> Iterator[tuple[str, str]]:
    """Yield the files of code and templates, sorted, each with its path as it is in a clone."""
    code = ((f"{_PACKAGE.name}/{name}", path) for name, path in _walk(_PACKAGE) if name.endswith(".py"))
    # In an installed cardpress, templates/ is in the package.
    ours = {name: path for name, path in code if ROOT != _PACKAGE or not name.startswith(f"{_PACKAGE.name}/templates/")}
    ours |= {f"templates/{name}": path for name, path in _walk(ROOT / "templates")}
    yield from sorted(ours.items())


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the files below a folder, each with its path there, that are ours."""
    folders = [("", str(folder))]
    while folders:
        below, place = folders.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                if not _is_ours(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append((f"{below}{entry.name}/", entry.path))
                elif entry.is_file():
                    yield f"{below}{entry.name}", entry.path


def _is_ours(name: str) -> bool:
    """Return whether a name is that of a file or folder of ours, and not of what others put between them.

    Editors, systems and pip do; pip compiles the snippets of new projects, too.
    """
    return not (name.startswith((".", "#")) or name.endswith(("~", ".pyc")))


def is_clone() -> bool:
    """Return whether this is the repository, with its tests, and not what was installed from it."""
    return (ROOT / "tests").is_dir()
