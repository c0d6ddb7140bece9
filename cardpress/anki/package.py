"""Reads packages that cardpress or Anki made, to compare what was released with what is built now.

A package may come from a stranger. So it is measured before it is unpacked, its database may hold Anki's tables and
nothing that acts, and reading it ends after a number of steps. What is refused or passed over here never gets to Anki.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from cardpress.anki.original import OriginalType
from cardpress.anki.packages.archive import PackageError, open_package, pack_files
from cardpress.anki.packages.database import MOST_FIELDS, MOST_ROWS, MOST_TAGS, has_tables_of_types, open_database
from cardpress.anki.packages.declarations import read_decks, read_note_types
from cardpress.anki.packages.mending import mend_database

__all__ = ["Content", "Package", "PackageError", "pack_anew", "parse_content", "read_package"]

# Characters that showing every card once may take: this much, and as much for each byte of the database without its
# note types. Ordinary decks take a tenth of it.
_SHOWN = 100_000_000
_SHOWN_TIMES = 300
# Sections of a card template in each other. Anki's engine crashes at some thousands.
_DEEPEST_SECTION = 50
# A place in a card template that is not closed.
_OPEN = re.compile(r"\{\{(?![^{}]*\}\})")
_SECTION = re.compile(r"\{\{\s*([#^/])")


# Tags that say what became of a note with its learner. Anki takes them off what it imports, unless schedules are to be
# imported, too.
TAGS_OF_LEARNERS = frozenset({"leech", "marked"})


@dataclass(frozen=True, slots=True)
class Content:
    """A note's fields and tags, as a package or a collection holds them."""

    fields: tuple[str, ...]
    tags: tuple[str, ...]

    def without_tags_of_learners(self) -> Content:
        """Return what its author gave it, without the tags that Anki gave it while somebody studied it."""
        own = tuple(tag for tag in self.tags if tag.casefold() not in TAGS_OF_LEARNERS)
        return self if own == self.tags else Content(self.fields, own)


@dataclass(frozen=True, slots=True)
class Package:
    """A package's notes by GUID, GUIDs by ids of notes, names of note types and decks by their numbers."""

    notes: Mapping[str, Content]
    note_types: Mapping[int, str]
    guids: Mapping[int, str]
    decks: Mapping[int, str]


def read_package(package: bytes) -> Package:
    """Return the content of a package. Raises PackageError when it is not one, or asks for more than any deck needs."""
    database = open_package(package).database
    with open_database(database) as connection:
        types, decks = read_note_types(connection), read_decks(connection)
        rows = connection.execute("select guid, flds, tags, id, mid from notes limit ?", (MOST_ROWS + 1,)).fetchall()
        counts: dict[int, int] = dict(
            connection.execute("select nid, count() from cards group by nid limit ?", (MOST_ROWS + 1,))
        )
        declared = _measure_declarations(connection)
    if len(rows) > MOST_ROWS:
        raise PackageError(f"it has more than {MOST_ROWS:,} notes")
    if sum(counts.values()) > MOST_ROWS:
        raise PackageError(f"it has more than {MOST_ROWS:,} cards")
    if not all(isinstance(text, str) for row in rows for text in row[:3]):
        raise PackageError("a note in it has no text where text should be")
    if any(len(row[2]) > MOST_TAGS or row[1].count("\x1f") > MOST_FIELDS for row in rows):
        raise PackageError("a note in it has too many tags or fields")
    # Anki takes no note of a note type that is nowhere.
    notes = {row[0]: parse_content(row[1], row[2]) for row in rows if row[4] in types}
    texts, searched = (
        sum(counts.get(row[3], 0) * measure(row[1]) for row in rows) for measure in (len, _measure_search)
    )
    weight = _weigh((each.type for each in types.values()), sum(counts.values()), texts) + searched
    if weight > _SHOWN + _SHOWN_TIMES * (len(database) - declared):
        raise PackageError("its card templates or styles are too long, or show fields too often, for so many cards")
    return Package(
        notes,
        {number: each.type.name for number, each in types.items()},
        {int(row[3]): row[0] for row in rows},
        {number: each.deck.name for number, each in decks.items()},
    )


def pack_anew(package: bytes) -> bytes:
    """Return a package that `read_package` accepts, with the collection that it reads, media, and nothing else.

    What Anki would refuse the whole package for is mended or left out.

    Anki's engine may read an archive in another way: a file that says which of two collections counts, two files of one
    name, two archives in one, more behind the end of what is compressed.
    """
    files = open_package(package)
    return pack_files(files, mend_database(files.database))


def parse_content(fields: str, tags: str) -> Content:
    """Return a note's content from the columns `flds` and `tags` of Anki's table of notes."""
    return Content(tuple(fields.split("\x1f")), tuple(tags.split()))


def _measure_declarations(connection: sqlite3.Connection) -> int:
    """Return how long the note types are in a database, in characters or bytes."""
    query = "select length(models) from col limit 1"
    if has_tables_of_types(connection):
        query = "select sum(length(config)) from (select config from notetypes union all select config from templates)"
    row = connection.execute(query).fetchone()
    return int(row[0] or 0) if row else 0


def _weigh(note_types: Iterable[OriginalType], cards: int, texts: int) -> int:
    """Return how many characters it takes at most to show every card, whose notes have `texts` characters together."""
    longest, fields = 0, 0
    for note_type in note_types:
        for card in note_type.cards:
            sides = card.front + card.back
            longest = max(longest, len(sides) + len(note_type.css) + _measure_search(sides))
            fields = max(fields, sides.count("{{"))
            if max(map(_measure_depth, (card.front, card.back))) > _DEEPEST_SECTION:
                raise PackageError("a section of a card template in it is inside too many others")
    return cards * longest + fields * texts


def _measure_search(text: str) -> int:
    """Return how many characters Anki looks at for what ends a sign: for each, all the text after it."""
    return (text.count("[anki:") + text.count("<!--") + len(_OPEN.findall(text))) * len(text)


def _measure_depth(template: str) -> int:
    """Return how deep the sections of a card template are nested in each other."""
    steps = (-1 if found[1] == "/" else 1 for found in _SECTION.finditer(template))
    return max(accumulate(steps), default=0)
