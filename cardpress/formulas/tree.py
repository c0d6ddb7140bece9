"""The tree of a formula: what stands in it, as every output sets it.

All nodes are frozen. Letters are the characters that are shown, in their alphabet: `\\mathbb{R}` is ℝ. A string is a
role where a node says so: `binary`, `relation`, `large`, `opening`, `closing`, `punctuation`, `ordinary`, `arrow` for
one as long as what stands on it, or none, for what the character itself is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, or several that are one name. `is_upright` says that they do not stand in italics."""

    text: str
    is_upright: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    text: str


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator, a relation, a bracket or another sign, and its role."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a function. What is below it stands under it with `has_limits`."""

    text: str
    has_limits: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Text in a formula."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """A space, in ems."""

    width: float


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes in a row. With a role, it is one operator."""

    children: tuple[Node, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Fraction:
    """A fraction, or with no line, one above the other. `is_display` is None where the place decides its size."""

    above: Node
    below: Node
    has_line: bool = True
    is_display: bool | None = None


@dataclass(frozen=True, slots=True)
class Root:
    """A root, with its index."""

    inside: Node
    index: Node | None = None


@dataclass(frozen=True, slots=True)
class Scripts:
    """What stands below and above: with `as_limits` under and over, else beside; None where the base decides."""

    base: Node
    below: Node | None
    above: Node | None
    as_limits: bool | None = None


@dataclass(frozen=True, slots=True)
class Accent:
    """A sign above a node, or below it: as wide as that, with `is_wide`."""

    base: Node
    sign: str
    is_wide: bool = False
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class Fenced:
    """Brackets that are as high as what they hold. An empty one is not there."""

    opening: str
    children: tuple[Node, ...]
    closing: str


@dataclass(frozen=True, slots=True)
class Middle:
    """A sign that is as high as the brackets around it."""

    text: str


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracket of a certain height, in ems, and its role."""

    text: str
    height: float
    role: str = "ordinary"


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells: a `matrix`, `cases`, `equations` or a `stack` of lines, and the side of each column, l, c or r."""

    kind: str
    rows: tuple[tuple[Node, ...], ...]
    sides: str = ""
    opening: str = ""
    closing: str = ""
    # The columns and rows before which there is a line; as many as there are for one behind the last.
    bars: tuple[int, ...] = ()
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Colored:
    """A node in a color, `#rrggbb`, or in front of it, with `is_behind`."""

    color: str
    inside: Node
    is_behind: bool = False


@dataclass(frozen=True, slots=True)
class Sized:
    """A node in another size: `display`, `text`, `script` or `scriptscript`."""

    style: str
    inside: Node


@dataclass(frozen=True, slots=True)
class Marked:
    """A node in a `box`, or struck: `cancel` from below upward, `bcancel` downward, `xcancel` both, `sout` across."""

    mark: str
    inside: Node


@dataclass(frozen=True, slots=True)
class Phantom:
    """The room that a node takes, without it."""

    inside: Node


@dataclass(frozen=True, slots=True)
class Hidden:
    """A part that a cloze deletion hides, with its number and its hint."""

    number: int
    hint: str
    inside: Node


Node = (
    Letter
    | Number
    | Operator
    | Name
    | Words
    | Space
    | Group
    | Fraction
    | Root
    | Scripts
    | Accent
    | Fenced
    | Middle
    | Bracket
    | Grid
    | Colored
    | Sized
    | Marked
    | Phantom
    | Hidden
)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all that it holds."""
    yield node
    for each in fields(node):
        for inner in _list_nodes(getattr(node, each.name)):
            yield from walk(inner)


def _list_nodes(value: object) -> Iterator[Node]:
    if isinstance(value, tuple):
        for each in value:
            yield from _list_nodes(each)
    elif isinstance(value, Node):
        yield value
