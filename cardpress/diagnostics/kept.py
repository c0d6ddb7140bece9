"""Problems as JSON, for who reports them again without finding them again: with the lines of files that these show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cardpress.diagnostics import Diagnostic, Related, SourceFile, Span
from cardpress.diagnostics.codes import CODES

# Lines of a file; a project's have fewer.
_MOST_LINES = 20_000_000


def write_problems(problems: Iterable[Diagnostic]) -> Any:
    """Return problems as JSON, from which `read_problems` makes such that all reports tell alike."""
    lines: dict[str, dict[str, str]] = {}

    def place(span: Span) -> list[str | int]:
        lines.setdefault(span.path, {})[str(span.line)] = span.excerpt
        return [span.path, span.line, span.column, span.width]

    written = [
        {
            "code": each.code,
            "place": place(each.span),
            "message": each.message,
            "help": each.help,
            "related": [[place(related.span), related.message] for related in each.related],
            "raised": each.is_raised,
        }
        for each in problems
    ]
    return {"problems": written, "lines": lines}


def read_problems(value: Any) -> tuple[Diagnostic, ...]:
    """Return the problems that were written as JSON. Raises ValueError for anything else."""
    try:
        files = {path: _File(path, lines) for path, lines in value["lines"].items()}
        return tuple(_read(each, files) for each in value["problems"])
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise ValueError("these are no problems that were kept") from error


class _File:
    """A file of which only some lines are known. The others are empty."""

    def __init__(self, path: str, lines: Mapping[str, str]) -> None:
        known = {int(number): _text(line) for number, line in lines.items()}
        last = max(known, default=1)
        if not 1 <= min(known, default=1) <= last <= _MOST_LINES:
            raise ValueError("no file has such a line")
        self.file = SourceFile(_text(path), "\n".join(known.get(number, "") for number in range(1, last + 1)))

    def place(self, line: int, column: int, width: int) -> Span:
        start = self.file.line_starts[line - 1] + column - 1
        return Span(self.file, start, start + width)


def _read(value: Mapping[str, Any], files: Mapping[str, _File]) -> Diagnostic:
    def place(written: list[Any]) -> Span:
        path, *where = written
        return files[path].place(*map(_number, where))

    if value["code"] not in CODES:
        raise ValueError("there is no such code")
    return Diagnostic(
        value["code"],
        place(value["place"]),
        _text(value["message"]),
        _text(value["help"]),
        tuple(Related(place(where), _text(message)) for where, message in value["related"]),
        is_raised=value["raised"] is True,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is a string")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or value < 1:
        raise TypeError("a place is said in numbers from 1 up")
    return value
