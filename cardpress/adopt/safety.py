"""An original → the same without what would run or load in Anki, and what each of its parts lacks by that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cardpress.adopt.plain_values import is_line
from cardpress.adopt.safe_templates import find_values_of, make_style_safe, make_template_safe
from cardpress.anki.original import Original, OriginalNote, OriginalType
from cardpress.markdown.safe_html import make_safe
from cardpress.source.templates.style_sheets import list_harmless_sheets

# What no tag of ours has.
_NOT_IN_TAG = re.compile(r"[ \u3000<>\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class SafeOriginal:
    """An original that does no harm, and what was dropped: of notes by their GUIDs, of note types by their keys."""

    original: Original
    of_notes: Mapping[str, tuple[str, ...]]
    of_types: Mapping[str, tuple[str, ...]]


def make_original_safe(original: Original) -> SafeOriginal:
    """Return an original without what would run or load."""
    types = {each.key: each for each in original.note_types}
    of_notes: dict[str, tuple[str, ...]] = {}
    notes = []
    for note in original.notes:
        safe, dropped = _make_note_safe(note, types[note.type_key])
        notes.append(safe)
        if dropped:
            of_notes[note.guid] = dropped
    made = replace(original, notes=tuple(notes))
    sheets = list_harmless_sheets(original.media)
    of_types: dict[str, tuple[str, ...]] = {}
    note_types = []
    for each in original.note_types:
        safe_type, dropped = _make_type_safe(made, each, sheets)
        note_types.append(safe_type)
        if dropped:
            of_types[each.key] = dropped
    return SafeOriginal(replace(made, note_types=tuple(note_types)), of_notes, of_types)


def _make_note_safe(note: OriginalNote, note_type: OriginalType) -> tuple[OriginalNote, tuple[str, ...]]:
    dropped: list[str] = []
    fields = []
    for field, value in zip(note_type.fields, note.fields, strict=True):
        kept, lacks = (value, ()) if is_line(value) else make_safe(value)
        fields.append(kept)
        dropped += [f"{each} in {field.name}" for each in lacks]
    tags = tuple(_NOT_IN_TAG.sub("-", tag) for tag in note.tags)
    if tags != note.tags:
        dropped.append("signs in its tags")
    if not dropped and tuple(fields) == note.fields:
        return note, ()
    return replace(note, fields=tuple(fields), tags=tags), tuple(dropped)


def _make_type_safe(
    original: Original, note_type: OriginalType, sheets: frozenset[str]
) -> tuple[OriginalType, tuple[str, ...]]:
    dropped: list[str] = []
    find_values = find_values_of(original, note_type)
    cards = []
    for card in note_type.cards:
        front, back = make_template_safe(card.front, find_values), make_template_safe(card.back, find_values)
        dropped += [f"{each} on the front of {card.name}" for each in front.dropped]
        dropped += [f"{each} on the back of {card.name}" for each in back.dropped]
        cards.append(replace(card, front=front.text, back=back.text))
    style = make_style_safe(note_type.css, sheets)
    dropped += [f"{each} in the style" for each in style.dropped]
    return replace(note_type, cards=tuple(cards), css=style.text), tuple(dropped)


def list_dropped(safe: SafeOriginal) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the key of each note type, and the GUID of each note, of which something was dropped, with what it was."""
    yield from safe.of_types.items()
    yield from safe.of_notes.items()
