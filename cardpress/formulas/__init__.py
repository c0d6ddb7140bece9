"""Formulas: LaTeX → a tree that is the same for every output, and what is wrong with it, at its place.

`read` is the door. `parsing.py` reads rows, brackets and letters, `constructs.py` what each command makes, `grids.py`
and `texts.py` what stands in cells and in words. `tree.py` has the nodes, `mathml.py` writes MathML. Print makes its
own of the tree, and Anki gets the source. What signs mean stands in tables (`symbols.py`, `alphabets.py`,
`commands.py`). What reads formulas is loaded with the first one: most decks have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardpress.formulas.faults import Fault
from cardpress.formulas.gaps import Gap, part_from, write_gap, write_hint

if TYPE_CHECKING:
    from cardpress.formulas.reading import Reading
    from cardpress.formulas.tree import Node

__all__ = [
    "Fault",
    "Gap",
    "find_texts",
    "is_blank",
    "list_words",
    "part_from",
    "read",
    "to_mathml",
    "write_gap",
    "write_hint",
]


def read(source: str, gaps: tuple[Gap, ...] = ()) -> Reading:
    """Return the tree of a formula, or its first fault. `gaps` are its cloze deletions, one behind the other."""
    from cardpress.formulas import reading

    return reading.read(source, gaps)


def is_blank(source: str) -> bool:
    """Return whether LaTeX shows nothing. What cannot be read, or what Anki alone sets, shows something."""
    from cardpress.formulas import blank

    return blank.is_blank(source)


def to_mathml(tree: Node, *, is_display: bool, latex: str = "") -> str:
    """Return a formula as MathML; with `is_display` it stands on a line of its own. `latex` is what it was made of."""
    from cardpress.formulas import mathml

    return mathml.to_mathml(tree, is_display=is_display, latex=latex)


def find_texts(latex: str) -> frozenset[int]:
    """Return the places in the texts of LaTeX at which a formula between dollars can begin: in no braces of a text."""
    from cardpress.formulas import texts

    return texts.find_texts(latex)


def list_words(source: str) -> str:
    """Return what a formula has of texts, which are set in the fonts of the text around it."""
    from cardpress.formulas.tree import Words, walk

    tree = read(source).tree
    return source if tree is None else " ".join(node.text for node in walk(tree) if isinstance(node, Words))
