"""Whether anybody sees anything of a formula: spaces, empty groups and phantoms alone show nothing."""

from __future__ import annotations

from cardpress.formulas import tree
from cardpress.formulas.reading import read
from cardpress.formulas.tree import Node


def is_blank(source: str) -> bool:
    """Return whether LaTeX shows nothing. What cannot be read, or what Anki alone sets, shows something."""
    if not source.strip():
        return True
    found = read(source).tree
    return found is not None and not _shows(found)


def _shows(node: Node) -> bool:  # noqa: PLR0911 - one for each kind of node
    match node:
        case tree.Phantom() | tree.Space():
            return False
        case tree.Letter(text) | tree.Number(text) | tree.Operator(text) | tree.Name(text) | tree.Words(text):
            return any(each.isprintable() and not each.isspace() for each in text)
        case tree.Group(children) | tree.Fenced("", children, ""):
            return any(map(_shows, children))
        case tree.Fraction(above, below, False):
            return _shows(above) or _shows(below)
        case tree.Scripts(base, below, above):
            return any(_shows(each) for each in (base, below, above) if each is not None)
        case tree.Colored(_, inside, False) | tree.Sized(_, inside) | tree.Hidden(_, _, inside):
            return _shows(inside)
        case tree.Grid(_, rows, _, "", "", (), ()):
            return any(_shows(each) for row in rows for each in row)
        case _:
            return True
