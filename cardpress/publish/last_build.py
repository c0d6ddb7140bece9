"""Finds out whether nothing has to be rendered: the inputs are unchanged, and dist/ still holds what they made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.kept import read_problems, write_problems
from cardpress.disk.reading import read_if_there
from cardpress.history.digests import digest_file
from cardpress.publish.artifact import Artifact
from cardpress.publish.manifest import SUMS, is_intact
from cardpress.publish.store import Store

# The builds that are remembered beside each other: that into dist/, and the last one into another folder.
_NAME, _ELSEWHERE = "build", "build-elsewhere"


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last build of a project into a folder. `key` is a digest of all inputs of the present build."""

    store: Store
    key: str
    project: Path
    out: Path

    @property
    def _name(self) -> str:
        return _NAME if self.out.resolve() == self.project.resolve() / "dist" else _ELSEWHERE

    @contextmanager
    def look(self) -> Iterator[Callable[[], tuple[Diagnostic, ...] | None]]:
        """Yield the function that says whether the last build still stands, which is found out meanwhile.

        It does if it had the same inputs, and all its files are intact in `out`. The answer is then what its writers
        found, and otherwise None.
        """
        kept = self.store.read(self._name, self.key)
        sums = None
        with suppress(OSError):
            sums = read_if_there(self.out / SUMS, self.out) if isinstance(kept, dict) else None
        if sums is None or kept.get("sums") != digest_file(sums):
            yield lambda: None
            return
        from concurrent.futures import ThreadPoolExecutor  # for who has built before

        # To read and digest what was made needs no Python, so that the source can be checked at the same time.
        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(self._find_problems, kept.get("problems")).result

    def _find_problems(self, written: Any) -> tuple[Diagnostic, ...] | None:
        with suppress(ValueError):
            return read_problems(written) if is_intact(self.out) else None
        return None

    def remember(self, artifacts: Iterable[Artifact], problems: Iterable[Diagnostic]) -> None:
        """Record the present build as the last one, with what its writers found."""
        checksums = next(artifact.data for artifact in artifacts if artifact.name == SUMS)
        self.store.write(self._name, self.key, {"sums": digest_file(checksums), "problems": write_problems(problems)})
