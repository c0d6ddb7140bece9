"""Finds out whether nothing has to be rendered: the inputs are unchanged, and dist/ still holds what they made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from cardpress.diagnostics import Diagnostic
from cardpress.diagnostics.kept import read_problems, write_problems
from cardpress.disk.reading import read_if_there
from cardpress.history.digests import digest_file
from cardpress.publish.artifact import Artifact
from cardpress.publish.manifest import SUMS, is_intact
from cardpress.publish.store import Store

# The builds that are remembered beside each other: that into dist/, and the last one into another folder.
_NAME, _ELSEWHERE = "build", "build-elsewhere"
# Says what the writers of the last build found, if that still stands for a key; None otherwise.
FindProblems = Callable[[str], tuple[Diagnostic, ...] | None]


@dataclass(frozen=True, slots=True)
class LastBuild:
    """The last build of a project into a folder. Its key is a digest of all its inputs."""

    store: Store
    project: Path
    out: Path

    @property
    def _name(self) -> str:
        return _NAME if self.out.resolve() == self.project.resolve() / "dist" else _ELSEWHERE

    @contextmanager
    def look(self) -> Iterator[FindProblems]:
        """Yield the function that says whether the last build still stands for the inputs of a present one.

        It does if it had the same, and all its files are intact in `out`. To read and digest these needs no Python, so
        that it is done while the source is read and checked.
        """
        sums = None
        with suppress(OSError):
            sums = read_if_there(self.out / SUMS, self.out) if self.store.has(self._name) else None
        if sums is None:
            yield lambda _: None
            return
        from concurrent.futures import ThreadPoolExecutor  # for who has built before

        must_stop = Event()
        with ThreadPoolExecutor(1) as pool:
            intact = pool.submit(is_intact, self.out, must_stop)
            try:
                yield lambda key: self._find_problems(key, sums, intact.result)
            finally:
                must_stop.set()

    def _find_problems(self, key: str, sums: bytes, is_whole: Callable[[], bool]) -> tuple[Diagnostic, ...] | None:
        kept = self.store.read(self._name, key)
        if isinstance(kept, dict) and kept.get("sums") == digest_file(sums):
            with suppress(ValueError):
                problems = read_problems(kept.get("problems"))
                return problems if is_whole() else None
        return None

    def remember(self, key: str, artifacts: Iterable[Artifact], problems: Iterable[Diagnostic]) -> None:
        """Record the present build as the last one, with its key and what its writers found."""
        checksums = next(artifact.data for artifact in artifacts if artifact.name == SUMS)
        self.store.write(self._name, key, {"sums": digest_file(checksums), "problems": write_problems(problems)})
