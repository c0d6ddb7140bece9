"""Finds which notes have other cards than before, by the cards themselves and not by the files."""

from __future__ import annotations

from cardpress.deck.notes import Deck, Note
from cardpress.serve.state import Shown


def find_changed(before: Shown | None, now: Shown) -> frozenset[str] | None:
    """Return the ids of the notes whose cards are new or others than before; None when that may be all of them.

    The cards of a note follow from what Anki gets: its fields and tags, where it stands, and its note type's card
    templates and style. Pictures have other names when they are others.
    """
    if before is None or _describe_deck(before.deck) != _describe_deck(now.deck):
        return None
    same_types = {kind for kind, look in now.looks.items() if before.looks.get(kind) == look}
    if not same_types:
        return None
    old = {note.id: note for note in before.notes()}
    return frozenset(
        note.id
        for note in now.notes()
        if note.note_type.kind not in same_types or note.id not in old or not _is_same(old[note.id], note)
    )


def _is_same(old: Note, note: Note) -> bool:
    if old.fields is note.fields and old.tags == note.tags and old.section == note.section:
        return True
    return (
        (old.note_type.kind, old.section, old.guid, old.tags)
        == (note.note_type.kind, note.section, note.guid, note.tags)
        and old.fields == note.fields
        and len(old.cards()) == len(note.cards())
    )


def _describe_deck(deck: Deck) -> tuple[object, ...]:
    """Return what cards show of the deck as a whole, and of its sections."""
    sections = ((section.id, section.names.name, section.names.card_decks) for section in deck.sections)
    return (deck.id, deck.names.name, *sections)
