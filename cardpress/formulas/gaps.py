"""Cloze deletions in a formula: what each holds, and what stands in its place while it is hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# Characters that mean something in LaTeX, HTML or Anki. A hint in a formula has none of them.
# Behind this, LaTeX takes brackets as an option.
_BEGIN = re.compile(r"\\begin\{[A-Za-z]+\*?\}\s*\Z")
_SIGN = re.compile(r"[\\{}$%&#_^~<>\[\]`]")


class Gap(NamedTuple):
    """A cloze deletion in a formula: what of the LaTeX it holds, its number, and its hint."""

    start: int
    end: int
    number: int
    hint: str = ""


def is_plain_hint(hint: str) -> bool:
    """Return whether a hint can stand in a formula, as a text there."""
    return _SIGN.search(hint) is None


def write_gap(hint: str) -> str:
    """Return LaTeX for what paper shows in the place of a deletion."""
    return rf"\text{{[{hint or '…'}]}}"


def write_hint(hint: str) -> str:
    """Return LaTeX for a hint, which Anki puts in brackets. It holds no two braces in a row, and ends in none."""
    return rf"\text{{{hint}}} " if hint else ""


def part_from(before: str) -> str:
    """Return what stands between LaTeX and a deletion behind it, so that both Anki and LaTeX see where it begins."""
    if before.endswith("{"):
        return " "
    return "{}" if _BEGIN.search(before) else ""


def show_front(source: str, gaps: Sequence[Gap]) -> str:
    """Return the LaTeX that Anki shows when these deletions are hidden."""
    pieces: list[str] = []
    position = 0
    for gap in gaps:
        before = source[position : gap.start]
        pieces += [before, part_from(before), f"[{write_hint(gap.hint) or '...'}]"]
        position = gap.end
    return "".join((*pieces, source[position:]))
