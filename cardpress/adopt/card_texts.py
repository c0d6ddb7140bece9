"""Tells *Cards in Plain Text*, which Anki exports too, from notes: the two sides of each card as Anki shows them.

Such a text has the settings of one of notes with nothing ticked. What a template or Anki itself puts around fields, and
what several cards of one note have of each other, is found in none that is of notes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from cardpress.adopt.separated import Row

# The settings of a text that may be one of cards.
BARE_SETTINGS = frozenset(("separator", "html"))
# What Anki writes when it shows a card: the line above an answer, deletions, the box to type in, a hint, a button.
_SHOWN = re.compile(
    r"<hr\s+id=[\"']?answer[\"']?[\s/>]|<span class=\"?cloze(?:-inactive)?\"?[^<>]*\sdata-ordinal="
    r"|<(?:input|code)[^<>]*\sid=[\"']?typeans|<a class=\"?hint\"?[^<>]*\sonclick=|\[anki:play:[qa]:\d+\]",
    re.IGNORECASE,
)
_STYLE = re.compile(r"<style[\s>]", re.IGNORECASE)
_HIDDEN = "[...]"
# How many rows must seem to be cards where each might be a note, and the share of them in all.
_FEW, _SHARE, _MOST = 2, 0.1, 0.9


def is_of_cards(settings: Collection[str], rows: Sequence[Row]) -> bool:
    """Return whether the rows of a text with such settings are the sides of cards, and no fields of notes."""
    if set(settings) != BARE_SETTINGS or any(len(row.cells) != 2 for row in rows):
        return False
    sides = [(row.cells[0].strip(), row.cells[1].strip()) for row in rows]
    if any(_SHOWN.search(side) for pair in sides for side in pair):
        return True
    turned = sum(this == (below[1], below[0]) and this[0] != this[1] and all(this) for this, below in pairwise(sides))
    styled = sum(bool(_STYLE.search(front + back)) for front, back in sides)
    filled = sum(_fills(front, back) for front, back in sides)
    if turned >= max(_FEW, _SHARE * len(sides) / 2) or max(styled, filled) >= max(_FEW, _SHARE * len(sides)):
        return True
    repeated = sum(front != "" and back.startswith(f"{front}<") for front, back in sides)
    return repeated >= max(_FEW, _MOST * len(sides))


def _fills(front: str, back: str) -> bool:
    """Return whether a back says what a front says, with words in the place of what it hides."""
    before, hidden, behind = front.partition(_HIDDEN)
    place = back.find(behind.partition(_HIDDEN)[0].strip(), len(before) + 1) if hidden else -1
    return place >= 0 and back.startswith(before) and len((before + behind).replace(_HIDDEN, "").strip()) > 0
