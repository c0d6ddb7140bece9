"""Finds the marks that git leaves around both sides of a merge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, SourceFile, Span

# The lines of a merge: before one side, between the two, and behind the other.
_MERGE = re.compile(r"^(?:<{7} [^\r\n]*(?=\r?\n)|={7}(?=\r?\n)|>{7} .*)", re.MULTILINE)


def report_merges(file: SourceFile, *, is_error: bool = False) -> Iterator[Diagnostic]:
    """Yield a problem for each merge that left both sides in a file."""
    for start, end in _find_merges(file.text):
        message = "a merge left both sides here"
        hint = "keep one of them, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"
        yield Diagnostic("merge-conflict", Span(file, start, end), message, hint, is_raised=is_error)


def _find_merges(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the first line of each merge in a text starts and ends, in one pass."""
    if "<<<<<<< " not in text:
        return
    first: tuple[int, int] | None = None
    is_parted = False
    for line in _MERGE.finditer(text):
        match line[0][0]:
            case "<" if first is None:
                first, is_parted = line.span(), False
            case "=" if first is not None:
                is_parted = True
            case ">" if first is not None and is_parted:
                yield first
                first = None
