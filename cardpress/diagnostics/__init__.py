"""Problems as data: what is wrong, where, and what to type instead."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from cardpress.diagnostics.codes import CODES, Severity

# Nobody reads more problems of one kind, and a hostile file could cause millions.
MAX_PROBLEMS = 1_000
# Characters of a message or a help line.
_LONGEST = 600


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """A text file of the project: its path from the project's root, and its text."""

    path: str
    text: str

    @classmethod
    def of(cls, path: str, text: str) -> SourceFile:
        """Return a file."""
        return cls(path, text)

    @property
    def line_starts(self) -> tuple[int, ...]:
        """Where its lines start, as editors count them: they end in `\\n`, `\\r\\n` or `\\r`."""
        return _find_line_starts(self)

    def line(self, number: int) -> str:
        """Return a line without its line break. Lines count from 1."""
        return _line(self, number)


@lru_cache(maxsize=256)  # most files have no problem, and so no need for it
def _find_line_starts(file: SourceFile) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", file.text)))


@lru_cache(maxsize=8)  # a huge line may have many problems
def _line(file: SourceFile, number: int) -> str:
    start = file.line_starts[number - 1]
    end = file.line_starts[number] if number < len(file.line_starts) else len(file.text)
    return file.text[start:end].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: the characters from `start` up to but not including `end`, counted from 0."""

    file: SourceFile
    start: int = 0
    end: int = 0

    @classmethod
    def of_file(cls, path: str) -> Span:
        """Return a span that stands for a whole file, for problems that have no place in its text."""
        return cls(SourceFile.of(path, ""))

    @property
    def path(self) -> str:
        """The file, relative to the project, with forward slashes."""
        return self.file.path

    @property
    def line(self) -> int:
        """The 1-based line in which the span starts."""
        return bisect_right(self.file.line_starts, self.start)

    @property
    def column(self) -> int:
        """The 1-based column, in characters, at which the span starts."""
        return self.start - self.file.line_starts[self.line - 1] + 1

    @property
    def excerpt(self) -> str:
        """The line that the span starts in."""
        return self.file.line(self.line)

    @property
    def width(self) -> int:
        """How many characters of the excerpt the span covers, at least 1."""
        return max(1, min(self.end - self.start, len(self.excerpt) - self.column + 1))


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a problem, such as the first of two equal ids."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem: its code, its place, one sentence on it, and what to type instead."""

    code: str
    span: Span
    message: str
    help: str
    related: tuple[Related, ...] = ()
    # Whether the deck's `checks` make an error of what is a warning by itself.
    is_raised: bool = False

    @property
    def severity(self) -> Severity:
        """Error or warning, as the table of codes says, unless the deck raises it."""
        return Severity.ERROR if self.is_raised else CODES[self.code].severity

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """The key that sorts a report: file, line, column, code, message."""
        return (self.span.path, self.span.line, self.span.column, self.code, self.message)


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the problems sorted by place, without repetitions, and with long messages shortened."""
    unique = {diagnostic.order: diagnostic for diagnostic in diagnostics}
    return tuple(_shortened(unique[key]) for key in sorted(unique))


def _shortened(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, message=_short(diagnostic.message), help=_short(diagnostic.help))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 4 :]}"


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether any of the problems is an error, which stops a build."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
