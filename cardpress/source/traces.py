"""Traces of a release in a project: what `release` wrote beside the history, which shows that a history is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from cardpress.diagnostics import SourceFile, Span
from cardpress.source.bank import Trace
from cardpress.source.contents import CHANGELOG
from cardpress.source.files import Folder

# The file of dist/ that says what is new.
NOTES = "RELEASE_NOTES.md"
_VERSION = r"(?P<version>[0-9][0-9A-Za-z.+-]{0,60})"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MARK = "<!-- release of {} -->"
_SECTION = re.compile(
    rf"^## {_VERSION}, {_DAY}[ \t]*(?:\r?\n)+<!-- release of (?P<id>[a-z0-9-]{{1,64}}) -->", re.MULTILINE
)
_NOTES = re.compile(rf"# {_VERSION}\r?\n\r?\n{_DAY}\r?\n\r?\n(?:The first release: |For those who have )")


def mark_release(deck_id: str) -> str:
    """Return the line, unseen by readers, by which a changelog or release notes say whose release it was."""
    return _MARK.format(deck_id)


def find_traces(project: Path, deck_id: str) -> Iterator[Trace]:
    """Yield the traces of releases of this deck that release notes and the changelog have.

    The copy of another deck's project has such traces, too; they name that deck.
    """
    dist_folder = Folder.of(project / "dist", "dist", project)
    notes = dist_folder.read_text(NOTES)
    found = _NOTES.match(notes.text) if isinstance(notes, SourceFile) else None
    if isinstance(notes, SourceFile) and found and _is_of(dist_folder, notes.text, deck_id):
        yield Trace(Span(notes, found.start("version"), found.end("version")), found["version"])
    yield from find_sections(project, deck_id)


def find_sections(project: Path, deck_id: str) -> Iterator[Trace]:
    """Yield the traces of releases of this deck that the changelog has, newest first."""
    log = Folder.of(project, "", project).read_text(CHANGELOG)
    if isinstance(log, SourceFile):
        for each in _SECTION.finditer(log.text):
            if each["id"] == deck_id:
                yield Trace(Span(log, each.start("version"), each.end("version")), each["version"])


def _is_of(dist_folder: Folder, notes: str, deck_id: str) -> bool:
    """Return whether release notes are of this deck. Those of version 1.0 do not say so, but their manifest does."""
    if "<!-- release of " in notes:
        return mark_release(deck_id) in notes
    manifest = dist_folder.read_text("manifest.json")
    try:
        content = json.loads(manifest.text) if isinstance(manifest, SourceFile) else {}
        # Any later build writes a manifest that names its engine: then the notes could be another deck's.
        return bool(content["deck"]["id"] == deck_id) and "engine" not in content
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
