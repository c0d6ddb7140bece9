"""What stands on each printed card, and in which size: estimated first, then mended by what Typst measures.

A text is set smaller, down to the last size of the cards' format, until it fits one card. An answer has its key points
below it. Where they do not fit together, the core of the answer stands above them: its first sentence. A text that does
not fit goes on to further cards. What fits none is replaced by its words, and what is longer than `MOST_CARDS` is cut;
both are warnings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cardpress.deck.notes import Deck, Note
from cardpress.diagnostics import Diagnostic
from cardpress.note_types import Holds
from cardpress.writers.pdf.cutting import cut
from cardpress.writers.pdf.data import list_field_nodes
from cardpress.writers.pdf.formats import Format
from cardpress.writers.pdf.heights import (
    BOLD,
    BREAK,
    LINE,
    JsonObject,
    Node,
    advance,
    advances,
    height_of,
    is_block,
    least_width,
    list_blocks,
    widest_word,
)
from cardpress.writers.pdf.narrowing import fit_code, narrow
from cardpress.writers.pdf.words import replace_by_words

MOST_CARDS = 12
# Sizes on one of several cards: of those that need as many cards, the largest is taken. What cannot be cut further and
# does not fit is tried in the next row.
_OF_SEVERAL = ((10.0, 9.5, 9.0, 8.5), (8.0,), (7.0,))
# Sizes for a text with something wide that cannot be broken, such as a table's row.
_FOR_WIDE = (8.5, 8.0, 7.5, 7.0)
# How much higher than a card a text may be by the estimate, which is careful, so that it is tried on one.
_HOPE = 1.45
# Cards. Points that need more by the estimate are not printed.
_MOST_WITH_POINTS = 3
# How much of some cards a text may take by the estimate that surely needs no more of them.
_SURE = 0.85
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
    """What is tried on one card, and in which size: all of a text, or what counts of it."""

    size: float
    nodes: Sequence[Node]


@dataclass(slots=True)
class _Side:
    """One side of a note's cards: its text, and the parts and the size in which it is printed.

    `steps` are to be tried on one card; `widest` is the widest thing that cannot be broken, in ems.
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

    def _take(self, index: int) -> None:
        self.step = index
        self.size = self.steps[index].size
        self.parts = [list(self.steps[index].nodes)]

    def begin(self, bold: float) -> None:
        """Begin with the first step that fits by the estimate, or with the last: `bold` is how much wider it is."""
        width = self.form.width / bold
        for index, step in enumerate(self.steps):
            nodes = fit_code(step.nodes, step.size, width)
            self._take(index)
            if height_of(nodes, width / step.size) * step.size <= self.form.height * _HOPE:
                break
        last = self.steps[-1]
        if self._need(last.nodes, last.size) > _HOPELESS:
            self._divide()

    def print_part(self, index: int) -> Sequence[Node]:
        """Return a part as it is printed, nothing where there are fewer."""
        return fit_code(self.parts[index], self.size, self.form.width) if index < len(self.parts) else ()

    def refine(self, needs: Mapping[int, float]) -> bool:
        """Change size or parts, since some parts, counted from 1, need more than a card: so many.

        Return False when nothing is left to try.
        """
        if self.is_given_up:
            return False
        if not self.is_divided and self.step + 1 < len(self.steps):
            self._take(self.step + 1)
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
        return bool(cut(self.print_part(part - 1), LINE, self.form.width / self.size)[1])

    def _need(self, nodes: Sequence[Node], size: float) -> float:
        """Return how many cards nodes need by the estimate."""
        nodes = fit_code(nodes, size, self.form.width)
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
        rest = list(fit_code(self.nodes, size, self.form.width))
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
            (entry["key"], side): _front(entry, form) if side == "front" else _back(entry, form)
            for _, entries in self._entries
            for entry in entries
            for side in ("front", "back")
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
                    card
                    for entry in entries
                    if keys is None or entry["key"] in keys
                    for card in self._cards(entry, section["title"])
                ],
            }
            for section, entries in self._entries
        ]
        return {**self.data, "sections": sections}

    def _cards(self, note: JsonObject, section: str) -> Iterator[JsonObject]:
        front, back = self._sides[note["key"], "front"], self._sides[note["key"], "back"]
        count = max(len(front.parts), len(back.parts))
        foot = make_foot(note, section, count, self.form.width)
        for index in range(count):
            yield {
                **{key: each for key, each in note.items() if key != "lead"},
                "question": front.print_part(index),
                "answer": back.print_part(index),
                # Points are in the answer. A project's own template of an older version would add them.
                "fit": {"front": {"size": front.size}, "back": {"size": back.size, "points": False}},
                "foot": foot,
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


def _front(data: JsonObject, form: Format) -> _Side:
    return _side([(data["question"], form.front)], form, bold=BOLD)


def _back(data: JsonObject, form: Format) -> _Side:
    if data["number_of_card"] is not None:
        return _side([(data["answer"], form.back)], form)
    lead = data.get("lead")
    # What answers in another way than by a text is printed in its place.
    answer = data["answer"] or [node for each in data["fields"] for node in list_field_nodes(each)]
    answer = lead["whole"] if lead else answer
    points = [line for each in data["fields"] if each["holds"] == Holds.LINES for line in each["value"]]
    if not points or not data["answer"]:
        return _side([(answer, form.back)], form)
    listed = {"t": "ticks", "c": [{"t": "li", "c": line} for line in points]}
    whole = [*_put_in_paragraphs(answer), listed]
    # Of a longer answer the core is what the points belong to.
    tries = [(whole, form.with_points)]
    if lead and lead["core"]:
        tries.append(([*lead["core"], listed], (*form.with_points, *form.least_with_points)))
    shortest = height_of(tries[-1][0], form.width / form.back[-1]) * form.back[-1] / form.height
    return _side(tries if shortest <= _MOST_WITH_POINTS else [(answer, form.back)], form)


def _put_in_paragraphs(nodes: Sequence[Node]) -> Sequence[Node]:
    return nodes if all(map(is_block, nodes)) else [{"t": "p", "c": nodes}]


def _side(tries: Sequence[tuple[Sequence[Node], Sequence[float]]], form: Format, bold: float = 1.0) -> _Side:
    """Return a side that begins with the first try that fits by the estimate, or with the last.

    A try is a text, and sizes for it. The first has all of it. What goes on to further cards is the longest that surely
    needs no more of them than the shortest does.
    """
    steps: list[_Step] = []
    goes_on: tuple[float, Sequence[Node]] = (0.0, ())
    widest, in_words = 1.0, False
    for nodes, sizes in reversed(tries):
        fitting = narrow(nodes, form.width / _OF_SEVERAL[-1][-1], form.width / form.back[0])
        widest = max(1.0, _find_widest(fitting.nodes, is_bold=bold > 1))
        in_words = in_words or fitting.in_words
        steps = [_Step(size, fitting.nodes) for size in sizes if size * widest <= form.width] + steps
        size = _OF_SEVERAL[0][-1]
        need = height_of(fit_code(fitting.nodes, size, form.width), form.width / size) * size / form.height
        if not goes_on[1] or need <= _SURE * goes_on[0]:
            goes_on = (math.ceil(need), fitting.nodes)
    if not steps:
        size = next((size for size in _FOR_WIDE if size * widest <= form.width), _FOR_WIDE[-1])
        steps = [_Step(size, goes_on[1])]
    side = _Side(goes_on[1], tuple(steps), widest, form, in_words=in_words)
    side.begin(bold)
    return side


def _find_widest(nodes: Sequence[Node], *, is_bold: bool) -> float:
    """Return the width of the widest thing that cannot be broken, in ems: a word, or a table's row.

    Code and pictures are made as small as they must be.
    """
    widest = least_width(nodes) * (BOLD if is_bold else 1.0)
    for block in list_blocks(nodes):
        if block["t"] in ("pre", "table", "equation"):
            continue
        children = block.get("c", ())
        if any(map(is_block, children)):
            widest = max(widest, _find_widest(children, is_bold=is_bold))
        else:
            is_lead = block["t"] == "lead"
            widest = max(
                widest, widest_word(children, is_bold=is_bold or is_lead) * (block["size"] if is_lead else 1.0)
            )
    return widest


# The size of a card's foot, in points, and what stands between its parts, and around its number, in ems.
_FOOT_SIZE = 6.5
# How much narrower than the estimate words are; a template cuts off what is not.
_LOOSE = 1.12
_BETWEEN = 1.5
_NUMBER = 1.6


def make_foot(note: JsonObject, section: str, parts: int, width: float) -> JsonObject:
    """Return what stands at the foot of a note's cards, cut where a line of `width` points has no room for it.

    The section's title goes before the words of the question, which tell on a back what is in front of it.
    """
    room = _LOOSE * width / _FOOT_SIZE
    number = None if note["number"] is None else str(note["number"])
    room -= sum(advances(number)) + _NUMBER if number else 0
    room -= 7 if parts > 1 else 0
    card = _shorten(note["card"], room * 0.4) if note["card"] else None
    room -= sum(advances(card)) + _BETWEEN if card else 0
    title = _shorten(section, (room - _BETWEEN) / BOLD)
    room -= sum(advances(title)) * BOLD + _BETWEEN
    name = _shorten(note["short"].replace(BREAK, ""), room) if room > 6 and note["is_said"] else ""
    return {"number": number, "card": card, "section": title, "name": name}


def _shorten(text: str, room: float) -> str:
    """Return a text as far as a line has room for it."""
    if sum(advances(text)) <= room:
        return text
    used = 0.8
    for index, character in enumerate(text):
        used += advance(character)
        if used > room:
            return text[:index].rstrip() + _MISSING
    return text
