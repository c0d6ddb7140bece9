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
    # Snippets of new projects are no code of ours, but pip compiles them, too.
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    code = [path for path in _PACKAGE.rglob("*.py") if ROOT / "templates" not in path.parents]
    named = {path.relative_to(_PACKAGE.parent): path for path in code}
    named |= {path.relative_to(ROOT): path for path in templates}
    yield from sorted((name.as_posix(), path) for name, path in named.items())


def is_clone() -> bool:
    """Return whether this is the repository, with its tests, and not what was installed from it."""
    return (ROOT / "tests").is_dir()
