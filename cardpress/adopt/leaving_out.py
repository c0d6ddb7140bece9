"""Finds the notes that `check` refuses in a project that was written, so that the project can do without them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from cardpress.adopt.plans import Plan, name_note
from cardpress.anki.original import OriginalNote
from cardpress.diagnostics import Diagnostic, SourceFile, has_errors
from cardpress.source.tables.cells import list_records

# Where an entry of a file of questions begins, as `write_entries` writes it.
_ENTRY = re.compile("^- ", re.MULTILINE)

# Folders of the project, before the name of a file there.
_OWN_FOLDER = re.compile(r"\b(?:source/media|source|templates/note-types)/(?=[^\s`])")


def find_refused(plan: Plan, diagnostics: Iterable[Diagnostic]) -> Mapping[str, Diagnostic] | None:
    """Return the ids of the notes that have an error, each with the first one. None where an error is elsewhere."""
    sections = {f"source/{section.id}.{ending}": section for section in plan.sections for ending in ("yaml", "csv")}
    starts: dict[str, list[int]] = {}
    refused: dict[str, Diagnostic] = {}
    for each in diagnostics:
        if not has_errors([each]):
            continue
        section = sections.get(each.span.path)
        if section is None:
            return None
        places = starts.setdefault(each.span.path, _find_starts(each.span.file))
        number = bisect_right(places, each.span.start) - 1
        if not 0 <= number < len(section.notes):
            return None
        refused.setdefault(section.notes[number][0], each)
    return refused


def say_refused(plan: Plan, problem: Diagnostic) -> str:
    """Return what is wrong with what was taken over, in words of the source: nobody knows files of the project."""
    path = problem.span.path
    parts = path.split("/")
    if refused := find_refused(plan, [problem]):
        notes = dict(pair for section in plan.sections for pair in section.notes)
        name = next(iter(refused))
        return f"{name_note(notes[name])}: {say_problem(plan, notes[name], problem)}"
    if parts[:2] == ["templates", "note-types"]:
        kinds = {kind.name: kind.original.name for kind in plan.kinds.values()}
        return f"note type {kinds.get(parts[2], parts[2])}: {_without_paths(problem.message)}"
    if path.startswith("source/media/"):
        return f"{path.removeprefix('source/media/')}: {_without_paths(problem.message)}"
    return (
        f"its decks: {_without_paths(problem.message)}"
        if path == "source/deck.yaml"
        else _without_paths(problem.message)
    )


def say_problem(plan: Plan, note: OriginalNote, problem: Diagnostic) -> str:
    """Return what is wrong with a note, with its fields under the names that they have in Anki."""
    kind = plan.kinds[note.type_key]
    names = dict(zip(kind.keys, (field.name for field in kind.original.fields), strict=True))
    message = re.sub("`([a-z0-9_]+)`", lambda key: f"`{names.get(key[1], key[1])}`", problem.message)
    return _without_paths(message)


def _without_paths(message: str) -> str:
    return _OWN_FOLDER.sub("", message)


def _find_starts(file: SourceFile) -> list[int]:
    """Return where each note begins in a file of questions or a table."""
    if file.is_table:
        return [record.start for record in list_records(file, ",")][1:]
    return [found.start() for found in _ENTRY.finditer(file.text)]
