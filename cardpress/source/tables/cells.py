"""CSV and TSV → rows of cells, each with its place. Every problem is reported, and time is linear in the file's length.

CSV as in RFC 4180, with any line ends. Cells are parted by commas, by semicolons where the first row shows them (so
does Excel where a comma is the sign of decimals), or by tabs, in CSV where the first row shows them, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Set
from typing import NamedTuple

from cardpress.diagnostics import Diagnostic, Related, SourceFile, Span
from cardpress.source.yaml.reading import MAX_ENTRIES, Reader
from cardpress.wording import say_count

# Rows. A deck of as many is larger than any that people study.
MAX_ROWS = 100_000
_LINE = re.compile(r"[^\r\n]*")
_END = re.compile(r"\r\n|[\r\n]")
_SPACED = re.compile(r' +"')
_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# Characters. Help lines do not quote a longer cell.
_QUOTABLE = 60


class Cell(NamedTuple):
    """A cell: its text, and the characters of the file from `start` to `end` that it takes up, with its quotes.

    A cell without quotes has no white space around its text.
    """

    value: str
    start: int
    end: int
    is_quoted: bool = False


class Record(NamedTuple):
    """A row as it is written: its cells, how many it has, where it begins, and whether its quotes are right.

    A cell more than the first row has is the last one that is kept.
    """

    cells: tuple[Cell, ...]
    width: int
    start: int
    is_sound: bool

    @property
    def is_blank(self) -> bool:
        """Whether all cells are empty."""
        return not any(cell.value.strip() for cell in self.cells)


class Table(NamedTuple):
    """A table: what parts its cells, the names of its columns, and the rows below them that are not blank."""

    file: SourceFile
    separator: str
    header: tuple[Cell, ...]
    rows: tuple[Record, ...]

    def span(self, cell: Cell) -> Span:
        """Return the place of a cell."""
        return Span(self.file, cell.start, cell.end)


def parse_table(file: SourceFile, reader: Reader, known: Set[str]) -> Table | None:
    """Return the table in a file, None after reporting that it has no first row. `known` are names of columns."""
    separator = _choose_separator(file, known)
    records = _read(file, reader, separator)
    header = next((each for each in records if not each.is_blank), None)
    if header is None:
        hint = "write the names of the columns in the first row, and each note in a row below"
        reader.report("empty-text", Span(file), f"{file.path} is empty", hint)
        return None
    if re.fullmatch(r"sep=.?", file.text[header.start : header.cells[0].end], re.IGNORECASE):
        reader.report("table-syntax", Span(file), "the first row names no columns", "remove the line, which Excel adds")
        return None
    if header.width > MAX_ENTRIES:
        message = f"the first row has {header.width:,} cells; {MAX_ENTRIES:,} are allowed"
        reader.report("text-too-long", Span(file, header.start), message, "remove columns that the deck does not use")
        return None
    rows: list[Record] = []
    ragged: list[Record] = []
    for record in records:
        if record.is_blank:
            continue
        if len(rows) == MAX_ROWS:
            hint = "split it into several tables, each of a section of its own"
            message = f"{file.path} has more than {MAX_ROWS:,} rows"
            reader.report("text-too-long", Span(file, record.start, record.cells[0].end), message, hint)
            break
        rows.append(record)
        if record.width != header.width and record.is_sound:
            ragged.append(record)
    short = _find_short(ragged, len(rows), header.width, separator)
    if short:
        _report_short(file, reader, short, header, separator)
    for record in ragged:
        if record not in short:
            _report_ragged(file, reader, record, header.width, separator)
    return Table(file, separator, header.cells, tuple(rows))


def list_records(file: SourceFile, separator: str) -> tuple[Record, ...]:
    """Return all rows of a table, the first one and blank ones among them."""
    return tuple(_read(file, Reader(), separator))


def _choose_separator(file: SourceFile, known: Set[str]) -> str:
    """Return what parts the cells: of two signs, the one with which the first row names more columns that are known."""
    if file.path.lower().endswith(".tsv"):
        return "\t"

    def count(separator: str) -> tuple[int, int]:
        first = next(_read(file, Reader(), separator), None)
        cells = first.cells if first else ()
        return sum(cell.value.strip() in known for cell in cells), len(cells)

    return max(_SIGNS, key=count)  # of equals the first


def _read(file: SourceFile, reader: Reader, separator: str) -> Iterator[Record]:
    """Yield the rows of a file. An empty line is none."""
    text, place = file.text, 0
    most = MAX_ENTRIES  # from the first row on, a cell more than that has
    is_first = True
    while place < len(text):
        line = _LINE.match(text, place)
        end = line.end() if line else place
        if end > place:
            raw = text[place:end]
            if '"' in raw:
                record, end = _Quoted(file, reader, separator).read(place, most)
            else:
                record = _split(raw, place, separator, most)
            if is_first and not record.is_blank:
                most, is_first = min(most, record.width + 1), False
            yield record
        found = _END.match(text, end)
        place = found.end() if found else end


def _split(raw: str, start: int, separator: str, most: int) -> Record:
    """Return the row in a line without quotes."""
    parts = raw.split(separator, most)
    count = len(parts) if len(parts) <= most else most + 1 + parts.pop().count(separator)
    cells = []
    place = start
    for part in parts:
        value = part.strip()
        begin = place + (len(part) - len(part.lstrip()) if value else 0)
        cells.append(Cell(value, begin, begin + len(value)))
        place += len(part) + 1
    return Record(tuple(cells), count, start, is_sound=True)


class _Quoted(NamedTuple):
    """Reads a row with quotes, which may take up several lines."""

    file: SourceFile
    reader: Reader
    separator: str

    def read(self, start: int, most: int) -> tuple[Record, int]:
        """Return the row that begins at a place, and where it ends."""
        text = self.file.text
        bare = re.compile(rf"[^{self.separator}\r\n]*")
        cells: list[Cell] = []
        count, place, is_sound = 0, start, True
        while True:
            count += 1
            if text.startswith('"', place):
                cell, end, is_right = self._quoted(place, bare)
            elif spaced := _SPACED.match(text, place):
                quote = spaced.end() - 1
                self._refuse(quote, quote + 1, "a quote behind a space", "remove the space before it")
                cell, end, _ = self._quoted(quote, bare)
                is_right = False
            else:
                cell, end, is_right = self._bare(place, bare)
            is_sound = is_sound and is_right
            if len(cells) < most:
                cells.append(cell)
            if not text.startswith(self.separator, end):
                return Record(tuple(cells), count, start, is_sound), end
            place = end + 1

    def _quoted(self, start: int, bare: re.Pattern[str]) -> tuple[Cell, int, bool]:
        text = self.file.text
        close = text.find('"', start + 1)
        while close >= 0 and text.startswith('"', close + 1):
            close = text.find('"', close + 2)
        if close < 0:
            message = "this quote is never closed, so that the cell takes up all the rest of the file"
            self._refuse(
                start, start + 1, message, 'close it with `"`; a quote that is part of the text is written `""`'
            )
            return Cell("", start, len(text)), len(text), False
        value = text[start + 1 : close].replace('""', '"')
        cell = Cell(re.sub(r"\r\n?", "\n", value), start, close + 1, is_quoted=True)
        behind = bare.match(text, close + 1)
        end = behind.end() if behind else close + 1
        if end == close + 1:
            return cell, end, True
        if text[close + 1 : end].strip():
            message = f"{_SIGNS[self.separator]} part cells, and none stands behind the quote that ends this one"
            hint = 'a quote that is part of the text is written `""`, and the cell stands in quotes'
            opening = Related(Span(self.file, start, start + 1), "the cell begins here")
            problem = Diagnostic("table-syntax", Span(self.file, close + 1, end), message, hint, (opening,))
            self.reader.add(problem)
            return cell, end, False
        return cell, end, True  # white space

    def _bare(self, start: int, bare: re.Pattern[str]) -> tuple[Cell, int, bool]:
        text = self.file.text
        found = bare.match(text, start)
        end = found.end() if found else start
        raw = text[start:end]
        value = raw.strip()
        begin = start + (len(raw) - len(raw.lstrip()) if value else 0)
        cell = Cell(value, begin, begin + len(value))
        stray = raw.find('"')
        if stray < 0:
            return cell, end, True
        hint = 'put the whole cell in quotes, and write the quotes in it twice: `"5"" wide"`'
        if len(value) < _QUOTABLE and value.isprintable():
            doubled = value.replace('"', '""')
            hint = f'write `"{doubled}"`'
        self._refuse(start + stray, start + stray + 1, "a quote in a cell that does not begin with one", hint)
        return cell, end, False

    def _refuse(self, start: int, end: int, message: str, hint: str) -> None:
        self.reader.report("table-syntax", Span(self.file, start, end), message, hint)


def _find_short(ragged: list[Record], rows: int, wanted: int, separator: str) -> Collection[Record]:
    """Return the rows that end before a column that was added to the first row: more than half of all, at one cell."""
    widths = Counter(record.width for record in ragged if record.width < wanted)
    width, count = max(widths.items(), key=lambda each: each[1], default=(0, 0))
    short = dict.fromkeys(record for record in ragged if record.width == width)
    if count < 3 or count * 2 <= rows or any(_find_other_sign(record, separator, wanted) for record in short):
        return ()
    return short.keys()


def _report_short(file: SourceFile, reader: Reader, short: Collection[Record], header: Record, separator: str) -> None:
    first, *_, last = short
    missing = header.width - first.width
    column = header.cells[first.width].value[:_QUOTABLE]
    place = Span(file, first.cells[-1].start, first.cells[-1].end)
    line = Span(file, last.start).line
    message = (
        f"{say_count(first.width, 'cell')}, and the first row has {header.width}: {len(short):,} rows, "
        f"the last one in line {line}, end before the column `{column}`"
    )
    sign = {"\t": "a tab"}.get(separator, f"`{separator}`")
    hint = f"end each of them with {sign}" + ("" if missing == 1 else f", {missing} times")
    reader.report(
        "ragged-row", place, message, f"{hint}: a cell may be empty, and a spreadsheet program writes them so"
    )


def _report_ragged(file: SourceFile, reader: Reader, record: Record, wanted: int, separator: str) -> None:
    if record.width < wanted:
        end = record.cells[-1].end
        place, hint = Span(file, record.cells[-1].start, end), "add the cells that are missing, though they are empty"
        if other := _find_other_sign(record, separator, wanted):
            hint = f"part its cells with {_SIGNS[separator]} as in the first row, and not with {_SIGNS[other]}"
    else:
        place = Span(file, record.cells[wanted].start, record.cells[wanted].end)
        hint = "put a cell with the sign that parts cells in it in quotes, or remove what is too much"
    message = f"{say_count(record.width, 'cell')}, and the first row has {wanted}"
    reader.report("ragged-row", place, message, hint)


def _find_other_sign(record: Record, separator: str, wanted: int) -> str | None:
    """Return the sign that seems to part the cells of a row in the place of the table's, None when none does."""
    if record.width != 1 or record.cells[0].is_quoted:
        return None
    value = record.cells[0].value
    return next((sign for sign in _SIGNS if sign != separator and value.count(sign) >= max(1, (wanted - 1) // 2)), None)
