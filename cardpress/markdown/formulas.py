"""Where formulas stand in a Markdown text: found before Markdown reads it, since nothing in them is Markdown.

A formula may have several lines, `|` in a table, and lines that begin like an entry of a list. So those characters are
masked, one by one, until the blocks are read: places stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# What a line end, a bar and a carriage return are masked by: code points that are no characters, and stand in no text.
LINE_END, BAR, RETURN = "\ufdd0", "\ufdd1", "\ufdd2"
_UNMASK = str.maketrans({LINE_END: "\n", BAR: "|", RETURN: None})
_MASKED = re.compile(f"[{LINE_END}{BAR}{RETURN}]")
# What begins a formula, and what hides such a sign: an escape, code, a fence, an indented block, an address.
_OPENING = r"\\[(\[]"
_HIDING = r"\\[\s\S]|`+|^[ \t>]*(?:`{3,}|~{3,})[^\n]*$|<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*>"
_SIGN = re.compile(rf"(?P<opening>{_OPENING})|{_HIDING}", re.MULTILINE)
_SIGN_WITH_DOLLARS = re.compile(rf"(?P<opening>{_OPENING}|\$\$|\$(?=\S))|{_HIDING}", re.MULTILINE)
_CLOSINGS = {
    opening: re.compile(
        rf"\\\\|(?P<closing>{closing})|(?P<blank>\n[ \t>\r]*(?:\n|\Z))|(?P<fence>\n[ \t>]*(?:`{{3}}|~{{3}}))"
    )
    for opening, closing in {"\\(": r"\\\)", "\\[": r"\\\]", "$$": r"\$\$"}.items()
}
# A closing dollar has no space before it, and no digit behind it.
_CLOSINGS["$"] = re.compile(r"\\[\s\S]|(?P<closing>(?<=\S)\$(?![0-9]))|(?P<blank>\n[ \t>\r]*(?:\n|\Z))|(?P<fence>\$)")
# Characters that the search for an end passes. A longer formula is one all the same, up to its end.
_FARTHEST = 50_000
_QUOTED = re.compile(r"[ \t]*(?:>[ \t]?)+")
_MARK = re.compile(r"\n[ \t]*(?:>[ \t]?)+")


class Span(NamedTuple):
    """Where a formula stands in a text: its signs and all between them, and the sign that opens it."""

    start: int
    end: int
    sign: str


def may_hold_formulas(text: str, *, with_dollars: bool) -> bool:
    """Return whether a text may hold a formula."""
    return "\\(" in text or "\\[" in text or (with_dollars and "$" in text)


def find_formulas(text: str, *, with_dollars: bool) -> Iterator[Span]:
    """Yield the formulas of a text, one after the other."""
    signs = _SIGN_WITH_DOLLARS if with_dollars else _SIGN
    runs: set[int] = set()  # lengths of backticks that have no partner further on
    open_until: dict[str, int] = {}  # signs that are not closed before a place
    position = 0
    while found := signs.search(text, position):
        position = found.end()
        opening = found["opening"]
        if opening:
            if found.start() >= open_until.get(opening, 0):
                span, reached = _search_end(text, found.start(), opening)
                if span and is_escape(text, span):
                    continue
                if span:
                    yield span
                    position = span.end
                elif opening != "$":  # whose search ends at the next one
                    open_until[opening] = reached
        elif found[0][0] == "`" and len(found[0]) not in runs:
            position = _skip_code(text, found.end(), len(found[0]), runs)
        elif found[0].lstrip(" \t>")[:3] in ("```", "~~~"):
            position = _skip_fence(text, found)


def match_formula(text: str, start: int, sign: str) -> Span | None:
    """Return the formula that begins at a place with a sign, None when it is not closed."""
    return _search_end(text, start, sign)[0]


def is_escape(text: str, span: Span) -> bool:
    """Return whether the backslashes of what looks like a formula are those of Markdown.

    They keep brackets from being a link, the box of a task or a footnote: `\\[no link\\](here)`.
    """
    if span.sign != "\\[":
        return False
    inside = text[span.start + 2 : span.end - 2]
    return text[span.end : span.end + 1] in ("(", "[", ":") or not inside.strip() or inside.startswith("^")


def _search_end(text: str, start: int, sign: str) -> tuple[Span | None, int]:
    """Return the formula that begins at a place, None when it is not closed, and how far the search went."""
    farthest = min(len(text), start + _FARTHEST)
    position = start + len(sign)
    while found := _CLOSINGS[sign].search(text, position, farthest):
        if found.lastgroup == "closing":
            return Span(start, found.end(), sign), found.end()
        if found.lastgroup:
            return None, found.end()
        position = found.end()
    return None, farthest


def _skip_code(text: str, place: int, length: int, runs: set[int]) -> int:
    """Return the end of the code that backticks open before a place; that place where they open none."""
    partner = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(text, place)
    if partner is None:
        runs.add(length)
        return place
    blank = re.search(r"\n[ \t>]*\n", text[place : partner.start()])
    return place if blank else partner.end()


def _skip_fence(text: str, found: re.Match[str]) -> int:
    """Return the end of a fenced block, that of the text where it is not closed."""
    mark = found[0].lstrip(" \t>")
    sign = mark[0]
    length = len(mark) - len(mark.lstrip(sign))
    if sign == "`" and "`" in mark[length:]:  # code in a line
        return found.start() + len(found[0]) - len(mark) + length
    end = re.compile(rf"^[ \t>]*{re.escape(sign)}{{{length},}}[ \t]*$", re.MULTILINE).search(text, found.end())
    return end.end() if end else len(text)


def mask(text: str, *, with_dollars: bool) -> str:
    """Return a text of the same length in which no formula has a line end or a bar."""
    if _MASKED.search(text) or not may_hold_formulas(text, with_dollars=with_dollars):
        return text
    pieces: list[str] = []
    position = 0
    for span in find_formulas(text, with_dollars=with_dollars):
        inside = text[span.start : span.end]
        if _is_in_indented_code(text, span.start):
            continue
        pieces += [text[position : span.start], inside.replace("\n", LINE_END).replace("|", BAR).replace("\r", RETURN)]
        position = span.end
    return "".join((*pieces, text[position:]))


def unmask(text: str) -> str:
    """Return a text with the characters that were masked."""
    return text.translate(_UNMASK) if not text.isascii() and _MASKED.search(text) else text


def _is_in_indented_code(text: str, place: int) -> bool:
    start = text.rfind("\n", 0, place) + 1
    line = text[start:place]
    if not line.startswith(("    ", "\t")):
        return False
    before = text[:start].rstrip("\n")
    return not before or text[len(before) : start].count("\n") > 1 or before.endswith("\n")


def strip_quotes(source: str, before: str) -> tuple[str, tuple[int, ...] | None]:
    """Return what stands between the signs of a formula without the marks of the quote around it, and its places.

    `before` is the line before the formula. The places say where each character stood; None where all did there.
    """
    if not _QUOTED.match(before):
        return source, None
    kept: list[tuple[str, int]] = []
    position = 0
    for mark in _MARK.finditer(source):
        kept += [(character, place) for place, character in enumerate(source[position : mark.start() + 1], position)]
        position = mark.end()
    kept += [(character, place) for place, character in enumerate(source[position:], position)]
    return "".join(character for character, _ in kept), tuple(place for _, place in kept)
