"""Applies what an author wants of checks to problems: `checks` in deck.yaml, and `allow` on a section or a question."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from cardpress.diagnostics import Diagnostic, Span
from cardpress.diagnostics.codes import CODES


class Level(StrEnum):
    """What `checks` can make of a warning."""

    OFF = "off"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, eq=False)
class Allowance:
    """A code that `allow` names, the place where it stands there, and the parts of files in which it is allowed.

    `is_expected` says whether it is worth a warning when it allows nothing.
    """

    code: str
    place: Span
    within: tuple[Span, ...]
    is_expected: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Checks:
    """What an author wants of checks: the levels of codes in the whole deck, and what single places allow."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    allowances: tuple[Allowance, ...] = ()

    def is_off(self, code: str) -> bool:
        """Return whether a code is switched off in the whole deck."""
        return self.levels.get(code) is Level.OFF

    def must_look_late(self) -> bool:
        """Return whether some of what is an error in this deck is only found while outputs are made."""
        return any(level is Level.ERROR and CODES[code].is_found_late for code, level in self.levels.items())

    def find_allowances(self, diagnostic: Diagnostic) -> Iterator[Allowance]:
        """Yield what allows a problem: an `allow` around its place, or around another place that it names."""
        if self.allowances:
            for span in (diagnostic.span, *(related.span for related in diagnostic.related)):
                parts = _index(self).get((diagnostic.code, span.path))
                yield from parts.around(span.start) if parts else ()


class Applied(NamedTuple):
    """The problems that are left, what allowed the others, and whether all problems were looked at."""

    diagnostics: tuple[Diagnostic, ...]
    used: frozenset[Allowance]
    is_whole: bool


def apply(checks: Checks, diagnostics: Iterable[Diagnostic], most: int | None = None) -> Applied:
    """Return the problems without those that are off or allowed, each with the severity that `checks` gives it.

    It stops as soon as there are `most`.
    """
    kept: list[Diagnostic] = []
    used: set[Allowance] = set()
    for diagnostic in diagnostics:
        if len(kept) == most:
            return Applied(tuple(kept), frozenset(used), is_whole=False)
        allowing = tuple(checks.find_allowances(diagnostic))
        used.update(allowing)
        if diagnostic.is_raised or not (allowing or checks.is_off(diagnostic.code)):
            is_raised = diagnostic.is_raised or checks.levels.get(diagnostic.code) is Level.ERROR
            kept.append(replace(diagnostic, is_raised=is_raised))
    return Applied(tuple(kept), frozenset(used), is_whole=True)


def report_unused(checks: Checks, used: Set[Allowance], unasked: Set[str]) -> Iterator[Diagnostic]:
    """Yield a warning for each `allow` that allowed nothing, where `check` alone can tell that.

    `unasked` are the codes of rules that were not asked, since what they are about is not made.
    """
    for allowance in checks.allowances:
        is_asked = allowance.code not in unasked and not CODES[allowance.code].depends_on_output
        is_sure = allowance.is_expected and is_asked
        if is_sure and allowance not in used and not checks.is_off(allowance.code):
            message = f"nothing here is reported as `{allowance.code}`"
            yield Diagnostic("unused-allow", allowance.place, message, "remove it")


class _Part(NamedTuple):
    """A part of a file, the allowance for it, and the index of the smallest part around it, -1 for none."""

    start: int
    end: int
    allowance: Allowance
    around: int


@dataclass(frozen=True, slots=True)
class _Parts:
    """Parts of a file, sorted by where they start. Each lies in another as a whole, or outside it."""

    starts: tuple[int, ...]
    parts: tuple[_Part, ...]

    def around(self, position: int) -> Iterator[Allowance]:
        index = bisect_right(self.starts, position) - 1
        while index >= 0:
            part = self.parts[index]
            if position < part.end:
                yield part.allowance
            index = part.around


# By identity, since `Checks` compares so. Every problem asks for the same one.
@lru_cache(maxsize=2)
def _index(checks: Checks) -> dict[tuple[str, str], _Parts]:
    found: defaultdict[tuple[str, str], list[tuple[int, int, Allowance]]] = defaultdict(list)
    for allowance in checks.allowances:
        for span in allowance.within:
            found[allowance.code, span.path].append((span.start, span.end, allowance))
    return {key: _nest(spans) for key, spans in found.items()}


def _nest(spans: list[tuple[int, int, Allowance]]) -> _Parts:
    parts: list[_Part] = []
    opened: list[int] = []
    for start, end, allowance in sorted(spans, key=lambda each: (each[0], -each[1])):
        while opened and parts[opened[-1]].end <= start:
            opened.pop()
        parts.append(_Part(start, end, allowance, opened[-1] if opened else -1))
        opened.append(len(parts) - 1)
    return _Parts(tuple(part.start for part in parts), tuple(parts))
