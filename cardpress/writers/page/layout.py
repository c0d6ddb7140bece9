"""Where the fields of a note stand on the page: what they hold decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

from cardpress.deck.notes import Note
from cardpress.note_types import Field, Holds

Part = tuple[Field, Any]

_TEXTS = (Holds.LINE, Holds.TEXT)
_REFERENCES = (Holds.LINKS, Holds.IDS)


def list_said(note: Note) -> Sequence[Part]:
    """Return what is said in answer: the answer, and lists of lines."""
    return [part for part in note.back() if _is_answer(note, part) or part[0].holds is Holds.LINES]


def list_beside(note: Note) -> Sequence[Part]:
    """Return what stands beside the answer: what else is asked, code with its output, and texts without a label."""
    shown = (Holds.SNIPPET, Holds.OUTPUT)
    return [
        *list_asked_too(note),
        *(
            (field, content)
            for field, content in note.back()
            if not _is_answer(note, (field, content))
            and (field.holds in shown or (field.holds in _TEXTS and not field.label))
        ),
    ]


def list_further(note: Note) -> Sequence[Part]:
    """Return what stands below, but for references: texts with a label, pairs, and other values."""
    taken = {field.key for field, _ in (*list_said(note), *list_beside(note), *list_references(note))}
    return [(field, content) for field, content in note.back() if field.key not in taken]


def list_references(note: Note) -> Sequence[Part]:
    """Return what stands last: links, and other questions."""
    return [(field, content) for field, content in note.back() if field.holds in _REFERENCES]


def list_asked_too(note: Note) -> Sequence[Part]:
    """Return what a note asks with its question, such as code."""
    asked = next(field.key for field in note.note_type.asked if field.key in note.contents)
    return [(field, content) for field, content in note.front() if field.key != asked]


def list_told(note: Note) -> Sequence[Part]:
    """Return what a recall note tells when its answer is shown."""
    return list(note.back())


def _is_answer(note: Note, part: Part) -> bool:
    return part[0] in note.note_type.answered


# By the name of the template's filter.
LAYOUT: MappingProxyType[str, Callable[[Note], Sequence[Part]]] = MappingProxyType(
    {
        "said": list_said,
        "beside": list_beside,
        "further": list_further,
        "references": list_references,
        "asked_too": list_asked_too,
        "told": list_told,
    }
)
