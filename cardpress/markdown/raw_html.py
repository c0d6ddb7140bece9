"""HTML as Anki's editor makes it → HTML that is safe, the tree of it, and what had to be dropped, each with its place.

nh3, a sanitizer that reads as browsers do, decides what stays; the tree is made of what it returns, which is
well-formed. The places of what was dropped are found in the author's text, by the parser of the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape, unescape
from pathlib import PurePosixPath
from typing import NamedTuple

from cardpress.formulas.commands import ACTS, DEFINES
from cardpress.markdown.grammar import DEEPEST
from cardpress.markdown.html_deletions import DELETION, find_place, has_deletion, put_deletions, put_marks
from cardpress.markdown.html_elements import Element, read_elements, read_first_number, read_text
from cardpress.markdown.html_formulas import put_formulas
from cardpress.markdown.html_writer import is_active
from cardpress.markdown.sounds import is_sound
from cardpress.markdown.tree import (
    ALIGNMENTS,
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

_NOWHERE = Place(0, 0)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Elements that Anki's editor makes, or lets an author paste.
TAGS = frozenset(
    f"a b big blockquote br center code dd del details div dl dt em font {' '.join(_HEADINGS)} hr i img ins kbd li "
    "mark ol p pre q rb rp rt rtc ruby s samp section small span strike strong sub summary sup table tbody td tfoot "
    "th thead tr tt u ul var wbr".split()
)
_ANYWHERE = frozenset({"class", "dir", "id", "lang", "style", "title"})
_ATTRIBUTES = {
    "a": {"href"},
    "details": {"open"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"reversed", "start", "type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"align", "colspan", "rowspan", "valign"},
    "th": {"align", "colspan", "rowspan", "valign"},
}
# Properties of a style that change how a text looks, and load nothing.
_STYLES = frozenset(
    "background-color border-collapse color direction font-family font-size font-style font-variant font-weight height "
    "line-height list-style-type margin-left margin-right max-width padding-left text-align text-decoration "
    "text-decoration-color text-decoration-line text-indent vertical-align white-space width".split()
)
# Elements whose content goes with them.
_WITH_CONTENT = frozenset({"script", "style"})
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE | re.ASCII) for name in _WITH_CONTENT}
_BLOCKS = frozenset(
    f"blockquote center dd details div dl dt {' '.join(_HEADINGS)} hr li ol p pre section summary table tbody td "
    "tfoot th thead tr ul".split()
)
_STYLED = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "var"), "em"),
    **dict.fromkeys(("s", "strike", "del"), "del"),
    **{name: name for name in ("kbd", "mark", "sub", "sup")},
}
# A tag that begins, with its attributes, or a comment; nothing is looked for twice.
_TAG = re.compile(r"""<(?:([A-Za-z][^\s/<>]*+)((?:[^<>"']|"[^"]*+"|'[^']*+')*+)>|!--)""")
_ATTRIBUTE = re.compile(r"""([^\s=/<>"']++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s<>]++))?""")
# What Windows puts into what is pasted.
_OF_CLIPBOARDS = ("StartFragment", "EndFragment")
_SOUND = re.compile(r"\[sound:([^\[\]\n]{1,300})\]")
_SPACE = re.compile(r"[ \t\n\r\f]+")
# What acts in Anki though no element does: a box to type in, and a command in a formula, in which `<wbr>` is nothing:
# what one defines holds for the formulas of all later cards.
_ACTS = re.compile(rf"{ACTS.pattern}|{DEFINES.pattern}|\[(?=\[type:)")
_BROKEN = re.compile(r"\\(?:[A-Za-z]*<wbr\b[^<>]*>)+")
_WBR = re.compile(r"<wbr\b[^<>]*>")
# Nobody sees it, and what it stands in is no sign of Anki's any more.
_JOINER = "\N{WORD JOINER}"
_DISARMED = re.compile(rf"[\\\[]{_JOINER}")
_SCHEME = re.compile(r"(?:https?|mailto):|[#/?]|[^:]*\Z", re.IGNORECASE)


class Dropped(NamedTuple):
    """What is not kept of a text: its place, and a word for it."""

    place: Place
    what: str


class File(NamedTuple):
    """A picture or sound that a text names, and the place of the name."""

    name: str
    place: Place


def clean(html: str, rename: Callable[[str], str] = lambda name: name) -> str:
    """Return HTML that runs and loads nothing, with its pictures and sounds under other names."""
    kept = _BROKEN.sub(lambda found: _WBR.sub("", found[0]), _sanitize(html, rename))
    return _ACTS.sub(rf"\g<0>{_JOINER}", kept)


def _sanitize(html: str, rename: Callable[[str], str] = lambda name: name) -> str:
    """Return HTML whose elements and addresses run and load nothing."""

    import nh3  # for decks with such fields alone

    def look(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return rename(value) if tag == "img" else None
        return value

    kept = nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"*": set(_ANYWHERE), **{tag: set(names) for tag, names in _ATTRIBUTES.items()}},
        attribute_filter=look,
        clean_content_tags=set(_WITH_CONTENT),
        filter_style_properties=set(_STYLES),
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return _SOUND.sub(lambda found: f"[sound:{escape(rename(unescape(found[1])), quote=False)}]", kept)


# --- what was dropped, and which files are named


@lru_cache(maxsize=256)
def scan(html: str) -> tuple[tuple[Dropped, ...], tuple[File, ...]]:
    """Return what is not kept of a text, and the pictures and sounds that it names, in its order."""
    scanner = _Scanner(html)
    scanner.run()
    for found in _SOUND.finditer(html):
        scanner.places.setdefault(unescape(found[1]), Place(*found.span(1)))
    named: list[str] = []

    def note(name: str) -> str:
        named.append(name)
        return name

    kept = clean(html, note)
    whole = Place(0, len(html))  # of one that only a browser finds
    acting = [Dropped(Place(*found.span()), _say_acting(html, found.end())) for found in _ACTS.finditer(html)]
    hidden = _DISARMED.search(kept) if not acting and not _DISARMED.search(html) else None
    if hidden:
        acting = [Dropped(whole, _say_acting(kept, hidden.end()))]
    scanner.dropped += acting
    return tuple(scanner.dropped), tuple(File(name, scanner.places.get(name, whole)) for name in dict.fromkeys(named))


def _say_acting(html: str, place: int) -> str:
    name = re.match("[A-Za-z]+", html[place : place + 20])
    return f"the command `\\{name[0]}` of formulas" if name else "a box to type in, `[[type:…]]`,"


class _Scanner:
    """Finds tags in an author's text, in time that grows with its length."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.dropped: list[Dropped] = []
        # Where each file is named first.
        self.places: dict[str, Place] = {}

    def run(self) -> None:
        position = 0
        while found := _TAG.search(self.html, position):
            position = found.end()
            name = found[1].lower() if found[1] else ""
            if not name:
                end = self.html.find("-->", position)
                position = len(self.html) if end < 0 else end + 3
                words = self.html[found.end() : end if end >= 0 else position].strip()
                if words and words not in _OF_CLIPBOARDS:
                    self.drop(found.start(), found.end(), "a comment")
            elif name not in TAGS:
                self.drop(*found.span(), f"`<{name[:40]}>`")
                if name in _WITH_CONTENT:
                    closing = _ENDS[name].search(self.html, position)
                    position = closing.start() if closing else len(self.html)
            else:
                for attribute in _ATTRIBUTE.finditer(self.html, found.start(2), found.end(2)):
                    self.attribute(name, attribute)

    def drop(self, start: int, end: int, what: str) -> None:
        self.dropped.append(Dropped(Place(start, end), what))

    def attribute(self, tag: str, found: re.Match[str]) -> None:
        name, written = found[1].lower(), found[2] or ""
        quotes = written[:1] in ("'", '"')
        value = unescape(written[1:-1] if quotes else written)
        place = found.span(1)
        if name not in _ANYWHERE | _ATTRIBUTES.get(tag, set()):
            self.drop(*place, f"the attribute `{name[:40]}`")
        elif name == "style":
            lost = [each for each in _list_properties(value) if each not in _STYLES]
            if lost:
                self.drop(*place, f"`{lost[0][:40]}` in a style")
        elif name == "href" and (is_active(value) or not _SCHEME.match(value.strip())):
            self.drop(*place, f"the address `{value[:40]}`")
        elif name == "src" and tag == "img":
            self.places.setdefault(value, Place(found.start(2) + quotes, found.end(2) - quotes))


def _list_properties(style: str) -> Iterator[str]:
    for each in style.split(";"):
        name, colon, _ = each.partition(":")
        if colon:
            yield name.strip().lower()


# --- the tree


@lru_cache(maxsize=256)
def read_html(html: str, *, with_deletions: bool = False) -> Document:
    """Return HTML as a tree. What no output can show but Anki is there as its text.

    `with_deletions` is for fields that a card shows as cloze texts.
    """
    marked, deletions = put_marks(html) if with_deletions else (html, ())
    elements = read_elements(_sanitize(marked), blocks=_BLOCKS, deepest=DEEPEST - 1)
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
        case "ul" | "ol":
            yield _read_list(element)
        case "table":
            yield from _read_table(element)
        case tag if tag in _HEADINGS and not any(_is_block(each) for each in element.children):
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
    for found in _SOUND.finditer(text):
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
        case "img":
            name, words = element.attributes.get("src", ""), element.attributes
            if name and not is_sound(name):
                yield Picture(name, _describe(name, words), words.get("title", ""), _NOWHERE, _NOWHERE)
        case "a" if element.attributes.get("href"):
            title = element.attributes.get("title", "")
            yield Link(element.attributes["href"], title, tuple(_read_inline(inside)), _NOWHERE, _NOWHERE)
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
