"""HTML as Anki's editor and other programs make it → Markdown that means the same, where there is such a text.

A line that Anki's editor puts into a `<div>` is a line, two line breaks are two paragraphs, and what only says how a
program set what was pasted is passed over. What Markdown has no sign for, such as a color, has no Markdown here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, cast

from cardpress.adopt.markdown_text import write_markdown
from cardpress.markdown.html_elements import Element, read_elements
from cardpress.markdown.raw_html import read_html
from cardpress.markdown.safe_html import sanitize
from cardpress.markdown.signs import is_words
from cardpress.markdown.tree import (
    DEEPEST,
    Block,
    CodeBlock,
    Deletion,
    Document,
    Heading,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    Node,
    Paragraph,
    Picture,
    Place,
    Quote,
    Row,
    Sound,
    Styled,
    Table,
    Text,
    map_nodes,
    walk,
)
from cardpress.markdown.web_addresses import is_web_address

_NOWHERE = Place(0, 0)
_LINES = frozenset({"center", "div", "section"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    f"blockquote center dd details div dl dt {' '.join(_HEADINGS)} hr li ol p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
)
_VOID = frozenset({"br", "hr", "img", "wbr"})
# Elements that say something which Markdown has no sign for.
_OTHER = frozenset({"big", "center", "details", "dl", "ins", "q", "rtc", "small", "u"})
# Attributes that say how something is shown: which values say nothing. Anything else of an element says nothing.
_STYLE = re.compile(r"(?:^|;)\s*([a-z-]+)\s*:\s*([^;]*)")
_SHOWN = re.compile(r"color|background-color|text-align|text-decoration(?:-line)?|direction|vertical-align")
_SAYS_NOTHING = re.compile(
    r"transparent|inherit|initial|none|start|left|ltr|baseline|black|white|windowtext|currentcolor|canvastext|unset"
)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})")
_HEX = re.compile(r"#(?:([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})|([0-9a-f])([0-9a-f])([0-9a-f]))")
# How much the parts of a color differ in one that nobody calls a color.
_GREY = 24
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)")
_ITALIC = re.compile(r"font-style\s*:\s*(?:italic|oblique)")
# Editors make every second space of several one that does not break.
_DOUBLE_SPACE = re.compile("(?: +\N{NO-BREAK SPACE}|\N{NO-BREAK SPACE}+ )[ \N{NO-BREAK SPACE}]*")
_MARKED = ("em", "strong", "del")
_EDGE = re.compile(r"\A([^\w\s]+)|([^\w\s]+)\Z")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][^\s<>\"'`{}|\\^]*")
_LAST_SIGNS = ".,:;!?…)]*_~'\""


def make_markdown(html: str, *, with_deletions: bool = False, with_breaks: bool = False) -> str | None:
    """Return Markdown that means what a field of Anki's does, None where there is none.

    `with_deletions` is for cloze texts, `with_breaks` for cells of tables.
    """
    if is_words(html):
        return html
    document = read_meaning(html, with_deletions=with_deletions)
    if document is None:
        return None
    return write_meaning(document, with_deletions=with_deletions, with_breaks=with_breaks)


def read_meaning(html: str, *, with_deletions: bool = False) -> Document | None:
    """Return what HTML means as a tree, None where it says more than a tree does."""
    elements = read_elements(sanitize(html), blocks=_BLOCKS, deepest=DEEPEST - 1)
    if any(map(_says_more, _walk(elements))):
        return None
    return tidy(read_html("".join(_write(_join_lines(elements))), with_deletions=with_deletions))


def make_plain_markdown(text: str, *, with_deletions: bool = False, with_breaks: bool = False) -> str | None:
    """Return Markdown that shows a text as it stands, with its lines; addresses in it are links."""
    if is_words(text):
        return text
    html = escape(text.strip("\n"), quote=False)
    html = re.sub(r"^ +| {2,}", lambda found: "\N{NO-BREAK SPACE}" * len(found[0]), html, flags=re.MULTILINE)
    document = tidy(read_html(html.replace("\n", "<br>"), with_deletions=with_deletions))
    return write_meaning(document, with_deletions=with_deletions, with_breaks=with_breaks)


def write_meaning(document: Document, *, with_deletions: bool = False, with_breaks: bool = False) -> str | None:
    """Return a tidy tree as Markdown, None where there is none, or where a link of it leads nowhere."""
    if any(isinstance(each, Link) and not is_web_address(each.address) for each in document.walk()):
        return None
    return write_markdown(document, with_deletions=with_deletions, with_breaks=with_breaks)


# --- elements


def _walk(children: Sequence[Element | str]) -> Iterator[Element]:
    for child in children:
        if isinstance(child, Element):
            yield child
            yield from _walk(child.children)


def _says_more(element: Element) -> bool:
    """Return whether an element says what Markdown cannot."""
    tag, words = element.tag, element.attributes
    if tag in _OTHER or words.get("dir", "ltr").lower() != "ltr":
        return True
    if tag in ("td", "th"):
        is_wide = any(words.get(key, "1") != "1" for key in ("colspan", "rowspan"))
        return is_wide or any(each.tag in _BLOCKS - _LINES - {"p"} for each in _walk(element.children))
    if tag == "font" and not _is_grey(words.get("color", "")):
        return True
    # Of a table Markdown has the alignment; of a link, its color is the browser's.
    is_own = tag in ("tr", "table", "a", "code", "pre")
    return not is_own and any(
        _SHOWN.fullmatch(name) and not _is_grey(value) for name, value in _STYLE.findall(words.get("style", "").lower())
    )


def _is_grey(value: str) -> bool:
    """Return whether a value of a style says nothing: what a text has anyway, or black, white or a grey."""
    value = value.strip().lower()
    if not value or _SAYS_NOTHING.match(value):
        return True
    found = _RGB.match(value)
    if found:
        parts = [int(each) for each in found.groups()]
    else:
        digits = _HEX.fullmatch(value)
        if not digits:
            return False
        parts = [int(each * (2 // len(each)), 16) for each in digits.groups() if each]
    return max(parts) - min(parts) <= _GREY


def _join_lines(children: Sequence[Element | str]) -> list[Element | str]:
    """Return what elements hold, with line breaks in the place of what only makes lines."""
    kept: list[Element | str] = []
    ends_line = False
    for child in children:
        if isinstance(child, Element) and child.tag in _LINES and not any(map(_is_block, child.children)):
            if any(not isinstance(each, str) or each.strip() for each in kept) and not _is_break(kept[-1]):
                kept.append(Element("br"))
            kept += _join_lines(child.children)
            ends_line = bool(kept) and not _is_break(kept[-1])
            continue
        if isinstance(child, Element):
            child = replace(child, children=_join_lines(child.children))  # noqa: PLW2901 - the same, in another form
        if ends_line and not (isinstance(child, str) and not child.strip()):
            if not _is_block(child) and not _is_break(child):
                kept.append(Element("br"))
            ends_line = False
        kept.append(child)
    return kept


def _is_block(child: Element | str) -> bool:
    return isinstance(child, Element) and child.has_blocks


def _is_break(child: Element | str) -> bool:
    """Return whether a child begins a line, or is a block."""
    return isinstance(child, Element) and (child.tag == "br" or child.has_blocks)


def _write(children: Sequence[Element | str]) -> Iterator[str]:
    """Yield elements as HTML, with the elements that mean what their styles do."""
    for child in children:
        if isinstance(child, str):
            yield escape(_DOUBLE_SPACE.sub(" ", child), quote=False)
            continue
        style = child.attributes.get("style", "").lower()
        marks = [mark for mark, pattern in (("b", _BOLD), ("i", _ITALIC)) if pattern.search(style)]
        marks = [] if child.has_blocks or child.tag in ("b", "i", "strong", "em") else marks
        written = "".join(f' {name}="{escape(value)}"' for name, value in child.attributes.items())
        yield f"<{child.tag}{written}>"
        if child.tag not in _VOID:
            yield "".join(f"<{mark}>" for mark in marks)
            yield from _write(child.children)
            yield "".join(f"</{mark}>" for mark in reversed(marks))
            yield f"</{child.tag}>"


# --- trees


def tidy(document: Document) -> Document:
    """Return a tree that says the same, in the form in which Markdown can say it."""
    return Document(tuple(_tidy_blocks(map_nodes(document, _describe).blocks)))


def _describe(node: Node) -> Node:
    """Return a sound with a description, which it needs where nothing plays: the name of its file has to do."""
    if isinstance(node, Sound) and not node.description.strip():
        words = re.sub(r"[\W_]+", " ", PurePosixPath(node.name).stem).strip() or "sound"
        return replace(node, description=words)
    return node


def _tidy_blocks(blocks: Sequence[Node]) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Paragraph(children):
                yield from (replace(block, children=line) for line in _split(_tidy_line(children)))
            case Heading(children=children):
                line = tuple(Text(" ") if isinstance(each, LineBreak) else each for each in _tidy_line(children))
                if line:
                    yield replace(block, children=line)
            case Quote(children):
                inside = tuple(_tidy_blocks(children))
                if inside:
                    yield replace(block, children=inside)
            case List(items=items):
                kept = tuple(replace(each, children=tuple(_tidy_blocks(each.children))) for each in items)
                if any(each.children for each in kept):
                    yield replace(block, items=_lift(kept))
            case Table(head, body):
                # Markdown has no table without a head: an empty one says the same.
                width = len((*head, *body)[0].cells)
                empty = Row(tuple(replace(cell, children=()) for cell in (*head, *body)[0].cells)) if width else None
                yield replace(
                    block,
                    head=tuple(map(_tidy_row, head)) or ((empty,) if empty else ()),
                    body=tuple(map(_tidy_row, body)),
                )
            case Deletion(children=children):
                inner = tuple(_tidy_blocks(children))
                yield replace(block, children=inner)
            case CodeBlock():
                yield block
            case _:
                yield cast(Block, block)


def _lift(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return entries in which a list that stands beside them, as Anki's editor nests it, is in the one before."""
    kept: list[Item] = []
    for item in items:
        if kept and item.children and all(isinstance(each, List) for each in item.children):
            kept[-1] = replace(kept[-1], children=(*kept[-1].children, *item.children))
        elif item.children:
            kept.append(item)
    return tuple(kept)


def _tidy_row(row: Row) -> Row:
    return Row(tuple(replace(cell, children=_tidy_line(cell.children)) for cell in row.cells))


def _split(line: Sequence[Inline]) -> Iterator[tuple[Inline, ...]]:
    """Yield the paragraphs of a line: two breaks or more part them."""
    parts: list[list[Inline]] = [[]]
    for is_break, run in groupby(line, lambda node: isinstance(node, LineBreak)):
        nodes = list(run)
        if is_break and len(nodes) > 1:
            parts.append([])
        else:
            parts[-1] += nodes
    for part in parts:
        trimmed = _trim(part)
        if trimmed:
            yield trimmed


def _trim(nodes: Sequence[Inline]) -> tuple[Inline, ...]:
    """Return the nodes of a line without breaks and spaces at its ends and around its breaks."""
    kept: list[Inline] = []
    for node in nodes:
        if isinstance(node, LineBreak):
            while kept and isinstance(last := kept[-1], Text) and not last.value.rstrip(" "):
                kept.pop()
            if kept and isinstance(last := kept[-1], Text):
                kept[-1] = Text(last.value.rstrip(" "))
            if kept:
                kept.append(node)
        elif isinstance(node, Text) and (not kept or isinstance(kept[-1], LineBreak)):
            if value := node.value.lstrip(" "):
                kept.append(Text(value))
        else:
            kept.append(node)
    while kept and (isinstance(kept[-1], LineBreak) or (isinstance(kept[-1], Text) and not kept[-1].value.strip(" "))):
        kept.pop()
    if kept and isinstance(last := kept[-1], Text):
        kept[-1] = Text(last.value.rstrip(" "))
    return tuple(kept)


def _tidy_line(nodes: Sequence[Node]) -> tuple[Inline, ...]:
    return _trim(_join(_link(_loosen(_join(_spread(nodes))))))


def _spread(nodes: Sequence[Node], around: frozenset[str] = frozenset()) -> Iterator[Inline]:
    """Yield nodes with spaces and breaks at the ends of styled ones beside them, and no style twice."""
    for node in nodes:
        match node:
            case Styled(style, children):
                inside = list(_spread(children, around | {style}))
                if style in around or not any(_has_words(each) for each in inside):
                    yield from inside
                else:
                    yield from _lay_bare(node, inside)
            case Link(children=children):
                inside = list(_spread(children, around))
                label = inside if any(_is_shown(each) for each in inside) else [Text(node.address)]
                yield replace(node, children=_trim(_join(label)))
            case Deletion(children=children):
                yield replace(node, children=tuple(_join(_spread(children, around))))
            case _:
                yield cast(Inline, node)


def _lay_bare(node: Styled, inside: Sequence[Inline]) -> Iterator[Inline]:
    """Yield what stands in a style, with white space at its ends beside it."""
    inner = list(_join(inside))
    before: list[Inline] = []
    behind: list[Inline] = []
    while inner and _is_white(inner[0]):
        before.append(inner.pop(0))
    while inner and _is_white(inner[-1]):
        behind.insert(0, inner.pop())
    if inner and isinstance(first := inner[0], Text) and (bare := first.value.lstrip()) != first.value:
        before.append(Text(first.value[: len(first.value) - len(bare)]))
        inner[0] = Text(bare)
    if inner and isinstance(last := inner[-1], Text) and (bare := last.value.rstrip()) != last.value:
        behind.insert(0, Text(last.value[len(bare) :]))
        inner[-1] = Text(bare)
    yield from before
    if inner:
        yield replace(node, children=_trim(inner))
    yield from behind


def _is_white(node: Inline) -> bool:
    return isinstance(node, LineBreak) or (isinstance(node, Text) and not node.value.strip())


def _has_words(node: Inline) -> bool:
    """Return whether a node has a text that a style changes."""
    return any(not isinstance(each, LineBreak | Picture | Sound | Styled) for each in walk((node,)))


def _is_shown(node: Inline) -> bool:
    return not _is_white(node)


def _join(nodes: Iterator[Inline] | Sequence[Inline]) -> list[Inline]:
    """Return nodes with neighbours of the same kind as one."""
    kept: list[Inline] = []
    for node in nodes:
        last = kept[-1] if kept else None
        if isinstance(node, Text) and isinstance(last, Text):
            kept[-1] = Text(last.value + node.value)
        elif isinstance(node, Styled) and isinstance(last, Styled) and node.style == last.style:
            kept[-1] = replace(last, children=tuple(_join([*last.children, *node.children])))
        elif not (isinstance(node, Text) and not node.value):
            kept.append(node)
    return kept


def _loosen(nodes: Sequence[Inline]) -> Iterator[Inline]:
    """Yield nodes with signs at the ends of marked ones beside them, where letters follow: `**a:**b` is no mark."""
    for index, node in enumerate(nodes):
        if not isinstance(node, Styled) or node.style not in _MARKED:
            yield node
            continue
        before = _last_of(nodes[index - 1]) if index else ""
        following = _first_of(nodes[index + 1]) if index + 1 < len(nodes) else ""
        inner: list[Inline] = list(node.children)
        first, last = inner[0], inner[-1]
        if before.isalnum() and isinstance(first, Text) and (found := re.match(r"[^\w\s]+", first.value)):
            yield Text(found[0])
            inner[0] = Text(first.value[found.end() :])
            last = inner[-1]
        cut = ""
        if following.isalnum() and isinstance(last, Text) and (ending := re.search(r"[^\w\s]+\Z", last.value)):
            cut = ending[0]
            inner[-1] = Text(last.value[: ending.start()])
        kept = [each for each in inner if each != Text("")]
        if kept:
            yield from _lay_bare(node, kept)
        if cut:
            yield Text(cut)


def _last_of(node: Any) -> str:
    return node.value[-1:] if isinstance(node, Text) else ""


def _first_of(node: Any) -> str:
    return node.value[:1] if isinstance(node, Text) else ""


def _link(nodes: Iterator[Inline]) -> Iterator[Inline]:
    """Yield nodes with addresses in their texts as links."""
    for node in nodes:
        if not isinstance(node, Text) or "://" not in node.value:
            yield node
            continue
        position = 0
        for found in _ADDRESS.finditer(node.value):
            address = found[0].rstrip(_LAST_SIGNS)
            if address.count("(") > address.count(")") and node.value.startswith(")", found.start() + len(address)):
                address += ")"
            if not is_web_address(address):
                continue
            if position < found.start():
                yield Text(node.value[position : found.start()])
            yield Link(address, "", (Text(address),), _NOWHERE, _NOWHERE)
            position = found.start() + len(address)
        if position < len(node.value):
            yield Text(node.value[position:])
