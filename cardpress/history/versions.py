"""Semantic versions: how they are ordered, and which one comes after a version."""

from __future__ import annotations

import re

# Characters of a version that an author writes. It is on every note, in the changelog, and in the name of a file.
LONGEST = 60
# The form of a semantic version, from semver.org's grammar, with numbers of at most nine digits.
_NUMBER = r"(?:0|[1-9]\d{0,8})"
_PRE = rf"(?:{_NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)"
VERSION = re.compile(
    rf"(?P<core>{_NUMBER}\.{_NUMBER}\.{_NUMBER})(?:-(?P<pre>{_PRE}(?:\.{_PRE})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)

Precedence = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


def rank(version: str) -> Precedence:
    """Return a key that sorts versions by semver.org's rule 11. Raises ValueError for anything but a version."""
    match = VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"{version!r} is not a semantic version")
    core = tuple(map(int, match["core"].split(".")))
    parts = match["pre"].split(".") if match["pre"] else []
    pre = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)
    return core, not pre, pre


def step(version: str, size: str) -> str:
    """Return the lowest version that is a `minor` or `patch` step after a version.

    A pre-release of 1.3.0 has taken the minor step already, so the next version may be 1.3.0.
    """
    (major, minor, patch), is_release, _ = rank(version)
    if not is_release and (size == "patch" or patch == 0):
        return f"{major}.{minor}.{patch}"
    return f"{major}.{minor + 1}.0" if size == "minor" else f"{major}.{minor}.{patch + 1}"
