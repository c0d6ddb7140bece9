"""What is wrong with a formula, where, and what to write."""

from __future__ import annotations

from typing import NamedTuple

from cardpress.formulas.gaps import Gap

# What is wrong with a deletion that does not stand by itself, and what to write in its place.
CUT = "this deletion does not hold a part of the formula that stands by itself"
BRACES = "put braces around it: `{ {{c1::…}} }`"
IN_WORDS = "a deletion in a text, a name or a length, of which no part can be hidden in a formula"
COMMAND = "put all of the command into the deletion"
WHOLE = "put the whole formula into the deletion, or all of what this is a part of"


class Fault(NamedTuple):
    """What is wrong with a formula, where, and what to write. One that is no error is set by some outputs alone."""

    start: int
    end: int
    message: str
    help: str
    is_error: bool = True
    # The cloze deletion that cannot stand where it does.
    gap: Gap | None = None


class WrongError(Exception):
    """A formula cannot be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def misplaced(gap: Gap, message: str, hint: str) -> Fault:
    """Return the fault of a cloze deletion that cannot stand where it does."""
    return Fault(gap.start, gap.end, message, hint, gap=gap)
