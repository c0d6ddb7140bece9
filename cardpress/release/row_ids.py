"""Writes the ids of rows into tables, so that they are permanent. All else in a table stays as it is, to the byte."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cardpress.disk.reading import UnreadableError, read_file
from cardpress.history.digests import digest_asked
from cardpress.publish.lock import hold_lock
from cardpress.publish.transaction import commit
from cardpress.release.refusals import RefusedError
from cardpress.source.bank import Bank, Table
from cardpress.source.tables import list_records


@dataclass(frozen=True, slots=True)
class Named:
    """What was written: how many ids into which file. `lost` are released ids that no note of the source has."""

    counts: Mapping[str, int]
    lost: tuple[str, ...]


def write_row_ids(project: Path, bank: Bank) -> Named:
    """Write an id into each row of the project's tables that has none, and return what was written.

    A row that was released keeps the id that it was released with, as long as it asks the same. Each table is changed
    as a whole; after a kill, the next run writes the rest. Raises RefusedError when a table was changed meanwhile, or
    lies behind a link.
    """
    chosen = _choose(bank)
    tables = [section.table for section in bank.sections if section.table and section.table.unnamed]
    with hold_lock(project / "source"):
        commit({project / table.file.path: _write(project, table, chosen) for table in tables})
    released = {record.id for record in bank.history.notes.values()} if bank.history else set()
    present = {note.id.value for note in bank.notes() if note.id.value not in chosen} | set(chosen.values())
    return Named({table.file.path: len(table.unnamed) for table in tables}, tuple(sorted(released - present)))


def _choose(bank: Bank) -> dict[str, str]:
    """Return the ids to write, by those that were made: a released row keeps the id that it was released with."""
    made = [row.id for section in bank.sections if section.table for row in section.table.unnamed]
    chosen = {each: each for each in made}
    if bank.history is None:
        return chosen
    released = {record.id for record in bank.history.notes.values()}
    present = {note.id.value for note in bank.notes()}
    asked = {record.asked: record.id for record in bank.history.notes.values() if record.id not in present}
    notes = {note.id.value: note for note in bank.questions()}
    for note_id in made:
        note = notes.get(note_id)
        before = asked.pop(digest_asked(note.asked.value), None) if note and note_id not in released else None
        if before is not None:
            chosen[note_id] = before
    return chosen


def _write(project: Path, table: Table, chosen: Mapping[str, str]) -> bytes:
    """Return the bytes of a table with ids."""
    _refuse_link(project, table)
    try:
        old = read_file(project / table.file.path, project / "source")
    except UnreadableError as error:
        raise RefusedError(f"{table.file.path} cannot be read any more; run `ids` again") from error
    mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
    if old.removeprefix(mark) != table.file.text.encode():
        raise RefusedError(f"{table.file.path} was changed while its ids were written; run `ids` again")
    parts: list[str] = []
    done = 0
    for start, end, added in _fill(table, chosen) if table.has_ids else _add_column(table, chosen):
        parts += (table.file.text[done:start], added)
        done = end
    return mark + "".join((*parts, table.file.text[done:])).encode()


def _fill(table: Table, chosen: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield what takes the place of which characters: an id that of an empty cell."""
    for row in table.unnamed:
        yield row.span.start, row.span.end, chosen[row.id]


def _add_column(table: Table, chosen: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield what is added where: a first cell in each row. A line without cells stays one."""
    ids = {row.start: chosen[row.id] for row in table.unnamed}
    is_first = True
    for record in list_records(table.file, table.separator):
        added = ids.get(record.start, "")
        if is_first and not record.is_blank:
            added, is_first = "id", False
        if added or record.width > 1:
            yield record.start, record.start, f"{added}{table.separator}"


def _refuse_link(project: Path, table: Table) -> None:
    path = Path(table.file.path)
    ways = [path, *path.parents][:-1]
    if link := next((way for way in ways if (project / way).is_symlink()), None):
        raise RefusedError(f"{link.as_posix()} is a link, through which nothing is written; put the file itself there")
