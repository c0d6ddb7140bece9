"""Learners in the real Anki, who study a deck, make it their own, and import its next release.

Anki's engine comes from the `anki` package, which only tests and rehearsals use.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cardpress.anki.field_text import parse_html, to_plain_text
from cardpress.anki.package import Content, PackageError, parse_content
from cardpress.markdown.html_elements import Element
from cardpress.progress import Count, count_nothing

if TYPE_CHECKING:
    from anki.cards import Card
    from anki.collection import Collection
    from anki.dbproxy import DBProxy
    from anki.import_export_pb2 import ImportResponse
    from anki.notes import Note

# Weeks of study, each with its own mix of answers.
_WEEKS = 4
_OWN = "My own"
_OWN_TAG = "my-own-tag"
_OWN_WORDS = "<p>My own words.</p>"
# The columns of a card that an update must not change: all but `mod` and `usn`, which record the last write.
CARD = "id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"
# What Anki puts around names in its messages, for languages that are written from right to left.
_ISOLATES = re.compile("[\u2066-\u2069]")
_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_REVIEWS = "select id, cid, ease, ivl, lastIvl, factor, time, type from revlog"


@dataclass(frozen=True, slots=True)
class Learner:
    """A way to import: its name, the options that differ from those of Anki's dialog, and what the learner did before.

    `adds_fields` says whether they added a field of their own to every note type.
    """

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    adds_fields: bool = False


LEARNERS = (
    Learner("default"),
    # Who has added a field to a note type gets updates of its notes in no other way.
    Learner("merge", MappingProxyType({"merge_notetypes": True}), adds_fields=True),
    # What `AnkiPackageImporter` asks for, which AnkiConnect's `importPackage` calls.
    Learner(
        "AnkiConnect",
        MappingProxyType({"merge_notetypes": True, "with_scheduling": True, "with_deck_configs": True}),
    ),
)


@dataclass(frozen=True, slots=True)
class Own:
    """What a learner has made their own: the GUIDs of the notes that they edited, and what Anki did not let them do.

    `refused` has for each note type that Anki does not save, so that no field can be added to it, its name and why.
    """

    edited: tuple[str, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What Anki shows of a card. `gap` is the text that a cloze card asks for, "" where there is none to be found.

    `problem` is Anki's message when a side is empty or cannot be shown.
    """

    number: int
    is_cloze: bool
    gap: str
    problem: str


@dataclass(frozen=True, slots=True)
class State:
    """Everything that an update may change in a collection, or must not.

    `cards` and `shown` are by card, `guids` are the notes' by their numbers in the collection, `presets` are by the
    names of decks, and `schema` changes when the next sync has to be a full one.
    """

    cards: Mapping[int, tuple[Any, ...]]
    shown: Mapping[int, Shown]
    reviews: frozenset[tuple[Any, ...]]
    notes: Mapping[str, Content]
    note_types: Mapping[int, str]
    guids: Mapping[int, str]
    presets: Mapping[str, object]
    schema: int


@contextmanager
def open_collection() -> Iterator[Collection]:
    """Open an empty collection in a temporary folder, and remove it afterwards."""
    from anki.collection import Collection

    with tempfile.TemporaryDirectory(prefix="cardpress-rehearsal-") as folder:
        collection = Collection(str(Path(folder) / "collection.anki2"))
        _hurry(collection)
        try:
            yield collection
        finally:
            collection.close()


def _hurry(collection: Collection) -> None:
    """Let a collection not survive a power cut, since nobody keeps it: each answer would wait for the disk."""
    _database(collection).execute("pragma synchronous = off")


def import_package(collection: Collection, package: bytes, learner: Learner) -> ImportResponse.Log:
    """Import a package and return Anki's account of it. Raises PackageError when Anki cannot import it."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from anki.errors import AnkiException

    path = Path(collection.path).with_name("import.apkg")
    path.write_bytes(package)
    request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions(**learner.options))
    try:
        log = collection.import_anki_package(request).log
    except AnkiException as error:
        raise PackageError(str(error)) from error
    collection.models._clear_cache()
    return log


def import_text(collection: Collection, text: bytes) -> None:
    """Import a text file as Anki's dialog does when nothing is changed in it. Raises PackageError when Anki cannot."""
    from anki.collection import ImportCsvRequest
    from anki.errors import AnkiException

    path = Path(collection.path).with_name("import.csv")
    path.write_bytes(text)
    try:
        metadata = collection.get_csv_metadata(path=str(path), delimiter=None)
        collection.import_csv(ImportCsvRequest(path=str(path), metadata=metadata))
    except AnkiException as error:
        raise PackageError(str(error)) from error


# --- what there is ------------------------------------------------------------------------------------------------


def _database(collection: Collection) -> DBProxy:
    if collection.db is None:
        raise RuntimeError("the collection is closed")
    return collection.db


def read_notes(collection: Collection) -> dict[str, Content]:
    """Return the contents of all notes, by GUID."""
    rows = _database(collection).all("select guid, flds, tags from notes")
    return {guid: parse_content(fields, tags) for guid, fields, tags in rows}


def read_state(collection: Collection, count: Count = count_nothing) -> State:
    """Return what a collection holds, with both sides of every card as Anki shows them."""
    database, decks = _database(collection), collection.decks
    cards = {row[0]: tuple(row) for row in database.all(f"select {CARD} from cards")}  # noqa: S608 - our own columns
    shown = {}
    for card in cards:
        shown[card] = _show(collection.get_card(card))
        count(len(shown), len(cards), "card")
    return State(
        cards=cards,
        shown=shown,
        reviews=frozenset(map(tuple, database.all(_REVIEWS))),
        notes=read_notes(collection),
        note_types={entry.id: entry.name for entry in collection.models.all_names_and_ids()},
        guids=dict(map(tuple, database.all("select id, guid from notes"))),
        presets={deck["name"]: _preset(decks.config_dict_for_deck_id(deck["id"])) for deck in decks.all()},
        schema=database.scalar("select scm from col"),
    )


def _preset(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deck's preset without the time of its last write."""
    return {name: value for name, value in config.items() if name not in ("mod", "usn")}


def _show(card: Card) -> Shown:
    """Render both sides of a card."""
    from anki.errors import TemplateError

    is_cloze = card.note_type()["type"] == 1
    sides = card.render_output()
    try:
        # `render_output` returns messages as if they were the card; the engine itself tells them apart.
        raw = card.col._backend.render_existing_card(card_id=card.id, browser=False, partial_render=True)
        problem = to_plain_text(sides.question_text) if raw.is_empty else ""
    except TemplateError as error:
        problem = to_plain_text(str(error))
    answer = parse_html(sides.answer_text) if is_cloze and not problem else []
    # What a mask hides is in its label; one without is known by where it is.
    gap = " ".join(_find_gaps(answer, "cloze")) or " ".join(_find_gaps(answer, "cloze-highlight"))
    if is_cloze:
        gap = " ".join(filter(None, (gap, *_find_in_formulas(card.note().fields, card.ord + 1))))
    return Shown(card.ord + 1, is_cloze, gap, problem)


def _find_gaps(nodes: Sequence[Element | str], name: str) -> Iterator[str]:
    """Yield the texts of the deletions that an answer reveals, which have this class in the HTML that Anki makes of it.

    A mask has no text, and its place instead.
    """
    for node in nodes:
        if isinstance(node, Element):
            if name in node.attributes.get("class", "").split():
                places = (node.attributes.get(f"data-{side}", "") for side in ("left", "top", "width", "height"))
                yield " ".join((*_write(node).split(), *filter(None, places)))
            else:
                yield from _find_gaps(node.children, name)


def _find_in_formulas(fields: Iterable[str], number: int) -> Iterator[str]:
    """Yield the LaTeX that deletions of this number hide. In a formula, Anki puts no element around them."""
    deletion = re.compile(rf"\{{\{{c{number}::(.*?)(?:::.*?)?\}}\}}", re.DOTALL)
    for text in fields:
        for formula in _FORMULA.finditer(text):
            yield from (found[1].strip() for found in deletion.finditer(formula[0]))


def _write(node: Element | str) -> str:
    """Return a node's text, and the names of its pictures."""
    if isinstance(node, str):
        return node
    return node.attributes.get("src", "") + "".join(map(_write, node.children))


# --- what they do -------------------------------------------------------------------------------------------------


def study(collection: Collection, count: Count = count_nothing) -> None:
    """Answer every card once, then some of them again each week, with every kind of answer."""
    from anki.decks import DeckConfigId

    config = collection.decks.get_config(DeckConfigId(1))
    if config is None:
        raise RuntimeError("a collection has a deck preset")
    config["new"]["perDay"] = config["rev"]["perDay"] = 9999
    collection.decks.update_config(config)
    everything = list(collection.find_cards("", order=True))
    weeks = [[card for number, card in enumerate(everything) if number % (week + 1) == 0] for week in range(_WEEKS)]
    answers = 0
    with _some_time_ago(collection):  # Anki dates a note that becomes a leech, too
        for week, due in enumerate(weeks):
            if week:
                collection.sched.set_due_date(due, "0")
            for number, card_id in enumerate(due):
                card = collection.get_card(card_id)
                card.start_timer()
                collection.sched.answerCard(card, (1, 2, 3, 4)[(number + week) % 4])
                answers += 1
                count(answers, sum(map(len, weeks)), "answer")


def make_it_their_own(collection: Collection, learner: Learner, unchanged: Sequence[str]) -> Own:
    """Suspend, bury, flag and move cards, edit and tag notes, give decks a preset, and add fields if the learner does.

    Every third note of `unchanged` is edited.
    """
    cards = list(collection.find_cards("", order=True))
    suspended = set(cards[::7])
    collection.sched.suspend_cards(cards[::7])
    collection.sched.bury_cards([card for card in cards[1::11] if card not in suspended])
    for flag in range(1, 8):
        collection.set_user_flag_for_cards(flag, cards[flag :: 5 + flag])
    own_deck = collection.decks.id(f"{_OWN} deck")
    if own_deck is None:
        raise RuntimeError("a deck could not be made")
    collection.set_deck(cards[2::9], own_deck)
    preset = collection.decks.add_config(f"{_OWN} preset")
    for deck in collection.decks.all():
        collection.decks.set_config_id_for_deck_dict(deck, preset["id"])
    with _some_time_ago(collection):
        refused = tuple(_add_fields(collection)) if learner.adds_fields else ()
        notes = {collection.get_note(note_id).guid: note_id for note_id in collection.find_notes("")}
        for guid in unchanged[::3]:
            note = collection.get_note(notes[guid])
            for name in _choose_fields(note, learner):
                note[name] += _OWN_WORDS
            note.add_tag(_OWN_TAG)
            collection.update_note(note)
    return Own(tuple(unchanged[::3]), refused)


def fill_personal_fields(collection: Collection, counts: Mapping[int, int]) -> dict[str, tuple[str, ...]]:
    """Write into the last fields of every note, as many as a note type has for that, by its number.

    Return what is in those fields, by the notes' GUIDs.
    """
    filled = {}
    with _some_time_ago(collection):
        for note_id in collection.find_notes(""):
            note = collection.get_note(note_id)
            if count := counts.get(note.mid, 0):
                note.fields[-count:] = [_OWN_WORDS] * count
                collection.update_note(note)
                filled[note.guid] = tuple(note.fields[-count:])
    return filled


def _choose_fields(note: Note, learner: Learner) -> set[str]:
    """Return the names of the fields that somebody edits: one with most to read, and their own or else the first."""
    names = note.keys()
    longest = max(names[1:] or names, key=lambda name: len(note[name]))
    return {longest, names[-1 if learner.adds_fields else 0]}


@contextmanager
def _some_time_ago(collection: Collection) -> Iterator[None]:
    """Let notes and note types be as old as before when they are edited.

    Anki dates an edit to now, later than any release, and so would keep it whatever the release does. A real learner
    edits before the new release is made.
    """
    database = _database(collection)
    dates = {
        "update notes set mod = ? where id = ?": database.all("select mod, id from notes"),
        "update notetypes set mtime_secs = ? where id = ?": database.all("select mtime_secs, id from notetypes"),
    }
    yield
    for statement, rows in dates.items():
        database.executemany(statement, rows)
    # The engine remembers note types, with the times that they had.
    collection.close()
    collection.reopen()
    _hurry(collection)


def _add_fields(collection: Collection) -> Iterator[str]:
    """Add a field to each note type, and yield what Anki says of those that it does not save.

    It imports and shows card templates that its own editor would not take, such as two with the same front.
    """
    from anki.errors import AnkiException

    used = _database(collection).list("select distinct mid from notes")
    for number in used:
        note_type = collection.models.get(number)
        if note_type is None:
            raise RuntimeError("a note has a note type")
        collection.models.add_field(note_type, collection.models.new_field(f"{_OWN} field"))
        try:
            collection.models.update_dict(note_type)
        except AnkiException as error:
            yield f"{note_type['name']} ({say_error(error)})"


def say_error(error: Exception) -> str:
    """Return what Anki says of a mistake, in a line of plain text."""
    return " ".join(_ISOLATES.sub("", to_plain_text(str(error))).split())
