"""Rules on what the printed sheets have no room for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.markdown.tree import Table
from cardpress.outputs import LONGEST_BOOKLET, is_too_long
from cardpress.source.bank import Bank
from cardpress.source.print_limits import MOST_COLUMNS, count_columns
from cardpress.source.texts import list_markdown_texts


def check_booklet(bank: Bank) -> Iterator[Diagnostic]:
    """A booklet that `outputs` names has room for the deck."""
    if bank.wanted.switched.get("booklet") and (message := _say_too_long(bank)):
        yield Diagnostic("no-booklet", bank.wanted.places["booklet"], message, "write `booklet: false`, or remove it")


def check_asked_booklet(bank: Bank, only: Collection[str] | None) -> Iterator[Diagnostic]:
    """A booklet that `--only` names has room for the deck. What deck.yaml says of it has a rule of its own."""
    if only is None or "booklet" not in only or bank.wanted.switched.get("booklet"):
        return
    if message := _say_too_long(bank):
        hint = "leave `booklet` out of `--only`, or make several decks of it"
        yield Diagnostic("no-booklet", Span.of_file("source/deck.yaml"), message, hint)


def _say_too_long(bank: Bank) -> str:
    """Return why there is no booklet of a deck, an empty text where there is one."""
    count = sum(1 for _ in bank.active())
    if not is_too_long("booklet", count):
        return ""
    return f"there is no booklet of more than {LONGEST_BOOKLET} questions, and the deck has {count:,}"


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
