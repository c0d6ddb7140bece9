"""Rule on ids of rows: once the deck was released, they are written down, since an id that is made is not permanent."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic
from cardpress.source.bank import Bank

_HINT = "run `cardpress ids`, which writes them into the table"


def check_row_ids(bank: Bank) -> Iterator[Diagnostic]:
    """From the first release on, each row of a table has an id."""
    if bank.history is None:
        return
    for table in (section.table for section in bank.sections if section.table):
        if table.unnamed and not table.has_ids:
            message = f"{table.file.path} has no column `id`, and without it a row that is reworded is another card"
            yield Diagnostic("missing-row-id", table.header, message, _HINT)
            continue
        for row in table.unnamed:
            message = "this row has no id, and without it a row that is reworded is another card"
            yield Diagnostic("missing-row-id", row.span, message, _HINT)
