"""Texts with a note a line, whose fields are parted by a sign: CSV, TSV, what Quizlet exports, and lists by hand.

What parts the fields is found in the text itself: the sign by which most lines have equally many. Quotes are those of
CSV where all of the text is right so, and else characters as any other.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cardpress.anki.original import OriginalError
from cardpress.source.tables.cells import MAX_ROWS

# What may part the fields of a line, the surest first. The last ones part a term from all behind it.
SIGNS = ("\t", ";", "|", ",")
_DASHES = (" – ", " — ", " - ", " = ", ": ", "=", ":")
# Notes in one text, so that no list of them takes all of a machine's memory.
MAX_NOTES = 10 * MAX_ROWS
_MOST_FIELDS = 200
# Characters and lines in which a sign is looked for.
_SAMPLE, _SAMPLE_LINES = 400_000, 2_000
# How many of the lines must have equally many fields.
_MOST, _MANY = 0.9, 0.6


class Row(NamedTuple):
    """A row: the line of the text where it begins, counted from 1, and its cells."""

    line: int
    cells: tuple[str, ...]


class Separated(NamedTuple):
    """The rows of a text, what parts their cells, and how many cells most of them have."""

    rows: tuple[Row, ...]
    sign: str
    width: int


def read_separated(text: str, *, sign: str | None = None, first_line: int = 1) -> Separated:
    """Return the rows of a text. `sign` parts the cells, where that is known; `first_line` is the text's first line.

    Raises OriginalError when nothing parts the lines of a text.
    """
    if sign is None:
        return _guess(text, first_line)
    return _read(text, sign, first_line, parts_all=len(sign) == 1)


def _read(text: str, sign: str, first_line: int, *, parts_all: bool) -> Separated:
    rows = tuple(_parse(text, sign, first_line, parts_all=parts_all))
    return Separated(rows, sign, _find_width(rows))


def _guess(text: str, first_line: int) -> Separated:
    if rows := _read_run(text, first_line):
        return Separated(rows, ";", 2)
    sample = text if len(text) <= _SAMPLE else text[: text.rfind("\n", 0, _SAMPLE) + 1] or text[:_SAMPLE]
    sample = "\n".join(sample.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES])
    found: list[tuple[float, int, str]] = []  # the share of lines that a sign parts alike, and how sure the sign is
    for order, sign in enumerate((*SIGNS, *_DASHES)):
        parted = _read(sample, sign, first_line, parts_all=sign in SIGNS)
        if parted.width > 1:
            share = sum(len(each.cells) == parted.width for each in parted.rows) / len(parted.rows)
            if share >= _MOST:
                return _read(text, sign, first_line, parts_all=sign in SIGNS)
            found.append((share, -order, sign))
    if blocks := _read_blocks(text, first_line):
        return Separated(blocks, "\n", 2)
    # A definition may go on in further lines, which have no sign.
    if "\t" in sample and sum("\t" in line for line in sample.split("\n")) > 1:
        return _read(text, "\t", first_line, parts_all=True)
    best = max(found, default=(0.0, 0, ""))
    if best[0] >= _MANY:
        return _read(text, best[2], first_line, parts_all=best[2] in SIGNS)
    raise OriginalError("no list of notes: no tab, comma or semicolon parts most of its lines alike")


def _find_width(rows: Sequence[Row]) -> int:
    """Return how many cells most rows have."""
    counts = Counter(len(each.cells) for each in rows)
    return max(counts, key=lambda width: (counts[width], width), default=0)


def _parse(text: str, sign: str, first_line: int, *, parts_all: bool) -> Iterator[Row]:
    """Yield the rows of a text that are not empty. `parts_all` says whether a sign parts a line more than once."""
    rows = list(_parse_quoted(text, sign, first_line)) if parts_all and '"' in text else None
    if not rows:
        rows = list(_parse_bare(text, sign, first_line, parts_all=parts_all))
    yield from (row for row in rows if any(cell.strip() for cell in row.cells))


def _parse_quoted(text: str, sign: str, first_line: int) -> Iterator[Row]:
    """Yield the rows of CSV, none at all where its quotes are not those of CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    rows: list[Row] = []
    line = 0
    try:
        for cells in reader:
            rows.append(Row(first_line + line, tuple(cells)))
            line = reader.line_num
            _check_size(rows[-1], len(rows))
    except csv.Error:
        return
    yield from rows


def _parse_bare(text: str, sign: str, first_line: int, *, parts_all: bool) -> Iterator[Row]:
    """Yield the rows of lines without quotes. A line without a tab goes on with the one before, as definitions do."""
    most = -1 if parts_all else 1
    pending: Row | None = None
    more: list[str] = []
    for number, line in enumerate(text.split("\n"), first_line):
        if sign == "\t" and "\t" not in line and pending is not None:
            more.append(line)
            continue
        if pending is not None:
            yield _end(pending, more)
            more = []
        pending = Row(number, tuple(line.split(sign, most)))
        _check_size(pending, number - first_line)
    if pending is not None:
        yield _end(pending, more)


def _end(row: Row, more: Sequence[str]) -> Row:
    """Return a row with the lines that go on with its last cell, and without white space around its cells."""
    last = "\n".join([row.cells[-1], *more])
    return Row(row.line, tuple(cell.strip() for cell in (*row.cells[:-1], last)))


def _read_blocks(text: str, first_line: int) -> tuple[Row, ...]:
    """Return the cards of a text in which an empty line parts them, and a line end the term from what it means."""
    rows: list[Row] = []
    line = first_line
    for block in re.split(r"(\n[ \t]*\n\s*)", text):
        parts = block.strip().split("\n", 1)
        if block.strip():
            if len(parts) < 2:
                return ()
            rows.append(
                Row(
                    line + len(block[: len(block) - len(block.lstrip())].split("\n")) - 1,
                    (parts[0].strip(), parts[1].strip()),
                )
            )
        line += block.count("\n")
    return tuple(rows) if len(rows) > 1 else ()


def _read_run(text: str, first_line: int) -> tuple[Row, ...]:
    """Return the cards of a text in one line, in which semicolons part them."""
    if text.strip().count("\n"):
        return ()
    rows = []
    line = first_line
    for part in text.split(";"):
        sign = next((each for each in ("\t", ",", *_DASHES) if each in part), None)
        if part.strip():
            if sign is None:
                return ()
            term, _, meaning = part.partition(sign)
            rows.append(Row(line + part[: len(part) - len(part.lstrip())].count("\n"), (term.strip(), meaning.strip())))
        line += part.count("\n")
    return tuple(rows) if len(rows) > 1 else ()


def _check_size(row: Row, count: int) -> None:
    if len(row.cells) > _MOST_FIELDS:
        raise OriginalError(
            f"no list of notes: line {row.line:,} has {len(row.cells):,} fields; {_MOST_FIELDS} are allowed"
        )
    if count > MAX_NOTES:
        raise OriginalError(f"more than {MAX_NOTES:,} lines")
