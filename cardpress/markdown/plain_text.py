"""Document → the text that a person reads in it."""

from __future__ import annotations

from collections.abc import Sequence

from cardpress.markdown.tree import (
    CodeBlock,
    CodeSpan,
    Document,
    Formula,
    Latex,
    LineBreak,
    List,
    Node,
    Picture,
    RawTag,
    Ruby,
    Sound,
    Table,
    Text,
    ThematicBreak,
    is_block,
    list_children,
    read_code,
)


def to_plain_text(document: Document) -> str:
    """Return the text that a person reads in a document.

    Each block has lines of its own, the cells of a table have tabs between them, a picture or a sound is its
    description, and a reading stands in parentheses behind its characters.
    """
    return join_text(document.blocks)


def join_text(nodes: Sequence[Node]) -> str:
    """Return the text that a person reads in these nodes, in the form of `to_plain_text`."""
    return "\n".join(line.rstrip() for line in _lines(nodes)).strip("\n")


def _lines(nodes: Sequence[Node]) -> list[str]:
    lines: list[str] = []
    running = ""  # the text of a line that is still being written
    for node in nodes:
        if is_block(node):
            lines += _split(running)
            running = ""
            lines += _block(node)
        else:
            running += _run(node)
    return lines + _split(running)


def _split(text: str) -> list[str]:
    return text.strip().split("\n") if text.strip() else []


def _run(node: Node) -> str:  # noqa: PLR0911 - one for each kind of node
    """Return the text of an inline node. Only a hard break ends a line in it."""
    match node:
        case Text(value):
            return value.replace("\n", " ")
        case RawTag(source=source):
            return source.replace("\n", " ")
        case CodeSpan(content):
            return read_code(content).replace("\n", " ")
        case Formula():
            return node.signed.replace("\n", " ")
        case Latex(source):  # what a deletion holds, which says the same as with the whole formula in it
            return f"\\({' '.join(source.split())}\\)"
        case LineBreak():
            return "\n"
        case Ruby(base, reading):
            return f"{base}({reading})"
        case Picture(description=description) | Sound(description=description):
            return description.replace("\n", " ")
        case _:
            return "".join(map(_run, list_children(node)))


def _block(node: Node) -> list[str]:
    match node:
        case CodeBlock():
            return node.text.strip("\n").split("\n")
        case Table(head, body):
            return ["\t".join(_run(cell).strip() for cell in row.cells) for row in (*head, *body)]
        case List():
            return _list(node)
        case ThematicBreak():
            return []
        case _:
            return _lines(list_children(node))


def _list(node: List) -> list[str]:
    lines = []
    for number, item in enumerate(node.items, node.first or 0):
        bullet = "- " if node.first is None else f"{number}. "
        box = {None: "", True: "[x] ", False: "[ ] "}[item.is_done]
        first, *rest = _lines(item.children) or [""]
        lines += [bullet + box + first, *(" " * len(bullet) + line for line in rest)]
    return lines
