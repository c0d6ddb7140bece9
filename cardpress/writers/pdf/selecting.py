"""What each sheet prints of the data of a deck."""

from __future__ import annotations

from cardpress.outputs import Output
from cardpress.writers.pdf.heights import JsonObject


def select(data: JsonObject, output: Output) -> JsonObject:
    """Return the data with what a sheet prints."""
    take = take_below if output.of_recall else _drop_below if output.needs_all else drop_details
    return (_list_gists if output.of_gists else _drop_gists)(take(data))


def drop_details(data: JsonObject) -> JsonObject:
    """Return the data without what only the booklet prints: recall notes, and fields that readers have to ask for."""

    def glance(note: JsonObject) -> JsonObject:
        fields = [field for field in note["fields"] if "folded" not in field]
        return {key: value for key, value in note.items() if key != "recall"} | {"fields": fields}

    sections = [{**section, "notes": [glance(note) for note in section["notes"]]} for section in data["sections"]]
    return _drop_below({**data, "sections": sections})


def _drop_below(data: JsonObject) -> JsonObject:
    """Return the data without the notes below questions that stand on cards of their own."""
    sections = [{key: each for key, each in section.items() if key != "below"} for section in data["sections"]]
    return {**data, "sections": sections}


def take_below(data: JsonObject) -> JsonObject:
    """Return the data with the notes below questions in the place of these."""
    sections = [{**section, "notes": section["below"]} for section in data["sections"]]
    return _drop_below({**data, "sections": sections})


def drop_sides(data: JsonObject) -> JsonObject:
    """Return the data without the sides of cards and the cores of answers, which only cards have."""

    def by_note(note: JsonObject) -> JsonObject:
        return {key: value for key, value in note.items() if key not in ("sides", "lead")}

    return {
        **data,
        "sections": [{**section, "notes": list(map(by_note, section["notes"]))} for section in data["sections"]],
    }


def _list_gists(data: JsonObject) -> JsonObject:
    """Return the data with what the cheat sheet prints alone: of notes that have a gist."""
    keys = ("id", "number", "question", "gist")
    sections = [
        {**section, "notes": [{key: note[key] for key in keys} for note in section["notes"] if "gist" in note]}
        for section in data["sections"]
    ]
    return {**data, "sections": sections}


def _drop_gists(data: JsonObject) -> JsonObject:
    """Return the data without what only the cheat sheet prints."""

    def others(note: JsonObject) -> JsonObject:
        return {key: value for key, value in note.items() if key != "gist"}

    sections = [{**section, "notes": list(map(others, section["notes"]))} for section in data["sections"]]
    return {key: each for key, each in data.items() if key != "comparisons"} | {"sections": sections}
