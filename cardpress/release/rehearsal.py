"""Rehearses an update in the real Anki: a learner studies the last release, imports the new one, and loses nothing.

Anki's engine comes from the `anki` package, which only tests and rehearsals use.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cardpress.anki.package import Content, parse_content, read_package

if TYPE_CHECKING:
    from anki.collection import Collection
    from anki.dbproxy import DBProxy
    from anki.import_export_pb2 import ImportResponse

# Weeks of study, each with its own mix of answers.
_WEEKS = 4
_OWN_DECK = "My own deck"
_OWN_TAG = "my-own-tag"
_OWN_WORDS = "<p>My own words.</p>"
# The columns of a card that an update must not change: all but `mod` and `usn`, which record the last write.
_CARD = "id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"


@dataclass(frozen=True, slots=True)
class Row:
    """The result for one promise: how many cases were checked, and which of them broke it."""

    promise: str
    held: int
    broken: tuple[str, ...] = ()


class PackageError(Exception):
    """A package that Anki cannot import; the message is Anki's."""


def rehearse(old: bytes | None, new: bytes) -> tuple[Row, ...]:
    """Study `old`, import `new` over it, and return a row for each promise. When `old` is None, study `new` instead.

    Raises PackageError when Anki cannot import one of them.
    """
    package = read_package(new)
    after = package.notes
    with _collection() as collection:
        _import(collection, old if old is not None else new)
        before = _state(collection).notes
        unchanged = sorted(guid for guid in before if after.get(guid) == before[guid])
        _study(collection)
        edited = _make_it_their_own(collection, unchanged)
        then = _state(collection)
        log = _import(collection, new)
        now = _state(collection)
    return (
        *_cards_kept(then, now),
        _kept("unchanged notes keep a learner's edits and tags", {g: then.notes[g] for g in edited}, now.notes),
        _shown(before, after, now),
        Row("no note type forks", len(package.note_types), _forks(then, now, package.note_types)),
        Row("no update conflicts", len(after), tuple(n.fields[0][:60] for n in log.log.conflicting)),
    )


@dataclass(frozen=True, slots=True)
class _State:
    cards: dict[int, tuple[object, ...]]
    reviews: tuple[tuple[object, ...], ...]
    notes: dict[str, Content]
    note_types: Mapping[int, str]
    guids: dict[int, str]


def _database(collection: Collection) -> DBProxy:
    if collection.db is None:
        raise RuntimeError("the collection is closed")
    return collection.db


def _state(collection: Collection) -> _State:
    database = _database(collection)
    cards = {row[0]: tuple(row) for row in database.all(f"select {_CARD} from cards")}  # noqa: S608 - our own columns
    reviews = tuple(map(tuple, database.all("select id, cid, ease, ivl, lastIvl, factor, time, type from revlog")))
    rows = database.all("select id, guid, flds, tags from notes")
    notes = {guid: parse_content(fields, tags) for _, guid, fields, tags in rows}
    names = {entry.id: entry.name for entry in collection.models.all_names_and_ids()}
    return _State(cards, reviews, notes, names, {note_id: guid for note_id, guid, _, _ in rows})


# --- the learner -------------------------------------------------------------------------------------------------


@contextmanager
def _collection() -> Iterator[Collection]:
    from anki.collection import Collection

    with tempfile.TemporaryDirectory(prefix="cardpress-rehearsal-") as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        try:
            yield collection
        finally:
            collection.close()


def _import(collection: Collection, package: bytes) -> ImportResponse:
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from anki.errors import AnkiException

    path = Path(collection.path).with_name("import.apkg")
    path.write_bytes(package)
    request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
    try:
        return collection.import_anki_package(request)
    except AnkiException as error:
        raise PackageError(str(error)) from error


def _study(collection: Collection) -> None:
    """Answer every card once, then some of them again each week, with every kind of answer."""
    from anki.decks import DeckConfigId

    config = collection.decks.get_config(DeckConfigId(1))
    if config is None:
        raise RuntimeError("a collection has a deck preset")
    config["new"]["perDay"] = config["rev"]["perDay"] = 9999
    collection.decks.update_config(config)
    everything = list(collection.find_cards("", order=True))
    for week in range(_WEEKS):
        due = [card for number, card in enumerate(everything) if week == 0 or number % (week + 1) == 0]
        if week:
            collection.sched.set_due_date(due, "0")
        for number, card_id in enumerate(due):
            card = collection.get_card(card_id)
            card.start_timer()
            collection.sched.answerCard(card, (1, 2, 3, 4)[(number + week) % 4])


def _make_it_their_own(collection: Collection, unchanged: Sequence[str]) -> list[str]:
    """Suspend, bury, flag and move cards; edit and tag notes. Return the GUIDs of the notes that were edited."""
    cards = list(collection.find_cards("", order=True))
    collection.sched.suspend_cards(cards[::7])
    collection.sched.bury_cards([card for card in cards[1::11] if card not in cards[::7]])
    for flag in range(1, 8):
        collection.set_user_flag_for_cards(flag, cards[flag :: 5 + flag])
    own_deck = collection.decks.id(_OWN_DECK)
    if own_deck is None:
        raise RuntimeError("a deck could not be made")
    collection.set_deck(cards[2::9], own_deck)
    notes = {collection.get_note(note_id).guid: note_id for note_id in collection.find_notes("")}
    edited = []
    for guid in unchanged[::3]:
        note = collection.get_note(notes[guid])
        as_old_as = note.mod
        note["Extra" if "Extra" in note else note.keys()[-1]] += _OWN_WORDS
        note.add_tag(_OWN_TAG)
        collection.update_note(note)
        # Anki dates the edit to now, later than any release, and so would keep it whatever the release does. A real
        # learner edits before the new release is made, so the old date is put back.
        _database(collection).execute("update notes set mod = ? where id = ?", as_old_as, note.id)
        edited.append(guid)
    return edited


# --- the promises -------------------------------------------------------------------------------------------------


def _cards_kept(then: _State, now: _State) -> Iterator[Row]:
    columns = _CARD.split(", ")
    promises = {
        "every card keeps its schedule": ("type", "due", "ivl", "factor", "reps", "lapses", "left", "odue", "data"),
        "what is suspended or buried stays so": ("queue",),
        "every card keeps its flag": ("flags",),
        "every card stays in its deck": ("did", "odid"),
    }
    for promise, names in promises.items():
        picked = [columns.index(name) for name in names]
        before = {card: tuple(row[column] for column in picked) for card, row in then.cards.items()}
        after = {card: tuple(row[column] for column in picked) for card, row in now.cards.items()}
        broken = sorted(then.guids[int(str(then.cards[c][1]))] for c in before if before[c] != after.get(c))
        yield Row(promise, len(before), tuple(broken))
    lost = [str(review[0]) for review in then.reviews if review not in now.reviews]
    yield Row("no review is lost", len(then.reviews), tuple(lost))


def _kept(promise: str, then: dict[str, Content], now: dict[str, Content]) -> Row:
    return Row(promise, len(then), tuple(guid for guid, kept in then.items() if now.get(guid) != kept))


def _shown(before: Mapping[str, Content], after: Mapping[str, Content], now: _State) -> Row:
    changed = [guid for guid in after if before.get(guid) != after[guid]]
    hidden = tuple(guid for guid in changed if guid not in now.notes or now.notes[guid] != after[guid])
    return Row("every changed note shows its new text", len(changed), hidden)


def _forks(then: _State, now: _State, shipped: frozenset[int]) -> tuple[str, ...]:
    """Return the names of note types that are neither the learner's nor the package's: Anki made them on a conflict."""
    return tuple(sorted(name for number, name in now.note_types.items() if number not in {*then.note_types, *shipped}))
