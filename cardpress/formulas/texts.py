"""Texts in a formula, in which formulas stand again, between dollars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardpress.formulas.faults import WrongError
from cardpress.formulas.lexing import Token
from cardpress.formulas.tree import Node, Words

if TYPE_CHECKING:
    from cardpress.formulas.parsing import Parser

# A command in a text, but for the signs that have a backslash there.
_IN_TEXT = re.compile(r"(?<!\\)\\(?:[A-Za-z]+|[^${}\\A-Za-z]|$)")


# What has a text in braces behind it.
_BEFORE_TEXT = re.compile(r"\\(?:text(?:rm|up|normal|sf|tt|bf|it)?|[mhf]box|tag\*?)\s*\{")
_SIGN = re.compile(r"\\[\s\S]|[{}$]")


def find_texts(latex: str) -> frozenset[int]:
    """Return the places in the texts of LaTeX at which a formula between dollars can begin: in no braces of a text."""
    places: set[int] = set()
    position = 0
    while found := _BEFORE_TEXT.search(latex, position):
        depth, start, is_formula = 0, found.end(), False
        position = len(latex)
        for sign in _SIGN.finditer(latex, found.end()):
            if depth == 0 and not is_formula:
                places.update(range(start, sign.start() + 1))
            start = sign.end()
            if sign[0] == "$":
                is_formula = not is_formula if depth == 0 else is_formula
            elif sign[0] == "{":
                depth += 1
            elif sign[0] == "}":
                depth -= 1
                if depth < 0:
                    position = sign.end()
                    break
    return frozenset(places)


def read_text(parser: Parser, token: Token, name: str) -> list[Node]:
    """Return a text in a formula; between dollars in it stand formulas again."""
    words, start = parser.raw(token, is_braced=False)
    return read_words(parser, token, words, start, name)


def read_words(parser: Parser, token: Token, words: str, start: int, name: str) -> list[Node]:
    """Return what a text is, from a place on: words, and the formulas in it."""
    nodes: list[Node] = []
    parts = re.split(r"(?<!\\)\$", words)
    if len(parts) % 2 == 0:
        raise parser.wrong(token, "a `$` in this text has no partner", "write `\\$` for the sign")
    for index, part in enumerate(parts):
        if index % 2:
            parser.deeper(token)
            inner = parser.inside(part, parser.depth)
            try:
                nodes.append(inner.row(lambda _: False))
            except WrongError as error:
                fault = error.fault
                shift = start + len("$".join(parts[:index])) + 1
                raise WrongError(fault._replace(start=fault.start + shift, end=fault.end + shift)) from None
            parser.unset = parser.unset or inner.unset
            parser.depth -= 1
        elif part:
            _refuse_commands(parser, part, start + len("$".join(parts[:index])) + bool(index))
            plain = re.sub(r"\\([${}\\])", r"\1", part)
            plain = re.sub(r"\s+", " ", plain)
            nodes.append(Words(plain, is_bold=name == "textbf", is_italic=name in ("textit", "emph")))
    return nodes or [Words("")]


def _refuse_commands(parser: Parser, text: str, start: int) -> None:
    """Report a command in a text, of which Anki would show the letters."""
    found = _IN_TEXT.search(text)
    if found:
        token = Token(found[0], start + found.start(), start + found.end())
        hint = "end the text before it" if found[0][1:].isalpha() else "write the sign without a backslash"
        raise parser.wrong(token, f"`{token.text}` in a text is no command: Anki shows it as typed", hint)
