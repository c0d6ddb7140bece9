"""The study notes of a large deck in parts, each of which begins a page: they take the memory of their largest part."""

from __future__ import annotations

from cardpress.note_types import Holds
from cardpress.pdf.packing import Objects
from cardpress.pdf.parts import count_pages_of
from cardpress.writers.pdf.heights import JsonObject
from cardpress.writers.pdf.in_parts import (
    Piece,
    SetParts,
    name_all,
    put_together,
    set_with_contents,
    split,
    strip,
    take,
)
from cardpress.writers.pdf.study_notes import tell_heights

# Characters of the data of a part. To set them takes about 80 MB. From so many on, a section begins the next one.
_MOST, _MANY = 180_000, 90_000
# Points: the margin above the text, as `study-notes.typ` has it, and how high the pages are that both papers have.
_TOP, _HEIGHT = 13 * 72 / 25.4, 11 * 72.0


def set_study_notes(data: JsonObject, height: float, set_parts: SetParts) -> Objects:
    """Return study notes on paper of a height in points. Raises ValueError when they cannot be made of parts."""
    common = strip(data) | {"sources": {}}
    first, *others = split(data["sections"], _MANY, _MOST)
    sources = [common | {"part": "sources", "sources": data["sources"]}] if data["sources"] else []
    made = set_parts([*(_take(data, common, piece) for piece in others), *sources])
    front = name_all(_take(data, common, first), data, ("id", "number"))
    pages = sum(map(count_pages_of, made[: len(others)]))
    guess = 1 + round(pages * first.size / max(1, sum(piece.size for piece in others)))
    begin = set_with_contents(front, made, set_parts, guess)
    top = _TOP + ((height - _HEIGHT) / 2 if data.get("for-both") else 0.0)
    return put_together(data, common, [begin.made, *made], height, top, set_parts)


def _take(data: JsonObject, common: JsonObject, piece: Piece) -> JsonObject:
    """Return the data with a piece alone, and with the sources that it names."""
    taken = tell_heights(take(data, common, piece))
    keys = {key for section in taken["sections"] for note in section["notes"] for key in list_sources(note)}
    return taken | {"sources": {key: each for key, each in data["sources"].items() if key in keys}}


def number_sources(data: JsonObject) -> JsonObject:
    """Return the data with each source that its notes name, once, by what tells it from others, with a number."""
    sources: dict[str, JsonObject] = {}
    for section in data["sections"]:
        for note in section["notes"]:
            for key, source in list_sources(note).items():
                if key not in sources:
                    sources[key] = {"number": len(sources) + 1, **source}
    return {**data, "sources": sources}


def list_sources(note: JsonObject) -> dict[str, JsonObject]:
    """Return the sources of a note by what tells them from others: their address, or their title."""
    return {
        source["title"] if source["url"] is None else source["url"]: source
        for field in note["fields"]
        if field["holds"] == Holds.LINKS
        for source in field["value"]
    }
