"""Cloze deletions in the LaTeX of a formula: where each begins and ends, and the LaTeX without their signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cardpress.formulas import Gap
from cardpress.markdown.cloze import ALMOST_OPENING, OPENING

IN_FORMULA = "deletion-in-formula"
# A command, or a brace with a backslash, is no sign.
_SIGN = re.compile(rf"\\[\s\S]|{OPENING.pattern}|[{{}}]|::")
_MISTYPED = re.compile(rf"\\[\s\S]|{OPENING.pattern}|(?P<mistyped>{ALMOST_OPENING})")
# What runs on into a letter behind it, and a line's end, which takes a bracket behind it as its own.
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|\\)\Z")


class Found(NamedTuple):
    """A deletion among the characters of a formula: its sign, what it holds, where it ends, its number and hint."""

    start: int
    inside: tuple[int, int]
    end: int
    number: int
    hint: str


class Wrong(NamedTuple):
    """The sign of a deletion that is none: the code of its problem, what is wrong, and what to write."""

    start: int
    end: int
    code: str
    message: str
    help: str


class Parted(NamedTuple):
    """LaTeX without the signs of its deletions, where each of its characters stood, and the deletions."""

    source: str
    places: tuple[int, ...]
    gaps: tuple[Gap, ...]


def find_deletions(latex: str) -> tuple[list[Found], Wrong | None]:
    """Return the deletions of a formula, which hold whole groups, and the first that is none."""
    found: list[Found] = []
    opening: re.Match[str] | None = None
    depth, colons, position = 0, -1, 0
    while sign := _SIGN.search(latex, position):
        position = sign.end()
        if sign[1]:
            if opening:
                message = "a deletion inside another, in one formula"
                return found, Wrong(*sign.span(), IN_FORMULA, message, "let one end before the next begins")
            opening, depth, colons = sign, 0, -1
        elif opening is None or sign[0][0] == "\\":
            continue
        elif sign[0] == "::":
            colons = sign.start() if depth == 0 else colons
        elif sign[0] == "{":
            depth += 1
        elif depth:
            depth -= 1
        elif latex.startswith("}", position):
            last = sign.start() if colons < 0 else colons
            hint = "" if colons < 0 else " ".join(latex[colons + 2 : sign.start()].split())
            position += 1
            found.append(Found(opening.start(), (opening.end(), last), position, int(opening[1]), hint))
            opening = None
    if opening is None:
        return found, None
    if "}}" not in latex[opening.end() :]:
        hint = "what begins in a formula ends in it: put `}}` before its end, or `{{c1::` before its start"
        return found, Wrong(*opening.span(), "cloze-without-deletion", "this deletion is never closed", hint)
    message = "this deletion ends in the middle of a group in braces"
    return found, Wrong(
        *opening.span(), IN_FORMULA, message, "put all of the group into it, or end it before the group"
    )


def find_mistyped(latex: str) -> Iterator[tuple[int, str]]:
    """Yield what is meant to open a deletion, and does not: where it begins, and its words."""
    for found in _MISTYPED.finditer(latex):
        words = found["mistyped"] or ""
        # One brace and one colon are those of a formula: `x_{c1:c2}`.
        if "{{" in words or "::" in words:
            yield found.start(), words


def part(latex: str, deletions: Sequence[Found]) -> Parted:
    """Return LaTeX without the signs of its deletions. A space is put where a command would run on into a letter."""
    pieces: list[str] = []
    places: list[int] = []
    gaps: list[Gap] = []

    def add(start: int, end: int, following: str = "") -> None:
        inside = latex[start:end]
        pieces.append(inside)
        places.extend(range(start, end))
        command = _COMMAND.search(inside)
        if command and (following.isalpha() or command[0] == "\\\\"):
            pieces.append(" ")
            places.append(end)

    position = 0
    for each in deletions:
        add(position, each.start, "a")
        start = len(places)
        add(*each.inside, latex[each.end : each.end + 1])
        gaps.append(Gap(start, len(places), each.number, each.hint))
        position = each.end
    add(position, len(latex))
    return Parted("".join(pieces), tuple(places), tuple(gaps))


def list_pieces(parted: Parted) -> Iterator[tuple[str, Gap | None]]:
    """Yield the pieces of a formula's LaTeX, each with the deletion that holds it."""
    position = 0
    for gap in parted.gaps:
        yield parted.source[position : gap.start], None
        yield parted.source[gap.start : gap.end], gap
        position = gap.end
    yield parted.source[position:], None
