"""When each note last changed. Until a deck has releases on record, everything is as new as the deck's own date."""

from __future__ import annotations

from datetime import UTC, datetime

from cardpress.deck import Stamp
from cardpress.model import DeckInfo


def moment(date: str) -> int:
    """Give the start of a day, in seconds since 1970 UTC."""
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp())


def stamp(info: DeckInfo, guid: str) -> Stamp:
    """Give the version and moment in which the note with this GUID last changed."""
    del guid  # the seam: a record of releases will tell notes apart
    return Stamp(info.version.value, moment(info.date.value))
