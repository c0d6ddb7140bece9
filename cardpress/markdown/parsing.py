"""Markdown text → Document, carried by Python-Markdown: its parser is exchanged for one that keeps to CommonMark.

`markdown.Markdown` lets an extension put another parser into its place (`md.parser`), which returns an ElementTree. The
one here fills that tree with what markdown-it-py finds. To exchange the grammar again, write another `parseDocument`
that makes the same elements: `_read_block` and `_read_inline` say which.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree  # noqa: N813 - Python-Markdown's own tree; no XML is parsed
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

import markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from markdown.util import AtomicString

from cardpress.markdown.cloze import pair_signs
from cardpress.markdown.dollars import explain_unclosed
from cardpress.markdown.events import Characters, Event, Leaf, Open
from cardpress.markdown.tokens import read_events
from cardpress.markdown.tree import (
    INLINE_TAGS,
    Block,
    Cell,
    Code,
    CodeBlock,
    CodeSpan,
    Deletion,
    Document,
    Formula,
    Heading,
    Inline,
    Item,
    Latex,
    LineBreak,
    Link,
    List,
    Node,
    Paragraph,
    Picture,
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
from cardpress.markdown.unnumbered import find_unnumbered


def parse_by_grammar(text: str, *, with_deletions: bool, with_dollars: bool, with_breaks: bool) -> Document:
    """Return any text as a tree, as `parse` does, with the whole grammar."""
    carrier = _carrier(with_deletions, with_dollars, with_breaks and "\n" in text)
    parser = cast(_CommonMarkParser, carrier.parser)
    root, problems = parser.parseDocument(text.split("\n")).getroot(), parser.problems
    blocks = tuple(_read_blocks(root))
    unpaired = _list_unpaired(blocks) if "<" in text else ()
    problems = tuple(sorted((*problems, *unpaired), key=lambda problem: problem.place))
    return Document(blocks, problems, needs_grammar=True)


def _list_unpaired(blocks: Sequence[Block]) -> Iterator[Problem]:
    """Yield a problem for each tag of an element that a text may have, when the tag has no partner."""
    begun: set[str] = set()  # rules report start tags with attributes, and their ends need no other report
    for node in Document(tuple(blocks)).walk():
        if not isinstance(node, RawTag) or (node.is_end and node.name in begun):
            continue
        begun.add(node.name)
        if node.name in INLINE_TAGS and node.is_complete and not node.attributes:
            message = f"`{node.source}` without its partner"
            hint = f"write `<{node.name}>` and `</{node.name}>` around the text, or put it in backticks"
            yield Problem("unsupported-html", node.place, message, hint)


# --- the carrier ------------------------------------------------------------------------------------------------------


class _Element(etree.Element):
    """An element with facts that are no texts, such as places."""

    facts: Mapping[str, Any] = {}
    # Whether a cloze deletion has cut it in two, so that white space can stand at its ends.
    is_cut = False


class _CommonMarkParser(BlockParser):
    """Takes the place of Python-Markdown's parser of blocks, and of the steps before and after it."""

    with_deletions = False
    with_dollars = False
    with_breaks = False
    problems: Sequence[Problem] = ()

    def parseDocument(self, lines: Iterable[str]) -> etree.ElementTree[Any]:  # noqa: N802 - its name
        text = "\n".join(lines)
        events, problems = read_events(
            text,
            with_deletions=self.with_deletions,
            with_dollars=self.with_dollars,
            with_breaks=self.with_breaks,
        )
        if self.with_deletions:
            before = events
            events, unclosed = pair_signs(events, text)
            if not any(each.code == "cloze-without-deletion" for each in unclosed):  # else braces are not those meant
                problems += find_unnumbered(before, text, {each.place.start for each in problems})
            problems += explain_unclosed(unclosed, before) if self.with_dollars else unclosed
        self.problems = problems
        return etree.ElementTree(_build(events))


class _CommonMark(Extension):
    """The extension that exchanges the parser."""

    def __init__(self, *, with_deletions: bool, with_dollars: bool, with_breaks: bool) -> None:
        super().__init__()
        self.with_deletions = with_deletions
        self.with_dollars = with_dollars
        self.with_breaks = with_breaks

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        parser = _CommonMarkParser(md)
        parser.with_deletions = self.with_deletions
        parser.with_dollars = self.with_dollars
        parser.with_breaks = self.with_breaks
        md.parser = parser


@lru_cache(maxsize=8)
def _carrier(with_deletions: bool, with_dollars: bool, with_breaks: bool) -> markdown.Markdown:
    extension = _CommonMark(with_deletions=with_deletions, with_dollars=with_dollars, with_breaks=with_breaks)
    return markdown.Markdown(extensions=[extension])


def _build(events: Sequence[Event]) -> _Element:
    """Return events as an element that holds them."""
    root = _Element("document")
    stack: list[_Element] = [root]
    last: _Element | None = None  # the element in the innermost open one that was closed last
    for event in events:
        if isinstance(event, Characters):
            if last is None:
                stack[-1].text = AtomicString((stack[-1].text or "") + event.value)
            else:
                last.tail = AtomicString((last.tail or "") + event.value)
        elif isinstance(event, Open | Leaf):
            element = _Element(event.name)
            element.facts = event.facts
            element.is_cut = isinstance(event, Open) and event.is_cut
            stack[-1].append(element)
            last = element
            if isinstance(event, Open):
                stack.append(element)
                last = None
        else:
            last = stack.pop()
    return root


# --- the tree ---------------------------------------------------------------------------------------------------------


def _read_blocks(parent: etree.Element) -> Iterator[Block]:
    for element in parent:
        yield _read_block(cast(_Element, element))


def _read_block(element: _Element) -> Block:  # noqa: PLR0911 - one for each kind of block
    facts = element.facts
    match element.tag:
        case "paragraph":
            return Paragraph(_read_line(element), facts["place"], facts["is_tight"])
        case "heading":
            return Heading(facts["level"], _read_line(element), facts["place"])
        case "code_block":
            return CodeBlock(
                facts.get("language", ""),
                _read_code(element),
                facts["place"],
                facts.get("language_place"),
                facts.get("is_closed", True),
            )
        case "quote":
            return Quote(tuple(_read_blocks(element)), facts["place"])
        case "list":
            # A list that a deletion has cut in two goes on counting.
            first = cast(_Element, element[0]).facts["number"] if len(element) else None
            return List(first, tuple(map(_read_item, element)), facts["place"])
        case "table":
            head, body = (
                tuple(_read_row(row) for part in element if part.tag == tag for row in part)
                for tag in ("thead", "tbody")
            )
            return Table(head, body, facts["place"])
        case "break":
            return ThematicBreak(facts["place"])
        case "deletion":
            return Deletion(facts["number"], facts["hint"], tuple(_read_blocks(element)), facts["place"])
    raise ValueError(f"no block is called {element.tag}")


def _read_item(element: etree.Element) -> Item:
    facts = cast(_Element, element).facts
    return Item(tuple(_read_blocks(element)), facts["place"], facts["is_done"])


def _read_row(element: etree.Element) -> Row:
    return Row(tuple(Cell(cast(_Element, cell).facts["alignment"], _read_line(cell)) for cell in element))


def _read_line(parent: etree.Element) -> tuple[Inline, ...]:
    nodes = tuple(_read_inline_nodes(parent))
    return _trim(nodes) if cast(_Element, parent).is_cut and parent.tag not in ("styled", "link") else nodes


def _trim(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return the nodes of a line without white space at its ends."""
    if nodes and isinstance(nodes[0], Text):
        nodes = (Text(nodes[0].value.lstrip()), *nodes[1:])
    if nodes and isinstance(nodes[-1], Text):
        nodes = (*nodes[:-1], Text(nodes[-1].value.rstrip()))
    return tuple(node for node in nodes if node != Text(""))


def _read_inline_nodes(parent: etree.Element) -> Iterator[Inline]:
    if parent.text:
        yield Text(str(parent.text))
    for element in parent:
        yield _read_inline(cast(_Element, element))
        if element.tail:
            yield Text(str(element.tail))


def _read_inline(element: _Element) -> Inline:  # noqa: PLR0911 - one for each kind of node
    facts = element.facts
    match element.tag:
        case "styled":
            return Styled(facts["style"], _read_line(element))
        case "code_span":
            return CodeSpan(_read_code(element), facts["place"])
        case "link":
            return Link(facts["address"], facts["title"], _read_line(element), facts["place"], facts["address_place"])
        case "picture":
            return Picture(**facts)
        case "sound":
            return Sound(**facts)
        case "ruby":
            return Ruby(**facts)
        case "formula":
            return Formula(_read_latex(element), facts["is_display"], facts["place"])
        case "line_break":
            return LineBreak()
        case "tag":
            return RawTag(**facts)
        case "deletion":
            return Deletion(facts["number"], facts["hint"], _read_line(element), facts["place"])
    raise ValueError(f"nothing in a line is called {element.tag}")


def _read_latex(parent: etree.Element) -> tuple[Latex | Deletion, ...]:
    """Return the LaTeX of a formula, and its deletions, none of which is in another."""
    return tuple(
        Latex(node.value) if isinstance(node, Text) else replace(node, children=_as_latex(node.children))
        for node in _read_line(parent)
        if isinstance(node, Text | Deletion)
    )


def _as_latex(nodes: Sequence[Node]) -> tuple[Latex, ...]:
    return tuple(Latex(node.value) for node in nodes if isinstance(node, Text))


def _read_code(parent: etree.Element) -> tuple[Code, ...]:
    nodes: Sequence[Node] = _read_line(parent)
    return cast(tuple[Code, ...], tuple(nodes))
