"""Notes with a field of more characters than a project can hold, so that the project does without them.

They are found before anything looks into them, so that no text without end keeps anybody waiting.
"""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.anki.original import Original, OriginalNote
from cardpress.source.yaml.reading import MAX_HTML


def find_too_long(original: Original) -> tuple[tuple[OriginalNote, str], ...]:
    """Return the notes with a field that is too long, each with what is said of it."""
    return tuple(_find(original))


def _find(original: Original) -> Iterator[tuple[OriginalNote, str]]:
    types = {each.key: each for each in original.note_types}
    for note in original.notes:
        for field, value in zip(types[note.type_key].fields, note.fields, strict=True):
            if len(value) > MAX_HTML:
                yield note, f"`{field.name}` has {len(value):,} characters; {MAX_HTML:,} are allowed"
                break
