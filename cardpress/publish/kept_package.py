"""Keeps the last release's package when a build replaces it in dist/, so that the next release can still find it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cardpress.disk.reading import MAX_PACKAGE_BYTES, read_if_there
from cardpress.history.digests import digest_file
from cardpress.history.records import Release
from cardpress.publish.artifact import Artifact


def read_package(out: Path, deck_id: str, release: Release) -> bytes | None:
    """Return a release's package from dist/, where it has its usual name or the kept one. None when it is not there."""
    for path in (out / _name(deck_id), out / _kept_name(release)):
        data = read_if_there(path, out, MAX_PACKAGE_BYTES)
        if data is not None and digest_file(data) == release.package:
            return data
    return None


def keep_package(out: Path, deck_id: str, release: Release, artifacts: Iterable[Artifact]) -> dict[str, bytes]:
    """Return the file that keeps a release's package, as its name and bytes; {} if the artifacts do not replace it."""
    new = next((artifact.data for artifact in artifacts if artifact.name == _name(deck_id)), None)
    if new is not None and digest_file(new) == release.package:
        return {}
    data = read_package(out, deck_id, release)
    return {_kept_name(release): data} if data is not None else {}


def list_kept(out: Path) -> list[str]:
    """Return the names of the kept packages of earlier releases in dist/, sorted."""
    return sorted(path.name for path in out.glob(".released-*.apkg"))


def read_kept(out: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield the name, the version and the bytes of each kept package in dist/."""
    for name in list_kept(out):
        data = read_if_there(out / name, out, MAX_PACKAGE_BYTES)
        if data is not None:
            yield name, name.removeprefix(".released-").removesuffix(".apkg"), data


def _name(deck_id: str) -> str:
    return f"{deck_id}.apkg"


def _kept_name(release: Release) -> str:
    return f".released-{release.version}.apkg"
