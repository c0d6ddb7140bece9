"""A text with cloze deletions, as one of its cards shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from cardpress.formulas import write_gap
from cardpress.markdown.tree import (
    CodeBlock,
    CodeSpan,
    Deletion,
    Formula,
    Latex,
    List,
    Node,
    Paragraph,
    Row,
    Table,
    Text,
    is_block,
    list_children,
)

_GAP = "[…]"


def show_gaps(nodes: Sequence[Node], number: int | None, *, hidden: bool) -> tuple[Any, ...]:
    """Return nodes in which the deletions of a number, or all for None, are marked or hidden; the others are text."""
    return tuple(_each(nodes, number, hidden=hidden))


def _each(nodes: Sequence[Node], number: int | None, *, hidden: bool) -> Iterator[Node]:
    for node in nodes:
        if not isinstance(node, Deletion):
            yield _rebuild(node, number, hidden=hidden)
        elif number not in (None, node.number):
            yield from _each(node.children, number, hidden=hidden)
        elif hidden and any(isinstance(each, Latex) for each in node.children):
            yield Latex(write_gap(node.hint))
        elif hidden:
            gap = Text(f"[{node.hint}]" if node.hint else _GAP)
            yield Paragraph((gap,), node.place) if is_block(node) else gap
        else:
            yield replace(node, children=show_gaps(node.children, number, hidden=hidden))


def _rebuild(node: Node, number: int | None, *, hidden: bool) -> Node:  # noqa: PLR0911 - one for each kind of node
    if not list_children(node):
        return node

    def each(nodes: Sequence[Node]) -> tuple[Any, ...]:
        return show_gaps(nodes, number, hidden=hidden)

    match node:
        case CodeBlock():
            content = each(node.content)
            # Its colors are those of other code, once something is hidden.
            return node if content == node.content else replace(node, content=content, pieces=())
        case List():
            return replace(node, items=each(node.items))
        case Table():
            return replace(node, head=each(node.head), body=each(node.body))
        case Row():
            return replace(node, cells=each(node.cells))
        case CodeSpan():
            return replace(node, content=each(node.content))
        case Formula():
            return replace(node, content=each(node.content))
        case _:
            return cast(Node, replace(cast(Any, node), children=each(cast(Any, node).children)))
