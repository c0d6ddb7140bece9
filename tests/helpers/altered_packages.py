"""Packages that no build of ours makes, for rehearsals to find fault with."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from copy import deepcopy
from typing import Any

# Anki's JSON of note types, by their ids.
NoteTypes = dict[str, Any]


def rewritten(package: bytes, *statements: str) -> bytes:
    """Change a package's database."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(members["collection.anki2"])
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        members["collection.anki2"] = connection.serialize()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def query(package: bytes, statement: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query on a package's database."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        return connection.execute(statement).fetchall()


def change_note_types(package: bytes, change: Callable[[NoteTypes], object], *statements: str) -> bytes:
    """Change the note types of a package with a function that gets all of them, and its database with statements."""
    models = json.loads(query(package, "select models from col")[0][0])
    change(models)
    text = json.dumps(models).replace("'", "''")
    return rewritten(package, f"update col set models = '{text}'", *statements)


def find_type(models: NoteTypes, kind: str) -> Any:
    """Return the note type of a kind."""
    return next(each for each in models.values() if each["name"].endswith(kind))


def with_field(package: bytes, kind: str) -> bytes:
    """Add a field to the note type of a kind, and to its notes."""

    def add(models: NoteTypes) -> None:
        model = find_type(models, kind)
        model["flds"].append({**model["flds"][-1], "name": "Added", "ord": len(model["flds"]), "id": 4242})

    number = find_type(json.loads(query(package, "select models from col")[0][0]), kind)["id"]
    return change_note_types(
        package, add, f"update notes set flds = flds || char(31), mod = mod + 5 where mid = {number}"
    )


def under_another_id(package: bytes, kind: str, *, name: str = "", where: str = "1") -> bytes:
    """Give the notes of a kind, or those of them `where` a condition holds, a copy of their note type."""
    number = find_type(json.loads(query(package, "select models from col")[0][0]), kind)["id"]
    other = int(number) + 1

    def copy(models: NoteTypes) -> None:
        made = deepcopy(models[str(number)])
        models[str(other)] = made | {"id": str(other), "name": name or made["name"]}
        if where == "1":
            del models[str(number)]

    moved = f"update notes set mid = {other}, mod = mod + 5 where mid = {number} and {where}"
    return change_note_types(package, copy, moved)


def with_card(package: bytes, guid: str, *, number: int = 1, queue: int = 0) -> bytes:
    """Add a new card to a note, with its number, and in a queue such as -1, which stands for suspended."""
    columns = f"(select max(id) from cards) + 1, id, (select max(did) from cards), {number - 1}, mod, -1, 0, {queue}"
    rest = "1, 0, 0, 0, 0, 0, 0, 0, 0, ''"
    return rewritten(package, f"insert into cards select {columns}, {rest} from notes where guid = '{guid}'")


def reworded(package: bytes, guid: str, old: str, new: str) -> bytes:
    """Replace a text in the fields of a note, and make the note a bit younger."""
    change = f"flds = replace(flds, '{old}', '{new}'), mod = mod + 5"
    return rewritten(package, f"update notes set {change} where guid = '{guid}'")
