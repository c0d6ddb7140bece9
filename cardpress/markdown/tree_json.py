"""Trees as JSON, and back: for who keeps the tree of a text until the text, or what reads it, changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cardpress.markdown.tree import (
    Cell,
    CodeBlock,
    CodeSpan,
    Deletion,
    Document,
    Formula,
    Heading,
    Item,
    Latex,
    LineBreak,
    Link,
    List,
    Paragraph,
    Picture,
    Place,
    Problem,
    Quote,
    RawTag,
    Row,
    Ruby,
    Sound,
    Styled,
    Table,
    Text,
    ThematicBreak,
)

# What the fields of each hold, in their order: plain values, places, or nodes. The pieces of code in its colors, which
# no text has by itself, are not kept, nor is what is said of a document below.
_FIELDS: Mapping[type, str] = MappingProxyType(
    {
        Text: "v",
        LineBreak: "",
        Styled: "vn",
        CodeSpan: "np",
        Link: "vvnppv",
        Picture: "vvvpp",
        Sound: "vvpp",
        Ruby: "vvp",
        Latex: "v",
        Formula: "nvp",
        RawTag: "vvvpvv",
        Deletion: "vvnp",
        Paragraph: "npv",
        Heading: "vnp",
        CodeBlock: "vnppv",
        Quote: "np",
        Item: "npv",
        List: "vnp",
        Cell: "vn",
        Row: "n",
        Table: "nnp",
        ThematicBreak: "p",
        Problem: "vpvv",
    }
)
_NAMES = {kind: kind.__name__ for kind in _FIELDS}


def write_tree(document: Document) -> Any:
    """Return the tree of a text as JSON, from which `read_tree` makes an equal one."""
    return [_write_all(document.blocks), _write_all(document.problems)]


def read_tree(value: Any) -> Document:
    """Return the tree of a text that needs the grammar, as it was written. Raises ValueError for what is none."""
    try:
        blocks, problems = value
        return Document(_read_all(blocks), _read_all(problems), needs_grammar=True)
    except (KeyError, TypeError, IndexError, ValueError, RecursionError) as error:
        raise ValueError("this is no tree that was kept") from error


def _write_all(nodes: tuple[Any, ...]) -> list[Any]:
    return [_write(node) for node in nodes]


def _write(node: Any) -> list[Any]:
    kind = type(node)
    values = (getattr(node, name) for name in kind.__slots__)
    written = [_write_all(value) if of == "n" else value for of, value in zip(_FIELDS[kind], values, strict=False)]
    return [_NAMES[kind], *written]


def _read_all(values: Any) -> tuple[Any, ...]:
    if not isinstance(values, list):
        raise TypeError("nodes are a list")
    return tuple([_read(value) for value in values])


def _read(value: Any) -> Any:
    kind, kinds = _KINDS[value[0]]
    if len(value) != len(kinds) + 1:
        raise TypeError("a node has all of its fields")
    return kind(*[read(part) for read, part in zip(kinds, value[1:], strict=True)])


def _read_value(value: Any) -> Any:
    if isinstance(value, list | dict):
        raise TypeError("a plain value holds no others")
    return value


def _read_place(value: Any) -> Place | None:
    if value is None:
        return None
    start, end = value
    if not (isinstance(start, int) and isinstance(end, int)):
        raise TypeError("a place is two numbers")
    return Place(start, end)


_READERS: Mapping[str, Callable[[Any], Any]] = {"v": _read_value, "p": _read_place, "n": _read_all}
_KINDS = {_NAMES[kind]: (kind, tuple(_READERS[of] for of in held)) for kind, held in _FIELDS.items()}
