"""The tree of a formula → MathML, of the elements and attributes that MathML Core has: what browsers draw.

What Core leaves to style sheets has a class: the side of a grid's column, a box, a stroke.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from cardpress.formulas.shapes import bare
from cardpress.formulas.symbols import BESIDE
from cardpress.formulas.tree import (
    Accent,
    Bracket,
    Colored,
    Fenced,
    Fraction,
    Grid,
    Group,
    Hidden,
    Letter,
    Marked,
    Middle,
    Name,
    Node,
    Number,
    Operator,
    Phantom,
    Root,
    Scripts,
    Sized,
    Space,
    Words,
)

_SIDES = {"l": "left", "c": "center", "r": "right"}
_STYLES = {"display": ("true", "0"), "text": ("false", "0"), "script": ("false", "1"), "scriptscript": ("false", "2")}
_SPACES = {
    "binary": ("0.222em", "0.222em"),
    "relation": ("0.278em", "0.278em"),
    "punctuation": ("0em", "0.167em"),
    "ordinary": ("0em", "0em"),
}
# Signs between two things, which have no space where they stand before one alone, as in `(-1)`.
_SIGNS = frozenset("+−±∓")
_BARS = frozenset("|‖/\\")
_OPENS = frozenset({"opening", "relation", "binary", "punctuation", "large"})
_THIN = '<mspace width="0.167em"></mspace>'


def to_mathml(tree: Node, *, is_display: bool, latex: str = "") -> str:
    """Return a formula as MathML; with `is_display` it stands on a line of its own. `latex` is what it was made of."""
    attributes = {"display": "block"} if is_display else {}
    if latex:
        attributes["alttext"] = _escape(" ".join(latex.split())).replace('"', "&quot;")
    return _element("math", _row((tree,)), **attributes)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\u00a0", "&nbsp;")


def _element(name: str, *children: str, **attributes: str) -> str:
    written = "".join(f' {key.rstrip("_")}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>"


def _row(nodes: Iterable[Node]) -> str:
    """Return nodes as one element."""
    flat = list(_flatten(nodes))
    written = _write_all(flat)
    return written[0] if len(flat) == 1 and len(written) == 1 else _element("mrow", *written)


def _flatten(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        if isinstance(node, Group) and not node.role and len(node.children) == 1:
            yield from _flatten(node.children)
        else:
            yield node


def _write_all(nodes: Sequence[Node], before: Node | None = None, behind: Node | None = None) -> list[str]:
    """Return each node of a row, and the spaces between them that a browser does not know of.

    `before` and `behind` stand around what a deletion holds of the row.
    """
    written: list[str] = []
    inner = {0 if before else -1, len(nodes) - 1 if behind else -1}  # where a deletion ends, and the row does not
    for index, node in enumerate(nodes):
        following = nodes[index + 1] if index + 1 < len(nodes) else behind
        if isinstance(node, Hidden):
            written.append(_deletion(node, before, following))
        elif isinstance(node, Operator) and node.text in _SIGNS and not node.role and _is_start(before):
            written.append(_operator(node, "prefix"))
        elif isinstance(node, Operator) and node.text in _SIGNS and not node.role and following is None:
            written.append(_operator(replace(node, role="ordinary")))  # a charge, or `x \to 0+`
        elif index in inner and isinstance(node, Operator) and node.text in _SIGNS and not node.role:
            written.append(_operator(node, "infix"))
        else:
            written.append(_write(node))
        is_argument = following is not None and not _is_bracket(following)
        if (_is_function(node) and is_argument) or (_is_function(following) and _is_said(node)):
            written.append(_THIN)
        before = node
    return written


def _deletion(node: Hidden, before: Node | None, behind: Node | None) -> str:
    hint = {"data-hint": node.hint} if node.hint else {}
    inside = _write_all(_list(node), before, behind)
    return _element("mrow", *inside, **{"class": "cloze", "data-cloze": str(node.number), **hint})


def _list(node: Hidden) -> list[Node]:
    """Return the nodes of a row that a deletion holds."""
    inside = node.inside
    return list(_flatten(inside.children if isinstance(inside, Group) and not inside.role else (inside,)))


def _is_start(before: Node | None) -> bool:
    """Return whether a sign behind this node belongs to what follows it."""
    match before:
        case Hidden():
            return _is_start(_list(before)[-1] if _list(before) else None)
        case None:
            return True
        case Operator(text, role):
            return role in _OPENS or (not role and text not in "!′%…⋯⋮⋱")
        case Scripts(base):
            return isinstance(base, Operator) and base.role in ("large", "relation")
        case _:
            return False


def _is_function(node: Node | None) -> bool:
    match node and bare(node):
        case Name():
            return True
        case Scripts(base):
            return isinstance(base, Name)
        case _:
            return False


def _is_said(node: Node) -> bool:
    return isinstance(node, Letter | Number | Scripts | Fraction | Root | Fenced)


def _is_bracket(node: Node) -> bool:
    return isinstance(node, Space) or (isinstance(node, Operator) and node.text not in _SIGNS)


def _write(node: Node) -> str:  # noqa: PLR0911, PLR0912 - one for each kind of node
    match node:
        case Letter(text, is_upright):
            # A letter alone stands in italics, unless it is told not to.
            upright = {"mathvariant": "normal"} if is_upright and len(text) == 1 else {}
            return _element("mi", _escape(text), **upright)
        case Number(text):
            return _element("mn", _escape(text))
        case Operator():
            return _operator(node)
        case Name(text, has_limits):
            return _named(text, movable=True) if has_limits else _element("mi", _escape(text))
        case Words(text, is_bold, is_italic):
            styles = {"class_": "formula-bold" if is_bold else "formula-italic"} if is_bold or is_italic else {}
            return _element("mtext", _escape(_keep_ends(text)), **styles)
        case Space(width):
            return _element("mspace", width=f"{width:g}em")
        case Group(children, role):
            return _group(children, role)
        case Fraction(above, below, has_line, is_display):
            facts = {} if has_line else {"linethickness": "0"}
            facts |= {} if is_display is None else {"displaystyle": str(is_display).lower()}
            return _element("mfrac", _row((above,)), _row((below,)), **facts)
        case Root(inside, index):
            if index is None:
                return _element("msqrt", _row((inside,)))
            return _element("mroot", _row((inside,)), _row((index,)))
        case Scripts():
            return _scripts(node)
        case Accent(base, sign, is_wide, is_below):
            mark = _element("mo", sign, stretchy=str(is_wide).lower())
            # Few fonts have a line that is as long as what it stands on.
            line = {"class_": "formula-line"} if sign == "‾" else {}
            if is_below:
                return _element("munder", _row((base,)), mark, accentunder="true", **line)
            return _element("mover", _row((base,)), mark, accent="true", **line)
        case Fenced(opening, children, closing):
            return _element(
                "mrow", _fence(opening, "prefix"), *_write_all(list(_flatten(children))), _fence(closing, "postfix")
            )
        case Middle(text):
            return _element("mo", _escape(text), stretchy="true", lspace="0.167em", rspace="0.167em")
        case Bracket(text, height, role):
            lspace, rspace = _SPACES.get(role, _SPACES["ordinary"])
            size = f"{height:g}em"
            spaces = {"lspace": lspace, "rspace": rspace}
            return _element("mo", _escape(text), stretchy="true", **spaces, minsize=size, maxsize=size)
        case Grid():
            return _grid(node)
        case Colored(color, inside, is_behind):
            return _element("mstyle", _row((inside,)), **{"mathbackground" if is_behind else "mathcolor": color})
        case Sized(style, inside):
            displaystyle, level = _STYLES[style]
            return _element("mstyle", _row((inside,)), displaystyle=displaystyle, scriptlevel=level)
        case Marked(mark, inside):
            return _element("mrow", _row((inside,)), class_=f"formula-{mark}")
        case Phantom(inside):
            return _element("mphantom", _row((inside,)))
        case Hidden():
            return _deletion(node, None, None)
        case _:
            assert_never(node)


def _operator(node: Operator, form: str = "") -> str:
    attributes = {"form": form} if form else {}
    if node.role == "arrow":
        attributes["stretchy"] = "true"
    elif node.role in ("opening", "closing"):
        attributes |= {"form": "prefix" if node.role == "opening" else "postfix", "stretchy": "false"}
    elif node.role in _SPACES:
        lspace, rspace = _SPACES[node.role]
        attributes |= {"lspace": lspace, "rspace": rspace}
    if node.text in _BARS:
        attributes["stretchy"] = "false"
    return _element("mo", _escape(node.text), **attributes)


def _named(text: str, *, movable: bool) -> str:
    movable_limits = str(movable).lower()
    return _element("mo", _escape(text), lspace="0em", rspace="0em", movablelimits=movable_limits)


def _group(children: Sequence[Node], role: str) -> str:
    if role in _SPACES:
        lspace, rspace = (_element("mspace", width=width) for width in _SPACES[role])
        return _element("mrow", lspace, _row(children), rspace)
    return _row(children)


def _scripts(node: Scripts) -> str:
    base = bare(node.base)
    is_large = isinstance(base, Operator | Group) and base.role == "large" and _is_tall(base)
    goes_under = is_large or (isinstance(base, Name) and base.has_limits)
    as_limits = goes_under if node.as_limits is None else node.as_limits
    if node.as_limits and isinstance(base, Operator) and base.role == "large":
        written = _element("mo", _escape(base.text), movablelimits="false")
    elif node.as_limits and isinstance(base, Name):
        written = _named(base.text, movable=False)
    else:
        written = _row((node.base,))
    below, above = (None if each is None else _script(each) for each in (node.below, node.above))
    names = ("munder", "mover", "munderover") if as_limits else ("msub", "msup", "msubsup")
    if above is None:
        return _element(names[0], written, below or "")
    if below is None:
        return _element(names[1], written, above)
    return _element(names[2], written, below, above)


def _is_tall(base: Operator | Group) -> bool:
    """Return whether a large operator has its limits under and over it."""
    return isinstance(base, Group) or base.text not in BESIDE


def _script(node: Node) -> str:
    """Return what stands above or below. Signs have no space around them there: `x^+`, `x_{i+1}`."""
    flat = list(_flatten((node,)))
    if len(flat) == 1 and isinstance(flat[0], Operator) and not flat[0].role:
        return _element("mo", _escape(flat[0].text), lspace="0em", rspace="0em")
    written = _row((node,)).replace("<mo>", '<mo lspace="0em" rspace="0em">')
    for role in ("binary", "relation", "punctuation"):
        before, after = _SPACES[role]
        written = written.replace(f' lspace="{before}" rspace="{after}"', ' lspace="0em" rspace="0em"')
    return written


def _fence(sign: str, form: str) -> str:
    return _element("mo", _escape(sign), form=form, stretchy="true") if sign else ""


def _grid(node: Grid) -> str:
    width = max(map(len, node.rows), default=0)

    def cell(number: int, index: int, inside: Node | None) -> str:
        side = _SIDES[node.sides[index % len(node.sides)]] if node.sides else "center"
        lines = {
            "line-left": index in node.bars,
            "line-right": index + 1 == width and width in node.bars,
            "line-top": number in node.rules,
            "line-bottom": number + 1 == len(node.rows) and len(node.rows) in node.rules,
        }
        names = " ".join((side, *(name for name, is_there in lines.items() if is_there)))
        if node.kind == "equations" and index % 2 and isinstance(inside, Group) and not inside.role:
            first = inside.children[0] if inside.children else None
            if isinstance(first, Operator) and first.text in _SIGNS:  # there is something before it: `&+ x`
                inside = Group((Group(()), *inside.children))
        return _element("mtd", _row((inside,)) if inside else "", class_=names)

    # Lines reach over the cells that a row does not have.
    has_lines = bool(node.bars or node.rules)
    rows = (
        _element(
            "mtr",
            *(cell(number, index, each) for index, each in enumerate(row)),
            *(cell(number, index, None) for index in range(len(row), width if has_lines else 0)),
        )
        for number, row in enumerate(node.rows)
    )
    display = {"displaystyle": "true"} if node.kind == "equations" else {}
    table = _element("mtable", *rows, class_=f"formula-{node.kind}", **display)
    if node.kind == "stack":
        table = _element("mstyle", table, displaystyle="false", scriptlevel="1")
    if not (node.opening or node.closing):
        return table
    return _element("mrow", _fence(node.opening, "prefix"), table, _fence(node.closing, "postfix"))


def _keep_ends(text: str) -> str:
    """Return a text whose first and last space stay."""
    inner = text.strip(" ")
    if not inner:
        return "\u00a0" if text else ""
    return ("\u00a0" if text[0] == " " else "") + inner + ("\u00a0" if text[-1] == " " else "")
