"""What printed sheets have room for, as `check` and the sheets have to know."""

from __future__ import annotations

from cardpress.markdown.tree import Table

# Columns of a table. With more, not even a letter would fit each column of a card in 7 pt.
MOST_COLUMNS = 12


def count_columns(table: Table) -> int:
    """Return the number of columns of a table."""
    return max((len(row.cells) for row in (*table.head, *table.body)), default=0)
