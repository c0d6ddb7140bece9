"""Finds a release that was interrupted, and ends it when the author asks for that."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cardpress.diagnostics import Diagnostic, Span
from cardpress.disk.reading import resolve_inside
from cardpress.history import records
from cardpress.publish.lock import hold_lock
from cardpress.source import contents
from cardpress.source.contents import CHANGELOG

# What reads a journal is loaded where there is one.
if TYPE_CHECKING:
    from cardpress.publish.transaction import Kind, Outcome

# The folder of a release's journal, in the project.
JOURNAL = ".cardpress-release"
# What a release writes, in the project, beside its changelog.
HISTORY, DECK, DIST, SCHEMA = f"source/{records.NAME}", "source/deck.yaml", "dist", f"source/{contents.SCHEMA}"


def find_interrupted(project: Path) -> Diagnostic | None:
    """Return the problem that a release of the project was interrupted, None when there is no trace of one."""
    if not os.path.lexists(project / JOURNAL):
        return None
    message = "a release was interrupted here, so some files may be old and some new"
    help_line = "run `cardpress release --recover`, which ends the release or takes it back"
    return Diagnostic("interrupted-release", Span.of_file(JOURNAL), message, help_line)


def wait_for_release(project: Path) -> None:
    """Return when no release of the project is at work: until then its journal is no sign of an interruption."""
    source = resolve_inside(project / "source", project)
    if source is not None and os.path.lexists(project / JOURNAL):
        with hold_lock(source):
            pass


def recover(project: Path, waiting: Callable[[], object] = lambda: None) -> Outcome | None:
    """Finish or undo a release that was interrupted, and say which; None when there is nothing to do.

    `waiting` is called when a release is running; this then waits for its end. Raises BadJournalError for a journal
    that no release of the project has left, and then changes nothing.
    """
    if not os.path.lexists(project / JOURNAL):
        return None
    from cardpress.publish.transaction import BadJournalError
    from cardpress.publish.transaction import recover as recover_journal

    if link := find_link(project):
        raise BadJournalError(f"{link} is a link, through which no release writes; delete {project / JOURNAL}")
    with hold_lock(project / "source", waiting):
        if not (project / JOURNAL).exists():  # the release has ended in the meantime
            return None
        return recover_journal(project / JOURNAL, partial(_is_ours, project))


def find_link(project: Path) -> str | None:
    """Return the path of a link among what a release writes and the folders of that, None when there is none."""
    names = (JOURNAL, CHANGELOG, "source", HISTORY, DECK, SCHEMA, DIST)
    return next((name for name in names if (project / name).is_symlink()), None)


def report_links(project: Path) -> Iterator[Diagnostic]:
    """Yield a warning for each link that would make a release refuse, and that is read all the same."""
    for name in (CHANGELOG, "source", HISTORY, DECK, SCHEMA, DIST):
        is_read = name == DIST or resolve_inside(project / name, project) is not None
        if (project / name).is_symlink() and is_read:
            message = f"{name} is a link, through which no release writes"
            yield Diagnostic("link-in-the-way", Span.of_file(name), message, "put the file or folder itself there")


def _is_ours(project: Path, path: str, kind: Kind) -> bool:
    """Return whether a release does this: replace dist/, change a file in it, or write one of the project's.

    No release changes what lies behind a link.
    """
    from cardpress.publish.manifest import has_link, is_path
    from cardpress.publish.transaction import Kind

    if kind is Kind.FOLDER:
        return path == DIST
    folder, _, name = path.partition("/")
    if folder == DIST and is_path(name):
        return not has_link(project / DIST, name)
    return kind is Kind.FILE and path in (CHANGELOG, HISTORY, DECK, SCHEMA)
