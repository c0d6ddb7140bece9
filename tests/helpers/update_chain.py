"""Imports the packages of one deck in turn, as learners do, and holds each import to what an update promises.

Run: python tests/helpers/update_chain.py PACKAGE...      (the oldest first; --help has the options)

It needs nothing but the `anki` package, of any version from 2.1.36 on: where versions differ, it asks what is there. It
goes through the packages with each importer that the version has, prints what came of it, and ends with 1 when a
promise was broken.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import importlib
import json
import os
import re
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Take = Callable[[Any, Path], None]
Card = tuple[str, int]  # its note's GUID, and its number

# What an import must not change of a card: everything but `mod` and `usn`, which record the last write.
COLUMNS = "id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data"
OWN_DECK, OWN_TAG, OWN_WORDS = "My own deck", "my-own-tag", "<p>My own words.</p>"
# What the engines write in place of a card that they cannot show, each in its own words.
NO_CARD = re.compile(
    r"front of this card is blank|template has a problem|No cloze .{1,3} found|there is no field called|\{\{c\d"
)
# What Anki's report of a check says when it found nothing of ours to mend. Studying leaves cards without that time.
SOUND = re.compile(r"Database rebuilt and optimized\.|Added last review time to .*")


# --- what a package holds -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Note:
    """A note's fields and tags, and its time of change in seconds since 1970."""

    fields: str
    tags: tuple[str, ...]
    changed: int = field(compare=False)

    @classmethod
    def of(cls, fields: str, tags: str, changed: int) -> Note:
        """Return a note from three columns of Anki's table."""
        return cls(fields, tuple(sorted(tags.split())), changed)


@dataclass(frozen=True)
class Package:
    """What a package holds: notes by GUID, cards with their decks, designs of note types by ids, and media by name."""

    path: Path
    notes: Mapping[str, Note]
    cards: Mapping[Card, str]
    designs: Mapping[int, tuple[str, ...]]
    names: Mapping[int, tuple[str, ...]]
    media: Mapping[str, bytes]

    @property
    def made(self) -> int:
        """The moment of the release, or just before it: the time of its newest note."""
        return max(note.changed for note in self.notes.values())

    @property
    def without_cards(self) -> set[str]:
        """The notes that it brings without their cards."""
        return {*self.notes} - {guid for guid, _ in self.cards}


def read(path: Path) -> Package:
    """Return the content of a package that cardpress made."""
    with zipfile.ZipFile(path) as archive, closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(archive.read("collection.anki2"))
        notes = {guid: Note.of(*rest) for guid, *rest in database.execute("select guid, flds, tags, mod from notes")}
        note_types, decks = map(json.loads, database.execute("select models, decks from col").fetchone())
        rows = database.execute("select n.guid, c.ord, c.did from cards c join notes n on n.id = c.nid")
        cards = {(guid, number): decks[str(deck)]["name"] for guid, number, deck in rows}
        media = {name: archive.read(number) for number, name in json.loads(archive.read("media")).items()}
    designs = {int(key): design(each) for key, each in note_types.items()}
    return Package(path, notes, cards, designs, {int(key): names(each) for key, each in note_types.items()}, media)


def design(note_type: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a note type's style, the names and sides of its cards, and the names of its fields."""
    cards = [each[key] for each in note_type["tmpls"] for key in ("qfmt", "afmt")]
    return (note_type["css"], *cards, *names(note_type))


def names(note_type: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a note type's cards and fields."""
    return tuple(each["name"] for part in ("tmpls", "flds") for each in note_type[part])


# --- the engine: all that differs between versions ----------------------------------------------------------------


def importers() -> dict[str, Take]:
    """Return each way in which the installed engine imports a package, by its name."""
    found: dict[str, Take] = {}
    module: Any = importlib.import_module("anki.collection")  # no other of Anki's modules can be the first
    with contextlib.suppress(ImportError):  # the only one before 2.1.54, a choice until 25.2, gone since 26.9
        old: Any = importlib.import_module("anki.importing.apkg")
        found["old importer"] = lambda collection, path: old.AnkiPackageImporter(collection, str(path)).run()
    if hasattr(module, "ImportAnkiPackageRequest"):  # since 23.10

        def take(collection: Any, path: Path) -> None:
            request = module.ImportAnkiPackageRequest(package_path=str(path))
            request.options.SetInParent()  # as they are by default
            collection.import_anki_package(request)

        found["new importer"] = take
    elif hasattr(module.Collection, "import_anki_package"):
        found["new importer"] = lambda collection, path: collection.import_anki_package(str(path))
    return found


def named(owner: Any, *names: str) -> Any:
    """Return the attribute with the first of these names that this version knows. The newest comes first."""
    return getattr(owner, next(name for name in names if hasattr(owner, name)))


@contextmanager
def collection_in(folder: Path) -> Iterator[Any]:
    """Open the collection of a folder, or make one there, and close it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    module: Any = importlib.import_module("anki.collection")
    language: Any = importlib.import_module("anki.lang")
    try:
        language.set_lang("en")  # Anki's window does so first
    except TypeError:  # until 2.1.44 with the folder of its translations
        language.set_lang("en", "")
    collection = module.Collection(str(folder / "collection.anki2"))
    with contextlib.suppress(Exception):  # faster; the old engines are always in a transaction, and refuse
        collection.db.execute("pragma synchronous = off")
    try:
        yield collection
    finally:
        collection.close()


# --- the learner --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class State:
    """What a collection holds: notes and their note types by GUID, cards by id, the ids of cards, and reviews."""

    notes: Mapping[str, Note]
    note_types: Mapping[str, int]
    cards: Mapping[int, tuple[Any, ...]]
    ids: Mapping[Card, int]
    reviews: Mapping[int, tuple[Any, ...]]


@dataclass
class Learner:
    """Somebody who imports packages with one importer, and studies."""

    collection: Any
    importer: Take
    rounds: int = 0
    redated: int = 0
    renames: bool = False

    def take(self, package: Package) -> None:
        """Import a package an hour after it was made, and before that rename by hand what it calls otherwise."""
        if self.renames:
            self._rename(package)
        self.importer(self.collection, package.path)
        named(self.collection.models, "_clear_cache", "flush")()  # Anki's window does so when it hears of an import
        # From 2.1.54 to 24.11 the new importer dates what it updates to its own hour. That hour is not today's here.
        for guid, changed in self.collection.db.all("select guid, mod from notes"):
            if guid in package.notes and changed > max(package.made + 3600, package.notes[guid].changed):
                self.redated += 1
                self.collection.db.execute("update notes set mod = ? where guid = ?", package.made + 3600, guid)

    def _rename(self, package: Package) -> None:
        """Give fields and cards the names that the package has, as its release notes tell those with an old Anki."""
        models = self.collection.models
        for number, wanted in package.names.items():
            note_type = models.get(number)
            if note_type is None or names(note_type) == wanted:
                continue
            for card, name in zip(note_type["tmpls"], wanted, strict=False):
                card["name"] = name
            for each, name in zip(note_type["flds"], wanted[len(note_type["tmpls"]) :], strict=True):
                if each["name"] != name:
                    named(models, "rename_field", "renameField")(note_type, each, name)
            named(models, "update_dict", "save")(note_type)

    def list_decks(self) -> set[str]:
        """Return the names of all decks."""
        return {deck["name"] for deck in self.collection.decks.all()}

    def find_decks(self, cards: Mapping[Card, int]) -> dict[Card, str]:
        """Return the names of the decks of cards."""
        decks = {row[0]: row[1] for row in self.collection.db.all("select id, did from cards")}
        return {card: self.collection.decks.name(decks[card_id]) for card, card_id in cards.items()}

    def look_at_masks(self) -> dict[Card, bool]:
        """Return whether the front of each card of a picture with masks asks for its own, by the card.

        Before 23.10 no engine draws masks: there the picture is shown, and below it that a newer Anki is wanted.
        """
        found = {}
        for card, card_id in self.state().ids.items():
            front = named(self.collection, "get_card", "getCard")(card_id).render_output().question_text
            if "image-occlusion-container" not in front:
                continue
            asked = re.findall(r'<div\s+class="cloze"[^>]*\sdata-ordinal="(\d+)"[^>]*\sdata-shape=', front)
            is_told = "Masks need Anki 23.10 or newer." in front and "<img" in front
            draws = hasattr(importlib.import_module("anki.collection"), "ImportAnkiPackageRequest")
            found[card] = is_told and asked == ([str(card[1] + 1)] if draws else [])
        return found

    def state(self) -> State:
        """Return what the collection holds."""
        rows = self.collection.db.all
        return State(
            {guid: Note.of(*rest) for guid, *rest in rows("select guid, flds, tags, mod from notes")},
            dict(map(tuple, rows("select guid, mid from notes"))),
            {row[0]: tuple(row) for row in rows(f"select {COLUMNS} from cards")},
            {
                (row[0], row[1]): row[2]
                for row in rows("select guid, ord, c.id from cards c join notes n on n.id = nid")
            },
            {row[0]: tuple(row) for row in rows("select * from revlog")},
        )

    def study(self) -> None:
        """Answer half of the cards, and again when they are due, in every way; suspend, bury, flag and move some."""
        self.rounds += 1
        collection, scheduler = self.collection, self.collection.sched
        if hasattr(scheduler, "_resetLrn"):  # the schedulers of Python, until 2.1.66, must first make their queues
            scheduler.reset()
        # Not those that the scheduler of before 2.1.45 has in relearning: their other due date would confuse it.
        query = "select id from cards where queue >= 0 and odue = 0 order by due, id"
        waiting = [row[0] for row in collection.db.all(query)]
        get_card = named(collection, "get_card", "getCard")
        for week in range(3):
            due = waiting[(self.rounds + week) % 2 :: week + 1]
            if week and due:
                due = [card_id for card_id in due if get_card(card_id).odue == 0]
                if hasattr(scheduler, "set_due_date"):
                    scheduler.set_due_date(due, "0")
                else:
                    scheduler.reschedCards(due, 0, 0)  # today, until 2.1.40
                self._let_time_pass()
            for number, card_id in enumerate(due):
                card = get_card(card_id)
                named(card, "start_timer", "startTimer")()
                if card.queue >= 0:  # an answer may bury another card of the note
                    scheduler.answerCard(card, (3, 1, 4, 2)[(number + week) % 4])
        scheduler.suspend_cards(waiting[self.rounds % 5 :: 9])
        scheduler.bury_cards(waiting[self.rounds % 4 :: 11])
        own_deck = collection.decks.id(OWN_DECK)
        for number, card_id in enumerate(waiting):
            card = get_card(card_id)
            card.flags = (number + self.rounds) % 5
            card.did = own_deck if (number + self.rounds) % 13 == 0 else card.did
            collection.update_card(card) if hasattr(collection, "update_card") else card.flush()

    def _let_time_pass(self) -> None:
        """Wait until the newest review is past. A change of many due dates is recorded in the milliseconds to come."""
        newest = self.collection.db.scalar("select max(id) from revlog")
        time.sleep(max(0.0, newest / 1000 - time.time()) + 0.01)

    def edit(self, guids: Sequence[str]) -> None:
        """Add words and a tag of one's own to notes, and leave their times of change: before the next release."""
        for note_id, guid, changed in self.collection.db.all("select id, guid, mod from notes"):
            if guid in guids:
                note = named(self.collection, "get_note", "getNote")(note_id)
                note[note.keys()[1]] += OWN_WORDS
                named(note, "add_tag", "addTag")(OWN_TAG)
                self.collection.update_note(note) if hasattr(self.collection, "update_note") else note.flush()
                self.collection.db.execute("update notes set mod = ? where id = ?", changed, note_id)

    def look(self) -> dict[str, tuple[str, str]]:
        """Return what is to be read on both sides of each card, by the card."""
        get_card = named(self.collection, "get_card", "getCard")
        sides = {}
        for (guid, number), card_id in sorted(self.state().ids.items()):
            output = get_card(card_id).render_output()
            sides[f"{guid} {number}"] = (visible(output.question_text), visible(output.answer_text))
        return sides

    def check_database(self) -> list[str]:
        """Let Anki check the database, and return the lines of its report."""
        report, _ = named(self.collection, "fix_integrity", "fixIntegrity")()
        return [line for line in report.splitlines() if line]


def list_levels(deck: str) -> list[str]:
    """Return the names of a deck and of those that it is in."""
    parts = deck.split("::")
    return ["::".join(parts[:count]) for count in range(1, len(parts) + 1)]


def visible(text: str) -> str:
    """Return what is to be read of HTML."""
    text = re.sub(r'(?s)<(style|script)\b.*?</\1>|<div style="display: none">.*?</div>|<!--.*?-->', "", text)
    text = re.sub(r"</?(a|b|code|em|i|kbd|span|strong|sub|sup)\b[^>]*>", "", text)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


# --- the promises -------------------------------------------------------------------------------------------------


@dataclass
class Account:
    """How many cases of each promise were looked at, and which of them broke it."""

    held: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    twins: int = 0

    def hold(self, promise: str, when: str, cases: Mapping[Any, bool]) -> None:
        """Record the cases of a promise, each with whether it was kept."""
        self.held[promise] += len(cases)
        wrong = [str(case) for case, kept in cases.items() if not kept]
        if wrong:
            self.broken.append(f"{promise}: {when}: {', '.join(wrong[:3])}{', …' if len(wrong) > 3 else ''}")


def kept(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> dict[Any, bool]:
    """Return for each key whether its value is still the same."""
    return {key: key in after and after[key] == value for key, value in before.items()}


@dataclass
class Journey:
    """A learner who takes packages in turn."""

    who: str
    learner: Learner
    account: Account
    seen: dict[str, Note] = field(default_factory=dict)  # the notes as the packages so far had them
    without_cards: set[str] = field(default_factory=set)

    def go(self, packages: Sequence[Package], start: int, stop: int) -> None:
        """Take some of the packages, with study after each, and let Anki check the database after the last."""
        for package in packages[:start]:
            self._remember(package)
        for number in range(start, stop):
            self._take(packages[number])
            later = packages[number + 1 :]
            stable = [
                guid for guid, note in self.seen.items() if all(each.notes.get(guid, note) == note for each in later)
            ]
            self.learner.study()
            self.learner.edit(sorted(stable)[number % 3 :: 5])
        self._check_database()

    def _remember(self, package: Package) -> None:
        self.seen |= package.notes
        self.without_cards |= package.without_cards

    def _take(self, package: Package) -> None:
        """Import a package, look at every card, and import it once more."""
        learner, when = self.learner, f"{self.who}, {package.path.name}"
        before, trees = learner.state(), learner.list_decks()
        learner.take(package)
        self._remove_twins(when)
        after = learner.state()

        def hold(promise: str, cases: Mapping[Any, bool]) -> None:
            self.account.hold(promise, when, cases)

        new = {guid: note for guid, note in package.notes.items() if guid not in before.notes}
        changed = {guid: n for guid, n in package.notes.items() if guid not in new and n != self.seen.get(guid)}
        others = {guid: note for guid, note in before.notes.items() if guid not in changed}
        hold("every new note arrives", kept(new, after.notes))
        hold("every changed note shows its new text and tags", kept(changed, after.notes))
        hold("every other note keeps a learner's edits and tags", kept(others, after.notes))
        hold("every card keeps its schedule, its flag and its deck", kept(before.cards, after.cards))
        hold("every review is kept", kept(before.reviews, after.reviews))
        hold("every card of the package is there", {card: card in after.ids for card in package.cards})
        came = {
            card: card_id for card, card_id in after.ids.items() if card not in before.ids and card in package.cards
        }
        decks = learner.find_decks(after.ids)

        # Anki itself makes those that are missing where a front changes: in the deck of the note's others, or in its
        # default one when these are in several.
        def is_at_home(card: Card) -> bool:
            near = {decks[other] for other in before.ids if other[0] == card[0]}
            return decks[card] in {package.cards[card], *(near if len(near) == 1 else {"Default"} if near else ())}

        hold("every new card comes into its deck, or to the others of its note", {c: is_at_home(c) for c in came})
        there = {*trees, *(part for name in package.cards.values() for part in list_levels(name))}
        hold("no other deck comes", {deck: deck in there for deck in learner.list_decks()})
        hold("no other card comes", {card: card in before.ids or card in package.cards for card in after.ids})
        hold("no note changes its note type", kept(before.note_types, after.note_types))
        used = {*after.note_types.values()}
        hold("no note type forks", {each: each in {*before.note_types.values(), *package.designs} for each in used})
        get = learner.collection.models.get
        designs = {each: design(get(each)) for each in used if each in package.designs}
        hold("every note type has the package's design", kept(designs, package.designs))
        media = Path(learner.collection.media.dir())
        files = {name: (media / name).read_bytes() for name in package.media if (media / name).is_file()}
        hold("every picture and sound is there", kept(package.media, files))
        self._remember(package)
        sides = learner.look()
        hold("every front asks", {card: bool(front) for card, (front, _) in sides.items()})
        hold(
            "every back says more than the front",
            {card: len(back) > len(front) for card, (front, back) in sides.items()},
        )
        hold("every card of a picture asks for its own mask", learner.look_at_masks())
        hold("no card shows an error", {card: not NO_CARD.search(" ".join(both)) for card, both in sides.items()})
        then = learner.state()
        learner.take(package)
        hold("a second import changes nothing", {"anything": learner.state() == then})

    def _remove_twins(self, when: str) -> None:
        """Check the database where Anki made cards that are there already; that takes the second ones away again.

        Where a front changes, Anki makes what cards are missing, and sometimes does not see those that a note got later
        than its others (its `group_generated_cards_by_note` wants them in the order of notes, and nothing sorts them).
        """
        query = "select id, nid, ord from cards order by id"
        first: dict[tuple[int, int], int] = {}
        twins = [
            row[0]
            for row in self.learner.collection.db.all(query)
            if first.setdefault((row[1], row[2]), row[0]) != row[0]
        ]
        if twins:
            self.account.twins += len(twins)
            self.learner.check_database()
            left = {row[0] for row in self.learner.collection.db.all(query)}
            self.account.hold(
                "a check takes away what Anki made twice", when, {card: card not in left for card in twins}
            )
            self.account.hold("a check keeps what was there", when, {card: card in left for card in first.values()})

    def _check_database(self) -> None:
        """Check the database. It is sound; only notes that came without their cards get them."""
        before = self.learner.state()
        report = self.learner.check_database()
        after = self.learner.state()
        made = {card: card[0] in self.without_cards for card in after.ids if card not in before.ids}
        self.account.hold("the database is sound", self.who, {line: bool(SOUND.fullmatch(line)) for line in report})
        self.account.hold("its check makes cards only of notes without any", self.who, made)
        self.account.hold("its check keeps every note", self.who, kept(before.notes, after.notes))
        # The last column also has when a card was last answered, which a check may add.
        cards = ({number: card[:-1] for number, card in each.cards.items()} for each in (before, after))
        self.account.hold("its check keeps every card", self.who, kept(*cards))


# --- the command --------------------------------------------------------------------------------------------------


def travel(
    folder: Path, importer: Take, packages: Sequence[Package], *, renames: bool
) -> tuple[Account, dict[str, Any], int]:
    """Let three learners take all packages, the first and the last alone, and the last alone.

    Return the account, what the cards of the last learner show, and how many notes the importer has dated to its hour.
    """
    account, shown, redated = Account(), {}, 0
    learners = {"takes every package": packages, "is new": packages[-1:]}
    if len(packages) > 2 and not renames:  # who renames a note type keeps its design until it changes once more
        learners["skips some"] = [packages[0], packages[-1]]
    for who, taken in learners.items():
        with collection_in(folder / who) as collection:
            learner = Learner(collection, importer, renames=renames)
            Journey(f"who {who}", learner, account).go(taken, 0, len(taken))
            shown, redated = learner.look(), redated + learner.redated
    return account, shown, redated


def go_on(
    folder: Path, importer: Take, packages: Sequence[Package], count: int, *, renames: bool
) -> tuple[Account, dict[str, Any], int]:
    """Let the learner of a folder take the next packages. They may have taken others with another version of Anki."""
    account, place = Account(), folder / "taken"
    start = int(place.read_text(encoding="utf-8")) if place.exists() else 0
    stop = min(start + count, len(packages))
    with collection_in(folder) as collection:
        if type(collection.sched).__name__ == "DummyScheduler":  # Anki's window proposes this
            collection.upgrade_to_v2_scheduler()
            collection.set_v3_scheduler(True)
        learner = Learner(collection, importer, rounds=start, renames=renames)
        learner.check_database()  # mends what another version's scheduler left
        Journey("who moves to a newer Anki", learner, account).go(packages, start, stop)
        shown, redated = learner.look(), learner.redated
    place.write_text(str(stop), encoding="utf-8")
    return account, shown, redated


def main() -> int:
    """Go through the packages with each importer of the installed engine."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "packages", nargs="+", type=Path, metavar="PACKAGE", help="packages of a deck, the oldest first"
    )
    parser.add_argument("--cards", type=Path, metavar="FILE", help="write what all cards show at the end, as JSON")
    parser.add_argument("--carry", type=Path, metavar="FOLDER", help="go on with the collection of this folder")
    parser.add_argument("--count", type=int, default=1, help="how many packages more it takes (default: 1)")
    parser.add_argument("--newest", action="store_true", help="use the newest importer alone")
    parser.add_argument("--by-hand", action="store_true", help="rename fields and cards by hand before an import")
    parser.add_argument(
        "--broken", action="append", default=[], metavar="PROMISE", help="one that this version is known to break"
    )
    arguments = parser.parse_args()
    packages = [read(path.resolve()) for path in arguments.packages]
    # Old engines print much to standard output, not through Python.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    version = importlib.import_module("anki.buildinfo").version
    failed = False
    for name, importer in list(importers().items())[-1 if arguments.newest or arguments.carry else 0 :]:
        if arguments.carry:
            account, shown, redated = go_on(
                arguments.carry.resolve(), importer, packages, arguments.count, renames=arguments.by_hand
            )
        else:
            with tempfile.TemporaryDirectory(prefix="cardpress-anki-") as folder:
                account, shown, redated = travel(Path(folder), importer, packages, renames=arguments.by_hand)
        remark = f"; {redated} notes dated to the hour of their import" if redated else ""
        remark += f"; {account.twins} cards that Anki made twice" if account.twins else ""
        cases = f"{sum(account.held.values())} cases, {len(account.broken)} broken"
        print(f"Anki {version}, {name}, {packages[0].path.parent.name}: {cases}{remark}", file=out)
        print("".join(f"  {line}\n" for line in account.broken), end="", file=out, flush=True)
        failed = failed or {line.partition(":")[0] for line in account.broken} != {*arguments.broken}
        if arguments.cards:
            arguments.cards.write_text(json.dumps(shown, indent=1, ensure_ascii=False), encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
