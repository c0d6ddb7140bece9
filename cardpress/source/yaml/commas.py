"""Commas in lists in brackets, where each begins a new entry for YAML: those that were meant as part of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cardpress.diagnostics import Diagnostic
from cardpress.source.addresses import is_meant_as_address
from cardpress.source.yaml.nodes import Node, Scalar
from cardpress.source.yaml.syntax import quote

# Characters. Help lines do not quote a longer text: nobody would read it there.
_QUOTABLE = 120
# Characters. What is longer is no title.
_LONGEST = 200
# Entries. Nobody writes more commas between two parentheses.
_FEW = 8
# What says where in a book something stands.
_PART = re.compile(
    r"(?:chapters?|ch\.|sections?|sec\.|parts?|pages?|pp?\.|vol(?:ume|\.)|no\.|§)\s*(?:[0-9]|[IVXLC]+\b)", re.IGNORECASE
)
_PAIRS = (("(", ")"), ("\u201e", "\u201c\u201d"), ("\u201c", "\u201d"), ("\u00ab", "\u00bb"))


def find_cut_entries(entries: Sequence[Node]) -> Iterator[Diagnostic]:
    """Yield a warning of each unquoted entry that goes on with the one before it."""
    plain = [each for each in entries if isinstance(each, Scalar) and _is_plain(each)]
    begin = 0
    for place in range(1, len(plain) + 1):
        if place == len(plain) or not _goes_on(plain[begin:place], plain[place : place + _FEW]):
            if place > begin + 1:
                yield _cut(plain[begin:place])
            begin = place


def _is_plain(entry: Scalar) -> bool:
    start, end = entry.span.start, entry.span.end
    return start < end <= start + _LONGEST and entry.span.file.text[start] not in "\"'|>"


def _goes_on(before: Sequence[Scalar], rest: Sequence[Scalar]) -> bool:
    """Return whether the first of the `rest` belongs to the text that these entries are parts of."""
    first, entry = before[0].value, rest[0].value
    comma = rest[0].span.file.text[before[-1].span.end : rest[0].span.start]
    if not re.fullmatch(r"\s*,\s*", comma) or is_meant_as_address(entry):
        return False
    if is_meant_as_address(first):
        return comma == ","  # an address with a comma in it
    if _PART.match(entry) or _is_open([each.value for each in before[-_FEW:]], [each.value for each in rest]):
        return True
    if not (" " in first or " " in entry):  # single words: a list of names
        return False
    return (entry[0].islower() and not first[0].islower()) or (entry[0].isdigit() and not first[0].isdigit())


def _is_open(before: Sequence[str], rest: Sequence[str]) -> bool:
    """Return whether a quote or parenthesis is opened before the comma, and closed behind it."""
    text, behind = ", ".join(before), ", ".join(rest)
    for opening, closing in _PAIRS:
        if opening in text:
            closed = sum(map(text.count, closing))
            return text.count(opening) > closed and any(sign in behind for sign in closing)
    return False


def _cut(parts: Sequence[Scalar]) -> Diagnostic:
    file = parts[0].span.file
    meant = quote(" ".join(file.text[parts[0].span.start : parts[-1].span.end].split()))
    shown = f": {meant}" if len(meant) < _QUOTABLE else ""
    message = "an entry of its own begins here: in brackets a comma ends the text before it"
    hint = f"if it is one text, quote it{shown}; if there are several, quote each"
    return Diagnostic("text-cut-by-comment", parts[1].span, message, hint)
