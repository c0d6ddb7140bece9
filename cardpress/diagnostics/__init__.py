"""Problems as data: what is wrong, where, and what to type instead."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cardpress.diagnostics.codes import CODES, Severity

# Nobody reads more problems of one kind, and a hostile file could cause millions.
MAX_PROBLEMS = 1_000
# How many problems a report lists of one file, and in all.
MOST_OF_A_FILE = 500
_MOST_IN_ALL = 5_000
_MORE = "more-problems"
# How the names of tables end.
TABLES = (".csv", ".tsv")
# Characters of a message or a help line.
_LONGEST = 600

_Order = tuple[str, int, int, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class SourceFile:
    """A text file of the project: its path from the project's root, and its text."""

    path: str
    text: str

    @property
    def is_table(self) -> bool:
        """Whether its texts are cells of CSV or TSV, and not YAML."""
        return self.path.lower().endswith(TABLES)

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
        return cls(SourceFile(path, ""))

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
    # Whether this is an error although its code is a warning: the deck's `checks` want it so, or the file does.
    is_raised: bool = False

    @property
    def severity(self) -> Severity:
        """Error or warning, as the table of codes says, unless the deck raises it."""
        return Severity.ERROR if self.is_raised else CODES[self.code].severity

    @property
    def order(self) -> _Order:
        """The key that sorts a report: file, line, column, code, message."""
        return (self.span.path, self.span.line, self.span.column, self.code, self.message)


def sort_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the problems sorted by place, without repetitions, and with long messages shortened.

    Of files with very many problems only some are listed, so that they do not hide those of other files: errors first,
    and a last one says how many more there are.
    """
    unique = {diagnostic.order: diagnostic for diagnostic in diagnostics}
    keys = _choose(unique) if len(unique) > MOST_OF_A_FILE else unique
    return tuple(_shortened(unique[key]) for key in sorted(keys))


def _choose(unique: dict[_Order, Diagnostic]) -> set[_Order]:
    """Return the keys of the problems to list, and add those that say how many more there are to `unique`."""
    by_file: dict[str, list[_Order]] = {}
    for key in sorted(unique):
        by_file.setdefault(key[0], []).append(key)
    most = min(MOST_OF_A_FILE, max(_MOST_IN_ALL // len(by_file), 1))
    chosen: set[_Order] = set()
    for number, keys in enumerate(by_file.values()):
        # A list that was cut before is cut again with what was found since.
        others = [key for key in keys if unique[key].code != _MORE]
        others.sort(key=lambda key: (unique[key].severity is not Severity.ERROR, key))
        room = most if number < _MOST_IN_ALL else 0
        chosen.update(key for key in keys if unique[key].code == _MORE)
        chosen.update(others[:room])
        left_out = [unique[key] for key in others[room:]]
        if left_out and number <= _MOST_IN_ALL:
            said = _count_more(left_out)
            unique[said.order] = said
            chosen.add(said.order)
    return chosen


def _count_more(left_out: Sequence[Diagnostic]) -> Diagnostic:
    first = left_out[0]
    is_error = first.severity is Severity.ERROR
    message = f"{len(left_out):,} more problems in this file are not listed"
    return Diagnostic(_MORE, first.span, message, "mend those that are listed, and check again", is_raised=is_error)


def _shortened(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, message=_short(diagnostic.message), help=_short(diagnostic.help))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} … {text[-_LONGEST // 4 :]}"


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Return whether any of the problems is an error, which stops a build."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
