"""Keeps a sheet's work in proportion to its words: of a deck with very many small parts, some have their words alone.

Typst needs about half a millisecond and 30 kB for each part that it sets: a paragraph, an entry of a list, a cell of a
table, code in a line. A text of 20,000 characters can be 10,000 of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from cardpress.deck.notes import Comparison, Deck, Note
from cardpress.diagnostics import Diagnostic
from cardpress.note_types import Holds
from cardpress.writers.pdf.data import list_field_nodes
from cardpress.writers.pdf.heights import JsonObject, Node, flatten, list_blocks
from cardpress.writers.pdf.words import JOINT, put_in_a_line

Key = TypeVar("Key", str, int)

# A note may have so many parts, and one more for so many characters. Notes that people write have 16 to a part or more.
_FREE = 10
_CHARACTERS_FOR_ONE = 6
# Parts of a formula that take as much work as one of a text.
_PARTS_OF_FORMULA = 8
# So many more are allowed in all notes of a deck, and in all of its comparisons.
_SPARE = 10_000
# What repeats other texts of a note: in words, these are, too.
_REPEATED = frozenset(("sides", "lead", "title"))
# Keys whose values are no author's words.
_OURS = frozenset(("t", "holds", "label", "lang", "region"))


def thin_out(data: JsonObject, deck: Deck) -> tuple[JsonObject, tuple[Diagnostic, ...]]:
    """Return the data to print with the most crowded notes and tables in words, and a warning for each of them."""
    below: dict[str, list[JsonObject]] = {}
    for section in data["sections"]:
        for note in section["below"]:
            below.setdefault(note["of"], []).append(note)
    excess = {
        note["id"]: _count_excess(_list_texts(note, below.get(note["id"], ())))
        for section in data["sections"]
        for note in section["notes"]
    }
    crowded = _choose(excess)
    tables = _choose({index: _count_excess(each["tables"]) for index, each in enumerate(data["comparisons"])})
    if not (crowded or tables):
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
    comparisons = [
        {**each, "tables": [put_in_a_line(part) for part in each["tables"]]} if index in tables else each
        for index, each in enumerate(data["comparisons"])
    ]
    problems = [_warn(note) for note in deck.notes() if note.id in crowded]
    problems += [_warn_of_table(each) for index, each in enumerate(deck.comparisons) if index in tables]
    return {**data, "sections": sections, "comparisons": comparisons}, tuple(problems)


def _choose(excess: Mapping[Key, int]) -> frozenset[Key]:
    """Return which have their words alone, the most crowded first, so that the rest is within what is spared."""
    chosen = set()
    total = sum(excess.values())
    for each, count in sorted(excess.items(), key=lambda counted: counted[1], reverse=True):
        if total <= _SPARE:
            break
        chosen.add(each)
        total -= count
    return frozenset(chosen)


def _list_texts(note: JsonObject, below: Iterable[JsonObject]) -> list[JsonObject]:
    """Return a note, with those below it, without what repeats their texts."""
    notes = [note, *below] if "recall" not in note else [note]
    return [
        {key: each for key, each in one.items() if key not in _REPEATED}
        | ({"gist": one["gist"]["lines"]} if "gist" in one else {})
        for one in notes
    ]


def _count_excess(texts: Sequence[Any]) -> int:
    """Return how many parts some texts have more than their characters account for."""
    parts, characters = _weigh(texts)
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
    title = {"title": _title_in_words(note["title"])} if "title" in note else {}
    gist = {"gist": _gist_in_words(note["gist"])} if "gist" in note else {}
    note = {key: each for key, each in note.items() if key != "lead"}
    recall = {"recall": list(map(_in_words, note["recall"]))} if "recall" in note else {}
    sides = {"sides": [_side_in_words(side) for side in note["sides"]]} if "sides" in note else {}
    return {**note, **made, "fields": list(map(_field_in_words, note["fields"])), **title, **gist, **recall, **sides}


def _title_in_words(title: Sequence[Node]) -> list[Node]:
    return [flatten(put_in_a_line(title))]


def _gist_in_words(gist: JsonObject) -> JsonObject:
    return {"title": _title_in_words(gist["title"]), "lines": list(map(put_in_a_line, gist["lines"]))}


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
    asked = note.known_by
    place = note.places[asked.key if asked else "id"]
    message = f"`{note.id}` has very many small parts, such as list entries or cells: the PDFs have its words alone"
    return Diagnostic("crowded-print", place, message, "make several questions of it, or say it in sentences")


def _warn_of_table(comparison: Comparison) -> Diagnostic:
    message = "this table has very many small parts, such as cells: the cheat sheet has its words alone"
    return Diagnostic("crowded-print", comparison.place, message, "make several tables of it, or say it in sentences")
