"""Learners who import release after release and study in between, and the promises that each import must keep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anki.scheduler.v3 import Scheduler

from cardpress.anki.original_package import read_original
from cardpress.anki.package import Content, parse_content, read_package
from cardpress.anki.packages.archive import open_package
from cardpress.anki.packages.database import open_database
from tests.helpers.anki_collection import Learner, learning

# All that Anki stores of a card, except for the time of the last write.
_CARD = "id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"


@dataclass
class Student:
    """A learner, and what they have imported so far."""

    learner: Learner
    seen: dict[str, Content] = field(default_factory=dict)
    note_types: set[int] = field(default_factory=set)
    rounds: int = 0

    def study(self) -> None:
        """Answer every second card, another half each round, with every kind of answer; suspend, bury and flag some."""
        self.rounds += 1
        collection = self.learner.collection
        scheduler = collection.sched
        assert isinstance(scheduler, Scheduler)
        cards = [card for card in self.learner.cards() if card.queue >= 0]
        if self.rounds > 1:
            scheduler.set_due_date([card.id for card in cards[self.rounds % 2 :: 2]], "0")
        for number, card in enumerate(cards[self.rounds % 2 :: 2]):
            again = collection.get_card(card.id)
            again.start_timer()
            scheduler.answerCard(again, (3, 1, 4, 2)[(number + self.rounds) % 4])
        everything = [card.id for card in cards]
        scheduler.suspend_cards(everything[self.rounds % 5 :: 9])
        scheduler.bury_cards(everything[self.rounds % 4 :: 11])
        collection.set_user_flag_for_cards(1 + self.rounds % 7, everything[self.rounds % 3 :: 4])

    def tinker(self, at: int) -> None:
        """Edit and tag notes at a moment, in seconds since 1970, and move cards to decks of one's own."""
        self.rounds += 1
        collection = self.learner.collection
        notes = [collection.get_note(note_id) for note_id in collection.find_notes("")]
        for note in sorted(notes, key=lambda note: note.guid)[self.rounds % 3 :: 3]:
            note[note.keys()[self.rounds % min(3, len(note.keys()))]] += f"<p>My words of round {self.rounds}.</p>"
            note.add_tag(f"mine::{self.rounds}")
            collection.update_note(note)
            # Anki has written the hour of this test; the learner sat down between two releases.
            assert collection.db is not None
            collection.db.execute("update notes set mod = ? where id = ?", at, note.id)
        deck = collection.decks.id(f"My decks::{self.rounds}")
        assert deck is not None
        collection.set_deck([card.id for card in self.learner.cards()[self.rounds % 6 :: 6]], deck)

    def take(self, package: bytes) -> None:
        """Import a package, and check that it changes just what it may of the cards and notes."""
        before, note_types = self._state(), read_package(package).note_types
        # As Anki has them, which composes letters.
        shipped = {each.guid: Content(each.fields, each.tags) for each in read_original(package).notes}
        log = self.learner.take(package)
        after = self._state()
        assert not log.conflicting
        assert not log.missing_notetype
        self.note_types |= set(note_types)
        assert set(after.note_types) == self.note_types
        assert not [name for name in after.note_types.values() if "+" in name]
        assert {card: after.cards[card] for card in before.cards} == before.cards
        assert after.reviews == before.reviews
        for guid, kept in before.notes.items():
            changed = guid in shipped and shipped[guid] != self.seen[guid]
            assert _sorted(after.notes[guid]) == _sorted(shipped[guid] if changed else kept), guid
        assert set(after.notes) == set(before.notes) | set(shipped)
        assert after.numbers >= _cards_in(package)
        self.seen |= shipped

    def _state(self) -> _State:
        rows = self.learner.rows
        cards = {row[0]: tuple(row) for row in rows(f"select {_CARD} from cards")}
        notes = {row[0]: parse_content(row[1], row[2]) for row in rows("select guid, flds, tags from notes")}
        reviews = rows("select * from revlog order by id")
        numbers = {(row[0], row[1]) for row in rows("select n.guid, c.ord from cards c join notes n on n.id = c.nid")}
        used = dict(rows("select id, name from notetypes where id in (select mid from notes)"))
        return _State(cards, notes, reviews, numbers, used)

    def shows(self, guid: str, side: str = "answer") -> str:
        """Return the HTML of a side of a note's first card, `question` or `answer`."""
        output = self.learner.cards_of(guid)[0].render_output(reload=True)
        return output.answer_text if side == "answer" else output.question_text


@dataclass(frozen=True)
class _State:
    cards: dict[int, tuple[Any, ...]]
    notes: dict[str, Content]
    reviews: list[list[Any]]
    numbers: set[tuple[str, int]]
    note_types: dict[int, str]


def _sorted(note: Content) -> Content:
    """Return a note with its tags in the order in which Anki keeps them, which need not be that of a package."""
    return Content(note.fields, tuple(sorted(note.tags)))


def _cards_in(package: bytes) -> set[tuple[str, int]]:
    """Return the cards of a package, each as its note's GUID and its number."""
    with open_database(open_package(package).database) as connection:
        return set(connection.execute("select n.guid, c.ord from cards c join notes n on n.id = c.nid"))


def students(folder: Path, stack: ExitStack, *names: str) -> Iterator[Student]:
    """Yield a student for each name, with a collection that is closed with the stack."""
    for name in names:
        yield Student(stack.enter_context(learning(folder / name)))
