"""What Anki tests share: a deck built in memory, and a learner's collection in the real Anki."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anki.collection import Collection, ImportAnkiPackageRequest
from anki.decks import DeckConfigId, DeckId
from anki.import_export_pb2 import ImportResponse
from anki.scheduler.v3 import CardAnswer, Scheduler

from cardpress.check.rules import check
from cardpress.deck.cache import RenderedTexts
from cardpress.deck.notes import Deck
from cardpress.deck.render import render
from cardpress.diagnostics import has_errors
from cardpress.engine import ROOT as ENGINE
from cardpress.source.load import load, load_templates
from cardpress.writers import load_writer

if TYPE_CHECKING:
    from anki.cards import Card


def deck_of(project: Path) -> Deck:
    """Load, check and render a project whose source has no errors."""
    roots = (ENGINE,) if project == ENGINE else (ENGINE, project)
    templates, problems = load_templates(*roots)
    loaded = load(project / "source", templates)
    problems = (*problems, *loaded.diagnostics, *check(loaded.bank))
    assert not has_errors(problems), [f"{p.span.path}:{p.span.line} {p.code} {p.message}" for p in problems]
    return render(loaded.bank, RenderedTexts())


def package_of(deck: Deck) -> bytes:
    """Make a deck's Anki package."""
    return load_writer("apkg")(deck).artifacts[0].data


@dataclass
class Learner:
    """Somebody with Anki, who imports packages with the options that Anki proposes."""

    folder: Path
    collection: Collection
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def take(self, package: bytes) -> ImportResponse.Log:
        """Import a package; give Anki's account of it."""
        path = self.folder / f"{next(self._numbers)}.apkg"
        path.write_bytes(package)
        request = ImportAnkiPackageRequest(
            package_path=str(path), options=self.collection._backend.get_import_anki_package_presets()
        )
        log = self.collection.import_anki_package(request).log
        self.collection.models._clear_cache()  # Anki's window does so when it hears of the import
        return log

    def rows(self, query: str, *values: str | int) -> list[list[Any]]:
        """Ask the collection's database."""
        assert self.collection.db is not None
        return [list(row) for row in self.collection.db.all(query, *values)]

    def _card(self, card_id: int) -> Card:
        from anki.cards import CardId  # its module cannot be the first of Anki's to be imported

        return self.collection.get_card(CardId(card_id))

    def cards(self) -> list[Card]:
        """Give every card, in the order in which they were made."""
        return [self._card(row[0]) for row in self.rows("select id from cards order by due, id")]

    def cards_of(self, guid: str) -> list[Card]:
        """Give a note's cards, in the order of their numbers."""
        query = "select c.id from cards c join notes n on n.id = c.nid where n.guid = ? order by c.ord"
        return [self._card(row[0]) for row in self.rows(query, guid)]

    def field(self, guid: str, name: str) -> str:
        """Give the HTML of a note's field."""
        return self.cards_of(guid)[0].note()[name]

    def everything(self) -> dict[str, list[list[Any]]]:
        """Give all that a collection holds on notes, cards, reviews and note types, to compare with later."""
        tables = ("notes", "cards", "revlog", "notetypes", "fields", "templates", "decks", "tags")
        return {name: sorted(self.rows(f"select * from {name}"), key=repr) for name in tables}

    def offered(self, deck: str) -> list[Card]:
        """Give the new cards of a deck as the scheduler would show them, without a daily limit."""
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
        """Answer card after card of a note's deck with Good, as Anki offers them, until one of this note is done."""
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
    """Open an empty collection in a folder of its own."""
    folder.mkdir(parents=True)
    collection = Collection(str(folder / "collection.anki2"))
    try:
        yield Learner(folder, collection)
    finally:
        collection.close()


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script", "title")
        if tag == "img":
            self.pieces.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "title")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


def visible(html: str) -> str:
    """Give the text of an HTML page or card that a person sees, with runs of white space made one space."""
    parser = _Visible()
    parser.feed(html)
    parser.close()
    return re.sub(r"\s+", " ", "".join(parser.pieces)).strip()
