"""Finds the notes that `check` refuses in a project that was written, so that the project can do without them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping

from cardpress.adopt.plans import Plan
from cardpress.diagnostics import Diagnostic, SourceFile, has_errors
from cardpress.source.tables.cells import list_records

# Where an entry of a file of questions begins, as `write_entries` writes it.
_ENTRY = re.compile("^- ", re.MULTILINE)


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


def _find_starts(file: SourceFile) -> list[int]:
    """Return where each note begins in a file of questions or a table."""
    if file.is_table:
        return [record.start for record in list_records(file, ",")][1:]
    return [found.start() for found in _ENTRY.finditer(file.text)]
