"""Lengths in a formula, in ems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardpress.formulas.lexing import Token
from cardpress.formulas.tree import Node, Space

if TYPE_CHECKING:
    from cardpress.formulas.parsing import Parser

# Ems. A space that is wider would push a formula off its card.
_WIDEST = 10.0
_EMS = {"em": 1.0, "ex": 0.43, "mu": 1 / 18, "pt": 0.1, "px": 0.075, "cm": 2.8, "mm": 0.28, "in": 7.2, "pc": 1.2}
LENGTH = re.compile(r"\s*(-?[0-9]*\.?[0-9]+)\s*([a-z]{2})\s*")


def read_length(parser: Parser, token: Token) -> Node:
    """Return the space that a command asks for, by the length behind it."""
    parser.skip_space()
    following = parser.peek()
    if following and following.text == "{":
        words, _ = parser.raw(token)
        found = LENGTH.fullmatch(words)
    else:
        found = LENGTH.match(parser.source, following.start if following else len(parser.source))
        while found and (inner := parser.peek()) and inner.start < found.end():
            parser.position += 1
    if found is None or found[2] not in _EMS:
        raise parser.wrong(token, f"`{token.text}` wants a length", f"write `{token.text}{{1em}}`, or `\\quad`")
    return Space(max(-_WIDEST, min(_WIDEST, round(float(found[1]) * _EMS[found[2]], 3))))
