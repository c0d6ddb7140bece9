"""HTML that a sanitizer, Anki or an output of ours wrote → its elements. Such HTML is well-formed, or nearly so."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from html.parser import HTMLParser

from cardpress.markdown.entities import shorten_numbers

VOID = frozenset({"br", "col", "hr", "img", "meta", "source", "wbr"})
# A longer number counts as 1, because browsers keep a list's start in 32 bits.
_MOST_DIGITS = 9


@dataclass(slots=True)
class Element:
    """An element: its name, its attributes and its children, and whether it is a block or has one in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)
    has_blocks: bool = False


def read_elements(html: str, *, blocks: Set[str], deepest: int) -> list[Element | str]:
    """Return what HTML consists of. `blocks` are the names of blocks; what is deeper in others stands beside them."""
    builder = _Builder(blocks, deepest)
    builder.feed(shorten_numbers(html))
    builder.close()
    return builder.root.children


class _Builder(HTMLParser):
    def __init__(self, blocks: Set[str], deepest: int) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = blocks
        self.deepest = deepest
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag in self.blocks:
            for each in (element, *self.open):
                each.has_blocks = True
        if tag not in VOID and len(self.open) <= self.deepest:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def parse_html_declaration(self, i: int) -> int:
        """Pass over a declaration as browsers do: to them `<![…>` is a comment. Python's parser asks more of it."""
        return self.parse_bogus_comment(i) if self.rawdata.startswith("<![", i) else super().parse_html_declaration(i)


def read_text(nodes: Iterable[Element | str]) -> str:
    """Return the text of nodes, in which `<br>` ends a line."""
    return "".join(
        each if isinstance(each, str) else "\n" if each.tag == "br" else read_text(each.children) for each in nodes
    )


def read_first_number(ordered_list: Element) -> int:
    """Return the first number of an ordered list; like browsers, 1 when its `start` is not a usable number."""
    start = ordered_list.attributes.get("start", "")
    return int(start) if start.isascii() and start.isdecimal() and len(start) <= _MOST_DIGITS else 1
