"""A deck that learners have is taken over, and what cardpress makes of it is, for the real Anki, the same deck."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection
from anki.models import NotetypeId

from cardpress.adopt.making import write_project
from cardpress.adopt.sources import adopt
from cardpress.adopt.wishes import Wish
from cardpress.diagnostics.reports.text import as_text
from cardpress.pipeline import Options, build_project, check_project
from cardpress.progress import NoProgress
from cardpress.release.make import Request, make_release
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.originals import (
    ORIGINALS,
    Form,
    Hand,
    HandNote,
    add,
    anki_package,
    by_hand,
    genanki_package,
    hand_deck,
    make_old,
)
from tests.helpers.students import Student

DECKS = "decks"
# After the day on which learners of these tests import the original: then Anki gives a note type a new time, when it
# has to call it otherwise.
LATER, MUCH_LATER = "2040-01-01", "2040-02-01"


def take_over(folder: Path, package: bytes) -> Path:
    """Make a project of a package, without problems but for the print fonts that it would need."""
    file = folder / "original.apkg"
    file.write_bytes(package)
    made = write_project(folder / "project", adopt(file, Wish("old", "Old deck", "", "2026-11-27")))
    assert {each.code for each in made.diagnostics} <= {"missing-glyph", "odd-character", "shown-by-anki-alone"}
    return folder / "project"


def build(project: Path, out: Path) -> bytes:
    result = build_project(Options(project, out, ("apkg",)), NoProgress())
    assert not result.failed(strict=False), as_text(result.diagnostics)
    return (out / "old.apkg").read_bytes()


def release(project: Path, version: str, date: str) -> bytes:
    outcome = make_release(Request(Options(project, project / "dist", ("apkg",)), version, date), NoProgress())
    assert outcome.released, (as_text(outcome.diagnostics), outcome.reasons, outcome.rehearsal)
    return (project / "dist" / "old.apkg").read_bytes()


def edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8", newline="\n")


@pytest.mark.parametrize("name", ORIGINALS)
def test_over_what_learners_have_nothing_changes(name: str, tmp_path: Path) -> None:
    original = ORIGINALS[name]()
    project = take_over(tmp_path, original)
    made = build(project, tmp_path / "out")
    with learning(tmp_path / "learner") as learner:
        learner.take(original)
        Student(learner).study()
        before = learner.everything()
        log = learner.take(made)
        after = learner.everything()
    assert not log.conflicting
    assert not log.new
    # Another style is an `@import` less, and other tags are those of which a card's HTML could be made something else.
    for table in before.keys() - {DECKS, "notetypes", "fields", "notes", "tags"}:
        came = [row for row in after[table] if row not in before[table]]
        assert [row for row in after[table] if row not in came] == before[table], table
        # What was made by hand has a note without a card that Anki's own look at the database would make.
        assert not came or (name == "by hand" and table == "cards"), table
    # What was made safe is told, and newer.
    told = (project / "import-report.md").read_text(encoding="utf-8")
    for table, place in (("notes", 0), ("notetypes", 1)):
        other = [row for row in before[table] if row not in after[table]]
        assert len(other) == len([row for row in other if "the next release updates it" in told]) <= 1, other
        assert [row[place] for row in after[table]] == [row[place] for row in before[table]]
    names = [row[1] for row in before[DECKS]]
    assert [row[1] for row in after[DECKS]] == names
    assert [row[0] for row in after[DECKS]] == [row[0] for row in before[DECKS]]


# What changes by itself, or is no part of a deck.
_CHANGES = ("usn", "mod", "did", "media", "req", "vers", "tags")


def describe(collection: Collection, number: int) -> dict[str, Any]:
    """Return a note type as Anki has it, without what changes by itself."""
    found = collection.models.get(NotetypeId(number))
    assert found is not None

    def drop(part: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in part.items() if key not in _CHANGES}

    return drop(found) | {key: [drop(part) for part in found[key]] for key in ("flds", "tmpls")}


@pytest.mark.parametrize("form", Form)
def test_note_types_and_deck_numbers_are_those_of_the_original(form: Form, tmp_path: Path) -> None:
    original = anki_package(form)
    made = build(take_over(tmp_path, original), tmp_path / "out")
    with learning(tmp_path / "of the original") as one, learning(tmp_path / "of ours") as other:
        one.take(original)
        other.take(made)
        numbers = [row[0] for row in one.rows("select distinct mid from notes order by mid")]
        assert numbers == [row[0] for row in other.rows("select distinct mid from notes order by mid")]
        for number in numbers:
            assert describe(other.collection, number) == describe(one.collection, number)
        notes = "select guid, mid, mod, tags, flds from notes order by guid"
        assert other.rows(notes) == one.rows(notes)
        cards = "select n.guid, c.ord from cards c join notes n on n.id = c.nid order by n.guid, c.ord"
        assert other.rows(cards) == one.rows(cards)


# --- after that


def ids_of(learner: Learner, number: int) -> list[int | None]:
    found = learner.collection.models.get(NotetypeId(number))
    assert found is not None
    return [part.get("id") for key in ("flds", "tmpls") for part in found[key]]


def test_an_old_note_type_gets_numbers_and_keeps_its_names(tmp_path: Path) -> None:
    original, number = genanki_package(), 1607392319
    project = take_over(tmp_path, original)
    (folder,) = [path.parent for path in project.rglob("note-type.yaml") if str(number) in path.read_text("utf-8")]
    with learning(tmp_path / "learner") as learner, learning(tmp_path / "who skips") as skipping:
        learner.take(original)
        skipping.take(original)
        assert set(ids_of(learner, number)) == {None}
        Student(learner).study()
        before = learner.everything()
        edit(folder / "style.css", ("center", "left"))
        first = release(project, "1.0.0", LATER)
        assert not learner.take(first).conflicting
        assert None not in ids_of(learner, number)
        after = learner.everything()
        assert (after["notes"], after["cards"], after["revlog"]) == (before["notes"], before["cards"], before["revlog"])
        # Anki would take no note type in which a name is another one, from who skips that release: none is released.
        declaration = folder / "note-type.yaml"
        text = declaration.read_text(encoding="utf-8")
        was = re.sub(r"\bkey: question\b", "key: question, name: Asked, was: Question", text, count=1)
        was = was if was != text else re.sub(r"^  - key: question$", "  - {key: question, name: Asked}", text, count=1)
        assert was != text
        declaration.write_text(was, encoding="utf-8", newline="\n")
        assert "field-list-changed" in {each.code for each in check_project(project).diagnostics}
        declaration.write_text(text, encoding="utf-8", newline="\n")
        edit(folder / "style.css", ("left", "right"))
        second = release(project, "1.1.0", MUCH_LATER)
        for each in (learner, skipping):
            assert not each.take(second).conflicting
            found = each.collection.models.get(NotetypeId(number))
            assert found is not None
            assert "right" in found["css"]
        assert learner.everything()["cards"] == before["cards"]


def test_a_field_with_a_number_of_its_own_can_be_renamed(tmp_path: Path) -> None:
    def fill(collection: Collection) -> None:
        for number in range(3):
            add(collection, "Basic", "Words", f"word {number}", f"meaning {number}")
        make_old(collection)

    original = anki_package(Form.LATEST, fill=fill)
    project = take_over(tmp_path, original)
    (declaration,) = project.rglob("note-type.yaml")
    with learning(tmp_path / "learner") as learner:
        learner.take(original)
        Student(learner).study()
        before = learner.everything()
        text = declaration.read_text(encoding="utf-8")
        declaration.write_text(
            re.sub(r"\bkey: front\b", "key: front, name: Word, was: Front", text, count=1), encoding="utf-8"
        )
        edit(declaration.with_name("front.html"), ("{{Front}}", "{{Word}}"))
        made = release(project, "1.0.0", LATER)
        assert not learner.take(made).conflicting
        after = learner.everything()
        number = after["notes"][0][2]
        found = learner.collection.models.get(NotetypeId(number))
        assert found is not None
        assert [field["name"] for field in found["flds"]] == ["Word", "Back"]
        assert (after["notes"], after["cards"], after["revlog"]) == (before["notes"], before["cards"], before["revlog"])


@pytest.mark.parametrize("form", Form)
def test_cards_in_anki_s_own_deck_stay_there(form: Form, tmp_path: Path) -> None:
    def fill(collection: Collection) -> None:
        add(collection, "Basic", "Default", "one", "1")
        make_old(collection)

    original = anki_package(form, fill=fill)
    made = build(take_over(tmp_path, original), tmp_path / "out")
    for name, packages in {"who has it": (original, made), "who is new": (made,)}.items():
        with learning(tmp_path / name) as learner:
            for package in packages:
                learner.take(package)
            assert learner.rows("select id, name from decks") == [[1, "Default"]]
            assert learner.rows("select did from cards") == [[1]]


def test_a_deck_whose_name_would_act_is_another_one_and_that_is_told(tmp_path: Path) -> None:
    armed = "A <b onclick=x>deck"
    original = by_hand(Hand((HandNote("g", ("a", "b")),), decks=(hand_deck(name=armed),)))
    project = take_over(tmp_path, original)
    assert armed in (project / "import-report.md").read_text(encoding="utf-8")
    made = build(project, tmp_path / "out")
    with learning(tmp_path / "learner") as learner:
        learner.take(original)
        before = learner.rows("select id, did from cards")
        learner.take(made)
        assert learner.rows("select id, did from cards") == before
        (other,) = [row[0] for row in learner.rows("select name from decks") if row[0] not in ("Default", armed)]
        assert other.replace("\N{WORD JOINER}", "") == armed


@pytest.mark.parametrize("form", Form)
def test_who_is_new_gets_the_same_decks_as_learners_have(form: Form, tmp_path: Path) -> None:
    """Cards of one note in several decks, also those that the first release adds."""

    def fill(collection: Collection) -> None:
        for word in ("one", "two", "three"):
            note = add(collection, "Basic (and reversed card)", "Words::Reading", word, f"{word} in other words")
            writing = collection.decks.id("Words::Writing")
            assert writing is not None
            collection.set_deck([card.id for card in note.cards() if card.ord == 1], writing)
        make_old(collection)

    original = anki_package(form, fill=fill)
    project = take_over(tmp_path, original)
    table = next((project / "source").glob("*.csv"))
    table.write_text(f"{table.read_text(encoding='utf-8')}four,four,4,\n", encoding="utf-8")
    made = release(project, "1.0.0", LATER)
    cards = (
        "select fields.flds, cards.ord, cards.due, replace(decks.name, char(31), '::') from cards "
        "join notes as fields on nid = fields.id join decks on did = decks.id order by cards.due, cards.ord"
    )
    seen = {}
    for name, packages in {"who has it": (original, made), "who is new": (made,)}.items():
        with learning(tmp_path / name) as learner:
            for package in packages:
                learner.take(package)
            seen[name] = [(words, number, deck) for words, number, _, deck in learner.rows(cards)]
            assert {row[0] for row in learner.rows("select name from decks")} == {
                "Default",
                "Words",
                "Words\x1fReading",
                "Words\x1fWriting",
            }
    assert seen["who is new"] == seen["who has it"]
    assert {number: deck for _, number, deck in seen["who is new"]} == {0: "Words::Reading", 1: "Words::Writing"}
    assert len(seen["who is new"]) == 8
