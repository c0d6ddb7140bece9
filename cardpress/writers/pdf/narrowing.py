"""Makes texts fit narrow cards: long words may break sooner, and a table that is too wide has its rows as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cardpress.writers.pdf.breaking import LONGEST_CODE, break_word
from cardpress.writers.pdf.heights import (
    BOLD,
    BREAK,
    CODE_ADVANCE,
    CODE_AROUND,
    CODE_SIZE,
    INDENT,
    Node,
    advance,
    flatten,
    text_of_line,
    widest_word,
)
from cardpress.writers.pdf.nodes import break_line
from cardpress.writers.pdf.words import replace_by_words

# A word that may be too wide.
_LONG = re.compile(rf"[^\s{BREAK}]+(?:{BREAK}[^\s{BREAK}]+)*")
# The width of a character of code, in ems of the smallest text around it, and what stands at its sides.
_CODE, _BESIDE_CODE = CODE_ADVANCE * CODE_SIZE, 1.3
# Points. Code that fits a card in no larger type than this is broken instead.
_SMALLEST_CODE = 6.0

# Code in a line may break behind these before all text around it is set small.
_SIGNS = re.compile(r"(?<=[(\[{,=:])(?=[\w\"'{\[@]|$)")
# The room that a list or quotation inside others needs, in ems.
_LEAST = 4.0


class Narrowed(NamedTuple):
    """Nodes for a narrow card, and whether some of them are words in the place of what does not fit."""

    nodes: Sequence[Node]
    in_words: bool = False


def narrow(
    nodes: Sequence[Node], width: float, least: float, easy: float | None = None, *, at_signs: bool = False
) -> Narrowed:
    """Return nodes for a card that is `width` wide in ems of the smallest type, and `least` in ems of the largest.

    Code that is wider than `easy` may break behind its signs: so wide is a card in ems of type that is easily read.
    With `at_signs` they are such code, or a part of it.
    """
    easy = width if easy is None else easy
    made: list[Node] = []
    in_words = False
    for node in nodes:
        if isinstance(node, str):
            made.append(_LONG.sub(lambda word: BREAK.join(_part(word[0], width, at_signs=at_signs)), node))
        elif node["t"] == "table":
            fits = sum(node["least"]) <= width
            made.append(node if fits else {"t": "rows", "c": replace_by_words([node])})
            in_words = in_words or not fits
        elif node["t"] == "pre":
            longest = max(1, int((width - _BESIDE_CODE) / _CODE))
            lines = [break_line(_join(line), longest) for line in node["lines"]] if longest < LONGEST_CODE else None
            made.append({**node, "lines": lines} if lines is not None else node)
        elif node["t"] == "keep":
            word = flatten(node["c"])
            for index, part in enumerate(_part(word, width, at_signs=at_signs)):
                made += [BREAK] if index else []
                made += [{**node, "c": [part]} if BREAK not in part else part] if part else []
        elif "c" in node:
            moved = INDENT if node["t"] in ("li", "blockquote", "indent") else 0
            if moved and least - moved < _LEAST:
                made.append({**node, "c": replace_by_words(node["c"])})
                in_words = True
                continue
            easily = easy / node["size"] if node["t"] == "lead" else easy - moved
            is_wide = at_signs or (node["t"] == "code" and widest_word([node], is_bold=True) > easily)
            inside = narrow(node["c"], width - moved, least - moved, easily, at_signs=is_wide)
            made.append({**node, "c": inside.nodes})
            in_words = in_words or inside.in_words
        else:
            made.append(node)
    return Narrowed(made, in_words)


def fit_code(nodes: Sequence[Node], size: float, width: float) -> Sequence[Node]:
    """Return nodes in which code has a size of its own, in ems of theirs, that gives its longest line room.

    `size` and `width` are in points.
    """
    made: list[Node] = []
    for node in nodes:
        if isinstance(node, str) or node["t"] == "table":
            made.append(node)
        elif node["t"] == "pre":
            longest = max((len(text_of_line(line).replace(BREAK, "")) for line in node["lines"]), default=1)
            fitting = (width - CODE_AROUND[1] * size) / (CODE_ADVANCE * max(1, longest))
            made.append({**node, "em": round(min(CODE_SIZE, max(_SMALLEST_CODE, fitting) / size), 3)})
        elif "c" in node:
            moved = INDENT * size if node["t"] in ("li", "blockquote", "indent") else 0
            made.append({**node, "c": fit_code(node["c"], size, width - moved)})
        else:
            made.append(node)
    return made


def _break(word: str, width: float) -> str:
    """Return a word that may break where its parts would be wider than the room, and else where it could before."""
    if all(sum(map(advance, part)) * BOLD <= width for part in word.split(BREAK)):
        return word
    return break_word(word.replace(BREAK, ""), width / BOLD)


def _part(word: str, width: float, *, at_signs: bool) -> list[str]:
    """Return a word in the parts that it may be broken into, behind its signs first. A part may break where it must."""
    parts = _SIGNS.split(word.replace(BREAK, "")) if at_signs else [word]
    return [_break(part, width) for part in parts]


def _join(line: Sequence[str | list[object]]) -> list[str | list[object]]:
    """Return a line of code that may not break inside words."""
    return [
        piece.replace(BREAK, "") if isinstance(piece, str) else [piece[0], str(piece[1]).replace(BREAK, ""), *piece[2:]]
        for piece in line
    ]
