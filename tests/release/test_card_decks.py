"""Cards of one note may lie in several decks: where learners have them is where everybody gets them, for ever."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cardpress.cli.main import run
from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.history.merging import merge
from cardpress.history.records import DeckRecord, History, parse, to_text
from tests.helpers.adopted_decks import NOTE_TYPE, PLACE, adopt_deck
from tests.helpers.author import Author
from tests.helpers.diagnostics import codes, problems

LATER = "2026-02-01"
WRITING, SPEAKING = 1607392321, 1607392322
CARDS = NOTE_TYPE + (
    "  - {name: Writing, asks: [back], answers: [front], front: writing.html, back: back.html, anki: {id: 9}}\n"
)


@pytest.fixture
def author(tmp_path: Path) -> Author:
    """Return the author of an adopted deck, in which the cards `Writing` of verbs are in a deck of their own."""
    author = adopt_deck(tmp_path / "project")
    (author.project / "source" / "history.json").unlink()
    author.style(f"{PLACE}/note-type.yaml", CARDS)
    author.style(f"{PLACE}/writing.html", "{{Back}}")
    author.headings["verbs"]["anki"]["card_decks"] = {"Writing": {"id": WRITING, "name": "Languages::Written"}}
    return author


@pytest.fixture
def released(author: Author) -> Author:
    author.release("1.0.0")
    return author


def written(author: Author) -> dict[str, Any]:
    found: dict[str, Any] = author.headings["verbs"]["anki"]["card_decks"]["Writing"]
    return found


def read_cards(package: bytes) -> list[tuple[str, int, str]]:
    """Return the GUID, the number from 0, and the name of the deck of each card, in the order of new cards."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive, closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(archive.read("collection.anki2"))
        decks = json.loads(connection.execute("select decks from col").fetchone()[0])
        rows = connection.execute("select guid, ord, did from cards join notes on nid = notes.id order by due, ord")
        return [(guid, number, decks[str(deck)]["name"]) for guid, number, deck in rows]


def read_history(author: Author) -> History:
    text = (author.project / "source" / "history.json").read_text(encoding="utf-8")
    history = parse(SourceFile("source/history.json", text))
    assert isinstance(history, History)
    return history


def report(author: Author) -> list[Diagnostic]:
    author.write()
    return [each for each in problems(author.project) if each.code not in ("missing-glyph", "near-duplicate-question")]


def test_a_package_has_each_card_where_its_template_s_cards_are(author: Author) -> None:
    cards = read_cards(author.build(author.out))
    verbs = [each for each in cards if each[2].startswith("Languages")]
    assert {number: deck for _, number, deck in verbs} == {0: "Languages::Spanish::Verbs", 1: "Languages::Written"}
    assert [number for _, number, _ in cards] == [0, 1] * 4  # recall notes, too; cards of a note follow each other
    assert {deck for guid, _, deck in cards if guid == 'Ab"9,x'} == {"Apart"}


def test_its_deck_has_its_number_and_its_description(author: Author) -> None:
    written(author)["description"] = "To be written & said."
    with zipfile.ZipFile(io.BytesIO(author.build(author.out))) as archive, closing(sqlite3.connect(":memory:")) as made:
        made.deserialize(archive.read("collection.anki2"))
        decks = json.loads(made.execute("select decks from col").fetchone()[0])
    assert decks[str(WRITING)]["name"] == "Languages::Written"
    assert decks[str(WRITING)]["desc"] == "To be written &amp; said."


def test_a_deck_of_cards_can_be_that_of_a_section(author: Author) -> None:
    written(author).update({"name": "apart"})
    assert codes(report(author)) == ["bad-deck-name"]
    written(author).update({"name": "Apart", "id": None})
    del written(author)["id"]
    assert {deck for _, number, deck in read_cards(author.build(author.out)) if number == 1} == {"Apart"}


def test_other_programs_have_a_note_in_the_deck_of_its_first_card(author: Author) -> None:
    author.only = ("crowdanki", "csv")
    author.find("to-have")["front"] = "<br>"  # which makes no first card
    author.write()
    assert run(["build", "--project", str(author.project), "--out", str(author.out), "--only", "crowdanki,csv"]) == 0
    rows = (author.out / "sample-update.csv").read_text(encoding="utf-8").splitlines()
    assert [row.count("Languages::Written") for row in rows if "tener" in row] == [1]
    assert [row.count("Languages::Spanish::Verbs") for row in rows if "estar" in row] == [1]
    folders = [json.loads(path.read_text(encoding="utf-8")) for path in (author.out / "crowdanki").rglob("deck.json")]
    notes = {each["name"]: len(each["notes"]) for each in folders}
    assert notes["Languages::Written"] == 1


def test_a_card_that_does_not_exist_is_told(author: Author) -> None:
    decks = author.headings["verbs"]["anki"]["card_decks"]
    decks["Writting"] = decks.pop("Writing")
    (found,) = report(author)
    assert (found.code, found.message) == ("unknown-key", "no note type has a card `Writting`")
    assert found.help == "did you mean `Writing`?"


@pytest.mark.parametrize(
    ("deck", "code"),
    [
        ({"name": "A::::B"}, "bad-deck-name"),
        ({"name": "A", "id": 1607392320}, "duplicate-anki-number"),
        ({"name": "A", "id": "x"}, "bad-number"),
        ({"id": 5}, "missing-key"),
        ("Languages::Written", "wrong-type"),
    ],
)
def test_what_is_no_deck_of_cards_is_told(author: Author, deck: Any, code: str) -> None:
    author.headings["verbs"]["anki"]["card_decks"]["Writing"] = deck
    assert codes(report(author)) == [code]


@pytest.mark.parametrize("decks", [{}, [], "Writing", None])
def test_what_are_no_decks_of_cards_is_told(author: Author, decks: Any) -> None:
    author.headings["verbs"]["anki"]["card_decks"] = decks
    assert codes(report(author)) == ["wrong-type"]


def test_the_deck_itself_has_no_decks_of_cards(author: Author) -> None:
    author.facts["anki"]["card_decks"] = author.headings["verbs"]["anki"].pop("card_decks")
    assert codes(report(author)) == ["unknown-key"]


def test_a_release_keeps_it_for_ever(released: Author) -> None:
    history = read_history(released)
    assert history.sections["verbs"].card_decks == {"Writing": DeckRecord("Languages::Written", WRITING)}
    assert history.sections["nouns"].card_decks == {}
    again = parse(SourceFile("x", to_text(history)))
    assert isinstance(again, History)
    assert again.sections == history.sections

    written(released)["name"] = "Languages::Other"
    (found,) = report(released)
    assert found.code == "released-name-changed"
    assert found.help == "write `name: Languages::Written`, or remove it"

    written(released).update({"name": "Languages::Written", "id": SPEAKING})
    (found,) = report(released)
    assert (found.code, found.help) == ("released-id-changed", f"write `id: {WRITING}`")

    del released.headings["verbs"]["anki"]["card_decks"]
    assert report(released) == []
    assert {deck for _, number, deck in read_cards(released.build(released.out)) if number} == {
        "Apart",
        "Languages::Written",
    }
    released.find("to-be")["back"] = "ser"
    released.release("1.1.0", LATER)
    assert read_history(released).sections["verbs"].card_decks == history.sections["verbs"].card_decks


def test_cards_that_were_released_in_the_section_s_deck_stay_there(author: Author) -> None:
    decks = author.headings["verbs"]["anki"].pop("card_decks")
    author.release("1.0.0")
    author.headings["verbs"]["anki"]["card_decks"] = decks
    (found,) = report(author)
    assert (found.code, found.help) == ("released-name-changed", "remove it")
    assert "cards `Writing` of this section were released in `Languages::Spanish::Verbs`" in found.message
    written(author)["name"] = "Languages::Spanish::Verbs"
    del written(author)["id"]
    assert report(author) == []


def test_a_renamed_card_stays_in_its_deck(released: Author) -> None:
    released.style(f"{PLACE}/note-type.yaml", CARDS.replace("name: Writing", "name: Escritura, was: Writing"))
    decks = released.headings["verbs"]["anki"]["card_decks"]
    decks["Escritura"] = decks.pop("Writing")
    assert report(released) == []
    assert {deck for _, number, deck in read_cards(released.build(released.out)) if number} == {
        "Apart",
        "Languages::Written",
    }


def test_two_branches_keep_the_decks_of_both(released: Author) -> None:
    ours = read_history(released)
    verbs = ours.sections["verbs"]
    more = {**verbs.card_decks, "Speaking": DeckRecord("Languages::Spoken", None)}
    theirs = replace(ours, sections={**ours.sections, "verbs": replace(verbs, card_decks=more)})
    for one, other in ((ours, theirs), (theirs, ours)):
        assert merge(one, other).history.sections["verbs"].card_decks == more


@pytest.mark.parametrize(
    ("decks", "why"),
    [
        ('{"Writing": "A"}', "is no `card_decks`"),
        ('{"Writing": ["A"]}', "is no `card_decks`"),
        ('{"Writing": ["A", "5"]}', "is no `card_decks`"),
        ('{"Writing": ["A", true]}', "is no `card_decks`"),
        ('{"Writing": [1, 2]}', "is no `card_decks`"),
        ('["A"]', "is no `card_decks`"),
        ('{"Writing": ["", 5]}', "is no name in Anki"),
    ],
)
def test_a_history_that_no_release_wrote_cannot_be_read(released: Author, decks: str, why: str) -> None:
    text = to_text(read_history(released))
    ours = f'{{"Writing": ["Languages::Written", {WRITING}]}}'
    assert text.count(ours) == 1
    found = parse(SourceFile("x", text.replace(ours, decks)))
    assert isinstance(found, Diagnostic)
    assert why in found.message
