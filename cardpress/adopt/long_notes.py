"""Notes with a field of more characters, or more tags, than a project can hold, so that it does without them.

They are found before anything looks into them, so that no text without end keeps anybody waiting.
"""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.anki.original import Original, OriginalCard, OriginalError, OriginalNote, OriginalType
from cardpress.check.card_template_tags import LONGEST_TEMPLATE
from cardpress.markdown.entities import find_endless_number
from cardpress.source.yaml.reading import MAX_CHARACTERS, MAX_ENTRIES, MAX_HTML


def find_too_long(original: Original) -> tuple[tuple[OriginalNote, str], ...]:
    """Return the notes that are too long, each with what is said of it."""
    types = {each.key: each for each in original.note_types}
    found = ((note, next(_list_long(note, types[note.type_key]), "")) for note in original.notes)
    return tuple((note, why) for note, why in found if why)


def _list_long(note: OriginalNote, note_type: OriginalType) -> Iterator[str]:
    for field, value in zip(note_type.fields, note.fields, strict=True):
        if len(value) > MAX_HTML:
            yield f"`{field.name}` has {len(value):,} characters; {MAX_HTML:,} are allowed"
        elif find_endless_number(value) is not None:
            yield f"`{field.name}` has a character whose number has more than 1,000 digits"
    if len(note.tags) > MAX_ENTRIES:
        yield f"it has {len(note.tags):,} tags; {MAX_ENTRIES:,} are allowed"
    for tag in note.tags:
        if len(tag) > MAX_CHARACTERS:
            yield f"a tag of it has {len(tag):,} characters; {MAX_CHARACTERS:,} are allowed"


def refuse_long_types(original: Original) -> None:
    """Raise OriginalError for a card template or a style that is too long, before anything reads it."""
    for each in original.note_types:
        sides = [(f"the {side} of {card.name}", text) for card in each.cards for side, text in _list_sides(card)]
        for what, text in (*sides, ("its style", each.css)):
            if len(text) > LONGEST_TEMPLATE:
                said = f"{what} has {len(text):,} characters; {LONGEST_TEMPLATE:,} are allowed"
                raise OriginalError(f"note type {each.name}: {said}")
            if find_endless_number(text) is not None:
                said = f"{what} has a character whose number has more than 1,000 digits"
                raise OriginalError(f"note type {each.name}: {said}")


def _list_sides(card: OriginalCard) -> tuple[tuple[str, str], ...]:
    return ("front", card.front), ("back", card.back)
