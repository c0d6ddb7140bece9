"""HTML as Anki's editor makes it → its tree, made of what a sanitizer keeps, which is well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePosixPath

from cardpress.markdown.html_deletions import DELETION, find_place, has_deletion, put_deletions, put_marks
from cardpress.markdown.html_elements import Element, read_elements, read_first_number, read_text
from cardpress.markdown.html_formulas import put_formulas
from cardpress.markdown.html_grammar import HEADINGS, SOUND, is_embedded
from cardpress.markdown.html_writer import CONTROL
from cardpress.markdown.safe_html import sanitize
from cardpress.markdown.sounds import is_sound
from cardpress.markdown.tree import (
    ALIGNMENTS,
    DEEPEST,
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
    LineBreak,
    Link,
    List,
    Node,
    Paragraph,
    Picture,
    Place,
    Quote,
    Row,
    Ruby,
    Sound,
    Styled,
    Table,
    Text,
    ThematicBreak,
)
from cardpress.markdown.web_addresses import is_web_address

_NOWHERE = Place(0, 0)
_BLOCKS = frozenset(
    f"address article aside blockquote caption center dd details dir div dl dt figcaption figure footer "
    f"{' '.join(HEADINGS)} header hgroup hr li main menu nav ol p pre section summary table tbody td tfoot th thead tr "
    "ul".split()
)
_STYLED = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "var", "cite", "dfn"), "em"),
    **dict.fromkeys(("s", "strike", "del"), "del"),
    **{name: name for name in ("kbd", "mark", "sub", "sup")},
}
_SPACE = re.compile(r"[ \t\n\r\f]+")
# What a text without has no element, entity, formula, sound or deletion.
_SIGN = re.compile(r"[<>&\\\[{]")


@lru_cache(maxsize=256)
def read_html(html: str, *, with_deletions: bool = False) -> Document:
    """Return HTML as a tree. What no output can show but Anki is there as its text.

    `with_deletions` is for fields that a card shows as cloze texts.
    """
    if html.isprintable() and not _SIGN.search(html):  # words alone, in a fraction of the time
        words = _SPACE.sub(" ", html).strip(" ")
        return Document((Paragraph((Text(words),), _NOWHERE),) if words else ())
    marked, deletions = put_marks(html) if with_deletions else (html, ())
    elements = read_elements(sanitize(CONTROL.sub("", marked)), blocks=_BLOCKS, deepest=DEEPEST - 1)
    if deletions:
        elements = put_deletions(elements, deletions, _BLOCKS)
    return Document(tuple(_read_blocks(elements)))


def _read_blocks(children: Sequence[Element | str]) -> Iterator[Block]:
    """Yield blocks: what stands in a line is put into paragraphs."""
    line: list[Element | str] = []
    for child in children:
        if isinstance(child, Element) and child.has_blocks:
            yield from _read_paragraph(line)
            line = []
            yield from _read_block(child)
        else:
            line.append(child)
    yield from _read_paragraph(line)


def _read_paragraph(children: Sequence[Element | str]) -> Iterator[Block]:
    nodes = _trim(tuple(_read_inline(children)))
    if nodes:
        yield Paragraph(nodes, _NOWHERE)


def _read_block(element: Element) -> Iterator[Block]:
    match element.tag:
        case "hr":
            yield ThematicBreak(_NOWHERE)
        case "pre":
            code = list(_read_code(element, is_block=True))
            if code and isinstance(first := code[0], Text):
                code[0] = Text(first.value.removeprefix("\n"))
            if code and isinstance(last := code[-1], Text):
                code[-1] = Text(last.value.removesuffix("\n"))
            yield CodeBlock("", tuple(each for each in code if each != Text("")), _NOWHERE)
        case tag if tag == DELETION:
            yield _delete(element, tuple(_read_blocks(element.children)))
        case "blockquote":
            yield Quote(tuple(_read_blocks(element.children)), _NOWHERE)
        case "ul" | "ol" | "dir" | "menu":
            yield _read_list(element)
        case "table":
            yield from _read_table(element)
        case tag if tag in HEADINGS and not any(_is_block(each) for each in element.children):
            nodes = _trim(tuple(_read_inline(element.children)))
            if nodes:
                yield Heading(int(tag[1]), nodes, _NOWHERE)
        case _:
            yield from _read_blocks(element.children)


def _is_block(node: Element | str) -> bool:
    return isinstance(node, Element) and node.has_blocks


def _read_list(element: Element) -> List:
    items = []
    for child in element.children:
        if isinstance(child, Element):
            inside = child.children if child.tag == "li" else [child]
            blocks = tuple(_read_blocks(inside))
            is_tight = sum(isinstance(each, Paragraph) for each in blocks) <= 1
            if is_tight:
                blocks = tuple(replace(each, is_tight=True) if isinstance(each, Paragraph) else each for each in blocks)
            items.append(Item(blocks, _NOWHERE))
    first = read_first_number(element) if element.tag == "ol" else None
    return List(first, tuple(items), _NOWHERE)


def _read_table(element: Element) -> Iterator[Block]:
    """Yield a table. One whose cells hold blocks, or span others, is what its cells hold."""
    rows = list(_list_rows(element))
    cells = [cell for _, row in rows for cell in row]
    if any(_is_block(each) for cell in cells for each in cell.children) or any(
        cell.attributes.get(name, "1") != "1" for cell in cells for name in ("colspan", "rowspan")
    ):
        for cell in cells:
            yield from _read_blocks(cell.children)
        return
    width = max((len(row) for _, row in rows), default=0)
    head = rows[:1] if rows and (rows[0][0] or all(cell.tag == "th" for cell in rows[0][1])) else []
    body = rows[len(head) :]
    if width:
        above, below = (tuple(_read_row(row, width) for _, row in part) for part in (head, body))
        yield Table(above, below, _NOWHERE)


def _list_rows(element: Element, *, is_head: bool = False) -> Iterator[tuple[bool, list[Element]]]:
    for child in element.children:
        if isinstance(child, Element) and child.tag == "tr":
            yield is_head, [each for each in child.children if isinstance(each, Element)]
        elif isinstance(child, Element):
            yield from _list_rows(child, is_head=child.tag == "thead")


def _read_row(row: Sequence[Element], width: int) -> Row:
    cells = [Cell(_align(cell), _trim(tuple(_read_inline(cell.children)))) for cell in row]
    return Row((*cells, *(Cell("", ()) for _ in range(width - len(cells)))))


def _align(cell: Element) -> str:
    found = re.search(rf"text-align:\s*({'|'.join(ALIGNMENTS)})", cell.attributes.get("style", ""))
    align = found[1] if found else cell.attributes.get("align", "")
    return align if align in ALIGNMENTS else ""


def _delete(element: Element, children: tuple[Node, ...]) -> Deletion:
    """Return a deletion that holds these nodes."""
    return Deletion(int(element.attributes["number"]), element.attributes["hint"], children, find_place(element))


def _read_inline(children: Sequence[Element | str]) -> Iterator[Inline]:
    for child in put_formulas(children):
        if isinstance(child, str):
            yield from _read_text(child)
        elif isinstance(child, Formula):
            yield child
        else:
            yield from _read_element(child)


def _read_text(text: str) -> Iterator[Inline]:
    position = 0
    for found in SOUND.finditer(text):
        if position < found.start():
            yield Text(_SPACE.sub(" ", text[position : found.start()]))
        yield Sound(found[1], "", _NOWHERE, _NOWHERE)
        position = found.end()
    if position < len(text):
        yield Text(_SPACE.sub(" ", text[position:]))


def _read_element(element: Element) -> Iterator[Inline]:
    inside = element.children
    match element.tag:
        case "br":
            yield LineBreak()
        case "svg" if not read_text(inside).strip():
            yield Text(_describe("", element.attributes))
        case "annotation":  # a formula once more, in another notation
            return
        case "img" | "audio" | "source" | "video":
            if element.attributes.get("src"):
                yield _show(element)
            yield from _read_inline(inside)
        # Another address leads nowhere outside of the page that it was copied from.
        case "a" if is_web_address(address := element.attributes.get("href", "").strip().replace(" ", "%20")):
            title = element.attributes.get("title", "")
            yield Link(address, title, tuple(_read_inline(inside)), _NOWHERE, _NOWHERE)
        case "code" | "tt" | "samp":
            yield CodeSpan(tuple(_read_code(element)), _NOWHERE)
        case "ruby":
            yield from _read_ruby(element)
        case tag if tag == DELETION:
            yield _delete(element, tuple(_read_inline(inside)))
        case tag if tag in _STYLED:
            yield Styled(_STYLED[tag], tuple(_read_inline(inside)))
        case _:
            yield from _read_inline(inside)


def _show(element: Element) -> Inline:
    """Return the picture or sound of an element. A film is its name, and what only browsers show its description."""
    name, words = element.attributes["src"], element.attributes
    if element.tag == "img" and is_embedded(name):
        return Text(_describe("", words))
    if is_sound(name):
        return Sound(name, words.get("title", ""), _NOWHERE, _NOWHERE)
    if element.tag == "img":
        return Picture(name, _describe(name, words), words.get("title", ""), _NOWHERE, _NOWHERE)
    return Text(name)


def _describe(name: str, attributes: Mapping[str, str]) -> str:
    """Return a picture's description. Anki's editor writes none, so the name of its file has to do: PDFs need words."""
    described = next(filter(str.strip, (attributes.get(key, "") for key in ("alt", "title"))), "")
    return described or re.sub(r"[\W_]+", " ", PurePosixPath(name).stem).strip() or "picture"


def _read_ruby(element: Element) -> Iterator[Inline]:
    """Yield the pairs of characters and readings of an element."""
    base = ""
    for child in element.children:
        tag = child.tag if isinstance(child, Element) else ""
        if tag == "rp":
            continue
        text = _SPACE.sub(" ", read_text([child]))
        if tag in ("rt", "rtc"):
            if base.strip() and text.strip():
                yield Ruby(base.strip(), text.strip(), _NOWHERE)
            elif base.strip() or text.strip():
                yield Text(base + text)
            base = ""
        else:
            base += text
    if base.strip():
        yield Text(base)


def _read_code(element: Element, *, is_block: bool = False) -> Iterator[Code]:
    """Yield the texts of code, and its deletions, which hold texts alone. In a line, all white space is one space."""
    text = ""
    for child in element.children:
        if isinstance(child, str) or not has_deletion(child):
            text += read_text([child])
            continue
        if text:
            yield Text(text if is_block else _SPACE.sub(" ", text))
            text = ""
        inside = _read_code(child, is_block=is_block)
        if child.tag == DELETION:
            yield _delete(child, tuple(inside))
        else:
            yield from inside
    if text:
        yield Text(text if is_block else _SPACE.sub(" ", text))


def _trim(nodes: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Return the nodes of a line without breaks and white space at its ends, and with one space between words."""
    kept: list[Inline] = []
    for node in nodes:
        last = kept[-1] if kept else None
        if isinstance(node, Text):
            value = node.value
            if last is None or isinstance(last, LineBreak) or (isinstance(last, Text) and last.value.endswith(" ")):
                value = value.lstrip(" ")
            if isinstance(last, Text):
                kept[-1] = Text(last.value + value)
            elif value:
                kept.append(Text(value))
        elif not (isinstance(node, LineBreak) and last is None):
            kept.append(node)
    while kept and (isinstance(kept[-1], LineBreak) or (isinstance(kept[-1], Text) and not kept[-1].value.strip())):
        kept.pop()
    if kept and isinstance(kept[-1], Text):
        kept[-1] = Text(kept[-1].value.rstrip(" "))
    return tuple(kept)
