"""How the texts on a side of cards are made to fit: in which size, and on how many cards.

A text is set smaller, down to the last size of the cards' format, until it fits one card. What does not fit goes on to
further cards. What fits none is replaced by its words, and what is longer than `MOST_CARDS` is cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, NamedTuple

from cardpress.writers.pdf.cutting import cut
from cardpress.writers.pdf.formats import Format
from cardpress.writers.pdf.heights import (
    BOLD,
    LINE,
    JsonObject,
    Node,
    height_of,
    is_block,
    least_width,
    list_blocks,
    text_of_line,
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
# A text is pressed onto fewer cards in type so much smaller, where the estimate says that it may fit.
_SMALLER = 0.5
_PRESSED = 1.2


@dataclass(slots=True)
class Flow:
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

    def press(self) -> Flow | None:
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


class Printed(NamedTuple):
    """What stands on one side of one card, its size, what the front of a further card calls it, and whether it fits.

    A side that `fits` surely does by the estimate, and need not be measured.
    """

    nodes: Sequence[Node] = ()
    size: float = 0.0
    about: str | None = None
    fits: bool = True


@dataclass(slots=True)
class Side:
    """One side of a note's cards. `ways` to print it are tried in turn, each one or more texts that begin a card."""

    ways: Sequence[Sequence[Flow]]
    bold: float = 1.0
    way: int = 0
    # How it is printed in the place of its way, to save a card, and whether that was tried.
    pressed: Sequence[Flow] | None = None
    was_pressed: bool = False

    def __post_init__(self) -> None:
        self._begin(0)

    def _begin(self, way: int) -> None:
        """Take the first way from this one on that may do by the estimate. The last always does."""
        self.way = way
        while not all(flow.begin(self.bold) for flow in self.flows):
            self.way += 1

    @property
    def flows(self) -> Sequence[Flow]:
        """The texts of the way in which it is printed."""
        return self.pressed or self.ways[self.way]

    @property
    def count(self) -> int:
        """How many cards it takes."""
        return sum(len(flow.parts) for flow in self.flows)

    def print_parts(self) -> Iterator[Printed]:
        """Yield what stands on each card."""
        for flow in self.flows:
            for index in range(len(flow.parts)):
                nodes = flow.print_part(index)
                yield Printed(nodes, flow.size, flow.about, flow.surely_fits(nodes, self.bold))

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
        found: list[tuple[Flow, dict[int, float]]] = []
        for flow in self.flows:
            parts = range(first, first + len(flow.parts))
            found.append((flow, {part - first + 1: need for part, need in needs.items() if part in parts}))
            first += len(flow.parts)
        changed = [flow.refine(of_parts) for flow, of_parts in found if of_parts]
        if not all(changed) and self.way + 1 < len(self.ways):
            self._begin(self.way + 1)
            return True
        return any(changed)


def make_flow(
    nodes: Sequence[Node],
    sizes: Sequence[float],
    form: Format,
    *,
    is_bold: bool = False,
    whole: bool = False,
    about: str | None = None,
) -> Flow:
    """Return a text of nodes, which begins a card: its wide things made narrow, with those of the sizes that do."""
    narrowed = narrow(nodes, form.width / _OF_SEVERAL[-1][-1], form.width / form.back[0], form.width / _EASY)
    widest = max(1.0, _find_widest(narrowed.nodes, is_bold=is_bold))
    possible = tuple(size for size in sizes if size * widest <= form.width)
    least = next((size for size in _FOR_WIDE if size * widest <= form.width), _FOR_WIDE[-1])
    return Flow(narrowed.nodes, possible or (least,), widest, form, whole, about, in_words=narrowed.in_words)


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
