"""What the cheat sheet has, as data: gists, and comparisons in parts that a column has room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cardpress.deck.notes import Comparison, Note, RichText
from cardpress.markdown.tree import Table
from cardpress.source.cheat_sheet import MOST_POINTS
from cardpress.source.print_limits import MOST_COLUMNS, count_columns
from cardpress.writers.pdf.heights import JsonObject, height_of, list_least_widths
from cardpress.writers.pdf.nodes import make_fitting_table, make_nodes, make_table
from cardpress.writers.pdf.titles import make_title
from cardpress.writers.pdf.words import replace_by_words

# Ems that a table and a word of the cheat sheet may take in a column of it.
_WIDEST_COMPARISON, _WIDEST_WORD = 22.0, 15.5
# The title of a table whose own shows no words, such as a line.
_NO_TITLE = "–"
# Where a table would have to break words there that are no wider than this, in ems, its rows are text.
_LEAST_OF_WORD = 3.0
# Ems, about a column of the cheat sheet in its largest type: its width, and what stands together of a table.
_COLUMN, _HIGHEST_PART = 19.0, 50.0


def make_gist(note: Note) -> JsonObject:
    """Return what a note has on the cheat sheet, nothing where it has no gist."""
    lines = [make_nodes(line, _WIDEST_WORD) for line in note.gist[:MOST_POINTS]]
    return {"gist": {"title": make_title(note.asked, note.id, _WIDEST_WORD), "lines": lines}} if lines else {}


def make_comparison(comparison: Comparison) -> JsonObject:
    """Return a table with its title and the id of its section."""
    return {
        "title": make_title(comparison.title, _NO_TITLE, _WIDEST_WORD),
        "section": comparison.section,
        "tables": list(_split_table(comparison.table)),
    }


def _split_table(text: RichText) -> Iterator[list[JsonObject | str]]:
    """Yield a table in parts that a column has room for, each with the table's head.

    Of a table whose words a column would break to bits, the rows are text.
    """
    for table in (node for node in text.nodes if isinstance(node, Table)):
        is_wide = _is_wide_comparison(table)
        made = make_table(table, 1, _WIDEST_WORD) if is_wide else make_fitting_table(table, 1, _WIDEST_COMPARISON)
        head = [part for part in made["c"] if part["t"] == "thead"]

        def print_rows(*parts: JsonObject, made: JsonObject = made, is_wide: bool = is_wide) -> JsonObject:
            shown = {**made, "c": list(parts)}
            return {"t": "rows", "c": replace_by_words([shown])} if is_wide else shown

        for rows in _fill(made, lambda row: height_of([print_rows({"t": "tbody", "c": [row]})], _COLUMN)):
            yield [print_rows(*head, {"t": "tbody", "c": rows})]


def _is_wide_comparison(table: Table) -> bool:
    if count_columns(table) > MOST_COLUMNS:
        return True
    return sum(list_least_widths(make_table(table, 1, _LEAST_OF_WORD))) > _WIDEST_COMPARISON


def _fill(table: JsonObject, height: Callable[[JsonObject], float]) -> Iterator[list[JsonObject]]:
    """Yield the rows below a table's head, as many at a time as stand together; once nothing where it has none."""
    together: list[JsonObject] = []
    used = 0.0
    for row in (row for part in table["c"] if part["t"] == "tbody" for row in part["c"]):
        high = height(row)
        if together and used + high > _HIGHEST_PART:
            yield together
            together, used = [], 0.0
        together.append(row)
        used += high
    yield together
