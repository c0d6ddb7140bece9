"""Writes the ids of rows into tables, so that they are permanent. All else in a table stays as it is, to the byte."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from cardpress.anki.stamps import list_shipped, make_record
from cardpress.disk.reading import UnreadableError, read_file
from cardpress.history.digests import digest_asked
from cardpress.history.records import NoteRecord, name_text
from cardpress.pipeline import Options, render_deck
from cardpress.publish.lock import hold_lock
from cardpress.publish.transaction import commit
from cardpress.release.refusals import RefusedError
from cardpress.source.bank import Bank, Table
from cardpress.source.slugs import MAX_SLUG
from cardpress.source.tables.cells import list_records

# Rows that ask the same, and have changed since their release, multiplied by what they can be: compared up to here.
_MOST_PAIRS = 1_000_000


@dataclass(frozen=True, slots=True)
class Named:
    """What was written: how many ids into which file. `lost` are released ids that no note of the source has."""

    counts: Mapping[str, int]
    lost: tuple[str, ...]


def write_row_ids(project: Path, bank: Bank, *, is_sound: bool = True) -> Named:
    """Write an id into each row of the project's tables that has none, and return what was written.

    A row that was released keeps the id that it was released with, as long as it asks the same, and of several that ask
    the same the one whose text is most like it. Each table is changed as a whole; after a kill, the next run writes the
    rest. `is_sound` says that nothing else is wrong with the source.
    Raises RefusedError when a table was changed meanwhile, or lies behind a link.
    """
    chosen = _choose(project, bank, is_sound=is_sound)
    tables = [section.table for section in bank.sections if section.table and section.table.unnamed]
    with hold_lock(project / "source"):
        commit({project / table.file.path: _write(project, table, chosen) for table in tables})
    released = {record.id for record in bank.history.notes.values()} if bank.history else set()
    present = {note.id.value for note in bank.notes() if note.id.value not in chosen} | set(chosen.values())
    return Named({table.file.path: len(table.unnamed) for table in tables}, tuple(sorted(released - present)))


def _choose(project: Path, bank: Bank, *, is_sound: bool) -> dict[str, str]:
    """Return the ids to write, by those that were made.

    A row with the GUID of a released note, or that asks what one did, gets the id of that. Any other keeps the one that
    was made, unless that is taken.
    """
    made = [row.id for section in bank.sections if section.table for row in section.table.unnamed if row.id]
    nameless = {"": ""}  # what a row has that no id can be made of
    if bank.history is None:
        return nameless | {each: each for each in made}
    present = {note.id.value for note in bank.notes()} - set(made)
    rows: dict[str, list[str]] = {}
    notes = {note.id.value: note for note in bank.questions()}
    guids = {each: notes[each].guid for each in made if each in notes}
    by_guid = {each: bank.history.notes.get(guid.value) for each, guid in guids.items() if guid}
    known = {each: record.id for each, record in by_guid.items() if record}
    present |= set(known.values())
    for each in (each for each in made if each not in known):
        rows.setdefault(digest_asked(notes[each].asked.value) if each in notes else "", []).append(each)
    released: dict[str, list[NoteRecord]] = {}
    for record in bank.history.notes.values():
        if record.id not in present:
            released.setdefault(record.asked, []).append(record)
    pairs = [(rows[asked], released[asked]) for asked in rows if asked in released]
    is_clear = all(len(each) == len(records) == 1 for each, records in pairs)
    if not is_clear and not is_sound:
        why = "some rows ask the same, and which is which shows only where nothing is wrong"
        raise RefusedError(f"{why}; mend what `check` reports, and run `ids` again")
    contents = {} if is_clear else _digest_contents(project, bank)
    chosen = nameless | known
    for group, records in pairs:
        chosen |= _pair(group, records, contents)
    taken, wanted = {*present, *chosen.values()}, frozenset(made)
    for each in made:
        if each not in chosen:
            chosen[each] = _find_free(each, taken, wanted)
            taken.add(chosen[each])
    return chosen


def _pair(
    rows: Sequence[str], records: Sequence[NoteRecord], contents: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield rows and the ids of released ones, all of which ask the same: those first that have most in common."""
    names = sorted({name for row in rows for name in contents.get(row, {})})
    held = {row: tuple(contents.get(row, {}).get(name, "") for name in names) for row in rows}
    released = {each.id: tuple(each.fields.get(name, "") for name in names) for each in records}
    free = {each.id: each for each in records}
    left = dict.fromkeys(rows)
    # What has not changed needs no comparison of all with all, and most has not.
    for row, note_id in _pair_equal(held, released):
        if row in left and note_id in free:
            del left[row], free[note_id]
            yield row, note_id
    if len(left) * len(free) > _MOST_PAIRS:
        yield from ((row, row) for row in left if row in free)
        return

    def count_differences(row: str, record: NoteRecord) -> int:
        return sum(record.fields.get(name) != digest for name, digest in contents.get(row, {}).items())

    order = sorted(
        (count_differences(row, record), row != record.id, record.id, row) for row in left for record in free.values()
    )
    for _, _, note_id, row in order:
        if row in left and note_id in free:
            del left[row], free[note_id]
            yield row, note_id


def _pair_equal(held: Mapping[str, object], released: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield rows and the ids of released ones that hold the same: those under their own id first."""
    yield from ((row, row) for row, content in held.items() if released.get(row) == content)
    rows: dict[object, list[str]] = {}
    for row, content in held.items():
        if released.get(row) != content:
            rows.setdefault(content, []).append(row)
    ids: dict[object, list[str]] = {}
    for note_id, content in sorted(released.items(), key=lambda each: each[0]):
        if held.get(note_id) != content:
            ids.setdefault(content, []).append(note_id)
    for content, alike in rows.items():
        yield from zip(alike, ids.get(content, []), strict=False)


def _digest_contents(project: Path, bank: Bank) -> dict[str, Mapping[str, str]]:
    """Return the digests of what the fields of each note hold, "" for nothing, by its id and the fields' names."""
    deck = render_deck(bank, Options(project, project / "dist"))
    contents: dict[str, Mapping[str, str]] = {}
    for each in list_shipped(deck):
        fields = make_record(deck, each).fields
        names = [name_text(field.released_name) for field in each.note.note_type.keyed]
        contents[each.note.id] = {name: fields[name] for name in names if name in fields}
    return contents


def _find_free(wanted: str, taken: Set[str], made: Set[str]) -> str:
    """Return an id that no other row or note has: the one that was made of a row, with a number if need be."""
    found, number = wanted, 1
    while found in taken or (found != wanted and found in made):
        number += 1
        found = f"{wanted[: MAX_SLUG - 8]}-{number}"
    return found


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
