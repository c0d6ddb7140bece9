"""Notes of which a card would show nothing, so that the project does without them: learners keep what they have.

A card may be blank since all of its front runs or loads something, and is dropped; and programs write notes without
cards, of which Anki would make a blank one, or one that nobody has: retired notes are without.
"""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.adopt.safety import SafeOriginal
from cardpress.anki.original import Original, OriginalNote, OriginalType
from cardpress.anki.package import TAGS_OF_LEARNERS
from cardpress.markdown.html_deletions import list_cards
from cardpress.note_types import list_shown_cards
from cardpress.note_types.template_parts import is_blank, read_front
from cardpress.wording import join_words

_LEFT_OUT = "left out, so that it stays as it is"


def find_blank(original: Original, safe: SafeOriginal) -> tuple[tuple[OriginalNote, str], ...]:
    """Return the notes of an original of which a card would be blank that learners have not so, each with why."""
    return tuple(_find(original, safe))


def _find(original: Original, safe: SafeOriginal) -> Iterator[tuple[OriginalNote, str]]:
    types = {each.key: each for each in original.note_types}
    safe_types = {each.key: each for each in safe.original.note_types}
    has_cards = any(note.cards for note in original.notes)  # a folder for CrowdAnki has none
    for note, kept in zip(original.notes, safe.original.notes, strict=True):
        had = {number for number, _ in note.cards}
        if kept is note and 1 in had and note.type_key not in safe.of_types:
            continue
        shown = _list_shown(safe_types[note.type_key], kept)
        if lost := sorted(had & _list_shown(types[note.type_key], note) - shown):
            dropped = (*safe.of_notes.get(note.guid, ()), *safe.of_types.get(note.type_key, ()))
            cards = f"card{'s' if len(lost) > 1 else ''} {join_words([str(number) for number in lost])}"
            yield note, f"{_LEFT_OUT}: without {'; '.join(dropped)}, {cards} would show nothing"
        elif shown and not had and has_cards:
            yield note, f"{_LEFT_OUT}: it has no card, and would get one with the next release"
        elif not shown and 1 not in had and not types[note.type_key].is_cloze:  # of which the project ships no card
            yield note, f"{_LEFT_OUT}: none of its fronts shows anything, and it would get a blank card"


def _list_shown(note_type: OriginalType, note: OriginalNote) -> frozenset[int]:
    """Return the numbers, from 1, of a note's cards that show something."""
    if note_type.is_cloze:
        return frozenset(number for value in note.fields for number in list_cards(value))
    names = [each.name for each in note_type.fields]
    filled = frozenset(name for name, value in zip(names, note.fields, strict=True) if not is_blank(value))
    fronts = [read_front(card.front) for card in note_type.cards]
    is_tagged = any(tag.casefold() not in TAGS_OF_LEARNERS for tag in note.tags)
    return frozenset(list_shown_cards(fronts, names, filled, is_tagged=is_tagged))
