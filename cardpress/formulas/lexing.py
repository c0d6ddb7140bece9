"""A formula as tokens, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

# A command, white space, a number, or any other character.
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|[\s\S]|$)|\s+|[0-9]+(?:[.][0-9]+)?|[\s\S]")


class Token(NamedTuple):
    """A token: its words and where it begins and ends. White space is one space."""

    text: str
    start: int
    end: int

    @property
    def command(self) -> str | None:
        """The name of a command, without its backslash; None for what is none."""
        return self.text[1:] if self.text[0] == "\\" else None


def tokenize(source: str) -> tuple[Token, ...]:
    """Return the tokens of a formula."""
    return tuple(
        Token(" " if found[0].isspace() else found[0], found.start(), found.end()) for found in _TOKEN.finditer(source)
    )
