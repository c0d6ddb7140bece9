"""Reads packages that were made by us: what was released, to hold against what is made now."""

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
    """What a package or a collection holds of a note."""

    fields: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """The notes of a package by GUID, and the ids of its note types."""

    notes: Mapping[str, Content]
    note_types: frozenset[int]


def read_package(package: bytes) -> Package:
    """Read a package that a build has made."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        rows = connection.execute("select guid, flds, tags from notes").fetchall()
        models = json.loads(connection.execute("select models from col").fetchone()[0])
    return Package({row[0]: parse_content(row[1], row[2]) for row in rows}, frozenset(map(int, models)))


def parse_content(fields: str, tags: str) -> Content:
    """Read a note's fields and tags from Anki's columns."""
    return Content(tuple(fields.split("\x1f")), tuple(tags.split()))
