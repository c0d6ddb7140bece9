"""Where the fields of a note stand on the page: what they hold decides."""

from __future__ import annotations

from typing import Any, NamedTuple

from cardpress.deck.notes import Note
from cardpress.note_types import Field, Holds

Part = tuple[Field, Any]


class Layout(NamedTuple):
    """The parts of a note, each a field and what it holds, in groups that stand together.

    `asked` is what a note asks beside its question, such as code. `said` is the answer, with texts without a label, as
    a diagram is, and lists of lines. `beside` are code and its output, `references` are links and other questions,
    `further` is the rest.
    """

    asked: tuple[Part, ...]
    said: tuple[Part, ...]
    beside: tuple[Part, ...]
    further: tuple[Part, ...]
    references: tuple[Part, ...]


def arrange(note: Note) -> Layout:
    """Return the parts of a note in their groups, each in the order of its note type's cards."""
    question = note.known_by
    # A picture with masks is shown, and its name stands in the heading.
    named = None if question is None or question.holds is Holds.OCCLUSION else question
    groups: dict[str, list[Part]] = {"said": [], "beside": [], "further": [], "references": []}
    answered = note.note_type.answered
    for field, content in note.back():
        if field is named:  # as an adopted note may be known by what its back shows
            continue
        groups["said" if field in answered else _choose_group(field)].append((field, content))
    asked = tuple((field, content) for field, content in note.front() if field is not named)
    return Layout(asked, **{name: tuple(parts) for name, parts in groups.items()})


def _choose_group(field: Field) -> str:
    match field.holds:
        case Holds.LINES:
            return "said"
        case Holds.LINE | Holds.TEXT | Holds.HTML | Holds.HTML_CLOZE if not field.label:
            return "said"
        case Holds.SNIPPET | Holds.OUTPUT:
            return "beside"
        case Holds.PICTURE | Holds.AUDIO:
            return "beside"
        case Holds.LINKS | Holds.IDS:
            return "references"
        case _:
            return "further"
