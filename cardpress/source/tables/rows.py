"""The rows of a table → questions: a column is a key, a row is a note. Where no cell has an id, one is made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from cardpress.diagnostics import Diagnostic, Related, SourceFile, Span
from cardpress.diagnostics.suggest import find_closest, propose
from cardpress.diagnostics.unusual import did_you_mean
from cardpress.note_types import NoteType
from cardpress.source.bank import Question, Table, Text, UnnamedRow
from cardpress.source.cheat_sheet import GIST
from cardpress.source.merges import report_merges
from cardpress.source.note_types.folders import explain_required
from cardpress.source.questions import QuestionReader
from cardpress.source.slugs import MAX_SLUG, make_row_id
from cardpress.source.tables.cells import Cell, Record, parse_table
from cardpress.source.tables.cells import Table as WrittenTable
from cardpress.source.yaml.folding import find_places_in_cell
from cardpress.source.yaml.nodes import Mapping as MappingNode
from cardpress.source.yaml.nodes import Node, Scalar, Sequence
from cardpress.source.yaml.reading import Reader, say_personal

GUID = "guid"
# The columns that every table may have, besides the keys of its note type.
COLUMNS: Mapping[str, str] = {
    "id": "The permanent id of the row: see [Ids of rows](#ids-of-rows).",
    "tags": "Anki tags, with spaces between them.",
    "guid": "What Anki knows the row by, where learners have it already: see [Adopted decks](#adopted-decks).",
    "gist": "The lines of its [gist](#cheat-sheet), each on a line of the cell.",
    "allow": "Warnings that the row may cause, by their codes, with spaces between them.",
    "retired": "Why the row is no longer asked, in one plain sentence: see [Retirement](#retirement).",
    "replaced_by": "With `retired`: the id of a question that is asked in its place.",
}
# Keys of a question that are no columns, and what to do.
_NO_COLUMNS = {
    "note_type": "write it in source/deck.yaml, in the section, as in `note_type: basic`",
    "recall": "give each a row of its own, or write these questions in YAML",
}
_NOT_IN_CELLS = ("pairs", "occlusion")
_AS_TYPED = ("text", "cloze", "output", "html", "html-cloze", GUID)
# How those of `COLUMNS` are read that are no list of words.
_KINDS = {GIST: "lines", GUID: GUID}
# What spreadsheets write, in the languages of our labels too, where it is another word, and in Italian.
_TRUE = ("true", "yes", "on", "1", "wahr", "vrai", "verdadero", "verdadeiro", "vero")
_FALSE = ("false", "no", "off", "0", "falsch", "faux", "falso")
# What they write in other languages, and people.
_TRUE_ELSEWHERE = frozenset("waar prawda sant sand tosi ja oui s\u00ed si sim x y t".split())
_FALSE_ELSEWHERE = frozenset("onwaar fa\u0142sz falskt falsk ep\u00e4tosi nein non nee n\u00e3o n f -".split())
# Characters. What is longer is no name of a column.
_LONGEST_NAME = 40
# Characters of a cell that holds a list. Excel writes no longer cell; a text has a limit below that.
_LONGEST_LIST = 32_767
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_LINE, _WORD = re.compile(r"[^\n]+"), re.compile(r"\S+")


class ReadTable(NamedTuple):
    """What a table holds: its questions, the ids of rows that are broken, and what is known of it."""

    questions: tuple[Question, ...]
    broken: frozenset[str]
    table: Table


class _Row(NamedTuple):
    """A row: its cells that are not empty, by their keys, and the place of its first cell."""

    record: Record
    cells: Mapping[str, Cell]
    note_id: Scalar | None


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads one table. `made_from` is the key of the column that ids are made from, None when none is named."""

    questions: QuestionReader
    file: SourceFile
    note_type: NoteType
    made_from: Text | None = None
    # Cells that are wrong alike, by their columns and texts: each is told once.
    wrong: dict[tuple[str, str], list[Cell]] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """What collects the problems."""
        return self.questions.reader

    def read(self) -> ReadTable:
        """Return what the table holds. Every problem is reported."""
        nothing = ReadTable((), frozenset(), Table(self.file, ",", Span(self.file), False, ()))
        if merges := [*report_merges(self.file, is_error=True)]:
            for each in merges:
                self.reader.add(each)
            return nothing
        holds = {each.key: str(each.holds) for each in self.note_type.written}
        written = parse_table(self.file, self.reader, {*COLUMNS, *holds})
        columns = self._columns(written, holds) if written else None
        if written is None:
            return nothing
        names = [cell.value.strip() for cell in written.header]
        number = names.index("id") if "id" in names else len(names)
        broken = {each.cells[number].value.strip() for each in written.rows if len(each.cells) > number}
        if columns is None:
            return nothing._replace(broken=frozenset(broken))
        sound = [each for each in written.rows if each.is_sound and each.width == len(written.header)]
        rows = list(self._name(self._cells(sound, columns), columns))
        questions = []
        for row in rows:
            # What stands in columns without a key alone was reported with these.
            question = self._question(row, columns, holds) if row.cells else None
            if question is not None:
                questions.append(question)
                broken.discard(question.id.value)
        self._tell_wrong(holds)
        header = written.header[0]
        unnamed = tuple(
            UnnamedRow(self._place(row, columns), row.record.start, row.note_id.value)
            for row in rows
            if row.note_id and "id" not in row.cells
        )
        table = Table(self.file, written.separator, Span(self.file, header.start, header.end), "id" in columns, unnamed)
        return ReadTable(tuple(questions), frozenset(broken), table)

    # --- the first row

    def _columns(self, written: WrittenTable, holds: Mapping[str, str]) -> dict[str, int] | None:
        """Return the keys of the columns, each with its number, None when one is missing that every row needs."""
        columns: dict[str, int] = {}
        names = [cell.value.strip() for cell in written.header]
        mistyped: set[str | None] = set()
        personal = {each.key for each in self.note_type.personal}
        wanted = [key for key in (*holds, *COLUMNS) if holds.get(key) not in _NOT_IN_CELLS]
        required = [each.key for each in self.note_type.keyed if each.is_required]
        if other := self._find_other_type(names, required):
            place = self._span(written.header[next(names.index(key) for key in names if key in other.required)])
            message = f"the table has the columns of {other.noun}, not of {self.note_type.noun}"
            hint = f"add `note_type: {other.kind}` to its section in deck.yaml"
            self.reader.report("unknown-note-type", place, message, hint)
            return None
        known = {*wanted, *holds, *_NO_COLUMNS}
        if not any(_unify(name) in known for name in names):
            message, hint = _explain_no_columns(written, required, self.note_type.noun, known)
            self.reader.report("missing-key", self._span(written.header[0]), message, hint)
            return None
        for number, (name, cell) in enumerate(zip(names, written.header, strict=True)):
            place = self._span(cell)
            if name in columns:
                first = Related(self._span(written.header[columns[name]]), "first here")
                hint = "remove one of the two columns, or give it the name of another key"
                self.reader.add(Diagnostic("duplicate-key", place, f"two columns are called `{name}`", hint, (first,)))
            elif name in personal:
                self.reader.report("personal-key", place, say_personal(name), "remove the column")
            elif name in _NO_COLUMNS:
                self.reader.report("unknown-key", place, f"a table has no column `{name}`", _NO_COLUMNS[name])
            elif holds.get(name) in _NOT_IN_CELLS:
                message = f"no cell can hold what stands under `{name}`"
                hint = "write these questions in YAML, in a section of their own, or remove the column"
                self.reader.report("wrong-type", place, message, hint)
            elif name in wanted:
                columns[name] = number
            elif name:
                close = find_closest(_unify(name), wanted)
                mistyped.add(close)
                hint = did_you_mean(name, close) if close else f"it may have: {', '.join(wanted)}"
                self.reader.report("unknown-key", place, f"{self.note_type.noun} has no column `{name}`", hint)
            else:
                self._check_nameless(written, number)
        missing = [key for key in required if key not in columns]
        for key in (key for key in missing if key not in mistyped):
            self._report_missing(key, written, can_be_column=holds.get(key) not in _NOT_IN_CELLS)
        if self.made_from and self.made_from.value not in columns:
            message = f"the table has no column `{self.made_from.value}`"
            hint = propose(self.made_from.value, columns, f"name one of {', '.join(columns)}")
            self.reader.report("unknown-key", self.made_from.span, message, hint)
            return None
        return None if missing else columns

    def _report_missing(self, key: str, written: WrittenTable, *, can_be_column: bool) -> None:
        """Report a key without which no row is a note. A column of what no cell can hold was reported itself."""
        place = self._span(written.header[0])
        if can_be_column:
            message = f"the table has no column `{key}`, which {self.note_type.noun} must have"
            self.reader.report("missing-key", place, message, f"add a column `{key}`")
        elif key not in [cell.value.strip() for cell in written.header]:
            message = f"{self.note_type.noun} must have `{key}`, which no cell can hold"
            hint = "write these questions in YAML, in a section without `table`"
            self.reader.report("wrong-type", place, message, hint)

    def _find_other_type(self, names: list[str], required: list[str]) -> NoteType | None:
        """Return the note type that the columns are those of, when they have none that this one must have."""
        if not required or any(_unify(name) in required for name in names):
            return None
        for other in self.questions.declared.note_types.values():
            is_of_cells = not any(each.is_required and each.holds in _NOT_IN_CELLS for each in other.keyed)
            if is_of_cells and other.required and other.required <= {*names}:
                return other
        return None

    def _check_nameless(self, written: WrittenTable, number: int) -> None:
        """Report a column without a name that holds something. Spreadsheets write empty ones."""
        cells = (each.cells[number] for each in written.rows if len(each.cells) > number)
        cell = next((cell for cell in cells if cell.value.strip()), None)
        if cell is not None:
            hint = "write the key in the first row, or empty the column"
            self.reader.report("missing-key", self._span(cell), "the column of this cell has no name", hint)

    # --- ids

    def _cells(self, records: list[Record], columns: Mapping[str, int]) -> Iterator[tuple[Record, dict[str, Cell]]]:
        for record in records:
            cells = ((key, record.cells[number]) for key, number in columns.items())
            yield record, {key: cell for key, cell in cells if cell.value and not cell.value.isspace()}

    def _name(self, rows: Iterator[tuple[Record, dict[str, Cell]]], columns: Mapping[str, int]) -> Iterator[_Row]:
        """Yield the rows with their ids. Before the first release, one is made where no cell has it."""
        known = list(rows)
        sources = [None if "id" in cells else self._find_source(cells) for _, cells in known]
        made = [make_row_id(cell.value) if cell else "" for cell in sources]
        first: dict[str, Cell | None] = {cells["id"].value.strip(): None for _, cells in known if "id" in cells}
        counts: Counter[str] = Counter()
        natural = set(made)
        for (record, cells), cell, wanted in zip(known, sources, made, strict=True):
            if "id" in cells:
                yield _Row(record, cells, self._scalar(cells["id"]))
                continue
            if cell is None:
                if self.made_from and any(key in cells for key in columns):
                    place = self._span(record.cells[columns[self.made_from.value]])
                    hint = "fill it, or add a column `id`"
                    self.reader.report(
                        "missing-key", place, "the row's id is made from this cell, which is empty", hint
                    )
                yield _Row(record, cells, None)
                continue
            note_id = wanted
            if note_id in first and self.made_from:
                message = f"the row's id is made from this cell, and `{note_id}` is that of another row"
                hint = "write another text, or add a column `id` and fill it in this row; other rows keep theirs"
                other = first[note_id]
                related = (Related(self._span(other), "first here"),) if other else ()
                self.reader.add(Diagnostic("duplicate-id", self._span(cell), message, hint, related))
                yield _Row(record, cells, None)
                continue
            while note_id in first or (counts[wanted] and note_id in natural):
                counts[wanted] += 1
                note_id = f"{wanted[: MAX_SLUG - 8]}-{counts[wanted] + 1}"
            first[note_id] = cell
            yield _Row(record, cells, Scalar(self._scalar(cell).span, note_id))

    def _find_source(self, cells: Mapping[str, Cell]) -> Cell | None:
        """Return the cell that an id is made from: that of the column that is named, or the first that is asked."""
        keys = (self.made_from.value,) if self.made_from else (each.key for each in self.note_type.asked)
        return next((cells[key] for key in keys if key in cells), None)

    def _place(self, row: _Row, columns: Mapping[str, int]) -> Span:
        """Return where the id of a row without one should be."""
        number = columns.get("id", 0)
        return self._span(row.record.cells[number])

    # --- rows

    def _question(self, row: _Row, columns: Mapping[str, int], holds: Mapping[str, str]) -> Question | None:
        has_gap = False
        for each in self.note_type.keyed:
            # An empty cell that an id is made from was reported.
            if each.is_required and each.key not in row.cells:
                has_gap = True
                if row.note_id is None and self.made_from and each.key == self.made_from.value:
                    continue
                place = self._span(row.record.cells[columns[each.key]])
                message = f"{self.note_type.noun} has no `{each.key}`{explain_required(each)}"
                self.reader.report("missing-key", place, message, f"fill this cell of the column `{each.key}`")
        if row.note_id is None and not has_gap and not self.made_from:
            hint = "fill the cell of what it asks, or write an id for it into a column `id`"
            place = self._span(next(iter(row.cells.values())))
            self.reader.report("missing-key", place, "this row asks nothing, so no id can be made for it", hint)
        pairs: list[tuple[Scalar, Node]] = []
        for key, cell in row.cells.items():
            kind = holds.get(key, _KINDS.get(key, ""))
            node = self._value(key, cell, kind) if key not in ("id", "retired", "replaced_by") else None
            if node is not None:
                pairs.append((Scalar(node.span, key), node))
        if row.note_id is not None:
            pairs.insert(0, (Scalar(row.note_id.span, "id"), row.note_id))
        retired = self._retirement(row.cells)
        if retired is not None:
            pairs.append((Scalar(retired.span, "retired"), retired))
        if not pairs:
            return None
        start, end = row.record.start, row.record.cells[-1].end
        span = self._scalar(next(iter(row.cells.values()))).span
        first = (Scalar(span, pairs[0][0].value), pairs[0][1])
        node = MappingNode(Span(self.file, start, end), (first, *pairs[1:]), 1, end)
        return self.questions.read_row(node, self.note_type)

    def _retirement(self, cells: Mapping[str, Cell]) -> MappingNode | None:
        named = {"reason": cells.get("retired"), "replaced_by": cells.get("replaced_by")}
        nodes = {key: self._scalar(cell) for key, cell in named.items() if cell}
        if "reason" in nodes:
            pairs = tuple((Scalar(node.span, key), node) for key, node in nodes.items())
            return MappingNode(pairs[0][1].span, pairs, 1, pairs[-1][1].span.end)
        if nodes:
            hint = "write why into the column `retired`, or empty this cell"
            self.reader.report("missing-key", nodes["replaced_by"].span, "a row that is not retired is replaced", hint)
        return None

    def _value(self, key: str, cell: Cell, holds: str) -> Node | None:
        """Return the node of a cell, None after reporting that it cannot be read."""
        match holds:
            case "ids" | "":
                return self._parts(cell, _WORD)
            case "lines" | "links":
                return self._parts(cell, _LINE)
            case "flag":
                return self._flag(key, cell)
            case "number" if not _NUMBER.fullmatch(cell.value.strip()):
                self.wrong.setdefault((key, cell.value.strip()), []).append(cell)
                return None
            case _:
                return self._scalar(cell, as_typed=holds in _AS_TYPED)

    def _flag(self, key: str, cell: Cell) -> Node | None:
        word = cell.value.strip().lower()
        if word in (*_TRUE, *_FALSE):
            return Scalar(self._span(cell), "true" if word in _TRUE else "false", "truth value")
        self.wrong.setdefault((key, cell.value.strip()), []).append(cell)
        return None

    def _tell_wrong(self, holds: Mapping[str, str]) -> None:
        """Report the cells with no flag or number: of a column that a spreadsheet filled alike, the first."""
        for (key, text), cells in self.wrong.items():
            shown = f", and `{text}` is neither" if len(text) <= _LONGEST_NAME else ""
            code, message = "wrong-type", f"`{key}` wants `true` or `false`{shown}"
            hint = "write `true`, or leave the cell empty"
            if text.lower() in _TRUE_ELSEWHERE:
                hint = "write `true`"
            elif text.lower() in _FALSE_ELSEWHERE:
                hint = "write `false`, or leave the cell empty"
            if holds[key] == "number":
                code, message = "bad-number", f"`{key}` is not a whole number from 1 up"
                hint = "write digits alone, such as `7`, or leave the cell empty"
            if len(cells) > 1:
                message += f"; {len(cells):,} cells of the column have it"
            self.reader.report(code, self._span(cells[0]), message, hint)

    def _parts(self, cell: Cell, part: re.Pattern[str]) -> Sequence:
        """Return the parts of a cell as a list: its lines, or its words. A cell that is too long is one part."""
        if len(cell.value) > _LONGEST_LIST:
            return Sequence(self._span(cell), (self._scalar(cell),), 1)
        raw = self.file.text[cell.start : cell.end]
        places = find_places_in_cell(raw, cell.value) or ()
        nodes = []
        for found in part.finditer(cell.value):
            value = found[0].strip()
            begin = found.start() + len(found[0]) - len(found[0].lstrip())
            if value and places:
                start, end = cell.start + places[begin], cell.start + places[begin + len(value)]
                nodes.append(Scalar(Span(self.file, start, end), value))
        return Sequence(self._span(cell), tuple(nodes), 1)

    def _scalar(self, cell: Cell, *, as_typed: bool = False) -> Scalar:
        """Return the text of a cell, without white space around it unless it is taken as it is typed."""
        value = cell.value.strip()
        if not cell.is_quoted or as_typed or value == cell.value:
            return Scalar(self._span(cell), cell.value)
        raw = self.file.text[cell.start + 1 : cell.end - 1]
        start = cell.start + 1 + len(raw) - len(raw.lstrip())
        return Scalar(Span(self.file, start, start + len(raw.strip())), value)

    def _span(self, cell: Cell) -> Span:
        return Span(self.file, cell.start, cell.end)


def _unify(name: str) -> str:
    """Return the name of a column as keys are spelled: in small letters, with `_` between words."""
    return re.sub(r"[\s_-]+", "_", name[:_LONGEST_NAME].strip().lower())


def _explain_no_columns(written: WrittenTable, required: list[str], noun: str, known: Set[str]) -> tuple[str, str]:
    """Return what is wrong with a first row in which no name is one of a column, and what to do."""
    cell = written.header[0].value.strip()
    line = written.file.line(written.file.text[: written.header[0].start].count("\n") + 1)
    if cell.startswith("#"):
        return "the first row names no columns, and a table has no comments", "remove this line"
    for sign, name in (("|", "bars"), (";", "semicolons"), (",", "commas"), ("\t", "tabs")):
        if sign != written.separator and any(_unify(part) in known for part in line.split(sign)):
            hint = "put commas, semicolons or tabs between the cells"
            if written.file.path.lower().endswith(".tsv"):
                hint = "put tabs between the cells" if sign == "|" else "put tabs there, or call the file `.csv`"
            return f"the first row names no columns: {name} stand between its words", hint
    example = [*required] if len(written.header) <= len(required) else ["id", *required]
    example += ["…"] * (len(written.header) > len(example))
    named = f"`{written.separator.join(example)}`"
    if written.separator == "\t":
        named = f"`{'`, `'.join(example)}`, with tabs between them"
    hint = f"write the names of the columns in the first row, such as {named}"
    return f"the first row names no columns of {noun}", hint
