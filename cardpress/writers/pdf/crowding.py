"""Keeps a sheet's work in proportion to its words: of a deck with very many small parts, some have their words alone.

Typst needs about half a millisecond and 30 kB for each part that it sets: a paragraph, an entry of a list, a cell of a
table, code in a line. A text of 20,000 characters can be 10,000 of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cardpress.deck.notes import Deck, Note
from cardpress.diagnostics import Diagnostic
from cardpress.note_types import Holds
from cardpress.writers.pdf.data import list_field_nodes
from cardpress.writers.pdf.heights import JsonObject, list_blocks
from cardpress.writers.pdf.words import JOINT, put_in_a_line

# A note may have so many parts, and one more for so many characters. Notes that people write have 16 to a part or more.
_FREE = 10
_CHARACTERS_FOR_ONE = 6
# Parts of a formula that take as much work as one of a text.
_PARTS_OF_FORMULA = 8
# So many more are allowed in a whole deck.
_SPARE = 10_000
# Keys whose values are no author's words.
_OURS = frozenset(("t", "holds", "label", "lang", "region"))


def thin_out(data: JsonObject, deck: Deck) -> tuple[JsonObject, tuple[Diagnostic, ...]]:
    """Return the data to print with the most crowded notes in words, and a warning for each of them."""
    below: dict[str, list[JsonObject]] = {}
    for section in data["sections"]:
        for note in section["below"]:
            below.setdefault(note["of"], []).append(note)
    excess = {
        note["id"]: _count_excess(note, below.get(note["id"], ()))
        for section in data["sections"]
        for note in section["notes"]
    }
    crowded = set()
    total = sum(excess.values())
    for note_id in sorted(excess, key=lambda each: excess[each], reverse=True):
        if total <= _SPARE:
            break
        crowded.add(note_id)
        total -= excess[note_id]
    if not crowded:
        return data, ()
    sections = [
        {
            **section,
            **{
                key: [_in_words(note) if note.get("of", note["id"]) in crowded else note for note in section[key]]
                for key in ("notes", "below")
            },
        }
        for section in data["sections"]
    ]
    return {**data, "sections": sections}, tuple(_warn(note) for note in deck.notes() if note.id in crowded)


def _count_excess(note: JsonObject, below: Iterable[JsonObject]) -> int:
    """Return how many parts a note, with those below it, has more than its characters account for."""
    # The sides of cards are the same texts once more; in words, these are, too.
    texts = [note, *below] if "recall" not in note else [note]
    parts, characters = _weigh([{key: each for key, each in text.items() if key != "sides"} for text in texts])
    return max(0, parts - _FREE - characters // _CHARACTERS_FOR_ONE)


def _weigh(value: Any) -> tuple[int, int]:
    """Return how many lists, mappings and line ends there are in some data, and how many characters."""
    if isinstance(value, str):
        return value.count("\n"), len(value)
    inner: Iterable[Any] = value if isinstance(value, list) else ()
    if isinstance(value, dict):
        if "formula" in value:  # its parts are small
            parts, _ = _weigh(value["formula"])
            return 1 + parts // _PARTS_OF_FORMULA, len(value["alt"])
        inner = (each for key, each in value.items() if key not in _OURS)
    weights = [_weigh(each) for each in inner]
    return isinstance(value, dict | list) + sum(parts for parts, _ in weights), sum(size for _, size in weights)


def _in_words(note: JsonObject) -> JsonObject:
    """Return a note in which each text and each field is one paragraph."""
    made = {key: put_in_a_line(note[key]) for key in ("question", "answer", "cloze") if note.get(key)}
    note = {key: each for key, each in note.items() if key != "lead"}
    recall = {"recall": list(map(_in_words, note["recall"]))} if "recall" in note else {}
    sides = {"sides": [_side_in_words(side) for side in note["sides"]]} if "sides" in note else {}
    return {**note, **made, "fields": list(map(_field_in_words, note["fields"])), **recall, **sides}


def _side_in_words(side: JsonObject) -> JsonObject:
    return {**side, **{key: put_in_a_line(side[key]) for key in ("question", "answer") if side[key]}}


def _field_in_words(field: JsonObject) -> JsonObject:
    """Return a field of one entry. It holds what it held if a sheet looks for that, else a text."""
    value = field["value"]
    match field["holds"]:
        case Holds.LINES:
            return {**field, "value": [put_in_a_line(list_field_nodes(field))]}
        case Holds.PAIRS:
            texts = ([node for pair in value for node in list_blocks(pair[i]["text"])] for i in range(len(value[0])))
            one = [{**part, "text": put_in_a_line(text)} for part, text in zip(value[0], texts, strict=True)]
            return {**field, "value": [one]}
        case Holds.LINKS:
            title = JOINT.join(link["title"] for link in value)
            return {**field, "value": [{"title": title, "said": [title], "url": None}]}
        case _:
            return {**field, "holds": str(Holds.TEXT), "value": put_in_a_line(list_field_nodes(field))}


def _warn(note: Note) -> Diagnostic:
    place = note.places[next(each.key for each in note.note_type.asked if each.key in note.places)]
    message = f"`{note.id}` has very many small parts, such as list entries or cells: the PDFs have its words alone"
    return Diagnostic("crowded-print", place, message, "make several questions of it, or say it in sentences")
