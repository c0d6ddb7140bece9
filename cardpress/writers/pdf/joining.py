"""What stands at a formula without a space stays in its line, as the parts of a word do: `\\(n\\)th`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

from cardpress.markdown.tree import Deletion, Formula, Link, Node, Styled, Text
from cardpress.writers.pdf.heights import JOINER

# A sign behind which a line could end, between a formula and a word.
_HYPHEN = re.compile(r"[-\u2010\u2013/](?=\w)")


def keep_together(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield what stands in a line, with a mark where no line may end."""
    before: Node | None = None
    for node in nodes:
        if before is not None and _belongs(_last(before), _first(node)):
            yield Text(JOINER)
            hyphen = _HYPHEN.match(node.value) if isinstance(node, Text) else None
            if isinstance(node, Text) and hyphen:
                yield Text(hyphen[0] + JOINER + node.value[hyphen.end() :])
            else:
                yield node
        else:
            yield node
        before = node


def _belongs(one: Node, other: Node) -> bool:
    """Return whether one of two neighbors is a formula, and no space and no border of words is between them."""
    if not (_is_formula(one) or _is_formula(other)):
        return False
    before = one.value[-1:] if isinstance(one, Text) else ""
    behind = other.value[:1] if isinstance(other, Text) else ""
    return all(
        _is_formula(each) or (isinstance(each, Text) and not letter.isspace() and east_asian_width(letter) not in "WF")
        for each, letter in ((one, before or " "), (other, behind or " "))
    )


def _is_formula(node: Node) -> bool:
    return isinstance(node, Formula) and not node.is_display


def _first(node: Node) -> Node:
    while isinstance(node, Styled | Deletion | Link) and node.children:
        node = node.children[0]
    return node


def _last(node: Node) -> Node:
    while isinstance(node, Styled | Deletion | Link) and node.children:
        node = node.children[-1]
    return node
