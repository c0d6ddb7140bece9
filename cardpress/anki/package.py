"""Reads packages that cardpress made, to compare what was released with what is built now."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass


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


def read_package(package: bytes) -> Package:
    """Return the content of a package that cardpress made."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        rows = connection.execute("select guid, flds, tags, id from notes").fetchall()
        models, decks = connection.execute("select models, decks from col").fetchone()
    notes = {row[0]: parse_content(row[1], row[2]) for row in rows}
    return Package(notes, _read_names(models), {row[3]: row[0] for row in rows}, _read_names(decks))


def _read_names(text: str) -> dict[int, str]:
    return {int(number): str(each["name"]) for number, each in json.loads(text).items()}


def parse_content(fields: str, tags: str) -> Content:
    """Return a note's content from the columns `flds` and `tags` of Anki's table of notes."""
    return Content(tuple(fields.split("\x1f")), tuple(tags.split()))
