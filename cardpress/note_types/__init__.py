"""The three note types that a deck brings to Anki. Their field lists and ids are frozen from version 1.0 on.

A field may be renamed (see `renamed`: its number holds), never removed, reordered or added: each would be a conflict
in every learner's collection, and all later updates would be dropped. `Notice` and `Extra` are there for what comes
later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cardpress.note_types.identity import make_number


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type's fields in order, and the files of its card template, below templates/."""

    kind: str
    title: str
    fields: tuple[str, ...]
    front: str
    back: str
    is_cloze: bool = False
    # New name → the name that a field was released under, and that its id is made from.
    renamed: Mapping[str, str] = field(default_factory=dict)

    def id(self, deck_id: str) -> int:
        """Give the note type's id: its own for every deck, so that no deck restyles another."""
        return make_number(deck_id, "note-type", self.kind)

    def field_id(self, deck_id: str, name: str) -> int:
        """Give a field's id, by which Anki knows it under any name."""
        return make_number(deck_id, "field", self.kind, self.released_name(name))

    def released_name(self, name: str) -> str:
        """Give the name that a field was released under, by which values and history know it."""
        return self.renamed.get(name, name)

    def template_id(self, deck_id: str) -> int:
        """Give the card template's id."""
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
