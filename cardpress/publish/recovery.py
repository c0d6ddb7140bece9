"""Repairs what an interrupted build or release left, before a command uses the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cardpress.publish.dist import is_ours, put_back
from cardpress.publish.lock import hold_lock
from cardpress.publish.transaction import Kind
from cardpress.publish.transaction import recover as recover_journal

# The folder of a release's journal, in the project.
JOURNAL = ".cardpress-release"
# What a release changes beside dist/, in the project.
CHANGELOG, HISTORY, DECK = "CHANGELOG.md", "source/history.json", "source/deck.yaml"


def recover(project: Path, out: Path, waiting: Callable[[], object] = lambda: None) -> None:
    """Finish or undo a release that was killed, and put back an `out` that a killed build had renamed.

    `waiting` is called when a release is running; this then waits for its end. Raises BadJournalError for a journal
    that no release into `out` has left.
    """
    if (project / JOURNAL).exists():
        with hold_lock(project / "source", waiting):
            if (project / JOURNAL).exists():
                places = (project.resolve(), out.resolve())
                recover_journal(project / JOURNAL, lambda path, kind: _is_ours(path, kind, *places))
    if not out.exists() and out.parent.is_dir():
        with hold_lock(out.parent.resolve()):
            put_back(out.resolve())


def _is_ours(path: Path, kind: Kind, project: Path, out: Path) -> bool:
    """Return whether a release does this: replace `out`, change a file in it, or write one of three of the project."""
    if kind is Kind.FOLDER:
        return path == out and is_ours(out)
    files = {(project / name).resolve() for name in (CHANGELOG, HISTORY, DECK)}
    return path.parent == out or (kind is Kind.FILE and path in files and path.is_relative_to(project))
