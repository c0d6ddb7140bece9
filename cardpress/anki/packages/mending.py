"""Mends the database of a package, as Anki's database check does, where the real Anki would not take or show it.

Programs write notes of note types that they do not write, with too few fields, and cards in decks that are nowhere.
"""

from __future__ import annotations

import sqlite3

from cardpress.anki.packages.database import open_database
from cardpress.anki.packages.declarations import read_decks, read_note_types

_DEFAULT_DECK = 1
_SEPARATOR = "\x1f"


def mend_database(database: bytes) -> bytes:
    """Return a database without what Anki refuses: the same one, where nothing of it is wrong."""
    with open_database(database) as connection:
        types = {number: each.type for number, each in read_note_types(connection).items()}
        cards_of = {number: len(each.cards) for number, each in types.items() if not each.is_cloze}
        changes = connection.total_changes
        _delete(
            connection,
            "notes",
            [row[0] for row in connection.execute("select id, mid from notes") if row[1] not in types],
        )
        rows = connection.execute("select id, mid, flds from notes").fetchall()
        wrong = [(mend_fields(row[2], len(types[row[1]].fields)), row[0]) for row in rows]
        connection.executemany(
            "update notes set flds = ? where id = ?",
            [(fields, number) for (fields, number), row in zip(wrong, rows, strict=True) if fields != row[2]],
        )
        kinds = {row[0]: row[1] for row in rows}
        cards = connection.execute("select id, nid, ord from cards").fetchall()
        _delete(
            connection,
            "cards",
            [
                card
                for card, note, number in cards
                if note not in kinds or number >= cards_of.get(kinds[note], number + 1)
            ],
        )
        known = {*read_decks(connection), _DEFAULT_DECK}
        lost = [(row[0],) for row in connection.execute("select distinct did from cards") if row[0] not in known]
        connection.executemany("update cards set did = 1 where did = ?", lost)
        if connection.total_changes == changes:
            return database
        connection.commit()
        return connection.serialize()


def mend_fields(fields: str, wanted: int) -> str:
    """Return as many fields as a note type has: empty ones added, or all that are too many in the last one."""
    if fields.count(_SEPARATOR) + 1 == wanted:
        return fields
    parts = fields.split(_SEPARATOR, wanted - 1)
    parts += [""] * (wanted - len(parts))
    return _SEPARATOR.join((*parts[:-1], parts[-1].replace(_SEPARATOR, "; ")))


def _delete(connection: sqlite3.Connection, table: str, numbers: list[int]) -> None:
    connection.executemany(f"delete from {table} where id = ?", [(number,) for number in numbers])  # noqa: S608 - ours
