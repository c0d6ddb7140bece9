"""The tree of a formula → plain data for the print templates, and how much room it takes.

A node is a list: its kind, and what it has. Typst never parses any of it: the templates make its own elements of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from cardpress.formulas import tree as formulas
from cardpress.formulas.shapes import bare
from cardpress.formulas.symbols import BESIDE
from cardpress.formulas.tree import Node

# The mark above a letter that makes an accent of it in Typst, by the sign that MathML has.
_MARKS = {
    "´": "\u0301",
    "¯": "\u0304",
    "˘": "\u0306",
    "ˇ": "\u030c",
    "¨": "\u0308",
    "˙": "\u0307",
    "`": "\u0300",
    "^": "\u0302",
    "˚": "\u030a",
    "~": "\u0303",
    "→": "\u20d7",
    "←": "\u20d6",
    "↔": "\u20e1",
}


# Ems: the space before a relation.
_SPACE = 0.278
# The style of a fraction's parts, and of what stands above and below, by the style around them.
_SMALLER = {"display": "text", "text": "script", "script": "scriptscript", "scriptscript": "scriptscript"}
_SCRIPTS = {**_SMALLER, "display": "script"}
_STYLES_OF_GRIDS = {"equations": "display", "stack": "script"}


def write_formula(node: Node, style: str = "text") -> list[Any]:  # noqa: PLR0911, PLR0912 - one for each kind of node
    """Return a node as a list. Words, which are printed in the fonts of the text around, are mappings in it.

    `style` is TeX's: `display`, `text`, `script` or `scriptscript`. What stands in a box does not know how large the
    formula around it is, and is told.
    """

    def write(inner: Node) -> list[Any]:
        return write_formula(inner, style)

    def write_all(nodes: Iterable[Node]) -> list[list[Any]]:
        return list(map(write, nodes))

    match node:
        case formulas.Letter(text, is_upright):
            return ["upright" if is_upright else "letter", text]
        case formulas.Number(text):
            return ["number", text]
        case formulas.Operator(text, role):
            return ["sign", text, role]
        case formulas.Name(text, has_limits):
            return ["name", text, has_limits]
        case formulas.Words(text, is_bold, is_italic):
            return ["words", {"words": text}, is_bold, is_italic]
        case formulas.Space(width):
            return ["space", width]
        case formulas.Group(()):
            return ["nothing"]
        case formulas.Group(children, role):
            return ["row", role, write_all(children)]
        case formulas.Fraction(above, below, has_line, is_display):
            return ["fraction", *_parts(above, below, is_display, style), has_line, is_display]
        case formulas.Root(inside, index):
            return ["root", write(inside), write_formula(index, "scriptscript") if index else None]
        case formulas.Scripts(base, below, above, as_limits):
            scripts = [None if each is None else write_formula(each, _SCRIPTS[style]) for each in (below, above)]
            sign = bare(base)
            if as_limits is None and isinstance(sign, formulas.Operator) and sign.text in BESIDE:
                as_limits = False
            return ["scripts", write(base), *scripts, as_limits]
        case formulas.Accent(base, sign, _, is_below):
            return ["accent", write(base), sign if is_below else _MARKS.get(sign, sign), is_below]
        case formulas.Fenced("(", (formulas.Fraction(above, below, False, is_display),), ")"):
            return ["binomial", *_parts(above, below, is_display, style), is_display]
        case formulas.Fenced(opening, children, closing):
            return ["fenced", opening, write_all(children), closing]
        case formulas.Middle(text):
            return ["middle", text]
        case formulas.Bracket(text, height, role):
            return ["bracket", text, height, role]
        case formulas.Grid(kind, rows, sides, opening, closing, bars, rules):
            cells = [[write_formula(each, _STYLES_OF_GRIDS.get(kind, "text")) for each in row] for row in rows]
            return ["grid", kind, cells, sides, opening, closing, list(bars), list(rules)]
        case formulas.Colored(color, inside, is_behind):
            return ["color", color, write(inside), is_behind, style]
        case formulas.Sized(other, inside):
            return ["style", other, write_formula(inside, other)]
        case formulas.Marked(mark, inside):
            return ["mark", mark, write(inside), style]
        case formulas.Phantom(inside):
            return ["phantom", write(inside)]
        case formulas.Hidden(inside=inside):
            gap = ["gap", write(inside), _role_of(inside), style]
            return ["row", "", [["space", _SPACE], gap]] if _begins_with_relation(inside) else gap
        case _:
            assert_never(node)


def _begins_with_relation(inside: Node) -> bool:
    """Return whether a deletion begins with a sign that keeps its distance from what is before it."""
    match inside:
        case formulas.Group((formulas.Operator(text, role), *_), ""):
            return role == "relation" or (not role and text not in "+−±∓")
        case _:
            return False


def _parts(above: Node, below: Node, is_display: bool | None, style: str) -> list[list[Any]]:
    """Return the two parts of a fraction, which may have a size of its own."""
    around = {True: "display", False: "text", None: style}[is_display]
    return [write_formula(each, _SMALLER[around]) for each in (above, below)]


def _role_of(node: Node) -> str:
    """Return the role of a sign that is all that a deletion holds, and so decides on the space around it."""
    match bare(node):
        case formulas.Operator(_, role):
            return role or "relation"
        case formulas.Name(has_limits=True):
            return "large"
        case _:
            return "ordinary"


def measure(node: Node) -> tuple[float, float]:  # noqa: PLR0911, PLR0912 - one for each kind of node
    """Return about how wide a formula is, in ems, and how high, in lines."""
    match node:
        case formulas.Letter(text) | formulas.Number(text) | formulas.Words(text):
            return 0.55 * len(text), 1.0
        case formulas.Name(text):
            return 0.55 * len(text) + 0.2, 1.0
        case formulas.Operator(_, role):
            return (1.2, 1.4) if role == "large" else (0.4 if role else 1.1, 1.0)
        case formulas.Space(width):
            return max(width, 0.0), 1.0
        case formulas.Fenced(_, children, _):
            width, height = _beside(children)
            return width + 0.8, height
        case formulas.Group(children):
            return _beside(children)
        case formulas.Fraction(above, below):
            (one, high), (other, low) = measure(above), measure(below)
            return max(one, other) + 0.2, high + low
        case formulas.Root(inside):
            width, height = measure(inside)
            return width + 0.9, height
        case formulas.Scripts(base, below, above):
            width, height = measure(base)
            scripts = [measure(each) for each in (below, above) if each is not None]
            beside = max((0.7 * wide for wide, _ in scripts), default=0.0)
            return width + beside, height + sum(0.35 * high for _, high in scripts)
        case formulas.Grid(_, rows):
            sizes = [[measure(each) for each in row] for row in rows]
            columns = max((len(row) for row in sizes), default=0)
            widths = (
                max((row[index][0] for row in sizes if index < len(row)), default=0.0) for index in range(columns)
            )
            heights = (max((high for _, high in row), default=1.0) + 0.3 for row in sizes)
            return sum(widths) + columns + 0.8, sum(heights)
        case (
            formulas.Accent(inside)
            | formulas.Colored(_, inside)
            | formulas.Sized(_, inside)
            | formulas.Marked(_, inside)
            | formulas.Phantom(inside)
            | formulas.Hidden(_, _, inside)
        ):
            width, height = measure(inside)
            return width, height + 0.2
        case formulas.Middle() | formulas.Bracket():
            return 0.6, 1.5
        case _:
            assert_never(node)


def _beside(nodes: Iterable[Node]) -> tuple[float, float]:
    sizes = [measure(each) for each in nodes]
    return sum(width for width, _ in sizes), max((height for _, height in sizes), default=1.0)
