"""Makes texts fit narrow cards: long words may break sooner, and a table that is too wide has its rows as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cardpress.writers.pdf.data import LONGEST_WORD, break_line
from cardpress.writers.pdf.heights import BOLD, BREAK, INDENT, Node, advance
from cardpress.writers.pdf.words import replace_by_words

# A word that may be too wide.
_LONG = re.compile(rf"[^\s{BREAK}]+(?:{BREAK}[^\s{BREAK}]+)*")
# The width of a character of code, in ems of the text around it, and what stands at its sides.
_CODE, _BESIDE_CODE = 0.6 * 0.86, 1.3

# The room that a list or quotation inside others needs, in ems.
_LEAST = 4.0


class Narrowed(NamedTuple):
    """Nodes for a narrow card, and whether some of them are words in the place of what does not fit."""

    nodes: Sequence[Node]
    in_words: bool = False


def narrow(nodes: Sequence[Node], width: float, least: float) -> Narrowed:
    """Return nodes for a card that is `width` wide in ems of the smallest type, and `least` in ems of the largest."""
    made: list[Node] = []
    in_words = False
    for node in nodes:
        if isinstance(node, str):
            made.append(_LONG.sub(lambda word: _break(word[0], width), node))
        elif node["t"] == "table":
            fits = sum(node["least"]) <= width
            made.append(node if fits else {"t": "rows", "c": replace_by_words([node])})
            in_words = in_words or not fits
        elif node["t"] == "pre":
            longest = max(1, int((least - _BESIDE_CODE) / _CODE))
            lines = [break_line(_join(line), longest) for line in node["lines"]] if longest < LONGEST_WORD else None
            made.append({**node, "lines": lines} if lines is not None else node)
        elif "c" in node:
            moved = INDENT if node["t"] in ("li", "blockquote", "indent") else 0
            if moved and least - moved < _LEAST:
                made.append({**node, "c": replace_by_words(node["c"])})
                in_words = True
                continue
            inside = narrow(node["c"], width - moved, least - moved)
            made.append({**node, "c": inside.nodes})
            in_words = in_words or inside.in_words
        else:
            made.append(node)
    return Narrowed(made, in_words)


def _break(word: str, width: float) -> str:
    """Return a word that may break where its parts would be wider than the room, and else where it could before."""
    if all(sum(map(advance, part)) * BOLD <= width for part in word.split(BREAK)):
        return word
    made, used = "", 0.0
    for character in word.replace(BREAK, ""):
        wide = advance(character) * BOLD
        if used + wide > width and made:
            made, used = made + BREAK, 0.0
        made, used = made + character, used + wide
    return made


def _join(line: Sequence[str | list[object]]) -> list[str | list[object]]:
    """Return a line of code that may not break inside words."""
    return [
        piece.replace(BREAK, "") if isinstance(piece, str) else [piece[0], str(piece[1]).replace(BREAK, ""), *piece[2:]]
        for piece in line
    ]
