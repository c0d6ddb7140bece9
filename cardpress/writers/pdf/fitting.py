"""The font size of each side of a printed card: estimated first, and made smaller where a side did not fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cardpress.deck.notes import Deck, Note, RichText
from cardpress.note_types import Holds
from cardpress.writers.pdf.data import limit_words

# Font sizes in points, from the first choice to the last. An answer with key points goes down to 7.5. If they do not
# fit, it is printed without them: larger again, and then down to 7.
_FRONT = (15.0, 13.0, 11.0, 9.0, 8.0, 7.0)
_BACK = tuple((size, True) for size in (9.0, 8.5, 8.0, 7.5)) + tuple(
    (size, False) for size in (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
)
# The room on a card in points, a little less than it really is on either paper.
_WIDTH, _HEIGHT = 238.0, 138.0
_LINE = 1.24
# The space between two cells of a table, in ems.
_GUTTER = 0.6
# How many times wider the font of questions is.
_BOLD = 1.06

JsonObject = dict[str, Any]


class Fitting:
    """The font sizes of every card's sides. They start from an estimate; `shrink` chooses the next smaller one."""

    def __init__(self, deck: Deck) -> None:
        self._steps = {note.id: {"front": _first_front(note), "back": _first_back(note)} for note in deck.notes()}

    def shrink(self, note_id: str, side: str) -> bool:
        """Make a side smaller. Return False when it is at its smallest already."""
        if self._steps[note_id][side] + 1 == len(_FRONT if side == "front" else _BACK):
            return False
        self._steps[note_id][side] += 1
        return True

    def of(self, note_id: str) -> JsonObject:
        """Return a card's sizes as the print template reads them."""
        steps = self._steps[note_id]
        size, points = _BACK[steps["back"]]
        return {"front": {"size": _FRONT[steps["front"]]}, "back": {"size": size, "points": points}}


class _Measured(NamedTuple):
    """The estimated widths of a text, in ems: of each of its lines, and of the widest thing that cannot be broken."""

    lines: tuple[float, ...]
    widest: float


def _measure(text: RichText) -> _Measured:
    lines = text.plain.split("\n")
    # A word cannot be broken, nor can a table's row.
    widest = max((_narrowest(line.split("\t")) for line in lines), default=0.0)
    return _Measured(tuple(sum(_advances(line)) for line in lines), widest)


def _first_front(note: Note) -> int:
    asked = [_measure(note.asked)]
    widest = asked[0].widest * _BOLD
    fitting = (step for step, size in enumerate(_FRONT) if _height(asked, size) <= _HEIGHT and widest * size <= _WIDTH)
    return next(fitting, len(_FRONT) - 1)


def _first_back(note: Note) -> int:
    answer = [_measure(note.answer)] if note.answer else []
    points = [_measure(line) for _, content in note.each(Holds.LINES) for line in content]

    def fits(size: float, with_points: bool) -> bool:
        texts = [*answer, *(points if with_points else ())]
        return _height(texts, size) <= _HEIGHT and max((text.widest for text in texts), default=0) * size <= _WIDTH

    tries = (step for step, (size, with_points) in enumerate(_BACK) if points or not with_points)
    return next((step for step in tries if fits(*_BACK[step])), len(_BACK) - 1)


def _height(texts: Sequence[_Measured], size: float) -> float:
    """Return the estimated height of texts in one column, in points."""
    widths = [width for text in texts for width in text.lines]
    lines = sum(max(1, -int(-width * size // _WIDTH)) for width in widths)
    return (lines * _LINE + len(widths) * 0.25) * size


def _narrowest(cells: list[str]) -> float:
    longest = limit_words(len(cells))
    words = [[sum(_advances(word[:longest])) for word in cell.split()] for cell in cells]
    return sum(max(widths, default=0) for widths in words) + _GUTTER * (len(cells) - 1)


def _advances(text: str) -> Iterator[float]:
    """Yield the estimated width of each character, in ems of the font Inter."""
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            yield 1.0
        elif character in " .,:;'!|ijl()[]":
            yield 0.3
        elif character in "MWmw@%—":
            yield 1.0
        else:
            yield 0.7 if character.isupper() else 0.58
