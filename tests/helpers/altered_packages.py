"""Packages that no build of ours makes, for rehearsals to find fault with."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing


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


def with_field(package: bytes, kind: str) -> bytes:
    """Add a field to the note type of a kind, and to its notes."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        models = json.loads(connection.execute("select models from col").fetchone()[0])
    number, model = next((key, each) for key, each in models.items() if each["name"].endswith(kind))
    model["flds"].append({**model["flds"][-1], "name": "Added", "ord": len(model["flds"]), "id": 4242})
    text = json.dumps(models).replace("'", "''")
    return rewritten(
        package,
        f"update col set models = '{text}'",
        f"update notes set flds = flds || char(31), mod = mod + 5 where mid = {number}",
    )
