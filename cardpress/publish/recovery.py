"""The one place where a run that was interrupted is mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cardpress.publish.dist import put_back
from cardpress.publish.lock import hold_lock
from cardpress.publish.transaction import recover as recover_journal

# The folder of a release's journal, in the project.
JOURNAL = ".cardpress-release"


def recover(project: Path, out: Path, waiting: Callable[[], object] = lambda: None) -> None:
    """Bring a release that died to its end, and put back an `out` that a killed build had taken away.

    `waiting` is called when a release is at work just now; then this waits for its end.
    """
    if (project / JOURNAL).exists():
        with hold_lock(project / "source", waiting):
            if (project / JOURNAL).exists():
                recover_journal(project / JOURNAL)
    if not out.exists() and out.parent.is_dir():
        with hold_lock(out.parent.resolve()):
            put_back(out.resolve())
