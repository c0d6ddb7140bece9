"""The notes of an update as text, which learners who fill personal fields import before the package."""

from __future__ import annotations

from cardpress.anki.stamps import Shipped, list_shipped
from cardpress.deck.notes import Deck


def list_updated(deck: Deck) -> tuple[Shipped, ...]:
    """Return the notes that `<id>-update.csv` has, in the package's order. Without any there is no such file.

    These are the notes that learners may have as they were before: of note types with personal fields, or of all where
    no type has any.
    """
    has_personal = any(each.personal for each in deck.note_types)
    return tuple(
        each
        for each in list_shipped(deck)
        if each.note.guid in deck.updated and (each.note.note_type.personal or not has_personal)
    )
