"""What learners had before cardpress keeps its GUIDs, numbers, names and times, and nothing else takes them."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cardpress.cli.main import run
from cardpress.diagnostics import SourceFile
from cardpress.history.merging import CannotMergeError, merge
from cardpress.history.records import parse, to_moment, to_text
from tests.helpers.adopted_decks import CHANGED, DECK, GUIDS, NOTE_TYPE, PLACE, TYPE, VERBS, adopt_deck, save_history
from tests.helpers.author import Author
from tests.helpers.diagnostics import codes, places, problems

LATER, MUCH_LATER = "2026-02-01", "2026-03-01"


@pytest.fixture
def adopted(tmp_path: Path) -> Author:
    return adopt_deck(tmp_path / "project")


def open_package(package: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        connection.deserialize(archive.read("collection.anki2"))
    return connection


def read_times(package: bytes) -> dict[str, int]:
    """Return when each note of a package was changed, by its GUID."""
    with closing(open_package(package)) as connection:
        return dict(connection.execute("select guid, mod from notes").fetchall())


def read_model(package: bytes) -> dict[str, Any]:
    with closing(open_package(package)) as connection:
        models = json.loads(connection.execute("select models from col").fetchone()[0])
    return dict(models[str(TYPE)])


def read_decks(package: bytes) -> dict[int, str]:
    with closing(open_package(package)) as connection:
        decks = json.loads(connection.execute("select decks from col").fetchone()[0])
    return {int(number): deck["name"] for number, deck in decks.items() if number != "1"}


# --- what ships


def test_a_package_has_the_guids_as_they_are_and_the_times_of_before(adopted: Author) -> None:
    assert read_times(adopted.package) == dict.fromkeys(GUIDS.values(), CHANGED)


def test_a_package_has_the_numbers_and_names_of_decks(adopted: Author) -> None:
    decks = read_decks(adopted.package)
    assert decks[DECK] == "Languages::Spanish"
    assert decks[VERBS] == "Languages::Spanish::Verbs"
    assert sorted(decks.values()) == ["Apart", "Languages::Spanish", "Languages::Spanish::Verbs"]


def test_a_deck_that_no_section_is_in_or_below_is_not_made(adopted: Author) -> None:
    adopted.headings["verbs"]["anki"]["name"] = "Elsewhere::Verbs"
    (adopted.project / "source" / "history.json").unlink()
    assert sorted(read_decks(adopted.build(adopted.out)).values()) == ["Apart", "Elsewhere::Verbs"]


def test_a_note_type_is_what_learners_have(adopted: Author) -> None:
    model = read_model(adopted.package)
    assert (model["name"], model["mod"], model["sortf"]) == ("Basic (vocabulary)", CHANGED + 1, 0)
    assert model["css"] == ".card { text-align: center; }\n"
    front, back = model["flds"]
    assert (front["name"], front["id"], front["font"], front["size"]) == ("Front", -7, "Liberation Sans", 24)
    assert (front["rtl"], back["rtl"], back["font"], back["size"]) == (True, False, "Arial", 20)
    (card,) = model["tmpls"]
    assert (card["name"], card["id"], card["qfmt"]) == ("Card 1", 8, "{{Front}}")


def test_what_else_anki_knows_of_a_note_type_ships(adopted: Author) -> None:
    more = "sort_field: back, latex_before: '', latex_after: x, latex_svg: true, stock_kind: 2"
    adopted.style(f"{PLACE}/note-type.yaml", NOTE_TYPE.replace(f"id: {TYPE}", f"id: {TYPE}, {more}"))
    model = read_model(adopted.build(adopted.out))
    assert (model["sortf"], model["latexPre"], model["latexPost"], model["latexsvg"]) == (1, "", "x", True)
    assert model["originalStockKind"] == 2
    assert model["mod"] > to_moment("2024-05-06")  # another look is a change


def test_tags_stay_in_the_order_that_learners_have(adopted: Author) -> None:
    with closing(open_package(adopted.package)) as connection:
        (tags,) = connection.execute("select tags from notes where guid = ?", (GUIDS["to-have"],)).fetchone()
    assert tags.split() == ["b", "A"]


def test_the_bundle_has_any_guid(adopted: Author) -> None:
    adopted.only = ("json",)
    adopted.write()
    assert run(["build", "--project", str(adopted.project), "--out", str(adopted.out), "--only", "json"]) == 0
    bundle = json.loads((adopted.out / "sample.json").read_text(encoding="utf-8"))
    assert [each["guid"] for each in bundle["questions"]] == [GUIDS[each] for each in ("to-be", "to-have", "house")]


# --- a release


def test_a_release_changes_the_time_of_what_changed_alone(adopted: Author) -> None:
    adopted.find("to-have")["back"] = "tener, haber"
    package = adopted.release("1.0.0", LATER)
    others = dict.fromkeys(GUIDS.values(), CHANGED)
    assert read_times(package) == others | {GUIDS["to-have"]: to_moment(LATER)}
    assert read_model(package)["mod"] == CHANGED + 1
    history = adopted.history
    assert {guid: each.modified for guid, each in history.notes.items()} == others | {GUIDS["to-have"]: None}
    assert history.notes[GUIDS["to-have"]].is_updated
    assert dict(history.media) == {"lost.png": "", "_font.ttf": "f" * 64}
    adopted.style(f"{PLACE}/style.css", ".card { color: red; }\n")
    package = adopted.release("1.1.0", MUCH_LATER)
    assert read_times(package) == others | {GUIDS["to-have"]: to_moment(LATER)}
    assert read_model(package)["mod"] == to_moment(MUCH_LATER)
    assert adopted.history.note_types["vocabulary"].modified is None


def test_a_preview_is_newer_than_what_learners_have_only_where_it_changes_something(adopted: Author) -> None:
    adopted.find("to-be")["back"] = "ser"
    times = read_times(adopted.build(adopted.project / "out"))
    assert times.pop(GUIDS["to-be"]) > to_moment("2024-05-06")
    assert set(times.values()) == {CHANGED}


def test_a_new_note_gets_a_guid_of_ids_beside_those_that_are_written(adopted: Author) -> None:
    adopted.sections["verbs"].append({"id": "to-go", "front": "to go", "back": "ir"})
    package = adopted.release("1.0.0", LATER)
    (made,) = read_times(package).keys() - GUIDS.values()
    assert len(made) == 16
    assert adopted.history.notes[made].id == "to-go"


def test_other_titles_leave_decks_and_numbers_alone(adopted: Author) -> None:
    adopted.facts["title"], adopted.titles["verbs"] = "Spanish for all", "Words that do"
    package = adopted.release("1.0.0", LATER)
    assert sorted(read_decks(package).values()) == ["Apart", "Languages::Spanish", "Languages::Spanish::Verbs"]
    deck = adopted.history.deck
    assert deck is not None
    assert (deck.number, deck.name, deck.title) == (DECK, "Languages::Spanish", "Spanish for all")
    assert adopted.history.sections["verbs"].number == VERBS


def test_what_is_gone_from_deck_yaml_stays_as_it_was_released(adopted: Author) -> None:
    del adopted.facts["anki"], adopted.headings["verbs"]["anki"]
    before = read_decks(adopted.package)
    assert read_decks(adopted.release("1.0.0", LATER)) == before


# --- two branches


def test_branches_keep_the_times_of_before(adopted: Author) -> None:
    ours = adopted.history
    adopted.find("to-be")["back"] = "ser"
    adopted.release("1.0.0", LATER)
    theirs = adopted.history
    merged = merge(ours, theirs).history
    assert merged.notes[GUIDS["to-be"]].modified is None
    assert merged.notes[GUIDS["house"]].modified == CHANGED
    assert merged.note_types["vocabulary"].modified == CHANGED + 1
    assert merged.media == ours.media
    assert merged.deck is not None
    assert merged.deck.number == DECK
    written = SourceFile("source/history.json", to_text(merged))
    assert parse(written) == replace(merged, file=written)


def test_branches_that_gave_one_id_to_two_guids_are_not_merged(adopted: Author) -> None:
    ours = adopted.history
    one = ours.notes[GUIDS["to-be"]]
    notes = {guid: each for guid, each in ours.notes.items() if guid != one.guid}
    theirs = replace(ours, notes=notes | {"other": replace(one, guid="other")})
    with pytest.raises(CannotMergeError, match=r"both sides released a note `to-be`"):
        merge(ours, theirs)


# --- rules

Edit = Callable[[Author], object]


def edit_type(old: str, new: str) -> Edit:
    def edit(author: Author) -> None:
        assert old in NOTE_TYPE
        author.style(f"{PLACE}/note-type.yaml", NOTE_TYPE.replace(old, new))

    return edit


def move_type(author: Author) -> None:
    place = author.project / "templates" / "note-types" / "vocabulary"
    place.rename(place.with_name("words"))
    (place.with_name("words") / "note-type.yaml").write_text(NOTE_TYPE.replace("[vocabulary]", "[words]"), "utf-8")
    author.facts["note_type"] = "words"


def add_word(**more: Any) -> Edit:
    return lambda a: a.sections["verbs"].append({"id": "to-go", "front": "to go", "back": "ir", **more})


REFUSED: dict[str, tuple[Edit, list[str]]] = {
    "another guid": (lambda a: a.find("to-be").update(guid="other"), ["source/verbs.yaml:2:9 released-guid-changed"]),
    "no guid": (lambda a: a.find("to-be").pop("guid"), ["source/verbs.yaml:1:7 released-guid-changed"]),
    "no guid below": (lambda a: a.find("to-be-past").pop("guid"), ["source/verbs.yaml:6:9 released-guid-changed"]),
    "another guid in a table": (
        lambda a: a.tables.update({"nouns.csv": "id,guid,front,back\nhouse,other,house,la casa\n"}),
        ["source/nouns.csv:2:7 released-guid-changed"],
    ),
    "another id": (
        lambda a: a.find("to-have").update(id="to-own", front="to own"),
        ["source/verbs.yaml:10:7 released-id-changed"],
    ),
    "a guid twice": (add_word(guid=GUIDS["to-be-past"]), ["source/verbs.yaml:20:9 duplicate-guid"]),
    "the deck's number": (lambda a: a.facts["anki"].update(id=5), ["source/deck.yaml:7:7 released-id-changed"]),
    "the deck's name": (
        lambda a: a.facts["anki"].update(name="Spanish"),
        ["source/deck.yaml:8:9 released-name-changed"],
    ),
    "a section's number": (
        lambda a: a.headings["verbs"]["anki"].update(id=5),
        ["source/deck.yaml:14:9 released-id-changed"],
    ),
    "a number that a section never had": (
        lambda a: a.headings["nouns"]["anki"].update(id=5),
        ["source/deck.yaml:21:9 released-id-changed"],
    ),
    "a section's name": (
        lambda a: a.headings["nouns"]["anki"].update(name="Apart::Nouns"),
        ["source/deck.yaml:20:11 released-name-changed"],
    ),
    "the number of the deck for a section": (
        lambda a: a.headings["verbs"]["anki"].update(id=DECK),
        ["source/deck.yaml:14:9 duplicate-anki-number", "source/deck.yaml:14:9 released-id-changed"],
    ),
    "the note type's number": (
        edit_type(str(TYPE), "99"),
        ["templates/note-types/vocabulary/note-type.yaml:2:12 released-id-changed"],
    ),
    "the note type's name": (
        edit_type("Basic (vocabulary)", "Words"),
        ["templates/note-types/vocabulary/note-type.yaml:2:12 released-name-changed"],
    ),
    "the note type's folder": (move_type, ["templates/note-types/words/note-type.yaml:2:12 released-id-changed"]),
    "a field's number": (
        edit_type("id: -7", "id: 9"),
        ["templates/note-types/vocabulary/note-type.yaml:5:11 field-list-changed"],
    ),
    "no number any more": (
        edit_type("id: -7, ", ""),
        ["templates/note-types/vocabulary/note-type.yaml:5:11 field-list-changed"],
    ),
    "a number for a field that learners know by its name": (
        edit_type("key: back, holds: html", "key: back, holds: html, anki: {id: 9}"),
        ["templates/note-types/vocabulary/note-type.yaml:6:11 field-list-changed"],
    ),
    "a card's number": (
        edit_type("id: 8", "id: 9"),
        ["templates/note-types/vocabulary/note-type.yaml:8:12 field-list-changed"],
    ),
    "a field too many": (
        edit_type("cards:", "  - {key: extra, holds: html}\ncards:"),
        ["templates/note-types/vocabulary/note-type.yaml:7:11 field-list-changed"],
    ),
    "another name of a field that has no number": (
        edit_type("key: back, ", "key: back, name: Rear, was: Back, "),
        ["templates/note-types/vocabulary/note-type.yaml:6:23 field-list-changed"],
    ),
    "another name of a field without its first": (
        edit_type("key: front, ", "key: front, name: Word, "),
        ["templates/note-types/vocabulary/note-type.yaml:5:24 field-list-changed"],
    ),
    "no adoption any more": (
        edit_type(f"anki: {{id: {TYPE}, name: Basic (vocabulary)}}\n", ""),
        ["templates/note-types/vocabulary/note-type.yaml:1:1 released-id-changed"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_learners_have_cannot_become_something_else(adopted: Author, name: str) -> None:
    edit, wanted = REFUSED[name]
    edit(adopted)
    adopted.write()
    found = [each for each in problems(adopted.project) if each.severity == "error"]
    mine = [each for each in found if not each.code.startswith("template")]
    assert places(mine) == wanted


FREE: dict[str, Edit] = {
    "nothing": lambda a: None,
    "a text": lambda a: a.find("to-be").update(front="to be, to exist"),
    "a new note": add_word(),
    "a new note that learners have from elsewhere": add_word(guid="elsewhere"),
    "another name of a field with a number": edit_type("key: front, ", "key: front, name: Word, was: Front, "),
    "another title of the note type": edit_type("title: Vocabulary", "title: Words"),
    "another font": edit_type("Liberation Sans", "Arial"),
    "a note in another section": lambda a: a.headings["verbs"].update(title="Actions"),
}


@pytest.mark.parametrize("name", FREE)
def test_what_may_change_freely(adopted: Author, name: str) -> None:
    FREE[name](adopted)
    if "Word, was" in (adopted.project / "templates" / PLACE / "note-type.yaml").read_text(encoding="utf-8"):
        adopted.style(f"{PLACE}/front.html", "{{Word}}")
    adopted.write()
    assert codes(problems(adopted.project)) == []


NEW: dict[str, tuple[Edit, list[str]]] = {
    "two names": (
        lambda a: a.facts.update(deck_name="Spanish"),
        ["source/deck.yaml:9:12 wrong-type"],
    ),
    "a name that is none": (
        lambda a: a.facts["anki"].update(name="A::::B"),
        ["source/deck.yaml:8:9 bad-deck-name"],
    ),
    "a name with quotes": (
        lambda a: a.facts["anki"].update(name='A "B"'),
        ["source/deck.yaml:8:11 bad-deck-name"],
    ),
    "a number that is none": (lambda a: a.facts["anki"].update(id=0), ["source/deck.yaml:7:7 bad-number"]),
    "a number of too many digits": (
        lambda a: a.facts["anki"].update(id=2**63),
        ["source/deck.yaml:7:7 bad-number"],
    ),
    "a guid that is too long": (add_word(guid="x" * 300), ["source/verbs.yaml:20:9 text-too-long"]),
    "a guid in two lines": (add_word(guid="x\ny"), ["source/verbs.yaml:20:11 control-character"]),
    "an unknown key": (lambda a: a.facts["anki"].update(nam="x"), ["source/deck.yaml:9:3 unknown-key"]),
    "a field that is none": (
        edit_type(f"id: {TYPE}", f"id: {TYPE}, sort_field: bakc"),
        ["templates/note-types/vocabulary/note-type.yaml:2:39 bad-note-type"],
    ),
    "a number of two fields": (
        edit_type("key: back, holds: html", "key: back, holds: html, anki: {id: -7}"),
        ["templates/note-types/vocabulary/note-type.yaml:6:11 duplicate-anki-number"],
    ),
}


@pytest.mark.parametrize("name", NEW)
def test_a_deck_that_is_taken_over_says_what_can_be(adopted: Author, name: str) -> None:
    (adopted.project / "source" / "history.json").unlink()
    edit, wanted = NEW[name]
    edit(adopted)
    adopted.write()
    assert places(problems(adopted.project)) == wanted


def test_names_that_our_decks_cannot_have_stay(adopted: Author) -> None:
    (adopted.project / "source" / "history.json").unlink()
    adopted.facts["anki"]["name"] = "A :: b\N{ZERO WIDTH SPACE}"
    adopted.headings["verbs"]["anki"]["name"] = "::".join("abcdefghijklmnop")
    adopted.headings["nouns"]["anki"] = {"name": "Default"}
    adopted.write()
    assert problems(adopted.project) == []


# --- tables


def test_the_row_of_a_released_note_is_known_by_its_guid(adopted: Author) -> None:
    rows = 'guid,front,back\n"Ab""9,x",the house,la casa\n,the door,la puerta\n'
    adopted.tables["nouns.csv"] = rows
    adopted.write()
    assert run(["ids", "--project", str(adopted.project)]) == 0
    written = (adopted.project / "source" / "nouns.csv").read_text(encoding="utf-8")
    assert written == 'id,guid,front,back\nhouse,"Ab""9,x",the house,la casa\nthe-door,,the door,la puerta\n'


# --- the history


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f'"modified": {CHANGED}', '"modified": "x"'),
        (f'"modified": {CHANGED}', '"modified": 9223372036854775808'),
        (f'"number": {DECK}', '"number": 9223372036854775808'),
        (f'"number": {DECK}', '"number": true'),
        ('"name": "lost.png", "digest": ""', '"name": "lost.png", "digest": 1'),
        ('"name": "lost.png"', '"name": "_font.ttf"'),
    ],
)
def test_a_history_with_what_no_release_writes_cannot_be_read(adopted: Author, old: str, new: str) -> None:
    path = adopted.project / "source" / "history.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert codes(problems(adopted.project)) == ["bad-history"]


def test_a_time_before_1970_is_one(adopted: Author) -> None:
    history = adopted.history
    old = {guid: replace(each, modified=-5) for guid, each in history.notes.items()}
    save_history(adopted, replace(history, notes=old))
    assert set(read_times(adopted.build(adopted.project / "out")).values()) == {-5}


def test_a_copy_of_the_project_for_another_deck_is_told(adopted: Author) -> None:
    adopted.facts["id"] = "other"
    adopted.write()
    assert "source/deck.yaml:1:5 released-id-changed" in places(problems(adopted.project))
