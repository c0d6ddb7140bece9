"""The three note types that a deck brings to Anki. Their field lists and ids are frozen from version 1.0 on.

A field may be renamed (with `renamed` it keeps its id), but never removed, reordered or added. Any of these would be a
conflict in every learner's collection, and Anki would drop all later updates. `Notice` and `Extra` are there for future
content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cardpress.note_types.identity import make_number


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type: its fields in order, and the files of its card template's front and back, below templates/."""

    kind: str
    title: str
    fields: tuple[str, ...]
    front: str
    back: str
    is_cloze: bool = False
    # New name of a field → the name that it was first released under, from which its id is made.
    renamed: Mapping[str, str] = field(default_factory=dict)

    def id(self, deck_id: str) -> int:
        """Return the note type's id. It differs from deck to deck, so that no deck restyles another."""
        return make_number(deck_id, "note-type", self.kind)

    def field_id(self, deck_id: str, name: str) -> int:
        """Return a field's id, by which Anki recognizes it under any name."""
        return make_number(deck_id, "field", self.kind, self.released_name(name))

    def released_name(self, name: str) -> str:
        """Return the name that a field was first released under, which its values and the history use."""
        return self.renamed.get(name, name)

    def template_id(self, deck_id: str) -> int:
        """Return the card template's id."""
        return make_number(deck_id, "template", self.kind)


_COMMON = ("Section", "Level", "Id", "Version")

INTERVIEW = NoteType(
    kind="interview",
    title="interview",
    fields=(
        "Question",
        "Answer",
        "KeyPoints",
        "Code",
        "Output",
        "Pitfalls",
        "HowToAnswer",
        "ExampleAnswer",
        "Sources",
        "SeeAlso",
        "Extra",
        "Notice",
        "Number",
        *_COMMON,
    ),
    front="anki/interview.front.html",
    back="anki/interview.back.html",
)
RECALL = NoteType(
    kind="recall",
    title="recall",
    fields=("Question", "Code", "Answer", "Extra", "Notice", "About", *_COMMON),
    front="anki/recall.front.html",
    back="anki/recall.back.html",
)
CLOZE = NoteType(
    kind="cloze",
    title="cloze",
    fields=("Text", "Code", "Extra", "Notice", "About", *_COMMON),
    front="anki/cloze.front.html",
    back="anki/cloze.back.html",
    is_cloze=True,
)

NOTE_TYPES = (INTERVIEW, RECALL, CLOZE)
