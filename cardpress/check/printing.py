"""Rules on what the printed sheets have no room for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.markdown.tree import Table
from cardpress.outputs import LONGEST_BOOKLET, OUTPUTS, SHEETS, Extent, is_empty, is_too_long
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
    extent = _measure(bank)
    if not is_too_long("booklet", extent):
        return ""
    return f"there is no booklet of more than {LONGEST_BOOKLET} questions, and the deck has {extent.questions:,}"


def check_empty_sheets(bank: Bank) -> Iterator[Diagnostic]:
    """A sheet that `outputs` names has something to print. Of a part that cannot be read, nobody knows what it has."""
    for name in SHEETS if bank.complete else ():
        if bank.wanted.switched.get(name) and (message := _say_empty(name, bank)):
            yield Diagnostic("empty-sheet", bank.wanted.places[name], message, f"write `{name}: false`, or remove it")


def check_asked_sheets(bank: Bank, only: Collection[str] | None) -> Iterator[Diagnostic]:
    """A sheet that `--only` names has something to print. What deck.yaml says of it has a rule of its own."""
    for name in SHEETS if bank.complete else ():
        is_asked = only is not None and name in only and not bank.wanted.switched.get(name)
        if is_asked and (message := _say_empty(name, bank)):
            help_line = f"leave `{name}` out of `--only`"
            yield Diagnostic("empty-sheet", Span.of_file("source/deck.yaml"), message, help_line)


def _say_empty(name: str, bank: Bank) -> str:
    """Return why a sheet is not made of a deck that has nothing for it, an empty text where it is made."""
    if not is_empty(name, _measure(bank)):
        return ""
    output = OUTPUTS[name]
    if output.of_gists:
        return f"there is no {output.title.lower()} of a deck without `gist` and `comparisons`"
    return f"there are no {output.title.lower()} of a deck without notes below its questions"


def _measure(bank: Bank) -> Extent:
    counts = [len(question.active_recall()) for question in bank.active()]
    comparisons = len(bank.info.comparisons) if bank.info else 0
    return Extent(len(counts), sum(counts), comparisons + sum(bool(question.gist) for question in bank.active()))


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
