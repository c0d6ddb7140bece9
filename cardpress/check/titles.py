"""The rule on titles, which decks are called after in Anki when they are first released."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic
from cardpress.source.bank import Bank

_NOT_IN_NAME = re.compile(r'::+|"')


def check_titles(bank: Bank) -> Iterator[Diagnostic]:
    """Titles have no `::`, which would split the name of a deck, and no `"`, which Anki drops.

    What was released has its name in Anki already, whatever its title is now.
    """
    history = bank.history
    named = history.sections if history else {}
    deck = (bank.info.title,) if bank.info and (history is None or history.deck is None) else ()
    for title in (*deck, *(section.title for section in bank.sections if section.id.value not in named)):
        for sign in _NOT_IN_NAME.finditer(title.value) if title.is_written else ():
            place = title.place(sign.start(), sign.end())
            if sign[0] == '"':
                message = 'Anki drops `"` from the name of a deck, so it has `”` there'
                yield Diagnostic("altered-name", place, message, "write `“` and `”`, or leave them out")
            else:
                message = "Anki would split the name of a deck here, so it has an invisible sign between the colons"
                yield Diagnostic("altered-name", place, message, "write one colon, or a dash")
