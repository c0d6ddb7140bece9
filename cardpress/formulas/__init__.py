"""Formulas: LaTeX → a tree that is the same for every output, and what is wrong with it, at its place.

`read` is the door. `parsing.py` reads rows, brackets and letters, `constructs.py` what each command makes, `grids.py`
and `texts.py` what stands in cells and in words. `tree.py` has the nodes, `mathml.py` writes MathML. Print makes its
own of the tree, and Anki gets the source. What signs mean stands in tables (`symbols.py`, `alphabets.py`,
`commands.py`).
"""

from cardpress.formulas.blank import is_blank
from cardpress.formulas.faults import Fault
from cardpress.formulas.gaps import Gap, part_from, write_gap, write_hint
from cardpress.formulas.mathml import to_mathml
from cardpress.formulas.reading import Reading, read
from cardpress.formulas.texts import find_texts
from cardpress.formulas.tree import Words, walk

__all__ = [
    "Fault",
    "Gap",
    "Reading",
    "find_texts",
    "is_blank",
    "list_words",
    "part_from",
    "read",
    "to_mathml",
    "write_gap",
    "write_hint",
]


def list_words(source: str) -> str:
    """Return what a formula has of texts, which are set in the fonts of the text around it."""
    tree = read(source).tree
    return source if tree is None else " ".join(node.text for node in walk(tree) if isinstance(node, Words))
