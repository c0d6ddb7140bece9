"""Nodes made of nodes, and what is asked of them while a formula is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cardpress.formulas.symbols import CLOSING, OPENING
from cardpress.formulas.tree import (
    Accent,
    Group,
    Hidden,
    Letter,
    Middle,
    Name,
    Node,
    Number,
    Operator,
    Scripts,
    Space,
    Words,
)


def join(nodes: Sequence[Node]) -> Node:
    """Return nodes as one. Letters that are one name already stay as they are."""
    return nodes[0] if len(nodes) == 1 else Group(tuple(nodes))


def delimiter(sign: str, name: str) -> Node:
    """Return a bracket that stands by itself, by the command that writes it."""
    if sign in OPENING or name in ("lvert", "lVert"):
        return Operator(sign, "opening")
    if sign in CLOSING or (name == "r" and sign in "|‖"):
        return Operator(sign, "closing")
    return Operator(sign, "ordinary")


def bar(sign: Operator, *, is_high: bool, is_relation: bool) -> Node:
    """Return a bar between what stands in brackets, as high as these or not."""
    if is_high:
        return Middle(sign.text)
    return replace(sign, role="relation" if is_relation else "ordinary")


def bare(node: Node) -> Node:
    """Return the one node that a group or a deletion holds, and any other node as it is."""
    while True:
        match node:
            case Group((child,), "") | Hidden(inside=child):
                node = child
            case _:
                return node


def may_have_limits(base: Node) -> bool:
    """Return whether LaTeX lets `\\limits` stand behind a node."""
    while isinstance(base, Group) and not base.role and len(base.children) == 1:
        base = base.children[0]  # behind a deletion Anki could not set them
    match base:
        case Operator(_, role) | Group(_, role):
            return role == "large"
        case Name() | Scripts():
            return True
        case Accent():
            return has_under(base)
        case _:
            return False


def has_under(base: Node) -> bool:
    """Return whether scripts stand under and over something because of what it is."""
    while isinstance(base, Hidden):
        base = base.inside
    if not isinstance(base, Accent) or not base.is_wide:
        return False
    return isinstance(base.base, Name) or base.sign.strip("_") in "⏞⏟⎴⎵⏜⏝"


def with_role(node: Node, role: str) -> Node:
    """Return a node as an operator, a relation or what its role says. Upright letters become a name."""
    while isinstance(node, Group) and not node.role and len(node.children) == 1:
        node = node.children[0]
    if role == "large" and isinstance(node, Letter | Group):
        letters = node.children if isinstance(node, Group) else (node,)
        if letters and all(isinstance(each, Letter) and each.is_upright for each in letters):
            return Name("".join(map(words_of, letters)), has_limits=True)
    if isinstance(node, Name):
        return replace(node, has_limits=True) if role == "large" else node
    if isinstance(node, Operator):
        return replace(node, role=role)
    return Group(node.children if isinstance(node, Group) else (node,), role)


def as_name(group: Group) -> Node:
    """Return letters in a row as one, so that an upright name keeps its letters together."""
    joined: list[Node] = []
    for node in group.children:
        last = joined[-1] if joined else None
        if isinstance(node, Letter) and isinstance(last, Letter) and node.is_upright and last.is_upright:
            joined[-1] = Letter(last.text + node.text, is_upright=True)
        else:
            joined.append(node)
    return join(joined)


def words_of(node: Node) -> str:
    """Return the characters of a name, which is a node."""
    match node:
        case Letter(text) | Number(text) | Operator(text) | Words(text) | Name(text):
            return text
        case Space(width):
            return " " if width > 0 else ""
        case Group(children):
            return "".join(map(words_of, children))
        case _:
            return ""
