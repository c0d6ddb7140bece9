"""Keeps the questions of files from one command to the next, by all that they are made of."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cardpress.engine import ROOT, this_engine
from cardpress.history.digests import digest
from cardpress.publish.store import Store
from cardpress.source.contents import list_contents


class QuestionShelf:
    """The questions of a project's files, as the engine that runs and the project's own templates make them.

    Each is kept by a digest of these, which is `read_by`, and of the texts that it is made of. `is_new` says whether
    something was added.
    """

    def __init__(self, store: Store, project: Path) -> None:
        self._store = store
        # Of a clone of the engine, templates/ are the engine's.
        own = () if project.resolve() == ROOT else list_contents(project / "templates", project)
        templates = (part for name, data in own for part in (name.encode("utf-8", "surrogatepass"), data))
        self.read_by = digest((this_engine().digest.encode(), sys.version.encode(), *templates))
        self.is_new = False

    def find(self, made_of: Sequence[str]) -> bytes | None:
        """Return what is kept of these texts, None when there is nothing."""
        return self._store.get_part(self._digest(made_of))

    def keep(self, made_of: Sequence[str], data: bytes) -> None:
        """Keep what was made of these texts."""
        self._store.keep_part(self._digest(made_of), data)
        self.is_new = True

    def _digest(self, made_of: Sequence[str]) -> str:
        return digest(
            (b"questions", self.read_by.encode(), *(text.encode("utf-8", "surrogatepass") for text in made_of))
        )
