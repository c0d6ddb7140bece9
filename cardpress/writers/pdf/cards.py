"""What stands on each printed card, and in which size: estimated first, then mended by what Typst measures.

A text is set smaller, down to the last size of the cards' format, until it fits one card. If key points do not fit
below an answer, it is printed without them, and larger again. A text that does not fit goes on to further cards. What
fits none is replaced by its words, and what is longer than `MOST_CARDS` is cut; both are warnings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cardpress.deck.notes import Deck, Note, RichText
from cardpress.diagnostics import Diagnostic
from cardpress.note_types import Holds
from cardpress.writers.pdf.cutting import cut
from cardpress.writers.pdf.data import limit_words, list_field_nodes
from cardpress.writers.pdf.formats import Format
from cardpress.writers.pdf.heights import (
    BOLD,
    GUTTER,
    LINE,
    JsonObject,
    Node,
    advances,
    flatten,
    height_of,
    least_width,
    list_blocks,
)
from cardpress.writers.pdf.narrowing import narrow
from cardpress.writers.pdf.words import replace_by_words

MOST_CARDS = 12
# Sizes on one of several cards: of those that need as many cards, the largest is taken. What cannot be cut further and
# does not fit is tried in the next row.
_OF_SEVERAL = ((10.0, 9.5, 9.0), (8.0,), (7.0,))
# Sizes for a text with something wide that cannot be broken, such as a table's row.
_FOR_WIDE = (8.5, 8.0, 7.5, 7.0)
# How much of a card a part of a text may take by the estimate.
_FULL = 0.96
# How much more room a text gets than was measured when it did not fit: lines break in other places once it is cut.
_MORE = 1.03
# How often a text is cut anew before it is replaced by its words, and those by a sign that something is missing.
_TRIES = 8
# Texts that need more cards than this by the estimate are not tried on one: Typst would press them together.
_HOPELESS = 10
_MISSING = "…"


class Overflow(NamedTuple):
    """A side that does not fit its card: of which note and which of its cards, from 1 up, and how many it needs."""

    note_id: str
    part: int
    side: str
    need: float


class _Step(NamedTuple):
    size: float
    with_points: bool = False


@dataclass(slots=True)
class _Side:
    """One side of a note's cards: its text, and the parts and the size in which it is printed.

    `steps` are the sizes to try on one card; `widest` is the widest thing that cannot be broken, in ems.
    """

    nodes: Sequence[Node]
    steps: tuple[_Step, ...]
    widest: float
    form: Format
    step: int = 0
    parts: list[list[Node]] = field(default_factory=list)
    size: float = 0.0
    # How many times higher than the estimate the text is, and which row of `_OF_SEVERAL` is tried.
    scale: float = 1.0
    row: int = 0
    tries: int = 0
    is_divided: bool = False
    in_words: bool = False
    is_cut: bool = False
    is_given_up: bool = False

    def __post_init__(self) -> None:
        self.parts = [list(self.nodes)]
        self.size = self.steps[self.step].size
        if self._need(self.nodes, self.steps[-1].size) > _HOPELESS:
            self._divide()

    @property
    def with_points(self) -> bool:
        """Whether the key points are printed below the answer."""
        return not self.is_divided and self.steps[self.step].with_points

    def refine(self, needs: Mapping[int, float]) -> bool:
        """Change size or parts, since some parts, counted from 1, need more than a card: so many.

        Return False when nothing is left to try.
        """
        if self.is_given_up:
            return False
        if not self.is_divided and self.step + 1 < len(self.steps):
            self.step += 1
            self.size = self.steps[self.step].size
            return True
        self.tries += 1
        too_large = {part: need for part, need in needs.items() if not self._can_be_cut(part)}
        for part, need in needs.items():
            if part not in too_large:
                self.scale = max(self.scale, self.scale * _MORE * need / self._need(self.parts[part - 1], self.size))
        if self.tries > _TRIES:
            self._give_up()
        elif too_large and self.row + 1 < len(_OF_SEVERAL):
            self.row += 1
        elif too_large:
            self.nodes = [node for index, part in enumerate(self.parts, 1) for node in _said(part, index in too_large)]
            self.in_words, self.row = True, 0
        self._divide()
        return True

    def _give_up(self) -> None:
        """Print the words alone, or, when that was tried already, a sign that something is missing."""
        self.is_given_up = self.in_words
        self.nodes = [_MISSING] if self.in_words else replace_by_words(self.nodes)
        self.in_words, self.row, self.tries = True, 0, 0

    def _can_be_cut(self, part: int) -> bool:
        return bool(cut(self.parts[part - 1], LINE, self.form.width / self.size)[1])

    def _need(self, nodes: Sequence[Node], size: float) -> float:
        """Return how many cards nodes need by the estimate."""
        return max(0.01, self.scale * height_of(nodes, self.form.width / size) * size / self.form.height)

    def _divide(self) -> None:
        """Cut the text into parts for as few cards as it needs, about the same for each."""
        self.is_divided = True
        sizes = [size for size in _OF_SEVERAL[self.row] if size <= self.form.width / self.widest] or [
            self.steps[-1].size
        ]
        tries = [(size, *self._cut_evenly(size)) for size in sizes]
        self.size, self.parts, rest = min(tries, key=lambda each: (bool(each[2]), len(each[1])))  # of equals the first
        self.is_cut = bool(rest) or self.is_given_up
        if rest:
            self.parts[-1].append({"t": "p", "c": [_MISSING]})

    def _cut_evenly(self, size: float) -> tuple[list[list[Node]], list[Node]]:
        """Return the parts of the text for cards in this size, and what is left after the last card."""
        count = math.ceil(self._need(self.nodes, size) / _FULL)
        while True:
            parts, rest = self._cut_into(count, size)
            if rest or len(parts) <= count:
                return parts, rest
            count = len(parts)  # what no sentence may be cut for needs a card more: now all get less

    def _cut_into(self, count: int, size: float) -> tuple[list[list[Node]], list[Node]]:
        full = _FULL * self.form.height / size / self.scale
        width = self.form.width / size
        parts: list[list[Node]] = []
        rest = list(self.nodes)
        while rest and len(parts) < MOST_CARDS:
            left = max(1, count - len(parts))
            # With half of what a sentence takes, so that the last card does not get much more than the others.
            share = height_of(rest, width) / left + 1.5 * LINE
            part, rest = cut(rest, full, width, min(full, share))
            parts.append(part)
        return parts, rest


def _said(part: Sequence[Node], in_words: bool) -> Sequence[Node]:
    return replace_by_words(part) if in_words else part


class Cards:
    """The cards of a deck's notes. They start from an estimate; `refine` changes those that did not fit."""

    def __init__(self, deck: Deck, data: JsonObject, form: Format) -> None:
        self.data = data
        self.form = form
        self.notes = {each.id: each for note in deck.notes() for each in (note, *note.recall)}
        self._entries = [
            (section, [entry for made in section["notes"] for entry in _list_entries(made)])
            for section in data["sections"]
        ]
        self._sides = {
            (entry["key"], side): sided(self.notes[entry["id"]], entry, form)
            for _, entries in self._entries
            for entry in entries
            for side, sided in (("front", _front), ("back", _back))
        }

    def refine(self, found: Iterable[Overflow]) -> frozenset[str]:
        """Change the sides that did not fit. Return the ids of the notes for which something is left to try."""
        needs: dict[tuple[str, str], dict[int, float]] = {}
        for note_id, part, side, need in found:
            needs.setdefault((note_id, side), {})[part] = need
        # A template of an older deck's knows no cards but a note's only one.
        changed = {key: self._sides[key].refine(of_parts) for key, of_parts in needs.items() if key in self._sides}
        return frozenset(key for (key, _), has_changed in changed.items() if has_changed)

    def data_of(self, keys: frozenset[str] | None = None) -> JsonObject:
        """Return the data for the template, in which each card is a note; those with some keys, or all."""
        sections = [
            {
                **section,
                "notes": [
                    card for entry in entries if keys is None or entry["key"] in keys for card in self._cards(entry)
                ],
            }
            for section, entries in self._entries
        ]
        return {**self.data, "sections": sections}

    def _cards(self, note: JsonObject) -> Iterator[JsonObject]:
        front, back = self._sides[note["key"], "front"], self._sides[note["key"], "back"]
        count = max(len(front.parts), len(back.parts))
        for index in range(count):
            yield {
                **note,
                "question": _at(front.parts, index),
                "answer": _at(back.parts, index),
                "fit": {"front": {"size": front.size}, "back": {"size": back.size, "points": back.with_points}},
                "part": index + 1,
                "parts": count,
            }

    def problems(self) -> Iterator[Diagnostic]:
        """Yield a warning for each text that is not printed as it is written."""
        ids = {entry["key"]: entry for _, entries in self._entries for entry in entries}
        for (entry_key, side), state in self._sides.items():
            note_id, number = ids[entry_key]["id"], ids[entry_key]["number_of_card"]
            note = self.notes[note_id]
            shown = note.note_type.asked if side == "front" else note.note_type.answered
            if number is not None:
                card = next(each for each in note.cards() if each.number == number)
                shown = tuple(field for field, _ in (card.asked if side == "front" else card.answered))
            key = next((each.key for each in (*shown, *note.note_type.asked) if each.key in note.places), "id")
            if state.in_words and not state.is_cut:
                message = f"a part of the {key} of `{note_id}` fits no printed card: its words are printed in its place"
                yield Diagnostic("card-overflow", note.places[key], message, "write it as shorter lines, or as a list")
            if state.is_cut:
                message = f"the {key} of `{note_id}` is longer than {MOST_CARDS} printed cards, and cut off there"
                yield Diagnostic("card-overflow", note.places[key], message, _shorter(note, key))


def _shorter(note: Note, key: str) -> str:
    """Return the help line for a text that is too long."""
    lists = [each.key for each in note.note_type.keyed if each.holds is Holds.LINES]
    return f"shorten `{key}`" + (f"; what explains it can go to `{lists[0]}`" if lists else "")


def _at(parts: Sequence[Sequence[Node]], index: int) -> Sequence[Node]:
    return parts[index] if index < len(parts) else ()


def _list_entries(note: JsonObject) -> Iterator[JsonObject]:
    """Yield what is printed on cards of their own: the note, or each of its cards. Each has a key of its own."""
    if "sides" not in note:
        yield {**note, "key": note["id"], "card": None, "number_of_card": None}
    for side in note.get("sides", ()):
        yield {
            **{key: each for key, each in note.items() if key != "sides"},
            "key": f"{note['id']}:{side['card']}",
            "card": side["name"],
            "number_of_card": side["card"],
            "question": side["question"],
            "answer": side["answer"],
            "short": side["short"],
            "fields": [],
        }


class _Measured(NamedTuple):
    """The estimated widths of a text, in ems: of each of its lines, and of the widest thing that cannot be broken."""

    lines: tuple[float, ...]
    widest: float


def _measure(text: RichText) -> _Measured:
    lines = text.plain.split("\n")
    # A word cannot be broken, nor can a table's row.
    widest = max((_narrowest(line.split("\t")) for line in lines), default=0.0)
    return _Measured(tuple(sum(advances(line)) for line in lines), widest)


def _measure_nodes(nodes: Sequence[Node]) -> _Measured:
    """Return the widths of nodes, whose pictures count little: what does not fit is found when it is set."""
    lines = [line for block in list_blocks(replace_by_words(nodes)) for line in flatten(block["c"]).split("\n")]
    widest = max((_narrowest([line]) for line in lines), default=0.0)
    return _Measured(tuple(sum(advances(line)) for line in lines), widest)


def _front(note: Note, data: JsonObject, form: Format) -> _Side:
    asked = _measure(note.asked) if data["number_of_card"] is None else _measure_nodes(data["question"])
    bold = asked._replace(widest=max(asked.widest, least_width(data["question"])) * BOLD)
    return _side(data["question"], [(_Step(size), [bold]) for size in form.front], form)


def _back(note: Note, data: JsonObject, form: Format) -> _Side:
    if data["number_of_card"] is not None:
        told = _measure_nodes(data["answer"])
        told = told._replace(widest=max(told.widest, least_width(data["answer"])))
        return _side(data["answer"], [(_Step(size), [told]) for size in form.back], form)
    answer = [_measure(note.answer)] if note.answer else []
    answer = [each._replace(widest=max(each.widest, least_width(data["answer"]))) for each in answer]
    points = [_measure(line) for _, content in note.each(Holds.LINES) for line in content]
    # What answers in another way than by a text is printed in its place.
    nodes = data["answer"] or [node for each in data["fields"] for node in list_field_nodes(each)]
    texts = [*answer, *points]
    with_points = [(_Step(size, True), texts) for size in form.with_points if points and answer]
    return _side(nodes, [*with_points, *((_Step(size), answer or points) for size in form.back)], form)


def _side(nodes: Sequence[Node], tries: Sequence[tuple[_Step, Sequence[_Measured]]], form: Format) -> _Side:
    """Return a side that begins with the first step whose texts fit by the estimate, or with the last."""
    fitting = narrow(nodes, form.width / _OF_SEVERAL[-1][-1], form.width / form.back[0])
    texts = tries[-1][1]
    widest = max(1.0, *(text.widest for text in texts)) if texts else 1.0
    tries = [each for each in tries if each[0].size * max((text.widest for text in each[1]), default=0) <= form.width]
    if not tries:
        size = next((size for size in _FOR_WIDE if size * widest <= form.width), _FOR_WIDE[-1])
        tries = [(_Step(size), texts)]
    first = (index for index, (step, each) in enumerate(tries) if _height(each, step.size, form.width) <= form.height)
    steps = tuple(step for step, _ in tries)
    return _Side(fitting.nodes, steps, widest, form, next(first, len(tries) - 1), in_words=fitting.in_words)


def _height(texts: Sequence[_Measured], size: float, room: float) -> float:
    """Return the estimated height of texts in one column of a width, in points."""
    widths = [width for text in texts for width in text.lines]
    lines = sum(max(1, -int(-width * size // room)) for width in widths)
    return (lines * LINE + len(widths) * 0.25) * size


def _narrowest(cells: list[str]) -> float:
    longest = limit_words(len(cells))
    words = [[sum(advances(word[:longest])) for word in cell.split()] for cell in cells]
    return sum(max(widths, default=0) for widths in words) + GUTTER * (len(cells) - 1)
