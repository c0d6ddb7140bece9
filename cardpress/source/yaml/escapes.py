"""Backslashes of formulas that an escape of YAML takes away: in double quotes `\\times` is a tab and `imes`."""

from __future__ import annotations

import re
from typing import NamedTuple

from cardpress.diagnostics import Diagnostic, Span
from cardpress.formulas.commands import is_command
from cardpress.markdown.formulas import find_formulas
from cardpress.markdown.lookalikes import is_dollar_math
from cardpress.source.yaml.syntax import quote

_ESCAPE = re.compile(r"\\(?P<sign>[\s\S])(?P<more>[A-Za-z]*)")
_NAMES = {
    "t": "a tab",
    "n": "a line end",
    "r": "a carriage return",
    "f": "a form feed",
    "b": "a backspace",
    "a": "a bell",
    "v": "a vertical tab",
    "e": "an escape character",
    "N": "a line end",
    "L": "a line separator",
    "P": "a paragraph separator",
    "_": "a no-break space",
    " ": "a space",
    "x": "another character",
    "u": "another character",
    "U": "another character",
}
# What no text is meant to have: there a command is enough, outside of a formula, too.
_CONTROL = frozenset("fbaveNLP")
# Letters. A shorter command may be a tab or line end and a word.
_SURE = 4
# Characters. Help lines do not quote a longer text.
_QUOTABLE = 120


class _Escape(NamedTuple):
    """An escape: its sign, the letters from it on, where it begins in the raw text, and in what was meant."""

    sign: str
    letters: str
    start: int
    meant: int


def find_lost_backslash(span: Span) -> Diagnostic | None:
    """Return the problem of the first backslash that a formula in double quotes loses; None where none does."""
    raw = span.file.text[span.start : span.end]
    opening = raw.find('"')
    if raw[:1] not in ('"', "&", "!") or opening < 0 or "\\" not in raw:
        return None
    meant, escapes = _read(raw[opening + 1 : -1])
    formulas = [
        (found.start, found.end)
        for found in find_formulas(meant, with_dollars=True)
        if not found.sign.startswith("$") or is_dollar_math(meant[found.start : found.end])
    ]
    for each in escapes:
        is_inside = any(start < each.meant < end for start, end in formulas)
        if not _is_lost(each, is_inside=is_inside):
            continue
        start = span.start + opening + 1 + each.start
        typed = "\\" + (each.letters or each.sign)
        message = f"in double quotes `\\{each.sign}` is {_NAMES[each.sign]}, so that `{typed}` loses its backslash"
        hint = f"put the text in single quotes, or double each backslash of it: `\\{typed}`"
        if len(meant) < _QUOTABLE and meant.isprintable():
            hint = f"write {quote(meant)}, in single quotes"
        return Diagnostic("lost-backslash", Span(span.file, start, start + len(typed)), message, hint)
    return None


def _is_lost(escape: _Escape, *, is_inside: bool) -> bool:
    if not escape.letters:
        return is_inside
    if escape.sign in "nxuU" or not is_inside:
        shortest = 1 if is_inside else 2 if escape.sign in _CONTROL else _SURE
        return len(escape.letters) >= shortest and is_command(escape.letters)
    return len(escape.letters) > 1


def _read(raw: str) -> tuple[str, list[_Escape]]:
    """Return what a text in double quotes was meant to be, and its escapes that may be the backslashes of commands."""
    pieces: list[str] = []
    escapes: list[_Escape] = []
    done = length = 0
    for found in _ESCAPE.finditer(raw):
        pieces.append(raw[done : found.start()])
        length += len(pieces[-1])
        done = found.end("sign")
        sign = found["sign"]
        if sign in _NAMES:
            letters = sign + found["more"] if sign.isalpha() else ""
            escapes.append(_Escape(sign, letters, found.start(), length))
        pieces.append(sign if sign in '\\"/' else "\n" if sign in "\r\n" else found[0][:2])
        length += len(pieces[-1])
    return "".join((*pieces, raw[done:])), escapes
