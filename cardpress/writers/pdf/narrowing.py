"""Makes texts fit narrow cards: long words may break sooner, and a table that is too wide has its rows as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cardpress.writers.pdf.data import LONGEST_WORD, break_words
from cardpress.writers.pdf.heights import BREAK, INDENT, Node
from cardpress.writers.pdf.words import replace_by_words

# The width of a wide character in ems.
_WIDE = 0.7


class Narrowed(NamedTuple):
    """Nodes for a narrow card, and whether some of them are words in the place of what does not fit."""

    nodes: Sequence[Node]
    in_words: bool = False


def narrow(nodes: Sequence[Node], width: float) -> Narrowed:
    """Return nodes for a card that is so wide, in ems of the smallest type."""
    longest_word = int(width / _WIDE)
    made: list[Node] = []
    in_words = False
    for node in nodes:
        if isinstance(node, str):
            made.append(break_words(node.replace(BREAK, ""), longest_word) if longest_word < LONGEST_WORD else node)
        elif node["t"] == "table":
            fits = sum(node["least"]) <= width
            made.append(node if fits else {"t": "rows", "c": replace_by_words([node])})
            in_words = in_words or not fits
        elif "c" in node:
            inside = narrow(node["c"], width - (INDENT if node["t"] in ("li", "blockquote", "indent") else 0))
            made.append({**node, "c": inside.nodes})
            in_words = in_words or inside.in_words
        else:
            made.append(node)
    return Narrowed(made, in_words)
