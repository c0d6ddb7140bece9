"""What stands between two dollars and reads as prose or money, where `$…$` is a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from cardpress.markdown.events import Characters, Event, Open
from cardpress.markdown.tree import Place, Problem

# Characters. A longer formula is an error anyway; and of one that reads as prose, that many are quoted.
_LONGEST, _LONGEST_QUOTE = 4_000, 60
_UNCLOSED = "cloze-without-deletion"
_WRITE = r"write `\$` for a dollar that is none of a formula's"
# Commands whose argument is words, or the name of something.
_WITH_WORDS = re.compile(
    r"\\(?:text[a-z]*|math(?:rm|sf|tt|it|bf|normal)|operatorname\*?|mbox|hbox|fbox|ce|pu|tag\*?|begin|end|color|colorbox|"
    r"textcolor|fcolorbox|definecolor|enclose|[hv]space\*?|[hv]skip|kern|mkern|mspace)(?![A-Za-z])"
)
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[\s\S])")
# A deletion that begins and does not end.
_HALF = re.compile(r"\{\{c[0-9]{1,4}::(?![\s\S]*\}\})")
_BRACE = re.compile(r"\\[\s\S]|[{}]")
_OPENING = re.compile(r"\s*(?:\[[^\]]*\]\s*)?\{")
_WORD = r"[^\W\d_]"
_PROSE = (
    # Words side by side, and one behind a comma or a full stop.
    re.compile(
        rf"(?<![\w{{]){_WORD}{{2,}},?[ \n]{_WORD}{{3,}}(?!\w)|(?<![\w{{]){_WORD}{{3,}},?[ \n]{_WORD}{{2,}}(?!\w)"
    ),
    re.compile(rf"[,.;?!] {_WORD}{{3,}}(?![\w(])"),
    # A word between two numbers, and a list of prices.
    re.compile(rf"[0-9] {_WORD}{{2,}} [0-9]|[0-9][,;] {_WORD}+ [0-9]"),
    # The rest of a word or a path.
    re.compile(rf"\A[,;/)]\s*{_WORD}{{2}}|{_WORD}{{2}}[/:-]\Z"),
)
# What formulas have and lists of prices have not.
_MATH = re.compile(r"[\\^_=+<>|{}]")


def reads_as_prose(latex: str) -> bool:
    """Return whether what stands between two dollars reads as prose or money rather than as a formula."""
    if len(latex) > _LONGEST:
        return False
    if _is_cut(latex):
        return True
    bare = _without_words(latex)
    if any(pattern.search(bare) for pattern in _PROSE):
        return True
    # A parenthesis that is not closed: `$5 (once 3$`.
    return bare[:1].isdigit() and not _MATH.search(latex) and sum(map(bare.count, "([")) != sum(map(bare.count, ")]"))


def doubt(latex: str, place: Place, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems of a formula between dollars that reads as prose: that it is one explains all others."""
    shown = " ".join(latex.split())
    shown = shown if len(shown) <= _LONGEST_QUOTE else f"{shown[:_LONGEST_QUOTE].rstrip()}…"
    if problems:
        return [replace(each, help=f"{_WRITE}: `${shown}$` is a formula here") for each in problems]
    message = f"`${shown}$` is set as a formula, and reads as prose or money"
    help_line = rf"{_WRITE}; words in a formula stand in `\text{{…}}`"
    return [Problem("doubtful-formula", place, message, help_line)]


def explain_unclosed(unclosed: Iterable[Problem], events: Sequence[Event]) -> list[Problem]:
    """Return the problems of deletions that are not closed: where a formula takes their ends, they name the dollars."""
    is_cut = any(
        isinstance(before, Open) and before.name == "formula" and isinstance(event, Characters) and _is_cut(event.value)
        for before, event in pairwise(events)
    )
    hint = f"{_WRITE}: two of them make a formula, with the `}}}}` that is between them"
    return [replace(each, help=hint) if is_cut and each.code == _UNCLOSED else each for each in unclosed]


def _is_cut(latex: str) -> bool:
    """Return whether one sign of a cloze deletion stands between these dollars, and the other one does not."""
    if _HALF.search(latex):
        return True
    depth = 0
    position = 0
    while found := _BRACE.search(latex, position):
        position = found.end()
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth < 0:
            return latex.startswith("}", position)
    return False


def _without_words(latex: str) -> str:
    """Return LaTeX with a sign in the place of each command and of the words that belong to it."""
    pieces: list[str] = []
    position = 0
    while found := _COMMAND.search(latex, position):
        pieces += [latex[position : found.start()], "\\"]
        position = found.end()
        if _WITH_WORDS.match(latex, found.start()):
            while opening := _OPENING.match(latex, position):
                position = _find_end(latex, opening.end())
    return "".join((*pieces, latex[position:]))


def _find_end(latex: str, position: int) -> int:
    depth = 1
    for found in _BRACE.finditer(latex, position):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    return len(latex)
