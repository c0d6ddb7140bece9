"""A formula as tokens, each with its place; where a cloze deletion begins and ends, there is one, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cardpress.formulas.gaps import Gap

# A command, white space, a number, or any other character.
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|[\s\S]|$)|\s+|[0-9]+(?:[.][0-9]+)?|[\s\S]")
# The tokens where deletions begin and end. No other token has these words.
DELETION, DELETION_END = "{{", "}}"


class Token(NamedTuple):
    """A token: its words and where it begins and ends. White space is one space."""

    text: str
    start: int
    end: int
    # The deletion that begins here.
    gap: Gap | None = None

    @property
    def command(self) -> str | None:
        """The name of a command, without its backslash; None for what is none."""
        return self.text[1:] if self.text[0] == "\\" else None


def tokenize(source: str, gaps: Sequence[Gap] = ()) -> Iterator[Token]:
    """Yield the tokens of a formula."""
    position = 0
    for gap in gaps:
        yield from _tokenize(source, position, gap.start)
        yield Token(DELETION, gap.start, gap.start, gap)
        yield from _tokenize(source, gap.start, gap.end)
        yield Token(DELETION_END, gap.end, gap.end)
        position = gap.end
    yield from _tokenize(source, position, len(source))


def _tokenize(source: str, start: int, end: int) -> Iterator[Token]:
    for found in _TOKEN.finditer(source, start, end):
        yield Token(" " if found[0].isspace() else found[0], found.start(), found.end())
