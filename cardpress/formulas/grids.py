"""Grids: environments and what plain TeX has for them, their rows, cells and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardpress.formulas.environments import (
    ENVIRONMENTS,
    PLAIN_GRIDS,
    STARLESS,
    UNSET_ENVIRONMENTS,
    WITH_ARGUMENT,
    WITH_OPTION,
    read_columns,
)
from cardpress.formulas.lengths import LENGTH
from cardpress.formulas.lexing import Token
from cardpress.formulas.shapes import join
from cardpress.formulas.texts import read_words
from cardpress.formulas.tree import Grid, Group, Node

if TYPE_CHECKING:
    from cardpress.formulas.parsing import Parser

# Cells of all grids of a formula.
_MOST_CELLS = 1_000
LINES = frozenset({"hline", "hdashline"})


def read_rows(
    parser: Parser, opening: Token, end: str = "\\end", *, has_words: bool = False
) -> tuple[tuple[tuple[Node, ...], ...], tuple[int, ...]]:
    """Return the rows of a grid up to its end, which is left, each a list of cells; and where it has lines."""
    rows: list[list[Node]] = [[]]
    rules: list[int] = []
    while True:
        parser.cells += 1
        if parser.cells > _MOST_CELLS:
            raise parser.wrong(parser.peek(), f"more than {_MOST_CELLS} cells", "make several formulas of it")
        while not rows[-1] and _line(parser):
            rules.append(len(rows) - 1)
        if has_words and len(rows[-1]) == 1:
            rows[-1].append(_words_in_cell(parser, opening))
        else:
            rows[-1].append(parser.row(lambda token: token.text in ("&", "\\\\", "\\cr", "\\newline", end)))
        token = parser.next()
        if token is None:
            if end == "}":
                raise parser.wrong(opening, "`{` without its `}`", "close it with `}`")
            raise parser.wrong(opening, "this environment has no end", "close it with `\\end{…}`")
        if token.text != "&":
            rows[-1][-1] = parser.tagged(rows[-1][-1])
        if token.text == end:
            parser.position -= 1
            break
        if token.text != "&":
            _row_gap(parser)
            rows.append([])
    if len(rows) > 1 and rows[-1] == [Group(())]:
        rows.pop()  # behind the last line's end
    return tuple(map(tuple, rows)), tuple(dict.fromkeys(rules))


def _line(parser: Parser) -> bool:
    """Return whether a line across the columns is next, and pass over it."""
    parser.skip_space()
    token = parser.peek()
    is_line = token is not None and token.command in LINES
    parser.position += is_line
    return is_line


def _words_in_cell(parser: Parser, opening: Token) -> Node:
    """Return a cell that is text."""
    first = parser.peek()
    depth = 0
    while token := parser.peek():
        if not depth and token.text in ("&", "\\\\", "\\cr", "\\end"):
            break
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        parser.position += 1
    if first is None or token is None:
        raise parser.wrong(opening, "this environment has no end", "close it with `\\end{…}`")
    return join(read_words(parser, opening, parser.source[first.start : token.start].strip(), first.start, "text"))


def _row_gap(parser: Parser) -> None:
    """Pass over the space that a line's end may ask for: `\\\\[2pt]`."""
    token = parser.peek()
    if token and token.text == "[":
        end = parser.source.find("]", token.end, token.end + 20)
        if end < 0 or not LENGTH.fullmatch(parser.source, token.end, end):
            raise parser.wrong(token, "brackets behind a line's end hold a length", "write `{[}` for the sign")
        while (inner := parser.next()) and inner.text != "]":
            pass


def plain_grid(parser: Parser, token: Token, name: str) -> Node:
    """Return a grid as plain TeX writes it: `\\matrix{a & b \\cr c & d}`."""
    parser.skip_space()
    opening = parser.next()
    if opening is None or opening.text != "{":
        raise parser.wrong(token, f"`{token.text}` wants braces", f"write `\\begin{{{PLAIN_GRIDS[name]}}}`")
    style, left, right, sides = ENVIRONMENTS[PLAIN_GRIDS[name]]
    parser.deeper(token)
    around, parser.environment = parser.environment, PLAIN_GRIDS[name]
    rows, rules = read_rows(parser, opening, "}")
    parser.environment = around
    parser.depth -= 1
    parser.next()
    return Grid(style, rows, sides, left, right, rules=rules)


def environment(parser: Parser, token: Token) -> Node:
    """Return the grid of an environment."""
    name, _ = parser.raw(token)
    stem = name.removesuffix("*")
    kind = None if name != stem and stem in STARLESS else ENVIRONMENTS.get(stem)
    if name in UNSET_ENVIRONMENTS:
        return _unset_environment(parser, token, name)
    if kind is None:
        message = f"no environment is called `{name}`"
        raise parser.wrong(token, message, "write one of aligned, cases, matrix, pmatrix, bmatrix, vmatrix, array")
    style, opening, closing, sides = kind
    bars: tuple[int, ...] = ()
    if stem in WITH_OPTION or (name != stem and style in ("matrix", "stack")):
        option = parser.raw_option().strip()
        sides = option if option in ("l", "c", "r") and stem not in WITH_OPTION else sides
    if stem in WITH_ARGUMENT:
        columns, _ = parser.raw(token, is_braced=False)
        if style in ("matrix", "stack"):
            sides, bars = read_columns(columns, sides)
    parser.deeper(token)
    around, parser.environment = parser.environment, stem
    rows, rules = read_rows(parser, token, has_words=name in ("cases*", "dcases*", "rcases*", "drcases*"))
    parser.environment = around
    parser.depth -= 1
    end = parser.next()
    close, _ = parser.raw(end) if end else ("", 0)
    if close != name and end:
        raise parser.wrong(end, f"`\\end{{{close}}}` ends no `\\begin{{{name}}}`", f"write `\\end{{{name}}}`")
    if stem == "eqnarray":  # the sign in the middle column has the room that it has between two things
        rows = tuple((row[0], join(row[1:])) if len(row) > 2 else row for row in rows)
    if name == "array":  # what has no letter is as the last one that has one
        width = max(map(len, rows))
        sides = sides[:width] + sides[-1] * (width - len(sides))
        bars = tuple(min(each, width) for each in bars)
    return Grid(style, rows, sides, opening, closing, bars, rules)


def _unset_environment(parser: Parser, token: Token, name: str) -> Node:
    """Pass over an environment that Anki alone sets."""
    parser.unset = parser.unset or token
    depth = 1
    while inner := parser.next():
        if inner.command in ("begin", "end") and parser.raw(inner)[0] == name:
            depth += 1 if inner.command == "begin" else -1
        if not depth:
            return Group(())
    raise parser.wrong(token, "this environment has no end", "close it with `\\end{…}`")


def substack(parser: Parser, token: Token) -> Node:
    """Return lines one above the other, as they stand under a sum."""
    parser.skip_space()
    opening = parser.next()
    if opening is None or opening.text != "{":
        raise parser.wrong(token, "`\\substack` wants braces", "write `\\substack{… \\\\ …}`")
    parser.deeper(opening)
    around, parser.environment = parser.environment, "subarray"
    rows: list[tuple[Node, ...]] = []
    while True:
        rows.append((parser.row(lambda each: each.text in ("\\\\", "}")),))
        end = parser.next()
        if end is None:
            raise parser.wrong(opening, "`{` without its `}`", "close it with `}`")
        if end.text == "}":
            break
    parser.environment = around
    parser.depth -= 1
    return Grid("stack", tuple(rows), "c")
