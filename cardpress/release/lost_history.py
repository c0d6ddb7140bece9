"""Asks git whether a deck without a history was released before."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cardpress.check.released import report_lost_history
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.disk.reading import MAX_BYTES
from cardpress.history import records
from cardpress.note_types.identity import make_guid
from cardpress.publish.recovery import HISTORY
from cardpress.release import git


def find_lost_history(project: Path, deck_id: str) -> Diagnostic | None:
    """Return the problem that some commit has a history of this deck, None when none has or git cannot be asked.

    The commits of a copy of another deck's project have histories, too; they name that deck.
    """
    with suppress(git.GitError):
        for data in git.read_versions(project, records.NAME, MAX_BYTES):
            history = records.parse(SourceFile(HISTORY, data.decode(errors="replace")))
            if not isinstance(history, Diagnostic) and _is_of(history, deck_id):
                return report_lost_history(Span.of_file(HISTORY), history.last.version, "git")
    return None


def _is_of(history: records.History, deck_id: str) -> bool:
    return any(each.guid == make_guid(deck_id, each.id) for each in history.notes.values())
