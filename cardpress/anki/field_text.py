"""The text that a person reads in a field of a package, whose HTML is all that is left of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from cardpress.markdown.html_elements import Element, read_elements, read_first_number

_BLOCKS = frozenset("blockquote div h1 h2 h3 h4 h5 h6 hr li ol p pre table tbody thead tr ul".split())
# Elements in each other. A field of ours has fewer; below that many, all count as siblings.
_DEEPEST = 40


@lru_cache(maxsize=4096)
def parse_html(html: str) -> tuple[Element | str, ...]:
    """Return the nodes of a field. Do not change them: they are cached and shared."""
    return tuple(read_elements(html, blocks=_BLOCKS, deepest=_DEEPEST))


@lru_cache(maxsize=4096)
def to_plain_text(html: str) -> str:
    """Return the text that a person reads in HTML.

    Each block has lines of its own, the cells of a table have tabs between them, a picture is its description.
    """
    return "\n".join(line.rstrip() for line in _lines(parse_html(html))).strip("\n")


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
