"""The real Anki imports a package: every note and card arrives, in order, under its names, and once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cardpress.deck.notes import Deck
from cardpress.engine import ROOT
from cardpress.writers import load_writer
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_of, package_of
from tests.helpers.sample_project import EVERYTHING, NOTES, PNG, SVG

ROOT_DECK = "Sample deck"


@pytest.fixture
def deck(write_project: WriteProject) -> Deck:
    return deck_of(write_project(EVERYTHING))


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def bundle_of(deck: Deck) -> dict[str, Any]:
    bundle: dict[str, Any] = json.loads(load_writer("json")(deck).artifacts[0].data)
    return bundle


def guids_in(bundle: dict[str, Any]) -> list[str]:
    return [each["guid"] for question in bundle["questions"] for each in (question, *question.get("recall", ()))]


def test_every_note_and_card_arrives_with_the_guid_that_the_bundle_has(deck: Deck, learner: Learner) -> None:
    log = learner.take(package_of(deck))
    assert (len(log.new), log.found_notes) == (len(NOTES), len(NOTES))
    guids = guids_in(bundle_of(deck))
    assert {row[0] for row in learner.rows("select guid from notes")} == set(guids)
    assert [len(learner.cards_of(guid)) for guid in guids] == list(NOTES.values())


def test_the_artifact_says_how_many_notes_and_cards_it_holds(deck: Deck) -> None:
    assert load_writer("apkg")(deck).artifacts[0].holds == f"{len(NOTES)} notes, {sum(NOTES.values())} cards"


def test_new_cards_are_due_in_the_order_of_the_deck(deck: Deck, learner: Learner) -> None:
    learner.take(package_of(deck))
    ids = [card.note()["Id"] for card in learner.cards()]
    assert list(dict.fromkeys(ids)) == list(NOTES)
    assert len({card.due for card in learner.cards()}) == len(NOTES)


def test_the_scheduler_offers_new_cards_in_the_order_of_the_deck(deck: Deck, learner: Learner) -> None:
    learner.take(package_of(deck))
    ids = [card.note()["Id"] for card in learner.offered(ROOT_DECK)]
    assert [note_id for number, note_id in enumerate(ids) if note_id not in ids[:number]] == list(NOTES)
    assert len(ids) == sum(NOTES.values())


def test_with_a_hundred_sections_the_order_still_holds(write_project: WriteProject, learner: Learner) -> None:
    sections = [f"s{number}" for number in range(1, 102)]
    listed = "".join(f"  - id: {name}\n    title: Section {name}\n" for name in sections)
    files = {f"{name}.yaml": QUESTION.replace("one", f"q-{name}") for name in sections}
    project = write_project({"deck.yaml": DECK.partition("  - id")[0] + listed, **files})
    (project / "source" / "first.yaml").unlink()
    learner.take(package_of(deck_of(project)))
    assert [card.note()["Id"] for card in learner.offered(ROOT_DECK)] == [f"q-{name}" for name in sections]


def test_sections_are_subdecks_with_their_descriptions(deck: Deck, learner: Learner) -> None:
    learner.take(package_of(deck))
    names = sorted(each.name for each in learner.collection.decks.all_names_and_ids())
    assert names == ["Default", ROOT_DECK, f"{ROOT_DECK}::01 First section", f"{ROOT_DECK}::02 Second section"]
    root, first = (learner.collection.decks.by_name(name) for name in names[1:3])
    assert root is not None
    assert first is not None
    assert first["desc"] == "What comes first."
    assert "Version 1.2.0, 2026-01-02." in root["desc"]
    assert "Ada, Grace" in root["desc"]
    places = {card.note()["Id"]: learner.collection.decks.name(card.did) for card in learner.cards()}
    assert places == {note_id: names[3] if note_id.startswith(("three", "four")) else names[2] for note_id in NOTES}


def test_titles_make_one_deck_each_whatever_stands_in_them(write_project: WriteProject, learner: Learner) -> None:
    text = DECK.replace("Sample deck", "'C++ \"std::\" & <more>'").replace("First section", "'a:::b \"c\"'")
    learner.take(package_of(deck_of(write_project({"deck.yaml": text}))))
    names = [each.name.split("::") for each in learner.collection.decks.all_names_and_ids(include_filtered=False)]
    shown = sorted([part.replace("\N{WORD JOINER}", "") for part in parts] for parts in names)
    root = "C++ ”std::” & <more>"
    assert shown == [[root], [root, "01 a:::b ”c”"], ["Default"]]
    decks = [learner.collection.decks.by_name("::".join(parts)) for parts in names]
    assert any("Version 1.0.0" in deck["desc"] for deck in decks if deck)


def test_tags_arrive_as_written(deck: Deck, learner: Learner) -> None:
    learner.take(package_of(deck))
    tags = {card.note()["Id"]: card.note().tags for card in learner.cards()}
    assert tags["one"] == ["numbers", "numbers::odd"]
    assert tags["one-gaps"] == ["gaps", "numbers", "numbers::odd"]
    assert tags["two"] == []


def test_the_deck_brings_three_note_types_of_its_own(deck: Deck, learner: Learner) -> None:
    learner.take(package_of(deck))
    names = {card.note()["Id"]: card.note_type()["name"] for card in learner.cards()}
    assert (names["one"], names["one-successor"], names["one-gaps"]) == tuple(
        f"{ROOT_DECK} · {kind}" for kind in ("interview", "recall", "cloze")
    )
    assert learner.collection.models.by_name(f"{ROOT_DECK} · cloze")


def test_pictures_arrive_and_fields_name_them(deck: Deck, learner: Learner) -> None:
    learner.take(package_of(deck))
    folder = Path(learner.collection.media.dir())
    assert sorted(path.read_bytes() for path in folder.iterdir()) == sorted([PNG, SVG])
    named = [
        name
        for card in learner.cards()
        for value in card.note().fields
        for name in learner.collection.media.files_in_str(card.note().mid, value)
    ]
    assert sorted(named) == sorted(path.name for path in folder.iterdir())
    assert not learner.collection.media.check().missing
    assert not learner.collection.media.check().unused


def test_a_picture_with_a_long_or_foreign_name_arrives(write_project: WriteProject, learner: Learner) -> None:
    names = ["a" * 200 + ".png", "図 1.png", "folder/UPPER & lower.PNG"]
    shown = "".join(f"    ![a picture](<{name}>)\n\n" for name in names)
    question = QUESTION.replace("answer: The first number.", "answer: |\n" + shown.rstrip("\n"))
    pictures = {f"media/{name}": PNG for name in names}
    deck = deck_of(write_project({"first.yaml": question, **pictures}))
    learner.take(package_of(deck))
    assert len(deck.media) == len(names)
    assert not learner.collection.media.check().missing


def test_importing_twice_changes_nothing(deck: Deck, learner: Learner) -> None:
    learner.take(package_of(deck))
    before = learner.everything()
    log = learner.take(package_of(deck))
    assert (len(log.duplicate), len(log.new), len(log.updated), len(log.conflicting)) == (len(NOTES), 0, 0, 0)
    assert learner.everything() == before


def test_anki_finds_nothing_to_mend_or_to_delete(deck: Deck, learner: Learner) -> None:
    learner.take(package_of(deck))
    assert not learner.collection.get_empty_cards().notes
    assert learner.collection.fix_integrity() == ("Database rebuilt and optimized.", True)
    before = learner.everything()
    assert len(learner.take(package_of(deck)).duplicate) == len(NOTES)
    assert learner.everything() == before


def test_a_deck_without_questions_is_a_package_too(write_project: WriteProject, learner: Learner) -> None:
    assert not learner.take(package_of(deck_of(write_project({"first.yaml": "[]\n"})))).new


def test_the_real_deck_arrives_whole(tmp_path: Path, learner: Learner) -> None:
    deck = deck_of(ROOT)
    log = learner.take(package_of(deck))
    guids = guids_in(bundle_of(deck))
    retired = [each.note.guid for section in deck.sections for each in section.retired]  # which have no cards
    assert len(log.new) == log.found_notes == len(guids) + len(retired)
    assert {row[0] for row in learner.rows("select guid from notes")} == {*guids, *retired}
    assert list(dict.fromkeys(card.note().guid for card in learner.cards())) == guids
    assert not learner.collection.media.check().missing
    assert len(learner.take(package_of(deck)).duplicate) == len(guids) + len(retired)
