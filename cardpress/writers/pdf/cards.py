"""What stands on each printed card, and in which size: estimated first, then mended by what Typst measures.

A text is set smaller, down to the last size of the cards' format, until it fits one card. An answer has its key points
below it. Where they do not fit together, these have a card of their own behind that of the answer. A text that does not
fit goes on to further cards. What fits none is replaced by its words, and what is longer than `MOST_CARDS` is cut; both
are warnings.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from typing import Any, NamedTuple

from cardpress.deck.notes import Deck, Note
from cardpress.diagnostics import Diagnostic
from cardpress.note_types import Holds
from cardpress.pdf.typesetting import Overflow
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
    text_of_line,
    widest_word,
)
from cardpress.writers.pdf.in_parts import list_letters
from cardpress.writers.pdf.narrowing import fit_code, narrow
from cardpress.writers.pdf.words import replace_by_words

MOST_CARDS = 12
# Sizes on one of several cards: of those that need as many cards, the largest is taken. What cannot be cut further and
# does not fit is tried in the next row.
_OF_SEVERAL = ((10.0, 9.5, 9.0, 8.5), (8.0,), (7.0,))
# Sizes for a text with something wide that cannot be broken, such as a table's row.
_FOR_WIDE = (8.5, 8.0, 7.5, 7.0)
# Type that is easily read: code that would need smaller type may break behind its signs.
_EASY = 9.5
# How much higher than a card a text may be by the estimate, which is careful, so that it is tried on one.
_HOPE = 1.45
# How much of a card a part of a text may take by the estimate.
_FULL = 0.96
# How much more room a text gets than was measured when it did not fit: lines break in other places once it is cut.
_MORE = 1.03
# How often a text is cut anew before it is replaced by its words, and those by a sign that something is missing.
_TRIES = 8
# Texts that need more cards than this by the estimate are not tried on one: Typst would press them together.
_HOPELESS = 10
_MISSING = "…"
# A part of a card that is surely enough: of 5,000 measured sides none was higher than 1.03 times the estimate.
_SURE_HEIGHT = 0.85
_PROSE = frozenset(
    ("p", "strong", "em", "code", "pre", "lead", "soft", "mark", "keep", "a", "ul", "ol", "ticks", "li", "br")
)
# Up to here, letters are as wide as the estimate says, or less, and so are some signs.
_LATIN = "\u024f"
_SIGNS = frozenset("\u200b\u2010\u2011\u2012\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2060\u2190\u2192\u2212")
# Notes that are measured together.
_GROUP = 200
# Points. The size of a question's name on its further cards, as `flashcards.typ` has it.
_NAME = 11.0
# A last page with no more than this share of its cards is saved, if notes can be pressed onto fewer: in type so much
# smaller, of which the estimate says that it may fit. So many times that is tried.
_FEW = 0.25
_SMALLER = 0.5
_PRESSED = 1.2
_ROUNDS = 3


@dataclass(slots=True)
class _Flow:
    """A text that begins a card, and the parts and the size in which it is printed.

    `sizes` are to be tried on one card; one that is `whole` has no others. `widest` is the widest thing that cannot be
    broken, in ems. `about` is what the front of a further card calls it.
    """

    nodes: Sequence[Node]
    sizes: tuple[float, ...]
    widest: float
    form: Format
    whole: bool = False
    about: str | None = None
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
        self.size = self.sizes[index]
        self.parts = [list(self.nodes)]

    def begin(self, bold: float) -> bool:
        """Begin with the first size that fits by the estimate, or with the last: `bold` is how much wider it is.

        Return False for a text that may not go on to further cards, and would have to.
        """
        width = self.form.width / bold
        fits = False
        for index, size in enumerate(self.sizes):
            nodes = fit_code(self.nodes, size, width)
            self._take(index)
            if fits := height_of(nodes, width / size) * size <= self.form.height * _HOPE:
                break
        if not self.whole and self._need(self.nodes, self.sizes[-1]) > _HOPELESS:
            self._divide()
        return fits or not self.whole

    def press(self) -> _Flow | None:
        """Return the same text on one card, in smaller type than it has now, None where that surely does not fit."""
        size = self.sizes[-1] - _SMALLER
        if self.in_words or self._need(self.nodes, size) / self.scale > _PRESSED:
            return None
        pressed = replace(self, sizes=(size,), whole=True, is_divided=False, is_cut=False)
        pressed.begin(1.0)
        return pressed

    def print_part(self, index: int) -> Sequence[Node]:
        """Return a part as it is printed, nothing where there are fewer."""
        return fit_code(self.parts[index], self.size, self.form.width) if index < len(self.parts) else ()

    def surely_fits(self, nodes: Sequence[Node], bold: float) -> bool:
        """Return whether nodes surely have room on a card, so that they need not be measured."""
        width = self.form.width / bold / self.size
        height = self.scale * height_of(nodes, width) * self.size
        return height <= _SURE_HEIGHT * self.form.height and _is_prose(nodes)

    def refine(self, needs: Mapping[int, float]) -> bool:
        """Change size or parts, since some parts, counted from 1, need more than a card: so many.

        Return False when nothing is left to try.
        """
        if self.is_given_up:
            return False
        if not self.is_divided and self.step + 1 < len(self.sizes):
            self._take(self.step + 1)
            return True
        if self.whole:
            return False
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
        sizes = [size for size in _OF_SEVERAL[self.row] if size <= self.form.width / self.widest] or [self.sizes[-1]]
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


def _is_prose(nodes: Iterable[Any]) -> bool:
    """Return whether nodes have nothing but words and code, in letters whose widths are known."""
    for node in nodes:
        if isinstance(node, str):
            if not node.isascii() and any(letter > _LATIN and letter not in _SIGNS for letter in node):
                return False
        elif node["t"] not in _PROSE or not _is_prose(chain(node.get("c", ()), _list_code(node))):
            return False
    return True


def _list_code(node: JsonObject) -> Iterator[str]:
    return (text_of_line(line) for line in node.get("lines", ()))


class _Printed(NamedTuple):
    """What stands on one side of one card, its size, what the front of a further card calls it, and whether it fits.

    A side that `fits` surely does by the estimate, and need not be measured.
    """

    nodes: Sequence[Node] = ()
    size: float = 0.0
    about: str | None = None
    fits: bool = True


@dataclass(slots=True)
class _Side:
    """One side of a note's cards. `ways` to print it are tried in turn, each one or more texts that begin a card."""

    ways: Sequence[Sequence[_Flow]]
    bold: float = 1.0
    way: int = 0
    # How it is printed in the place of its way, to save a card, and whether that was tried.
    pressed: Sequence[_Flow] | None = None
    was_pressed: bool = False

    def __post_init__(self) -> None:
        self._begin(0)

    def _begin(self, way: int) -> None:
        """Take the first way from this one on that may do by the estimate. The last always does."""
        self.way = way
        while not all(flow.begin(self.bold) for flow in self.flows):
            self.way += 1

    @property
    def flows(self) -> Sequence[_Flow]:
        return self.pressed or self.ways[self.way]

    @property
    def count(self) -> int:
        """How many cards it takes."""
        return sum(len(flow.parts) for flow in self.flows)

    def print_parts(self) -> Iterator[_Printed]:
        """Yield what stands on each card."""
        for flow in self.flows:
            for index in range(len(flow.parts)):
                nodes = flow.print_part(index)
                yield _Printed(nodes, flow.size, flow.about, flow.surely_fits(nodes, self.bold))

    def press(self) -> bool:
        """Print it on one card less, in smaller type. Return False where that surely does not fit, or was tried."""
        if self.was_pressed or self.way == 0:
            return False
        self.was_pressed = True
        if self.count == 2:
            tried = [self.ways[0][0].press()]
        else:  # all but what goes on to further cards stays
            tried = [flow if len(flow.parts) == 1 else flow.press() for flow in self.flows]
        self.pressed = [flow for flow in tried if flow] if all(tried) else None
        return self.pressed is not None

    def refine(self, needs: Mapping[int, float]) -> bool:
        """Change what needs more than its card: `needs` has the numbers of cards, from 1, with how many each needs.

        Return False when nothing is left to try.
        """
        if self.pressed:
            self.pressed = None
            return True
        first = 1
        found: list[tuple[_Flow, dict[int, float]]] = []
        for flow in self.flows:
            parts = range(first, first + len(flow.parts))
            found.append((flow, {part - first + 1: need for part, need in needs.items() if part in parts}))
            first += len(flow.parts)
        changed = [flow.refine(of_parts) for flow, of_parts in found if of_parts]
        if not all(changed) and self.way + 1 < len(self.ways):
            self._begin(self.way + 1)
            return True
        return any(changed)


class Cards:
    """The cards of a deck's notes. They start from an estimate; `refine` changes those that did not fit."""

    def __init__(self, deck: Deck, data: JsonObject, form: Format, *, of_recall: bool = False) -> None:
        self.data = data
        self.of_recall = of_recall
        self.form = form
        self.notes = {each.id: each for note in deck.notes() for each in (note, *note.recall)}
        self._entries = [
            (section, [entry for made in section["notes"] for entry in _list_entries(made)])
            for section in data["sections"]
        ]
        self.keys = [entry["key"] for _, entries in self._entries for entry in entries]
        self._rounds = 0
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

    def fill(self) -> frozenset[str]:
        """Save the few cards that would be alone on a last page. Return the notes to measure, none when that is done.

        Where too few notes can be pressed onto fewer cards, all stay as they were.
        """
        rest = sum(self._count(key) for key in self.keys) % (self.form.across * self.form.down)
        pressed: list[str] = []
        if 0 < rest <= _FEW * self.form.across * self.form.down and self._rounds < _ROUNDS:
            self._rounds += 1
            for key in sorted(self.keys, key=self._count, reverse=True):
                front, back = self._sides[key, "front"], self._sides[key, "back"]
                if rest > 0 and front.count < (before := back.count) and back.press():
                    rest -= before - max(front.count, back.count)
                    pressed.append(key)
        if rest > 0:
            for side in self._sides.values():
                side.pressed = None
        return frozenset(pressed) if rest <= 0 else frozenset()

    def _count(self, key: str) -> int:
        return max(self._sides[key, "front"].count, self._sides[key, "back"].count)

    def list_groups(self) -> list[frozenset[str]]:
        """Return the ids of all notes in groups to measure, each of as many as are measured together."""
        groups: list[list[str]] = [[]]
        for _, entries in self._entries:
            for start in range(0, len(entries), _GROUP):
                some = [entry["key"] for entry in entries[start : start + _GROUP]]
                if len(groups[-1]) + len(some) > _GROUP:
                    groups.append([])
                groups[-1] += some
        return [frozenset(group) for group in groups if group]

    def data_to_measure(self, keys: frozenset[str]) -> JsonObject:
        """Return the data for the template, in which each card is a note, to measure the notes with some keys.

        Cards that surely fit are left out.
        """
        sections = [
            {
                **section,
                "notes": [
                    card
                    for entry in entries
                    if entry["key"] in keys
                    for card in self._cards(entry, section["title"], measures=True)
                ],
            }
            for section, entries in self._entries
        ]
        return {**self.data, "sections": sections, "cards": self._describe(measures=True)}

    def list_parts(self, pages: int) -> list[JsonObject]:
        """Return the data to set all cards, in parts of so many pages of fronts. Several have the letters of all.

        What is on a page is in one part, and pages are full but for the last.
        """
        cards = [
            (index, card)
            for index, (section, entries) in enumerate(self._entries)
            for entry in entries
            for card in self._cards(entry, section["title"])
        ]
        size = pages * self.form.across * self.form.down
        slices = [cards[start : start + size] for start in range(0, len(cards), size)] or [[]]
        letters = list_letters(json.dumps([card for _, card in cards], ensure_ascii=False)) if len(slices) > 1 else ""
        made = []
        for some in slices:
            sections = [
                {**section, "notes": [card for number, card in some if number == index]}
                for index, (section, _) in enumerate(self._entries)
            ]
            made.append({**self.data, "sections": sections, "cards": self._describe(letters=letters)})
        return made

    def _describe(self, *, measures: bool = False, letters: str = "") -> JsonObject:
        return {**self.form.describe(), "of-recall": self.of_recall, "measures": measures, "letters": letters}

    def _cards(self, note: JsonObject, section: str, *, measures: bool = False) -> Iterator[JsonObject]:
        front, back = self._sides[note["key"], "front"], self._sides[note["key"], "back"]
        count = self._count(note["key"])
        foot = make_foot(note, section, count, self.form.width)
        (name,) = narrow([note["short"]], self.form.width / _NAME, self.form.width / _NAME).nodes
        sides = zip_longest(front.print_parts(), back.print_parts(), fillvalue=_Printed())
        for number, both in enumerate(sides, 1):
            asked, told = (side._replace(nodes=()) if measures and side.fits else side for side in both)
            # A front without a text names its question.
            if measures and both[0].nodes and asked.fits and told.fits:
                continue
            yield {
                **{key: each for key, each in note.items() if key != "lead"},
                "question": asked.nodes,
                "answer": told.nodes,
                "short": name,
                "about": told.about,
                # Points are in the answer. A project's own template of an older version would add them.
                "fit": {"front": {"size": asked.size}, "back": {"size": told.size, "points": False}},
                "foot": foot,
                "part": number,
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
            key = next((each.key for each in (*shown, *note.note_type.known_by) if each.key in note.places), "id")
            place = note.places[key]
            is_cut = any(flow.is_cut for flow in state.flows)
            if all(flow.about or not flow.is_cut for flow in state.flows):  # key points by themselves
                key = next((each.key for each, _ in note.each(Holds.LINES) if is_cut), key)
            if any(flow.in_words for flow in state.flows) and not is_cut:
                message = f"a part of the {key} of `{note_id}` fits no printed card: its words are printed in its place"
                yield Diagnostic("card-overflow", place, message, "write it as shorter lines, or as a list")
            if is_cut:
                message = f"the {key} of `{note_id}` is longer than {MOST_CARDS} printed cards, and cut off there"
                yield Diagnostic("card-overflow", place, message, _shorter(note, key))


def _shorter(note: Note, key: str) -> str:
    """Return the help line for a text that is too long."""
    lists = [each.key for each in note.note_type.keyed if each.holds is Holds.LINES]
    if key not in lists and any(each in note.contents for each in lists):  # which may be what is too long
        return f"shorten `{key}` and `{lists[0]}`"
    return f"shorten `{key}`" + (f"; what explains it can go to `{lists[0]}`" if lists and key not in lists else "")


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
    return _Side([[_flow(data["question"], form.front, form, is_bold=True)]], BOLD)


def _back(data: JsonObject, form: Format) -> _Side:
    if data["number_of_card"] is not None:
        return _Side([[_flow(data["answer"], form.back, form)]])
    # What answers in another way than by a text is printed in its place.
    answer = data["answer"] or [node for each in data["fields"] for node in list_field_nodes(each)]
    answer = data.get("lead") or answer
    lists = [each for each in data["fields"] if each["holds"] == Holds.LINES and each["value"]]
    if not lists or not data["answer"]:
        return _Side([[_flow(answer, form.back, form)]])
    points = {"t": "ticks", "c": [{"t": "li", "c": line} for each in lists for line in each["value"]]}
    about = lists[0]["label"] if len(lists) == 1 else None
    whole = [*_put_in_paragraphs(answer), points]
    return _Side(
        [
            [_flow(whole, form.with_points, form, whole=True)],
            # Each of the two can be asked and answered by itself.
            [_flow(answer, form.back, form, whole=True), _flow([points], form.points, form, about=about)],
            # Behind an answer that is longer than a card they follow at once.
            [_flow(whole, form.with_points, form)],
        ]
    )


def _put_in_paragraphs(nodes: Sequence[Node]) -> Sequence[Node]:
    return nodes if all(map(is_block, nodes)) else [{"t": "p", "c": nodes}]


def _flow(
    nodes: Sequence[Node],
    sizes: Sequence[float],
    form: Format,
    *,
    is_bold: bool = False,
    whole: bool = False,
    about: str | None = None,
) -> _Flow:
    fitting = narrow(nodes, form.width / _OF_SEVERAL[-1][-1], form.width / form.back[0], form.width / _EASY)
    widest = max(1.0, _find_widest(fitting.nodes, is_bold=is_bold))
    possible = tuple(size for size in sizes if size * widest <= form.width)
    least = next((size for size in _FOR_WIDE if size * widest <= form.width), _FOR_WIDE[-1])
    return _Flow(fitting.nodes, possible or (least,), widest, form, whole, about, in_words=fitting.in_words)


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
# How much of a line may be taken by the estimate so that nothing has to be measured.
_SURE = 0.95


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
    words = [each for each in (card, name) if each]
    told = sum(sum(advances(each)) + _BETWEEN for each in words) + (7 if parts > 1 else 0)
    told += sum(advances(number)) + _NUMBER if number else 0
    # The estimate is careful: what it has room for is not cut.
    fits = told + _BETWEEN + sum(advances(title)) * BOLD <= _SURE * width / _FOOT_SIZE
    return {"number": number, "card": card, "section": title, "name": name, "fits": fits}


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
