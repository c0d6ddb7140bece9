"""Keeps the questions of files from one command to the next, by all that they are made of."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cardpress.engine import ROOT, this_engine
from cardpress.history.digests import digest
from cardpress.publish.store import Store
from cardpress.source.contents import Contents, look_at_folders


class QuestionShelf:
    """The questions of a project's files, as the engine that runs and the project's own templates make them.

    Each is kept by a digest of these, which is `read_by`, and of the texts that it is made of.
    """

    def __init__(self, store: Store, project: Path) -> None:
        self._store, self._project = store, project
        self._before = self._look()
        self.read_by = digest((this_engine().digest.encode(), sys.version.encode(), self._before.digest.encode()))
        self._added: dict[str, bytes] = {}

    def find(self, made_of: Sequence[str]) -> bytes | None:
        """Return what is kept of these texts, None when there is nothing."""
        return self._store.get_part(self._digest(made_of))

    def keep(self, made_of: Sequence[str], data: bytes) -> None:
        """Keep what was made of these texts, once all are read."""
        self._added[self._digest(made_of)] = data

    def close(self) -> bool:
        """Keep what was added, and return True; or return False, since the templates are not what they were before.

        Then nobody knows with which of them questions were read.
        """
        if self._look() != self._before:
            return False
        for key, data in self._added.items():
            self._store.keep_part(key, data)
        if self._added:
            self._store.drop_old_parts()
        return True

    def _look(self) -> Contents:
        # Of a clone of the engine, templates/ are the engine's.
        return look_at_folders(self._project, () if self._project.resolve() == ROOT else ("templates",))

    def _digest(self, made_of: Sequence[str]) -> str:
        return digest(
            (b"questions", self.read_by.encode(), *(text.encode("utf-8", "surrogatepass") for text in made_of))
        )
