"""Merges the histories of two branches that both released, while git merges the branches."""

from __future__ import annotations

from pathlib import Path

from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.disk.reading import resolve_inside
from cardpress.disk.writing import write_over
from cardpress.history import records
from cardpress.history.merging import CannotMergeError, Merged, merge
from cardpress.history.records import History
from cardpress.publish.lock import hold_lock
from cardpress.publish.recovery import HISTORY, find_interrupted
from cardpress.release import git
from cardpress.release.refusals import RefusedError, refuse_second


def merge_histories(project: Path) -> tuple[Merged, str]:
    """Write source/history.json as one for both sides of a merge. Return it, and the commit that has its last release.

    Raises RefusedError when that cannot be.
    """
    if find_interrupted(project):
        raise RefusedError("a release was interrupted here; run `cardpress release --recover` first")
    if resolve_inside(project / HISTORY, project) is None:
        raise RefusedError(f"{HISTORY} leads out of the project; put the file itself there")
    with hold_lock(project / "source", refuse_second):
        try:
            sides = git.read_sides(project, HISTORY)
        except git.GitError as error:
            raise RefusedError(f"git cannot tell the two sides ({error}); mend that") from error
        if sides is None:
            why = f"git has no two sides of {HISTORY}"
            raise RefusedError(f"{why}: run this while it merges or rebases two branches, or right after a merge")
        ours, theirs = (_read(side.data) for side in sides)
        try:
            merged = merge(ours, theirs)
        except CannotMergeError as error:
            raise RefusedError(f"the two histories cannot be merged: {error}") from error
        write_over(project / HISTORY, records.to_text(merged.history).encode())
    is_ours = ours.last.package == merged.history.last.package
    return merged, sides[0 if is_ours else 1].commit


def _read(data: bytes) -> History:
    history = records.parse(SourceFile(HISTORY, data.decode("utf-8-sig", errors="replace")))
    if isinstance(history, Diagnostic):
        raise RefusedError(f"of one side, {history.message}")
    return history
