"""What the study notes need not measure: questions that are surely lower than a page, and sections that surely are not.

To measure what is in proportion to its words takes Typst as long as to set it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardpress.note_types import Holds
from cardpress.writers.pdf.data import list_field_nodes
from cardpress.writers.pdf.heights import LINE, JsonObject, Node, height_of

# Ems of the size that `study-notes.typ` has: how wide a column is, and how high what stands in one piece may be.
_COLUMN, _PAGE = 30.0, 78.0
# How many times higher or lower than the estimate anything may be.
_DOUBT = 1.6
# What does not go by words: a picture is as high as it is.
_PICTURES = frozenset(("img", "masked"))


def tell_heights(data: JsonObject) -> JsonObject:
    """Return the data in which a note says whether it `is-low`, and a section whether it `is-high`."""
    sections = []
    for section in data["sections"]:
        heights = [_estimate(note) for note in section["notes"]]
        notes = [
            {**note, "is-low": not _has_pictures(note) and height * _DOUBT < _PAGE}
            for note, height in zip(section["notes"], heights, strict=True)
        ]
        sections.append({**section, "notes": notes, "is-high": sum(heights) / _DOUBT > 2 * _PAGE})
    return {**data, "sections": sections}


def _estimate(note: JsonObject) -> float:
    return sum(height_of(nodes, _COLUMN) + LINE for nodes in _list_texts(note))


def _list_texts(note: JsonObject) -> Iterator[Sequence[Node]]:
    yield note["question"]
    yield note["answer"]
    for field in note["fields"]:
        if field["holds"] != Holds.OCCLUSION:
            yield list_field_nodes(field)


def _has_pictures(nodes: object) -> bool:
    if isinstance(nodes, dict):
        return (
            nodes.get("t") in _PICTURES or nodes.get("holds") == Holds.OCCLUSION or _has_pictures(list(nodes.values()))
        )
    return isinstance(nodes, list) and any(map(_has_pictures, nodes))
