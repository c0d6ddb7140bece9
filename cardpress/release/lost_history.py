"""Asks git whether a deck without a history was released before, and which commit has a history that is lost."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cardpress.check.released import PUT_BACK, report_lost_history
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.disk.reading import MAX_BYTES, read_if_there
from cardpress.history import records
from cardpress.history.versions import Precedence, rank
from cardpress.note_types.identity import make_guid
from cardpress.publish.recovery import HISTORY
from cardpress.release import git

# Commits that wrote the history, one for each release, of which the newest are looked at.
_COMMITS = 50


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


def name_commit(project: Path, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the problems; where a commit has the history that is lost, its help says how to take it from there."""
    if not any(each.code == "lost-history" for each in diagnostics):
        return list(diagnostics)
    commit = _find_commit(project)
    back = f"`git checkout {commit} -- {HISTORY}` puts it back"
    return [replace(each, help=each.help.replace(PUT_BACK, back)) if commit else each for each in diagnostics]


def _find_commit(project: Path) -> str | None:
    """Return the hash of the newest commit that has a later release than the present history, None without one."""
    present = _rank_last(read_if_there(project / HISTORY, project, MAX_BYTES) or b"")
    with suppress(git.GitError):
        for each in git.read_commits(project, HISTORY, _COMMITS):
            last = _rank_last(each.data)
            if last is not None and (present is None or last > present):
                return each.commit
    return None


def _rank_last(data: bytes) -> Precedence | None:
    """Return the rank of a history's last release, None when it is none."""
    history = records.parse(SourceFile(HISTORY, data.decode("utf-8-sig", errors="replace")))
    return None if isinstance(history, Diagnostic) else rank(history.last.version)


def _is_of(history: records.History, deck_id: str) -> bool:
    if history.deck is not None:
        return history.deck.id == deck_id
    return any(each.guid == make_guid(deck_id, each.id) for each in history.notes.values())
