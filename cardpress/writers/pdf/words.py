"""What cannot be set as it is written is replaced by its words: a picture by its description, a table by lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cardpress.writers.pdf.heights import JsonObject, Node, flatten, is_block, list_blocks, text_of_line

# Stands between what was apart.
JOINT = " · "


def describe(picture: JsonObject) -> str:
    """Return what is printed in the place of a picture."""
    return f"[{picture['alt']}]"


def replace_by_words(nodes: Iterable[Node]) -> list[Node]:
    """Return nodes as paragraphs of plain text, which can be broken anywhere."""
    return [paragraph for block in list_blocks(nodes) for paragraph in _paragraphs(block)]


def put_in_a_line(nodes: Iterable[Node]) -> list[Node]:
    """Return nodes as one paragraph of plain text."""
    words = (flatten(paragraph["c"]) for paragraph in replace_by_words(nodes) if not isinstance(paragraph, str))
    return [_paragraph([JOINT.join(filter(None, words))])]


def _paragraphs(block: JsonObject) -> list[Node]:
    match block["t"]:
        case "pre":
            lines = (text_of_line(line) for line in block["lines"])
            return [_paragraph([{"t": "code", "c": [line]}]) for line in lines if line.strip()]
        case "table":
            return list_rows(row["c"] for part in block["c"] for row in part["c"])
        case "hr":
            return []
        case "equation":
            return [_paragraph([block["alt"]])]
        case _:
            children = block.get("c", ())
            if any(map(is_block, children)):
                return replace_by_words(children)
            return [_paragraph([_plain_text(children)])]


def list_rows(rows: Iterable[Sequence[JsonObject]]) -> list[Node]:
    """Return the rows of a table, each a list of cells, as paragraphs."""
    return [_paragraph([JOINT.join(_plain_text(cell["c"]) for cell in cells)]) for cells in rows]


def _paragraph(nodes: list[Any]) -> JsonObject:
    return {"t": "p", "c": nodes}


def _plain_text(nodes: Iterable[Node]) -> str:
    return flatten(_described(nodes)).replace("\n", " ")


def _described(nodes: Iterable[Node], names: frozenset[str] | None = None) -> list[Node]:
    """Return nodes with the pictures of these names, or all, replaced by their descriptions."""

    def described(node: Node) -> Node:
        if isinstance(node, str):
            return node
        if node["t"] in ("img", "masked") and (names is None or node["src"] in names):
            return describe(node)
        if node["t"] in ("ruby", "in-parentheses") and names is None:
            return "{}({})".format(*node["c"])
        if "formula" in node:
            return node["alt"] if names is None else node
        return {**node, "c": _described(node["c"], names)} if "c" in node else node

    return list(map(described, nodes))


def describe_pictures(value: Any, names: frozenset[str]) -> Any:
    """Return data with the pictures of these names replaced by their descriptions."""
    if not names:
        return value
    if isinstance(value, list) and any(isinstance(each, dict) and "t" in each for each in value):
        return _described(value, names)
    if isinstance(value, dict):
        return {key: describe_pictures(each, names) for key, each in value.items()}
    return [describe_pictures(each, names) for each in value] if isinstance(value, list) else value


def put_in_words(value: Any) -> Any:
    """Return data in which every text is paragraphs of plain words."""
    if isinstance(value, list) and any(isinstance(each, dict) and "t" in each for each in value):
        return replace_by_words(value)
    if isinstance(value, dict) and "t" not in value:
        return {key: put_in_words(each) for key, each in value.items() if key != "lead"}
    return [put_in_words(each) for each in value] if isinstance(value, list) else value
