"""Finds out whether nothing has to be rendered: the inputs are unchanged, and dist/ still holds what they made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cardpress.disk.reading import read_if_there
from cardpress.history.digests import digest_file
from cardpress.publish.artifact import Artifact
from cardpress.publish.manifest import SUMS, is_intact
from cardpress.publish.store import Store

_NAME = "build"


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last build of a project. `key` is a digest of all inputs of the present build."""

    store: Store
    key: str
    out: Path

    def still_stands(self) -> bool:
        """Return whether the last build had the same inputs, and all its files are intact in `out`."""
        sums = read_if_there(self.out / SUMS, self.out)
        return sums is not None and self.store.read(_NAME, self.key) == digest_file(sums) and is_intact(self.out)

    def remember(self, artifacts: Iterable[Artifact]) -> None:
        """Record the present build as the last one."""
        checksums = next(artifact.data for artifact in artifacts if artifact.name == SUMS)
        self.store.write(_NAME, self.key, digest_file(checksums))
