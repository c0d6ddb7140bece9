"""Reads packages that cardpress or an older Anki made, to compare what was released with what is built now.

A package may come from a stranger. So it is measured before it is unpacked, its database may hold Anki's tables and
nothing that acts, and reading it ends after a number of steps. What is refused or passed over here never gets to Anki.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import accumulate

# Bytes that a package may unpack to: this much, or as many times its own size, up to the most.
_UNPACKED = 64 * 1024 * 1024
_UNPACKED_TIMES = 10
_MOST_UNPACKED = 1024 * 1024 * 1024
_MOST_FILES = 20_000
# The list of pictures, and pictures.
_MEDIA = re.compile("media|[0-9]{1,9}")
_SQLITE = b"SQLite format 3\0"
# Bytes of a value in the database: a note, or the declarations of all note types.
_LONGEST_VALUE = 32 * 1024 * 1024
_MOST_ROWS = 500_000
# Characters that showing every card once may take: this much, and as much for each byte of the database without its
# note types. Ordinary decks take a tenth of it.
_SHOWN = 100_000_000
_SHOWN_TIMES = 300
# Sections of a card template in each other. Anki's engine crashes at some thousands.
_DEEPEST_SECTION = 50
# A place in a card template that is not closed.
_OPEN = re.compile(r"\{\{(?![^{}]*\}\})")
_SECTION = re.compile(r"\{\{\s*([#^/])")
# Steps of SQLite's machine between two calls of the guard, and how many calls are enough. A note takes some ten steps.
_STEPS = 10_000
_MOST_CALLS = 5_000
# The tables of Anki's schema 11, which packages have, with their columns.
_TABLES = {
    "col": "id crt mod scm ver dty usn ls conf models decks dconf tags",
    "notes": "id guid mid mod usn tags flds sfld csum flags data",
    "cards": "id nid did ord mod usn type queue due ivl factor reps lapses left odue odid flags data",
    "revlog": "id cid usn ease ivl lastIvl factor time type",
    "graves": "usn oid type",
}
# How Anki declares them: columns with a type and no more. An expression in a schema could act, or never end.
_TABLE = re.compile(r"create table \"?\w+\"? ?\([\w ,]+\)", re.IGNORECASE)
_INDEX = re.compile(r"create index \w+ on \w+ ?\([\w ,]+\)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*[^*]*\*/")
_WORDS_THAT_ACT = re.compile(r"\b(?:as|generated|check|default|collate|references|on|without|strict)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Content:
    """A note's fields and tags, as a package or a collection holds them."""

    fields: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A package's notes by GUID, GUIDs by ids of notes, names of note types and decks by their numbers."""

    notes: Mapping[str, Content]
    note_types: Mapping[int, str]
    guids: Mapping[int, str]
    decks: Mapping[int, str]


class PackageError(Exception):
    """A package that cannot be read or imported; the message says why."""


def read_package(package: bytes) -> Package:
    """Return the content of a package. Raises PackageError when it is not one, or asks for more than any deck needs."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            _check_sizes(archive, len(package))
            _, database = _unpack(archive)
    # zipfile raises NotImplementedError for an unknown compression, RuntimeError for an encrypted member.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise PackageError(f"it is not a package that can be unpacked ({error})") from error
    if not database.startswith(_SQLITE):
        raise PackageError("its collection is not a database")
    with closing(sqlite3.connect(":memory:")) as connection, _limits(connection):
        connection.deserialize(database)
        _check_schema(connection)
        rows = connection.execute("select guid, flds, tags, id from notes limit ?", (_MOST_ROWS + 1,)).fetchall()
        names = connection.execute("select models, decks from col limit 1").fetchone()
        counts: dict[int, int] = dict(
            connection.execute("select nid, count() from cards group by nid limit ?", (_MOST_ROWS + 1,))
        )
    if len(rows) > _MOST_ROWS:
        raise PackageError(f"it has more than {_MOST_ROWS:,} notes")
    if sum(counts.values()) > _MOST_ROWS:
        raise PackageError(f"it has more than {_MOST_ROWS:,} cards")
    if not all(isinstance(text, str) for row in rows for text in row[:3]):
        raise PackageError("a note in it has no text where text should be")
    notes = {row[0]: parse_content(row[1], row[2]) for row in rows}
    models, decks = map(_read_names, names or ("", ""))
    texts, searched = (
        sum(counts.get(row[3], 0) * measure(row[1]) for row in rows) for measure in (len, _measure_search)
    )
    if _weigh(names[0], sum(counts.values()), texts) + searched > _SHOWN + _SHOWN_TIMES * (
        len(database) - len(names[0])
    ):
        raise PackageError("its card templates or styles are too long, or show fields too often, for so many cards")
    return Package(notes, models, {int(row[3]): row[0] for row in rows}, decks)


def pack_anew(package: bytes) -> bytes:
    """Return a package that `read_package` accepts, with the collection that it reads, pictures, and nothing else.

    Anki's engine may read an archive in another way: a file that says which of two collections counts, two files of one
    name, two archives in one.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as archive, zipfile.ZipFile(made, "w") as anew:
        anew.writestr(*_unpack(archive))
        for name in dict.fromkeys(filter(_MEDIA.fullmatch, archive.namelist())):
            anew.writestr(name, archive.read(name))
    return made.getvalue()


def parse_content(fields: str, tags: str) -> Content:
    """Return a note's content from the columns `flds` and `tags` of Anki's table of notes."""
    return Content(tuple(fields.split("\x1f")), tuple(tags.split()))


def _check_sizes(archive: zipfile.ZipFile, size: int) -> None:
    """Raise PackageError when an archive unpacks to too much, or to more than it says."""
    files = archive.infolist()
    if len(files) > _MOST_FILES:
        raise PackageError(f"it holds {len(files):,} files; {_MOST_FILES:,} are allowed")
    most = min(max(_UNPACKED, _UNPACKED_TIMES * size), _MOST_UNPACKED)
    if sum(file.file_size for file in files) > most:
        raise PackageError(f"it unpacks to more than {most:,} bytes")
    if any(file.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for file in files):
        raise PackageError("it is packed in a way that Anki does not use")
    # Unpacks each file, no further than it says, and compares checksums.
    if broken := archive.testzip():
        raise PackageError(f"`{broken[:80]}` in it is damaged, or larger than it says")


def _unpack(archive: zipfile.ZipFile) -> tuple[str, bytes]:
    """Return the name of the collection, and its bytes."""
    names = set(archive.namelist())
    if "collection.anki21b" in names:
        hint = 'export it again, with "Support older Anki versions" ticked'
        raise PackageError(f"it is in a format that only Anki itself reads; {hint}")
    for name in ("collection.anki21", "collection.anki2"):
        if name in names:
            return name, archive.read(name)
    raise PackageError("it holds no collection.anki2")


@contextmanager
def _limits(connection: sqlite3.Connection) -> Iterator[None]:
    """Let a connection do nothing that takes long or acts. Raises PackageError for what SQLite reports."""
    calls = iter(range(_MOST_CALLS))
    connection.set_progress_handler(lambda: next(calls, None) is None, _STEPS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    try:
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma cell_size_check = on")
        yield
    except (sqlite3.Error, OverflowError, UnicodeError, ValueError) as error:
        raise PackageError(f"its database cannot be read ({error})") from error


def _check_schema(connection: sqlite3.Connection) -> None:
    """Raise PackageError when a database holds anything but Anki's tables, with their columns, and plain indexes."""
    schema = connection.execute("select type, name, sql from sqlite_master limit 101").fetchall()
    if len(schema) > 100:
        raise PackageError("its database has more tables than Anki's")
    for kind, name, sql in schema:
        is_plain = sql is None or str(name).startswith("sqlite_stat")
        if kind == "table" and not is_plain:
            is_plain = bool(_TABLE.fullmatch(_join(sql))) and not _WORDS_THAT_ACT.search(_join(sql))
        elif kind == "index" and not is_plain:
            is_plain = bool(_INDEX.fullmatch(_join(sql)))
        if kind not in ("table", "index") or not is_plain:
            raise PackageError(f"its database has the {kind} `{str(name)[:40]}`, which no package of Anki has")
    for table, columns in _TABLES.items():
        found = [str(row[1]) for row in connection.execute(f"pragma table_info({table})")]
        if found != columns.split():
            raise PackageError(f"its database does not have Anki's table `{table}`")


def _join(sql: str) -> str:
    return " ".join(_COMMENT.sub(" ", sql).split())


def _weigh(models: str, cards: int, texts: int) -> int:
    """Return how many characters it takes at most to show every card, whose notes have `texts` characters together."""
    longest, fields = 0, 0
    with suppress(ValueError, TypeError, KeyError, AttributeError):  # Anki refuses note types of another form
        for model in json.loads(models).values():
            for template in model["tmpls"]:
                sides = template["qfmt"] + template["afmt"]
                longest = max(longest, len(sides) + len(model["css"]) + _measure_search(sides))
                fields = max(fields, sides.count("{{"))
                if max(map(_measure_depth, (template["qfmt"], template["afmt"]))) > _DEEPEST_SECTION:
                    raise PackageError("a section of a card template in it is inside too many others")
    return cards * longest + fields * texts


def _measure_search(text: str) -> int:
    """Return how many characters Anki looks at for what ends a sign: for each, all the text after it."""
    return (text.count("[anki:") + text.count("<!--") + len(_OPEN.findall(text))) * len(text)


def _measure_depth(template: str) -> int:
    """Return how deep the sections of a card template are nested in each other."""
    steps = (-1 if found[1] == "/" else 1 for found in _SECTION.finditer(template))
    return max(accumulate(steps), default=0)


def _read_names(text: object) -> dict[int, str]:
    """Return the names of note types or decks, by their numbers, from Anki's JSON."""
    try:
        return {int(number): str(each["name"]) for number, each in json.loads(str(text)).items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise PackageError("it does not say what note types and decks it has") from None
