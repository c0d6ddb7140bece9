"""LaTeX → the tree of a formula, or what is wrong with it, at its place; cloze deletions in it stand by themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from cardpress.formulas.faults import BRACES, COMMAND, CUT, IN_WORDS, WHOLE, Fault, WrongError, misplaced
from cardpress.formulas.gaps import Gap, is_plain_hint, show_front
from cardpress.formulas.lexing import tokenize
from cardpress.formulas.parsing import Parser
from cardpress.formulas.tree import Hidden, Node, walk

# Characters of a formula. Nobody can read more on a card.
LONGEST = 4_000
# Cloze deletions of a formula.
_MOST_GAPS = 40


class Reading(NamedTuple):
    """What was read: the tree of a formula, None when the page and print cannot set it; and what is wrong with it."""

    tree: Node | None
    fault: Fault | None = None


@lru_cache(maxsize=4096)
def read(source: str, gaps: tuple[Gap, ...] = ()) -> Reading:
    """Return the tree of a formula, or its first fault.

    `gaps` are its cloze deletions, one behind the other, whose signs the source does not have. Each must hold a part
    that stands by itself: the formula is one with what they hold, and with what Anki shows in their place.
    """
    whole = _read(source)
    if not gaps or (whole.fault and whole.fault.is_error):
        return whole
    if fault := _find_misplaced(source, gaps, whole):
        return Reading(None, fault)
    found = _read(source, gaps)
    if not found.fault and _read(show_front(source, gaps)).fault:
        wrong = next((gap for gap in gaps if _read(show_front(source, (gap,))).fault), gaps[0])
        message = "Anki shows `[...]` in the place of this deletion, which is no formula here"
        return Reading(None, misplaced(wrong, message, BRACES))
    return found


def _find_misplaced(source: str, gaps: tuple[Gap, ...], whole: Reading) -> Fault | None:
    """Return what is wrong with deletions wherever they stand in this formula."""
    if whole.fault:
        command = source[whole.fault.start : whole.fault.end]
        message = f"`{command}` is set by Anki alone: the page and the PDFs could not hide this deletion"
        return misplaced(gaps[0], message, "put the whole formula into the deletion")
    if len(gaps) > _MOST_GAPS:
        message = f"a formula with {len(gaps)} deletions; {_MOST_GAPS} are the most"
        return misplaced(gaps[_MOST_GAPS], message, "make several formulas of it")
    for gap in gaps:
        if not is_plain_hint(gap.hint):
            message = f"the hint `{gap.hint}` has signs of LaTeX, and stands in a formula as text"
            return misplaced(gap, message, "say it in words, without a formula and without markup")
    return None


def _read(source: str, gaps: tuple[Gap, ...] = ()) -> Reading:
    if len(source) > LONGEST or not source.strip():
        message = f"a formula of {len(source)} characters; {LONGEST} are the most"
        hint = "make several formulas of it"
        if not source.strip():
            message, hint = "a formula with nothing in it", "write it, or remove its signs"
        return Reading(None, Fault(0, len(source), message, hint))
    parser = Parser(source, list(tokenize(source, gaps)))
    try:
        tree = parser.whole()
        parser.refuse_forbidden()
    except WrongError as error:
        if gaps and not error.fault.gap:  # it is right without them
            return Reading(None, misplaced(parser.gap or gaps[0], CUT, WHOLE))
        return Reading(None, error.fault)
    if gaps and sum(isinstance(node, Hidden) for node in walk(tree)) < len(gaps):
        lost = next((gap for gap in gaps if gap not in parser.gaps), gaps[0])
        return Reading(None, misplaced(lost, IN_WORDS, COMMAND))
    if parser.unset:
        token = parser.unset
        message = f"`{token.text}` is set by Anki alone: the page and the PDFs show this formula as it is typed"
        return Reading(None, Fault(token.start, token.end, message, "write it with other commands", is_error=False))
    return Reading(tree)
