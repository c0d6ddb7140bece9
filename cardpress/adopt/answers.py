"""Blocks of a Markdown page → the texts of a question, which our Markdown reads as they are meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from cardpress.adopt.html_meaning import tidy, write_meaning
from cardpress.adopt.markdown_pages import DONE, OPEN, walk, write_elements
from cardpress.adopt.media_beside import MediaBeside, settle
from cardpress.markdown import Document, to_plain_text
from cardpress.markdown.html_elements import Element
from cardpress.markdown.languages import find_lexer_name
from cardpress.markdown.raw_html import read_html
from cardpress.markdown.tree import (
    Block,
    Code,
    CodeBlock,
    CodeSpan,
    Inline,
    Item,
    LineBreak,
    List,
    Node,
    Paragraph,
    Place,
    Quote,
    Styled,
    Text,
    map_nodes,
)

_NOWHERE = Place(0, 0)
_NAMED = "language-"


def write_answer(blocks: Sequence[Element], media: MediaBeside, beside: str = "") -> tuple[str, bool]:
    """Return blocks as Markdown, and whether all that they say is in it."""
    settled = settle(blocks, media, beside)
    languages = iter([_find_language(each) for each in walk(settled) if each.tag == "pre"])

    def name_language(node: Node) -> Node:
        if isinstance(node, CodeBlock):
            return replace(node, language=next(languages, ""), content=_mend(node.content))
        return replace(node, content=_mend(node.content)) if isinstance(node, CodeSpan) else node

    document = map_nodes(read_html(write_elements(settled)), name_language)
    document = tidy(Document(tuple(map(_read_boxes, document.blocks))))
    text = write_meaning(document)
    if text is not None:
        return text, True
    parts = [_write_block(block) for block in document.blocks]
    return "\n\n".join(text for text, _ in parts), all(is_whole for _, is_whole in parts)


def _mend(content: Sequence[Code]) -> tuple[Code, ...]:
    """Return code with spaces that a program can read, where a web page had others."""
    return tuple(
        Text(each.value.replace("\N{NO-BREAK SPACE}", " ")) if isinstance(each, Text) else each for each in content
    )


def _find_language(element: Element) -> str:
    """Return the language of a block of code, "" where none is named that has colors."""
    for each in walk((element,)):
        for name in each.attributes.get("class", "").split():
            language = name.removeprefix(_NAMED).lower()
            if name.startswith(_NAMED) and find_lexer_name(language) is not None:
                return language
    return ""


def _read_boxes(block: Any) -> Any:
    """Return a block in which entries that begin with a box are tasks."""
    match block:
        case List(items=items):
            return replace(block, items=tuple(map(_read_boxes, items)))
        case Quote(children=children):
            return replace(block, children=tuple(map(_read_boxes, children)))
        case Item(children=(Paragraph(children=(Text(value), *more)) as first, *others)) if value[:1] in (OPEN, DONE):
            text = Text(value[1:].lstrip())
            first = replace(first, children=tuple(each for each in (text, *more) if each != Text("")))
            return replace(block, children=(first, *map(_read_boxes, others)), is_done=value[0] == DONE)
        case Item(children=children):
            return replace(block, children=tuple(map(_read_boxes, children)))
        case _:
            return block


def _write_block(block: Block) -> tuple[str, bool]:
    """Return a block as Markdown: without its marks where they stand in the way, and else as a plain text."""
    text = write_meaning(Document((block,)))
    if text is not None:
        return text, True
    text = write_meaning(tidy(Document(tuple(_without_marks(block)))))
    if text is not None:
        return text, False
    lines = to_plain_text(Document((block,))).split("\n")
    nodes: list[Inline] = []
    for line in lines:
        nodes += [LineBreak(), Text(line)]
    return write_meaning(tidy(Document((Paragraph(tuple(nodes[1:]), _NOWHERE),)))) or "", False


def _without_marks(block: Block) -> Iterator[Block]:
    match block:
        case Paragraph(children):
            yield replace(block, children=tuple(_unmark(children)))
        case _:
            yield block


def _unmark(nodes: Sequence[Inline]) -> Iterator[Inline]:
    for node in nodes:
        if isinstance(node, Styled):
            yield from _unmark(node.children)
        else:
            yield node
