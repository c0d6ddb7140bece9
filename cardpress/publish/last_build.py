"""Knows when there is nothing to do: the inputs are those of the last build, and dist/ still holds what it made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cardpress.history.digests import digest_file
from cardpress.publish.artifact import Artifact
from cardpress.publish.manifest import SUMS, is_intact
from cardpress.publish.store import Store

_NAME = "build"


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last build of a project. `key` is a digest of all inputs of the one that is asked for now."""

    store: Store
    key: str
    out: Path

    def still_stands(self) -> bool:
        """Return whether the last build had these inputs, and its files are in `out`, all of them whole."""
        checksums = self.store.read(_NAME, self.key)
        try:
            return checksums == digest_file((self.out / SUMS).read_bytes()) and is_intact(self.out)
        except OSError:
            return False

    def remember(self, artifacts: Iterable[Artifact]) -> None:
        """Keep what this build made, as the last one."""
        checksums = next(artifact.data for artifact in artifacts if artifact.name == SUMS)
        self.store.write(_NAME, self.key, digest_file(checksums))
