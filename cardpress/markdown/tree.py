"""The tree of a Markdown text: blocks, what stands in their lines, and what was not understood, each with its place.

All nodes are frozen. Outputs and rules walk this tree; none of them reads Markdown itself. Places count the characters
of the text from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import is_
from typing import Any, NamedTuple, cast

from cardpress.diagnostics.unusual import make_usual
from cardpress.formulas import is_blank
from cardpress.formulas.gaps import Gap

# The alignments that a table's column can have. A column without one has the empty text.
ALIGNMENTS = ("left", "center", "right")
# Elements that have no Markdown syntax. They are kept, without attributes.
INLINE_TAGS = frozenset({"br", "kbd", "mark", "sub", "sup"})
# Levels of quotes, lists, emphasis and links in each other. Nothing that a person can follow has more.
DEEPEST = 40


class Place(NamedTuple):
    """Characters `start` to `end` of a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """Text without markup. A line end in it is a `\\n`, which shows as a space."""

    value: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A hard line break, or `<br>`."""


@dataclass(frozen=True, slots=True)
class Styled:
    """Text that is set in another way. `style` is the HTML element: em, strong, del, kbd, mark, sub or sup."""

    style: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """Code in a line: texts, and cloze deletions that hold texts alone."""

    content: tuple[Code, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its address as it is meant, without escapes, and the place of that address in the text.

    One that is broken, because no browser could follow it, is shown and leads nowhere.
    """

    address: str
    title: str
    children: tuple[Inline, ...]
    place: Place
    address_place: Place
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its file's name, its description and title, and the place of the name in the text."""

    name: str
    description: str
    title: str
    place: Place
    name_place: Place


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound: its file's name, the description for those who cannot hear it, and the place of the name in the text."""

    name: str
    description: str
    place: Place
    name_place: Place


@dataclass(frozen=True, slots=True)
class Ruby:
    """Characters with their reading, which stands above them."""

    base: str
    reading: str
    place: Place


@dataclass(frozen=True, slots=True)
class Latex:
    """LaTeX of a formula, as far as it stands before, in or behind a cloze deletion there."""

    source: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, without the signs around it, and whether it stands on a line of its own.

    Cloze deletions in it hold LaTeX alone. No command runs on from a piece of it into the next one.
    """

    content: tuple[Latex | Deletion, ...]
    is_display: bool
    place: Place

    @property
    def source(self) -> str:
        """The LaTeX, without the signs of its cloze deletions."""
        return "".join(each.source for each in walk(self.content) if isinstance(each, Latex))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Its cloze deletions, by what of the LaTeX they hold."""
        found: list[Gap] = []
        position = 0
        for each in self.content:
            start = position
            position += sum(len(part.source) for part in walk((each,)) if isinstance(part, Latex))
            if isinstance(each, Deletion):
                found.append(Gap(start, position, each.number, each.hint))
        return tuple(found)

    @property
    def signed(self) -> str:
        """The LaTeX in the signs that Anki knows."""
        return f"\\[{self.source}\\]" if self.is_display else f"\\({self.source}\\)"


@dataclass(frozen=True, slots=True)
class RawTag:
    """An HTML tag that has no meaning here, and is shown as typed."""

    name: str
    attributes: str
    source: str
    place: Place
    is_end: bool
    # Whether its `>` is there.
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Deletion:
    """A cloze deletion. Among inline nodes it holds such nodes, among blocks blocks, in code texts, in formulas LaTeX.

    One in a formula has no other in it.
    """

    number: int
    hint: str
    children: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. In a tight list it is no element of its own in HTML."""

    children: tuple[Inline, ...]
    place: Place
    is_tight: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    children: tuple[Inline, ...]
    place: Place


class Piece(NamedTuple):
    """Code of one color: the short name of its kind, as Pygments has it, empty for code without a color."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block of code, without the line end of its last line. `language` is empty when none is named."""

    language: str
    content: tuple[Code, ...]
    place: Place
    # The place of the language's name, None for code without one.
    language_place: Place | None = None
    # Whether a fence that was opened is closed, too.
    is_closed: bool = True
    # The code in its colors, empty as long as nobody has colored it.
    pieces: tuple[Piece, ...] = ()

    @property
    def text(self) -> str:
        """The code, without the signs of its cloze deletions."""
        return read_code(self.content)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation."""

    children: tuple[Block, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Item:
    """A list's entry. `is_done` says whether a task is done, and is None for what is no task."""

    children: tuple[Block, ...]
    place: Place
    is_done: bool | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A list: `first` is its first number, None for a list with bullets."""

    first: int | None
    items: tuple[Item, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell, with the alignment of its column."""

    alignment: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A table's row."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the rows of its head (one, or none when a cloze deletion took it out) and of its body."""

    head: tuple[Row, ...]
    body: tuple[Row, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class ThematicBreak:
    """A line across the text."""

    place: Place


Code = Text | Deletion
Inline = Text | LineBreak | Styled | CodeSpan | Link | Picture | Sound | Ruby | Formula | RawTag | Deletion
Block = Paragraph | Heading | CodeBlock | Quote | List | Table | ThematicBreak | Deletion
Node = Inline | Block | Item | Row | Cell | Latex
_BLOCKS = (Paragraph, Heading, CodeBlock, Quote, List, Table, ThematicBreak)


@dataclass(frozen=True, slots=True)
class Problem:
    """A construct that is not what its author may mean, or that no output has: a diagnostic's code, place and words.

    Without a code it is right here, and only another reading of Markdown differs: no rule reports it.
    """

    code: str | None
    place: Place
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown text as a tree, with the problems found while it was read."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()
    # Whether it took the whole grammar to read it, many times as long as prose takes.
    needs_grammar: bool = field(default=False, compare=False, repr=False)

    @property
    def line(self) -> tuple[Inline, ...] | None:
        """What stands in the one paragraph that the text consists of, None when it consists of anything else."""
        match self.blocks:
            case (Paragraph(children),):
                return children
            case _:
                return None

    @property
    def name(self) -> Document:
        """What the text is called where there is room for a line: its first paragraph with words.

        So a question with numbered parts is called by what stands above them. A text without such a paragraph, and one
        that is nothing else, is called by all of it.
        """
        named = (block for block in self.blocks if isinstance(block, Paragraph) and _has_words(block))
        block = next(named, None)
        return self if block is None or len(self.blocks) == 1 else Document((block,))

    def walk(self) -> Iterator[Node]:
        """Yield every node, each before what it holds."""
        return walk(self.blocks)

    def deletions(self) -> tuple[Deletion, ...]:
        """Return the cloze deletions, outer and nested ones, in the order in which they open."""
        return tuple(node for node in self.walk() if isinstance(node, Deletion))


def _has_words(block: Paragraph) -> bool:
    """Return whether a paragraph says anything besides what its pictures show and its sounds play."""
    leaves = (node for node in walk(block.children) if not list_children(node))
    return any(has_content((node,)) for node in leaves if not isinstance(node, Picture | Sound))


def walk(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield nodes and all that they hold, in the order of the text."""
    open_nodes = [iter(nodes)]
    while open_nodes:
        for node in open_nodes[-1]:
            yield node
            if children := list_children(node):
                open_nodes.append(iter(children))
                break
        else:
            open_nodes.pop()


def list_children(node: Node) -> Sequence[Node]:
    """Return the nodes that a node holds."""
    match node:
        case CodeSpan() | CodeBlock() | Formula():
            return node.content
        case List():
            return node.items
        case Table():
            return (*node.head, *node.body)
        case Row():
            return node.cells
        case Text() | LineBreak() | Picture() | Sound() | Ruby() | Latex() | RawTag() | ThematicBreak():
            return ()
        case _:
            return node.children


def is_block(node: Node) -> bool:
    """Return whether a node has lines of its own: a block, or a cloze deletion that holds blocks."""
    return isinstance(node, _BLOCKS) or (isinstance(node, Deletion) and any(map(is_block, node.children)))


def has_content(nodes: Sequence[Node]) -> bool:
    """Return whether nodes show anything: a text, a picture, a sound, a line."""
    return any(
        isinstance(node, Picture | Sound | Ruby | ThematicBreak | RawTag)
        or (isinstance(node, Text) and bool(make_usual(node.value).strip()))
        or (isinstance(node, Formula | Latex) and not is_blank(node.source))
        for node in walk(nodes)
    )


def read_code(content: Sequence[Code]) -> str:
    """Return code without the signs of its cloze deletions."""
    return "".join(each.value for each in walk(content) if isinstance(each, Text))


def list_cuts(content: Sequence[Code]) -> tuple[tuple[int, Deletion, bool], ...]:
    """Return where deletions open and close in code: the place in its text, the deletion, and whether it opens."""
    cuts: list[tuple[int, Deletion, bool]] = []

    def visit(nodes: Sequence[Node], position: int) -> int:
        for node in nodes:
            if isinstance(node, Deletion):
                cuts.append((position, node, True))
                position = visit(node.children, position)
                cuts.append((position, node, False))
            elif isinstance(node, Text):
                position += len(node.value)
        return position

    visit(content, 0)
    return tuple(cuts)


def map_nodes(document: Document, change: Callable[[Node], Node]) -> Document:
    """Return a document in which `change` has replaced nodes that hold no others, and blocks of code."""
    return _map(document, change, lambda link: link)


def map_links(document: Document, change: Callable[[Link], Link]) -> Document:
    """Return a document in which `change` has replaced links."""
    return _map(document, lambda node: node, change)


def split_texts(document: Document, split: Callable[[Text], tuple[Node, ...]]) -> Document:
    """Return a document with several nodes in the place of each text."""
    return _map(document, lambda node: split(node) if isinstance(node, Text) else node, lambda link: link)


def _map(
    document: Document, change: Callable[[Node], Node | tuple[Node, ...]], change_link: Callable[[Link], Link]
) -> Document:
    def mapped(node: Node) -> Any:  # noqa: PLR0911 - one for each kind of node
        match node:
            case CodeSpan() | CodeBlock() | Formula():
                return change(node)
            case Text() | LineBreak() | Picture() | Sound() | Ruby() | Latex() | RawTag() | ThematicBreak():
                return change(node)
            case List():
                items = each(node.items)
                return node if items is node.items else replace(node, items=items)
            case Table():
                return replace(node, head=each(node.head), body=each(node.body))
            case Row():
                return replace(node, cells=each(node.cells))
            case Link():
                return change_link(replace(node, children=each(node.children)))
            case _:
                children = each(node.children)
                return node if children is node.children else replace(cast(Any, node), children=children)

    def each(nodes: tuple[Any, ...]) -> tuple[Any, ...]:
        made = tuple(map(mapped, nodes))
        if all(map(is_, made, nodes)):
            return nodes
        if not any(isinstance(node, tuple) for node in made):
            return made
        return tuple(chain.from_iterable(node if isinstance(node, tuple) else (node,) for node in made))

    return replace(document, blocks=each(document.blocks))
