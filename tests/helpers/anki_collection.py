"""A learner's collection in the real Anki engine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import Collection, ImportAnkiPackageRequest
from anki.decks import DeckConfigId, DeckId
from anki.import_export_pb2 import ImportResponse
from anki.scheduler.v3 import CardAnswer, Scheduler

if TYPE_CHECKING:
    from anki.cards import Card


@dataclass
class Learner:
    """Somebody with an Anki collection, who imports packages with the options that Anki proposes."""

    folder: Path
    collection: Collection
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def take(self, package: bytes) -> ImportResponse.Log:
        """Import a package and return Anki's log of the import."""
        path = self.folder / f"{next(self._numbers)}.apkg"
        path.write_bytes(package)
        request = ImportAnkiPackageRequest(
            package_path=str(path), options=self.collection._backend.get_import_anki_package_presets()
        )
        log = self.collection.import_anki_package(request).log
        self.collection.models._clear_cache()  # Anki's window does so when it hears of the import
        return log

    def rows(self, query: str, *values: str | int) -> list[list[Any]]:
        """Run a query on the collection's database and return the rows."""
        assert self.collection.db is not None
        return [list(row) for row in self.collection.db.all(query, *values)]

    def _card(self, card_id: int) -> Card:
        from anki.cards import CardId  # its module cannot be the first of Anki's to be imported

        return self.collection.get_card(CardId(card_id))

    def cards(self) -> list[Card]:
        """Return every card, in the order in which they were made."""
        return [self._card(row[0]) for row in self.rows("select id from cards order by due, id")]

    def cards_of(self, guid: str) -> list[Card]:
        """Return a note's cards, in the order of their numbers."""
        query = "select c.id from cards c join notes n on n.id = c.nid where n.guid = ? order by c.ord"
        return [self._card(row[0]) for row in self.rows(query, guid)]

    def field(self, guid: str, name: str) -> str:
        """Return the HTML of a note's field."""
        return self.cards_of(guid)[0].note()[name]

    def everything(self) -> dict[str, list[list[Any]]]:
        """Return every row on notes, cards, reviews, note types, decks and tags, by table, in a fixed order."""
        tables = ("notes", "cards", "revlog", "notetypes", "fields", "templates", "decks", "tags")
        return {name: sorted(self.rows(f"select * from {name}"), key=repr) for name in tables}

    def offered(self, deck: str) -> list[Card]:
        """Return the new cards of a deck in the order in which Anki shows them, without a daily limit."""
        decks, scheduler = self.collection.decks, self.collection.sched
        assert isinstance(scheduler, Scheduler)
        config = decks.get_config(DeckConfigId(1))
        assert config is not None
        config["new"]["perDay"] = 9999
        decks.update_config(config)
        decks.select(decks.id_for_name(deck) or DeckId(0))
        queued = scheduler.get_queued_cards(fetch_limit=9999).cards
        return [self._card(each.card.id) for each in queued]

    def study(self, guid: str) -> None:
        """Answer the cards of a note's deck with Good, in Anki's order, up to the first card of the note."""
        scheduler = self.collection.sched
        assert isinstance(scheduler, Scheduler)
        self.collection.decks.select(self.cards_of(guid)[0].did)
        done = ""
        while done != guid:
            queued = scheduler.get_queued_cards().cards[0]
            card = self._card(queued.card.id)
            card.start_timer()
            scheduler.answer_card(scheduler.build_answer(card=card, states=queued.states, rating=CardAnswer.GOOD))
            done = card.note().guid


@contextmanager
def learning(folder: Path) -> Iterator[Learner]:
    """Open an empty collection in a new folder, and close it afterwards."""
    folder.mkdir(parents=True)
    collection = Collection(str(folder / "collection.anki2"))
    try:
        yield Learner(folder, collection)
    finally:
        collection.close()
