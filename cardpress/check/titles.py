"""Rules on titles: decks are called after them in Anki when they are first released, and listed by them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.deck.listing import LONGEST_TITLE, cut
from cardpress.deck.names import to_line
from cardpress.diagnostics import Diagnostic
from cardpress.source.bank import Bank

_NOT_IN_NAME = re.compile(r'::+|"')


def check_titles(bank: Bank) -> Iterator[Diagnostic]:
    """Titles have no `::`, which would split the name of a deck, and no `"`, which Anki drops.

    What was released, and what has a `deck_name`, has its name in Anki whatever its title is.
    """
    history = bank.history
    named = history.sections if history else {}
    info = bank.info
    deck = (info.title,) if info and not info.deck_name and (history is None or history.deck is None) else ()
    new = (each for each in bank.sections if each.id.value not in named and not each.wants_own_name)
    for title in (*deck, *(section.title for section in new)):
        found = tuple(_NOT_IN_NAME.finditer(title.value)) if title.is_written else ()
        quotes = [sign for sign in found if sign[0] == '"']
        for sign in found:
            place = title.place(sign.start(), sign.end())
            if sign in quotes[:1]:
                name = to_line(title.value.strip()).replace('"', "”")
                message = f'Anki drops `"` from the name of a deck: this one is called `{name}` there'
                yield Diagnostic("altered-name", place, message, "write `“` and `”`, or leave them out")
            elif sign not in quotes:
                message = "Anki would split the name of a deck here, so it has an invisible sign between the colons"
                yield Diagnostic("altered-name", place, message, "write one colon, or a dash")


def check_listed_title(bank: Bank) -> Iterator[Diagnostic]:
    """AnkiWeb's form has room for the deck's title."""
    title = bank.info.title if bank.info else None
    if title and (cut_title := cut(title.value, LONGEST_TITLE)) != " ".join(title.value.split()):
        message = (
            f"the title has {len(title.value)} characters, and AnkiWeb takes {LONGEST_TITLE}: it gets `{cut_title}`"
        )
        yield Diagnostic("long-title", title.span, message, "shorten it, or type one of your own into AnkiWeb's form")
