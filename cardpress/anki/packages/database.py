"""Opens the database of a package: Anki's tables and nothing that acts, read within a number of steps.

Anki's schema 11, which the first two formats have, keeps note types and decks as JSON in the table `col`. Schema 18 of
the latest format has tables for them, whose names are compared without regard to capitals (`unicase`).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from cardpress.anki.packages.archive import PackageError, prepare_database
from cardpress.diagnostics.visible import make_visible

# Bytes of a value in the database: a note, or the declarations of all note types.
_LONGEST_VALUE = 32 * 1024 * 1024
# Notes, and cards.
MOST_ROWS = 500_000
# Characters of a note's tags, and fields of a note, whatever its note type says.
MOST_TAGS, MOST_FIELDS = 200_000, 10_000
# Steps of SQLite's machine between two calls of the guard, and how many calls are enough. A note takes some ten steps.
_STEPS = 10_000
_MOST_CALLS = 5_000
_MOST_TABLES = 100
# The tables that are read, with their columns: of every schema, and of those that have tables of note types.
_TABLES = {
    "col": "id crt mod scm ver dty usn ls conf models decks dconf tags",
    "notes": "id guid mid mod usn tags flds sfld csum flags data",
    "cards": "id nid did ord mod usn type queue due ivl factor reps lapses left odue odid flags data",
}
# Others that packages have, and some of other programs lack.
_LESSER_TABLES = {"revlog": "id cid usn ease ivl lastIvl factor time type", "graves": "usn oid type"}
_MORE_TABLES = {
    "notetypes": "id name mtime_secs usn config",
    "fields": "ntid ord name config",
    "templates": "ntid ord name mtime_secs usn config",
    "decks": "id name mtime_secs usn common kind",
    "config": "KEY usn mtime_secs val",
}
# How Anki declares them: columns with a type and no more, one to compare names without regard to capitals, and keys of
# several columns. An expression in a schema could act, or never end.
_PLAIN = r'[\w ,"`\[\]]'
_TABLE = re.compile(rf"create table {_PLAIN}+\((?:{_PLAIN}|primary key ?\({_PLAIN}+\))+\)", re.IGNORECASE)
_INDEX = re.compile(rf"create (?:unique )?index {_PLAIN}+ on {_PLAIN}+\({_PLAIN}+\)", re.IGNORECASE)
_HARMLESS = re.compile(r" collate unicase\b| without rowid\Z| where odid != 0\Z", re.IGNORECASE)
_COMMENT = re.compile(r"/\*[^*]*\*/|--[^\n]*(?:\n|\Z)")
# In quotes, what looks like a comment is a name.
_QUOTE = re.compile(r'["`\[]')
_WORDS_THAT_ACT = re.compile(
    r"\b(?:as|generated|check|default|collate|references|without|strict|where)\b", re.IGNORECASE
)


@contextmanager
def open_database(database: bytes) -> Iterator[sqlite3.Connection]:
    """Open a database that was checked, in memory, for reading within bounds. Raises PackageError for what is wrong."""
    with closing(sqlite3.connect(":memory:")) as connection:
        calls = iter(range(_MOST_CALLS))
        connection.set_progress_handler(lambda: next(calls, None) is None, _STEPS)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.create_collation("unicase", _compare)
        try:
            connection.execute("pragma trusted_schema = off")
            connection.execute("pragma cell_size_check = on")
            connection.deserialize(prepare_database(database))
            _check_schema(connection)
            yield connection
        except (sqlite3.Error, OverflowError, UnicodeError, ValueError) as error:
            raise PackageError(f"its database cannot be read ({make_visible(str(error))[:200]})") from error


def has_tables_of_types(connection: sqlite3.Connection) -> bool:
    """Say whether note types and decks are in tables of their own, as in the latest format."""
    return bool(_list_columns(connection, "notetypes"))


def _check_schema(connection: sqlite3.Connection) -> None:
    """Raise PackageError when a database holds anything but Anki's tables, with their columns, and plain indexes."""
    schema = connection.execute("select type, name, sql from sqlite_master limit ?", (_MOST_TABLES + 1,)).fetchall()
    if len(schema) > _MOST_TABLES:
        raise PackageError("its database has more tables than Anki's")
    for kind, name, sql in schema:
        if not _is_plain(kind, str(name), sql):
            shown = make_visible(f"{kind} `{str(name)[:40]}`")
            raise PackageError(f"its database has the {shown}, which no package of Anki has")
    tables = _TABLES | _LESSER_TABLES | (_MORE_TABLES if has_tables_of_types(connection) else {})
    for table, columns in tables.items():
        found = sorted(_list_columns(connection, table))
        if found != sorted(columns.lower().split()) and (found or table not in _LESSER_TABLES):
            raise PackageError(f"its database does not have Anki's table `{table}`")


def _is_plain(kind: object, name: str, sql: object) -> bool:
    """Say whether a table or an index is declared as Anki declares its own."""
    if kind not in ("table", "index"):
        return False
    if sql is None or name.startswith("sqlite_stat"):
        return True
    if _COMMENT.search(str(sql)) and _QUOTE.search(str(sql)):
        return False
    text = _HARMLESS.sub("", " ".join(_COMMENT.sub(" ", str(sql)).split()))
    return bool((_TABLE if kind == "table" else _INDEX).fullmatch(text)) and not _WORDS_THAT_ACT.search(text)


def _list_columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]).lower() for row in connection.execute(f"pragma table_info({table})")]


def _compare(one: str, other: str) -> int:
    """Compare names as Anki does, so that an index of its can be used."""
    first, second = one.casefold(), other.casefold()
    return (first > second) - (first < second)
