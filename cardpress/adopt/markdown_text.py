"""A tree → a Markdown text that is read as that tree again: for texts that come from elsewhere, such as HTML.

Few signs are escaped at first, so that the text is one that an author would write. What was written is read again, and
where another tree comes of it, or a problem, more is escaped. A tree that no text is read as has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import partial
from typing import Any, NamedTuple, assert_never, cast

from cardpress.markdown import Document, parse
from cardpress.markdown.signs import is_words
from cardpress.markdown.tree import (
    Block,
    Code,
    CodeBlock,
    CodeSpan,
    Deletion,
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
    Place,
    Quote,
    RawTag,
    Row,
    Ruby,
    Sound,
    Styled,
    Table,
    Text,
    ThematicBreak,
    is_block,
    list_children,
    read_code,
)

_NOWHERE = Place(0, 0)
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
# What is a sign of Markdown in the middle of a line, and what is one at its start.
_SIGNS = re.compile(
    r"[\\`*]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|~(?=~)|(?<=~)~|&(?=#?[A-Za-z0-9]{1,32};)|==(?=\S)"
)
# All signs but those that would make a formula of what is between them.
_ALL_SIGNS = re.compile(r"[!-'*-/:-@\[\\^-`{-~]")
_SIGNS_AND_BRACKETS = re.compile(rf"{_SIGNS.pattern}|\[")
_AT_START = re.compile(
    r"(?:#{1,6}(?=\s|\Z)|[+>-](?=\s|\Z)|-(?=-)|=|~(?=~)|:(?=:|[ \t])|\|)|(?P<number>[0-9]{1,9})[.)](?=\s|\Z)"
)
_SAFE_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#@!$'*+,;=%-]+")
_BARE_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9._~:/?#@$%&=+-]*[A-Za-z0-9/]")
_IN_ADDRESS, _IN_TITLE, _ESCAPED = re.compile(r"[\\<>]"), re.compile(r'[\\"]'), r"\\\g<0>"
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]{1,32};)")
_KANA = re.compile("[\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff]")
# Characters before a base that could be taken for a part of it.
_OF_WORDS = re.compile(
    f"{_KANA.pattern}|[\u3005-\u3007\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
)
_SPACES = {" ": "&#32;", "\t": "&#9;", "\N{NO-BREAK SPACE}": "&nbsp;"}
_RULES = {"left": ":--", "center": ":-:", "right": "--:", "": "---"}
_MARKS = {"em": "*", "strong": "**", "del": "~~"}


class _Escape(Enum):
    """Which signs are escaped: those of Markdown; brackets, too; all; or all, so that no program finds them."""

    SOME = auto()
    BRACKETS = auto()
    ALL = auto()
    HIDE = auto()


class _Way(NamedTuple):
    """How a tree is written: which signs are escaped, and which sign emphasis has."""

    escape: _Escape
    emphasis: str

    @property
    def is_plain(self) -> bool:
        """Whether the text is written as an author would."""
        return self.escape in (_Escape.SOME, _Escape.BRACKETS)


_ESCAPES = {_Escape.SOME: _SIGNS, _Escape.BRACKETS: _SIGNS_AND_BRACKETS, _Escape.ALL: _ALL_SIGNS}
_WAYS = tuple(_Way(escape, sign) for escape in _Escape for sign in "*_")


def write_markdown(document: Document, *, with_deletions: bool = False, with_breaks: bool = False) -> str | None:
    """Return a text that `parse` reads as this tree, without a problem; None where there is none.

    Places differ, and so do lists whose entries are set apart in one of the two: these alone look another way.
    `with_deletions` and `with_breaks` are those of `parse`, with which the text will be read.
    """
    wanted = simplify(document)
    match wanted.blocks:
        case (Paragraph((Text(value),)),) if is_words(value):
            return value
    read = partial(parse, with_deletions=with_deletions, with_breaks=with_breaks)
    text = _write(wanted, _Writer(_WAYS[0], with_breaks))
    if _is_read_as(read(text), wanted):
        return text
    # Each block is written with as few escapes as it needs itself.
    ways = [_find_way(block, read, with_breaks=with_breaks) for block in wanted.blocks]
    if None in ways:
        return None
    text = _write(wanted, *(_Writer(way, with_breaks) for way in ways if way))
    if _is_read_as(read(text), wanted):
        return text
    texts = (_write(wanted, _Writer(way, with_breaks)) for way in _WAYS[1:])
    return next((text for text in texts if _is_read_as(read(text), wanted)), None)


def _find_way(block: Block, read: Callable[[str], Document], *, with_breaks: bool) -> _Way | None:
    """Return the first way in which a block by itself is written so that it is read again."""
    wanted = Document((block,))
    return next((way for way in _WAYS if _is_read_as(read(_write(wanted, _Writer(way, with_breaks))), wanted)), None)


def _is_read_as(again: Document, wanted: Document) -> bool:
    return not any(problem.code for problem in again.problems) and simplify(again) == wanted


def _write(document: Document, *writers: _Writer) -> str:
    """Return a document as it is written by one writer, or each block by its own."""
    each = writers if len(writers) == len(document.blocks) else writers * len(document.blocks)
    return "\n".join(_write_blocks(document.blocks, each))


def simplify(document: Document) -> Document:
    """Return what a document says, in one form: without places and problems, each run of text one node."""
    return Document(tuple(map(_simplify_block, document.blocks)))


def _simplify_block(block: Block) -> Block:
    return cast(Block, _simplified(block))


def _simplified(node: Node) -> Any:
    changes: dict[str, Any] = {
        name: _NOWHERE for name in ("place", "address_place", "name_place") if hasattr(node, name)
    }
    match node:
        case Text(value):
            return Text(value.replace("\n", " "))
        case List(items=items):
            changes["items"] = tuple(map(_simplified, items))
        case Table(head, body):
            changes |= {"head": tuple(map(_simplified, head)), "body": tuple(map(_simplified, body))}
        case Row(cells):
            changes["cells"] = tuple(map(_simplified, cells))
        case CodeSpan(content):
            changes["content"] = tuple(_join_texts(map(_simplified, content)))
        case CodeBlock(content=content):
            kept = tuple(replace(each, place=_NOWHERE) if isinstance(each, Deletion) else each for each in content)
            changes |= {"content": kept, "language_place": None, "is_closed": True, "pieces": ()}
        case Formula(content=formula):
            changes["content"] = tuple(map(_simplified, formula))
        case LineBreak() | Picture() | Sound() | Ruby() | Latex() | RawTag() | ThematicBreak():
            pass
        case _:
            if isinstance(node, Paragraph):
                changes["is_tight"] = False
            changes["children"] = tuple(_join_texts(map(_simplified, list_children(node))))
    return replace(cast(Any, node), **changes) if changes else node


def _join_texts(nodes: Iterator[Node]) -> Iterator[Node]:
    last: Text | None = None
    for node in nodes:
        if isinstance(node, Text):
            last = Text(last.value + node.value) if last else node
            continue
        if last and last.value:
            yield last
        last = None
        yield node
    if last and last.value:
        yield last


def _write_blocks(blocks: Sequence[Node], writers: Sequence[_Writer], *, is_tight: bool = False) -> list[str]:
    """Return the lines of blocks that stand one below the other, each as its writer writes it."""
    lines: list[str] = []
    number = 0  # of lists that stand one below the other
    for index, (block, writer) in enumerate(zip(blocks, writers, strict=True)):
        before = blocks[index - 1] if index else None
        number = number + 1 if _are_alike(before, block) else 0
        # Only a list that begins with 1 can stand directly below a paragraph.
        is_close = is_tight and isinstance(block, List) and block.first in (None, 1)
        if lines and not is_close:
            lines.append("")
        lines += writer.block(cast(Block, block), number)
    return lines


@dataclass(frozen=True, slots=True)
class _Writer:
    way: _Way
    with_breaks: bool

    # --- blocks

    def _blocks(self, blocks: Sequence[Node], *, is_tight: bool = False) -> list[str]:
        return _write_blocks(blocks, [self] * len(blocks), is_tight=is_tight)

    def block(self, block: Block, number: int) -> list[str]:  # noqa: PLR0911 - one for each kind of block
        """Return the lines of a block. `number` is how many lists of its kind stand directly above it."""
        match block:
            case Paragraph(children):
                return self._line(children).split("\n")
            case Heading(level, children):
                return [f"{'#' * level} {self._line(children, is_one=True)}"]
            case CodeBlock(language, content):
                return _write_code_block(language, content)
            case Quote(children):
                return [f"> {line}" if line else ">" for line in self._blocks(children)]
            case List():
                return self._list(block, number)
            case Table(head, body):
                return self._table(head, body)
            case ThematicBreak():
                return ["___"]
            case Deletion():
                hint = f"::{block.hint}" if block.hint else ""
                return [f"{{{{c{block.number}::", "", *self._blocks(block.children), "", f"{hint}}}}}"]
            case _:
                assert_never(block)

    def _list(self, block: List, number: int) -> list[str]:
        is_tight = all(map(_is_close, block.items))
        lines: list[str] = []
        for count, item in enumerate(block.items):
            sign = ("-", "*")[number % 2] if block.first is None else f"{block.first + count}{'.)'[number % 2]}"
            box = {None: "", True: "[x] ", False: "[ ] "}[item.is_done]
            inside = self._blocks(item.children, is_tight=is_tight)
            first, *rest = inside or [""]
            if lines and not is_tight:
                lines.append("")
            lines.append(f"{sign} {box}{first}" if box or first else sign)
            margin = " " * (len(sign) + 1)
            lines += [f"{margin}{line}" if line else "" for line in rest]
        return lines

    def _table(self, head: Sequence[Row], body: Sequence[Row]) -> list[str]:
        if not head:
            return []
        rows = [self._row(row) for row in (*head, *body)]
        rule = "|".join(_RULES[cell.alignment] for cell in head[0].cells)
        return [rows[0], f"|{rule}|", *rows[1:]]

    def _row(self, row: Row) -> str:
        cells = (self._line(cell.children, is_one=True).replace("|", "\\|") for cell in row.cells)
        return "| " + " | ".join(cells) + " |"

    # --- lines

    def _line(self, nodes: Sequence[Inline], *, is_one: bool = False) -> str:
        """Return what stands in a paragraph. One of several lines has line ends, unless it has to be one."""
        written = _Line(self, is_one)
        written.add(nodes)
        return self._keep_spaces(written.text)

    def _keep_spaces(self, text: str) -> str:
        """Return a line whose spaces at its ends are not taken away."""
        for end in (0, -1):
            if text and text[end] in _SPACES and (not self.way.is_plain or text[end] == "\N{NO-BREAK SPACE}"):
                kept = _SPACES[text[end]]
                text = kept + text[1:] if end == 0 else text[:-1] + kept
        return text


@dataclass(slots=True)
class _Line:
    """What stands in a paragraph, as far as it is written."""

    writer: _Writer
    is_one: bool
    text: str = ""

    def add(self, nodes: Sequence[Node]) -> None:
        for index, node in enumerate(nodes):
            self._add(cast(Inline, node), nodes[index + 1] if index + 1 < len(nodes) else None)

    def _add(self, node: Inline, following: Node | None) -> None:  # noqa: PLR0912 - one for each kind of node
        way = self.writer.way
        match node:
            case Text(value):
                self._add_text(value, following)
            case LineBreak() if self.is_one or (not way.is_plain and not self.writer.with_breaks):
                self.text += "<br>"
            case LineBreak():
                self.text += "\n" if self.writer.with_breaks else "\\\n"
            case Styled(style, children):
                self._add_styled(style, children)
            case CodeSpan(content):
                self.text += _write_code_span(content)
            case Link():
                self._add_link(node)
            case Picture(name, description, title):
                self.text += f"![{self._escape(description)}]({_write_address(name)}{_write_title(title)})"
            case Sound(name, description):
                self.text += f"![{self._escape(description)}]({_write_address(name)})"
            case Ruby(base, reading):
                self._add_ruby(base, reading)
            case Formula():
                sign, end = ("\\[", "\\]") if node.is_display else ("\\(", "\\)")
                self.text += sign + "".join(map(_write_latex, node.content)) + end
            case RawTag(source=source):
                self.text += self._escape(source)
            case Deletion():
                self.text += f"{{{{c{node.number}::"
                self.add(node.children)
                self.text += f"::{node.hint}}}}}" if node.hint else "}}"
            case _:
                assert_never(node)

    def _add_text(self, value: str, following: Node | None) -> None:
        escaped = self._escape(value)
        if self.writer.way.is_plain and (not self.text or self.text.endswith("\n")):
            begin = _AT_START.match(escaped)
            if begin and begin["number"]:
                escaped = f"{begin['number']}\\{escaped[begin.end('number') :]}"
            elif begin:
                escaped = f"\\{escaped}"
        if escaped.endswith("!") and isinstance(following, Link) and not escaped.endswith("\\!"):
            escaped = f"{escaped[:-1]}\\!"
        if not self.writer.way.is_plain:
            if escaped[:1] in _SPACES and self.text.endswith(("\n", "<br>")):
                escaped = _SPACES[escaped[0]] + escaped[1:]
            if escaped[-1:] in _SPACES and isinstance(following, LineBreak):
                escaped = escaped[:-1] + _SPACES[escaped[-1]]
        self.text += escaped

    def _escape(self, value: str) -> str:
        if self.writer.way.escape is _Escape.HIDE:
            return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", value)
        return _ESCAPES[self.writer.way.escape].sub(_ESCAPED, value)

    def _add_styled(self, style: str, children: Sequence[Inline]) -> None:
        mark = _MARKS.get(style)
        if mark is None:
            self.text += f"<{style}>"
            self.add(children)
            self.text += f"</{style}>"
            return
        if style == "em":
            mark = self.writer.way.emphasis
        self.text += mark
        self.add(children)
        self.text += mark

    def _add_link(self, link: Link) -> None:
        address, way = link.address, self.writer.way
        if link.children == (Text(address),) and not link.title and _BARE_ADDRESS.fullmatch(address):
            self.text += f"<{address}>" if not way.is_plain or self.is_one else address
            return
        self.text += "["
        self.add(link.children)
        self.text += f"]({_write_address(address)}{_write_title(link.title)})"

    def _add_ruby(self, base: str, reading: str) -> None:
        before = self.text[-1:]
        if before == " " or _OF_WORDS.match(before) or (before not in ("", "\n") and _KANA.search(base)):
            self.text += " "
        self.text += f"{base}[{reading}]"


def _are_alike(before: Node | None, block: Node) -> bool:
    """Return whether two blocks are lists of the same kind, which one text would make one."""
    if not isinstance(before, List) or not isinstance(block, List):
        return False
    return (before.first is None) == (block.first is None)


def _is_close(item: Item) -> bool:
    """Return whether an entry needs no empty lines: a paragraph, and perhaps lists below it."""
    return all(
        isinstance(each, List) or (index == 0 and not _is_no_paragraph(each))
        for index, each in enumerate(item.children)
    )


def _is_no_paragraph(block: Node) -> bool:
    """Return whether a block is another than a paragraph."""
    return is_block(block) and not isinstance(block, Paragraph)


def _write_code_block(language: str, content: Sequence[Code]) -> list[str]:
    code = _write_code(content)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
    return [f"{fence}{language}", *(code.split("\n") if content else ()), fence]


def _write_code_span(content: Sequence[Code]) -> str:
    code = _write_code(content)
    runs = {len(run) for run in re.findall("`+", read_code(content))}
    fence = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    is_padded = code[:1] == "`" or code[-1:] == "`" or (code[:1] == code[-1:] == " " and bool(code.strip()))
    space = " " if is_padded else ""
    return f"{fence}{space}{code}{space}{fence}"


def _write_code(content: Sequence[Node]) -> str:
    return "".join(
        f"{{{{c{each.number}::{_write_code(each.children)}{f'::{each.hint}' if each.hint else ''}}}}}"
        if isinstance(each, Deletion)
        else cast(Text, each).value
        for each in content
    )


def _write_latex(node: Latex | Deletion) -> str:
    if isinstance(node, Latex):
        return node.source
    inside = "".join(_write_latex(cast(Latex, each)) for each in node.children)
    return f"{{{{c{node.number}::{inside}{f'::{node.hint}' if node.hint else ''}}}}}"


def _write_address(address: str) -> str:
    if _SAFE_ADDRESS.fullmatch(address):
        return address
    return f"<{_escape_entities(_IN_ADDRESS.sub(_ESCAPED, address))}>"


def _write_title(title: str) -> str:
    return f' "{_escape_entities(_IN_TITLE.sub(_ESCAPED, title))}"' if title else ""


def _escape_entities(text: str) -> str:
    return _ENTITY.sub(_ESCAPED, text)
