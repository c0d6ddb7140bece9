"""Writes the schema of the source, from which editors know its keys."""

from __future__ import annotations

from pathlib import Path

from cardpress.publish.lock import hold_lock
from cardpress.publish.recovery import SCHEMA
from cardpress.publish.transaction import commit
from cardpress.release.refusals import RefusedError
from cardpress.source.bank import Bank
from cardpress.source.source_schema import make_schema


def renew_schema(bank: Bank) -> bytes | None:
    """Return the schema that a release writes, None where there is none to be renewed."""
    text = make_schema(bank.known_note_types)
    return None if bank.schema is None or bank.schema.text == text else text.encode()


def write_schema(project: Path, bank: Bank) -> bool:
    """Write the schema, unless it is there already, and return whether it was written.

    Raises RefusedError when a link is in its place.
    """
    if (project / SCHEMA).is_symlink() or (project / "source").is_symlink():
        raise RefusedError(f"{SCHEMA} lies behind a link, through which nothing is written; put the file itself there")
    text = make_schema(bank.known_note_types)
    if bank.schema is not None and bank.schema.text == text:
        return False
    with hold_lock(project / "source"):
        commit({project / SCHEMA: text.encode()})
    return True
