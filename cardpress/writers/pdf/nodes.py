"""A text → nodes for the print templates: strings, and elements with a name and children. Code → lines of pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

from cardpress.deck.notes import RichText
from cardpress.formulas import read
from cardpress.formulas.tree import Fraction, Group, Hidden
from cardpress.formulas.tree import Node as FormulaNode
from cardpress.formulas.tree import walk as walk_formula
from cardpress.markdown.html_writer import is_active, put_box
from cardpress.markdown.plain_text import join_text
from cardpress.markdown.tree import (
    CodeBlock,
    CodeSpan,
    Deletion,
    Formula,
    Heading,
    Item,
    LineBreak,
    Link,
    List,
    Node,
    Paragraph,
    Picture,
    Piece,
    Quote,
    RawTag,
    Row,
    Ruby,
    Sound,
    Styled,
    Table,
    Text,
    ThematicBreak,
    list_cuts,
)
from cardpress.source.print_limits import MOST_COLUMNS, count_columns
from cardpress.writers.pdf.breaking import LONGEST_CODE, LONGEST_WORD, break_words, limit_words, list_breaks, make_words
from cardpress.writers.pdf.formulas import measure, write_formula
from cardpress.writers.pdf.heights import BREAK, INDENT, ROOM, JsonObject, advance, is_block, list_least_widths
from cardpress.writers.pdf.joining import keep_together
from cardpress.writers.pdf.words import replace_by_words

# The width of a table in ems, so that it fits a card in 7 pt: in wider ones shorter words may break, too, down to a
# width that the cells of a row share, and then down to a character.
_WIDEST_TABLE = 33.0
# Columns of code to which a tab moves on.
TAB = 4
# Ems. A formula that is not wider is never broken, as no word is.
_SHORT_FORMULA = 5.0
# Ems. A formula that is wider and cannot be broken is made as wide as there is room.
_WIDE_FORMULA = 12.0
# Lines. A formula that is higher, as a fraction is, keeps its distance from the lines around it.
_TALL_FORMULA = 1.75
# The five colors that code is printed in → Pygments' classes for each.
_COLORS = {
    name: color
    for color, names in {
        "keyword": "k kn kd kr kp ow nt",
        "builtin": "kc kt nb bp m mi mf mh mb mo il",
        "string": "s s1 s2 sa sb sc sd se sh si sr ss sx",
        "name": "nf fm nc nd ne na",
        "comment": "c c1 ch cm cp cs",
    }.items()
    for name in names.split()
}
# Deeper nodes are printed as plain text: Typst allows 64 levels in all, and JSON readers 128.
_DEEPEST = 12
# Nodes that hold blocks, or parts of themselves, and no text.
_STRUCTURES = frozenset(("ul", "ol", "table", "thead", "tbody", "tr"))
# Elements with code in a line.
_CODE = frozenset(("code", "kbd"))
# Characters of a base with its reading above it.
_LONGEST_RUBY = 12


def make_nodes(text: RichText | None, longest_word: float = LONGEST_WORD) -> list[JsonObject | str]:
    """Return a text as nodes: strings, and elements with a name `t`, children `c` and some attributes."""
    if not text:
        return []
    nodes = _nodes(text.nodes, longest_word=longest_word)
    return _speak(nodes, text.language) if text.language else nodes


def _speak(nodes: Sequence[JsonObject | str], language: str) -> list[JsonObject | str]:
    """Return nodes in a language: what stands in a line is in a node of that language, and blocks stay blocks."""
    name, region = split_language(language)
    spoken: list[JsonObject | str] = []
    for is_of_blocks, group in groupby(nodes, is_block):
        if is_of_blocks:
            spoken += [_speak_in(node, language) for node in group if not isinstance(node, str)]
        else:
            spoken.append({"t": "lang", "lang": name, "region": region, "c": list(group)})
    return spoken


def _speak_in(block: JsonObject, language: str) -> JsonObject:
    if "c" not in block:
        return block
    if block["t"] in _STRUCTURES:
        return {**block, "c": [_speak_in(each, language) for each in block["c"] if not isinstance(each, str)]}
    return {**block, "c": _speak(block["c"], language)}


def split_language(language: str) -> tuple[str, str | None]:
    """Return a language tag as Typst wants it: the language, and the region where the tag names one."""
    name, *rest = language.split("-")
    region = next((part for part in rest if len(part) == 2), None)
    return name.lower(), region.upper() if region else None


def _nodes(
    nodes: Sequence[Node], depth: int = 1, longest_word: float = LONGEST_WORD, *, is_code: bool = False
) -> list[JsonObject | str]:
    made: list[JsonObject | str] = []
    for node in keep_together(nodes):
        if isinstance(node, Paragraph) and node.is_tight:
            made += _nodes(node.children, depth, longest_word)
        elif isinstance(node, Paragraph) and any(
            isinstance(each, Formula) and each.is_display for each in node.children
        ):
            made += _parted(node, depth, longest_word)
        elif isinstance(node, Text | RawTag):
            text = _one_space(node.value if isinstance(node, Text) else node.source)
            for word in make_words(text, longest_word, is_code=is_code):
                if made and isinstance(last := made[-1], str) and isinstance(word, str):
                    made[-1] = last + word
                else:
                    made.append(word)
        else:
            made.append(_node(node, depth, longest_word, is_code=is_code))
    return made


def _node(  # noqa: PLR0911, PLR0912 - one for each kind of node
    node: Node, depth: int, longest_word: float, *, is_code: bool = False
) -> JsonObject:
    if isinstance(node, CodeBlock):
        return make_code(node)
    if depth > _DEEPEST:
        return {"t": "p", "c": [break_words(_one_space(join_text([node])), longest_word)]}

    def element(name: str, children: Sequence[Node], **attributes: Any) -> JsonObject:
        inside = _nodes(children, depth + 1, longest_word, is_code=is_code or name in _CODE)
        return {"t": name, "c": inside, **attributes}

    match node:
        case List(first, items):
            return element("ul", items) if first is None else element("ol", items, start=first)
        case Item():
            return element("li", put_box(node).children)
        case Table():
            if count_columns(node) > MOST_COLUMNS:
                return {"t": "rows", "c": replace_by_words([make_table(node, depth, LONGEST_WORD)])}
            return make_fitting_table(node, depth)
        case ThematicBreak():
            return element("hr", ())
        case LineBreak():
            return element("br", ())
        case Picture(name, description):
            return element("img", (), src=name, alt=description)
        case Sound(description=description):
            return {"t": "sound", "c": [break_words(_one_space(description), longest_word)] if description else []}
        case Ruby(base, reading):
            # A long one could not be broken.
            is_short = max(len(base), len(reading) / 2) <= _LONGEST_RUBY
            return {"t": "ruby" if is_short else "in-parentheses", "c": [base, reading]}
        case Link(address, _, children):
            return element("a", children, **({} if is_active(address) else {"href": address}))
        case Formula():
            return _formula(node)
        case CodeSpan(content):
            return element("code", content)
        case Heading(level, children):
            return element(f"h{level}", children)
        case Styled(style, children):
            return element(style, children)
        case Quote(children):
            return element("blockquote", children)
        case Deletion(children=children):
            return element("mark", children)
        case Paragraph(children):
            return element("p", children)
        case _:
            raise TypeError(f"a {type(node).__name__} stands by itself")


def _parted(paragraph: Paragraph, depth: int, longest_word: float) -> list[JsonObject | str]:
    """Return a paragraph in parts: formulas on lines of their own, and the text before, between and behind them."""
    made: list[JsonObject | str] = []
    for is_apart, group in groupby(paragraph.children, lambda each: isinstance(each, Formula) and each.is_display):
        found = tuple(group)
        if is_apart:
            made += _nodes(found, depth, longest_word)
        elif any(not isinstance(each, Text) or each.value.strip() for each in found):
            made.append(_node(replace(paragraph, children=found), depth, longest_word))
    return made


def _formula(formula: Formula) -> JsonObject:
    """Return a formula as data, with the characters that take about as much room; its LaTeX where it cannot be set."""
    tree = read(formula.source, formula.gaps).tree
    if tree is None:
        return {"t": "code", "c": [break_words(_one_space(formula.signed), LONGEST_WORD)]}
    width, height = measure(tree)
    style = "display" if formula.is_display else "text"
    made: JsonObject = {"formula": write_formula(tree, style), "alt": formula.signed}
    room = ROOM * max(1, round(width / advance(ROOM)))
    if formula.is_display:
        return {"t": "equation", **made, "room": f"\n{room}\n", "lines": round(height, 1)}
    unbroken = [width] if not isinstance(tree, Group) else []
    if formula.gaps:
        unbroken += [measure(each)[0] for each in walk_formula(tree) if isinstance(each, Hidden)]
    is_wide = max(unbroken, default=0) > _WIDE_FORMULA
    is_whole = width <= _SHORT_FORMULA
    return {"t": "formula", **made, "room": room, "wide": is_wide, "whole": is_whole, "height": _height_in_line(tree)}


def _height_in_line(tree: FormulaNode) -> float:
    """Return about how high a formula is among words, in ems; 0 when it is hardly higher than these."""
    lines = measure(tree)[1]
    if lines <= _TALL_FORMULA:
        return 0.0
    # The parts of a fraction are small in a line, unless it is said to be as in a formula by itself.
    is_large = any(isinstance(each, Fraction) and each.is_display for each in walk_formula(tree))
    return round((0.95 if is_large else 0.6) * lines + 0.3, 2)


def make_fitting_table(table: Table, depth: int, widest: float = _WIDEST_TABLE) -> JsonObject:
    """Return a table in which as few words may break as its width needs, with the least width of each column."""
    shared = limit_words(count_columns(table))
    room = widest - INDENT * (depth - 1)
    for longest_word in (LONGEST_WORD, *(shared * times / 4 for times in (8, 6, 5, 4, 3, 2, 1))):
        made = make_table(table, depth, min(LONGEST_WORD, longest_word))
        least = list_least_widths(made)
        if sum(least) <= room:
            break
    return {**made, "least": [round(each, 2) for each in least]}


def make_table(table: Table, depth: int, longest_word: float) -> JsonObject:
    """Return a table in which words break that are wider than `longest_word`, in ems."""
    parts = (("thead", "th", table.head), ("tbody", "td", table.body))
    return {
        "t": "table",
        "c": [
            {"t": part, "c": [_row(row, name, depth + 2, longest_word) for row in rows]}
            for part, name, rows in parts
            if rows
        ],
    }


def _row(row: Row, name: str, depth: int, longest_word: float) -> JsonObject:
    cells = [
        {"t": name, "c": _nodes(cell.children, depth + 2, longest_word)}
        | ({"align": cell.alignment} if cell.alignment else {})
        for cell in row.cells
    ]
    return {"t": "tr", "c": cells}


def _one_space(text: str) -> str:
    """Return a text as HTML shows it: any run of white space, line ends included, is one space."""
    return re.sub(r"[ \t\n\f\r]+", " ", text)


def make_code(block: CodeBlock) -> JsonObject:
    """Return code as lines. A line is a list of pieces: a text, or a list of a color, a text and, in a gap, True."""
    lines: list[list[str | list[Any]]] = [[]]
    for kind, text, is_gap in _pieces(block):
        color = _COLORS.get(kind, "")
        first, *rest = text.expandtabs(TAB).split("\n")
        _add(lines[-1], color, first, is_gap=is_gap)
        for line in rest:
            lines.append([])
            _add(lines[-1], color, line, is_gap=is_gap)
    return {"t": "pre", "lines": [break_line(line) for line in lines]}


def _pieces(block: CodeBlock) -> Iterator[tuple[str, str, bool]]:
    """Yield the kind and text of each piece of code, cut where deletions open and close, and whether it is in one."""
    cuts = [(place, 1 if opens else -1) for place, _, opens in list_cuts(block.content)]
    position = around = 0
    for kind, text in block.pieces or (Piece("", block.text),):
        while cuts and cuts[0][0] < position + len(text):
            place, step = cuts.pop(0)
            before, text = text[: place - position], text[place - position :]  # noqa: PLW2901 - what is left of it
            yield kind, before, around > 0
            position, around = place, around + step
        yield kind, text, around > 0
        position += len(text)


def _add(line: list[str | list[Any]], color: str, text: str, *, is_gap: bool) -> None:
    """Add a piece to a line, joined to the last piece where both look the same."""
    last = line[-1] if line else None
    if not text:
        return
    if is_gap:
        line.append([color, text, True])
    elif isinstance(last, list) and len(last) == 2 and (last[0] == color or not text.strip()):
        last[1] += text
    elif isinstance(last, str) and (not color or not text.strip()):
        line[-1] = last + text
    else:
        line.append([color, text] if color else text)


def break_line(pieces: list[str | list[Any]], longest_word: int = LONGEST_CODE) -> list[str | list[Any]]:
    """Return a line of code that may break inside long words, even those that consist of several pieces."""
    texts = [piece if isinstance(piece, str) else piece[1] for piece in pieces]
    words = re.finditer(rf"\S{{{longest_word + 1},}}", "".join(texts))
    places = [
        found.start() + place for found in words for place in list_breaks(found[0], longest_word, count_character)
    ]
    if not places:
        return pieces
    broken: list[str | list[Any]] = []
    start = 0
    for piece, text in zip(pieces, texts, strict=True):
        cuts = [place - start for place in places if start < place <= start + len(text)]
        parts = (text[one:other] for one, other in pairwise([0, *cuts, len(text)]))
        joined = BREAK.join(parts)
        broken.append(joined if isinstance(piece, str) else [piece[0], joined, *piece[2:]])
        start += len(text)
    return broken


def count_character(_character: str) -> float:
    """Return how much of a line a character of code takes, whose characters are all as wide."""
    return 1.0
