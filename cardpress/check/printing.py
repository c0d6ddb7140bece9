"""Rules on what the printed sheets have no room for."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic
from cardpress.markdown.tree import Table
from cardpress.outputs import LONGEST_BOOKLET, is_too_long
from cardpress.source.bank import Bank
from cardpress.source.print_limits import MOST_COLUMNS, count_columns
from cardpress.source.texts import list_markdown_texts


def check_booklet(bank: Bank) -> Iterator[Diagnostic]:
    """A booklet that `outputs` names has room for the deck."""
    count = sum(1 for _ in bank.active())
    if bank.wanted.switched.get("booklet") and is_too_long("booklet", count):
        message = f"there is no booklet of more than {LONGEST_BOOKLET} questions, and the deck has {count:,}"
        yield Diagnostic("no-booklet", bank.wanted.places["booklet"], message, "write `booklet: false`, or remove it")


def check_tables(bank: Bank) -> Iterator[Diagnostic]:
    """No table has more columns than a printed card has room for."""
    for text in list_markdown_texts(bank):
        if text.value.count("|") <= MOST_COLUMNS:
            continue
        for table in text.document.walk():
            if isinstance(table, Table) and (columns := count_columns(table)) > MOST_COLUMNS:
                message = (
                    f"a table of {columns} columns; the PDFs have room for {MOST_COLUMNS}, and print its rows as text"
                )
                yield Diagnostic("wide-table", text.find(table.place), message, "make two tables of it, or a list")
