"""Makes the page and the sheets of a deck when somebody asks for them, each once as long as the deck is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Lock

import click

from cardpress.deck.notes import Deck
from cardpress.diagnostics.reports.text import as_text
from cardpress.serve.state import list_sheets, name_sheet
from cardpress.writers import Written, load_writer


class OutputRoom:
    """Keeps what was made of the present deck. Whoever asks for the same at the same time waits for it."""

    def __init__(self) -> None:
        self._deck: Deck | None = None
        self._made: dict[str, _Once] = {}
        self._lock = Lock()

    def make_page(self, deck: Deck | None) -> bytes | str | None:
        """Return the page, or why there is none; None where the deck has no such output, or there is no deck."""
        if deck is None or "page" not in deck.outputs:
            return None
        return self._once(deck, "page").get(partial(load_writer("page"), deck))

    def make_sheet(self, deck: Deck | None, name: str) -> bytes | str | None:
        """Return the sheet with this file's name, or why there is none; None where the deck has no such output."""
        for sheet, paper in list_sheets(deck) if deck else ():
            if deck and name == name_sheet(deck, sheet, paper):
                alone = replace(deck, outputs=(sheet.name,), sheets=(replace(sheet, papers=(paper,)),))
                return self._once(deck, name).get(partial(load_writer("pdf"), alone))
        return None

    def _once(self, deck: Deck, name: str) -> _Once:
        with self._lock:
            if deck is not self._deck:
                self._deck, self._made = deck, {}
            return self._made.setdefault(name, _Once())


class _Once:
    """Makes something once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: bytes | str | None = None

    def get(self, make: Callable[[], Written]) -> bytes | str:
        with self._lock:
            if self._made is None:
                written = make()
                report = click.unstyle(as_text(written.diagnostics))
                self._made = written.artifacts[0].data if written.artifacts else report
            return self._made
