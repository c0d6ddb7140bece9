"""Where the characters of a value stand in the file: of YAML that has folded lines or escapes, and of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

# The first line of a folded or literal text: its sign, what goes with it, and a comment.
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|[\r\n\x85\u2028\u2029])")
# What a backslash begins in double quotes.
_ESCAPE = re.compile(
    r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|(?:\r\n|[\r\n\x85\u2028\u2029])[ \t]*|[\s\S])"
)
# Escapes for white space, which folding makes and removes, and so cannot be followed.
_WHITE = frozenset("tnvfr _NLP")


@lru_cache(maxsize=8)  # a text may have many problems
def find_places(raw: str, value: str) -> tuple[tuple[int, int], ...] | None:
    """Return where each character of a value that is no white space begins and ends in the raw text.

    Folding changes white space alone, so the others follow each other in both. Return None where they do not.
    """
    wanted = [character for character in value if not character.isspace()]
    found = list(_characters(raw))
    if len(found) != len(wanted):
        return None
    if any(known not in ("", character) for (_, _, known), character in zip(found, wanted, strict=True)):
        return None
    return tuple((start, end) for start, end, _ in found)


@lru_cache(maxsize=8)
def find_places_in_cell(raw: str, value: str) -> Sequence[int] | None:
    """Return where each character of a cell, or of a part of it, begins in the raw text, and where the last one ends.

    In quotes a quote is written twice, and every line end is a line feed in the value. Return None where the two do
    not fit.
    """
    for begin in (0, 1):  # without the cell's quotes, and with them
        if raw[begin : len(raw) - begin] == value:
            return range(begin, begin + len(value) + 1)
        places = [*_walk(raw, value, begin)]
        if len(places) == len(value) + 1 and places[-1] == len(raw) - begin:
            return tuple(places)
    return None


def _walk(raw: str, value: str, place: int) -> Iterator[int]:
    """Yield where each character of the value begins, as far as they fit, and the end if all of them do."""
    for character in value:
        if character == "\n" and raw.startswith("\r", place):
            length = 2 if raw.startswith("\r\n", place) else 1
        elif raw.startswith(character, place):
            length = 2 if character == '"' and raw != value else 1
        else:
            return
        yield place
        place += length
    yield place


def _characters(raw: str) -> Iterator[tuple[int, int, str]]:
    """Yield the places of all that is no white space, each with its character, empty for an escape."""
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    header = _HEADER.match(raw)
    position = header.end() if header else len(quote)
    end = len(raw) - len(quote)
    while position < end:
        character, start = raw[position], position
        position += 1
        if quote == "'" and character == "'":
            position += 1
        elif quote == '"' and character == "\\" and (escape := _ESCAPE.match(raw, start)):
            position = escape.end()
            if not (escape[0][1] in _WHITE or escape[0][1].isspace()) and not _is_white(escape[0]):
                yield start, position, ""
            continue
        if not character.isspace():
            yield start, position, character


def _is_white(escape: str) -> bool:
    digits = escape[2:]
    return escape[1] in "xuU" and chr(min(int(digits, 16), 0x10FFFF)).isspace()
