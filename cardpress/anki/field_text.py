"""The text that a person reads in a field of a package, whose HTML is all that is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser

_VOID = frozenset({"br", "hr", "img"})
_BLOCKS = frozenset("blockquote div h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody thead tr ul".split())
# Elements in each other. A field of ours has fewer; below that many, all count as siblings.
_DEEPEST = 40
# A longer number counts as 1, because browsers keep a list's start in 32 bits.
_MOST_DIGITS = 9


@dataclass(slots=True)
class Element:
    """An element of safe HTML: its name, its attributes and its children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)


@lru_cache(maxsize=4096)
def parse_html(html: str) -> tuple[Element | str, ...]:
    """Return the nodes of a field. Do not change them: they are cached and shared."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return tuple(builder.root.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID and len(self.open) <= _DEEPEST:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@lru_cache(maxsize=4096)
def to_plain_text(html: str) -> str:
    """Return the text that a person reads in HTML.

    Each block has lines of its own, the cells of a table have tabs between them, a picture is its description.
    """
    return join_text(parse_html(html))


def join_text(nodes: Sequence[Element | str]) -> str:
    """Return the text that a person reads in these nodes, in the form of `to_plain_text`."""
    return "\n".join(line.rstrip() for line in _lines(nodes)).strip("\n")


def is_block(node: Element | str) -> bool:
    """Return whether a node is a block, which has lines of its own."""
    return isinstance(node, Element) and node.tag in _BLOCKS


def read_first_number(ordered_list: Element) -> int:
    """Return the first number of an ordered list; like browsers, 1 when its `start` is not a usable number."""
    start = ordered_list.attributes.get("start", "")
    return int(start) if start.isascii() and start.isdecimal() and len(start) <= _MOST_DIGITS else 1


def _lines(nodes: Sequence[Element | str]) -> list[str]:
    lines: list[str] = []
    running = ""  # the text of a line that is still being written
    for node in nodes:
        if isinstance(node, Element) and node.tag in _BLOCKS:
            lines += _inline(running)
            running = ""
            lines += _block(node)
        else:
            running += _run(node)
    return lines + _inline(running)


def _inline(text: str) -> list[str]:
    return text.strip().split("\n") if text.strip() else []


def _run(node: Element | str) -> str:
    """Return the text of an inline node. Only `<br>` ends a line in it."""
    if isinstance(node, str):
        return node.replace("\n", " ")
    if node.tag == "br":
        return "\n"
    if node.tag == "img":
        return node.attributes.get("alt", "")
    return "".join(_run(child) for child in node.children)


def _block(node: Element) -> list[str]:
    if node.tag == "pre":
        return _verbatim(node).strip("\n").split("\n")
    if node.tag == "tr":
        return ["\t".join(_run(cell).strip() for cell in node.children if isinstance(cell, Element))]
    if node.tag not in ("ul", "ol"):
        return _lines(node.children)
    lines = []
    items = [child for child in node.children if isinstance(child, Element)]
    for number, item in enumerate(items, read_first_number(node)):
        bullet = f"{number}. " if node.tag == "ol" else "- "
        first, *rest = _lines(item.children) or [""]
        lines += [bullet + first, *(" " * len(bullet) + line for line in rest)]
    return lines


def _verbatim(node: Element | str) -> str:
    return node if isinstance(node, str) else "".join(_verbatim(child) for child in node.children)
