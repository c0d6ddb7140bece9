"""The rule on fields of HTML, as decks that were made in Anki have them: nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic
from cardpress.note_types import Holds
from cardpress.source.bank import Bank

# More than anybody reads of one text.
_MOST = 20


def check_html_fields(bank: Bank) -> Iterator[Diagnostic]:
    """A field of HTML has what Anki's editor makes, and nothing that runs, loads something or moves over a card."""
    for note in bank.notes():
        for _, text in note.each(Holds.HTML, Holds.HTML_CLOZE):
            for dropped in text.scanned.dropped[:_MOST]:
                hint = "remove it; what Anki's editor makes is kept"
                yield Diagnostic("dropped-html", text.find(dropped.place), f"{dropped.what} is dropped", hint)
