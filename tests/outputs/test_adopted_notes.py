"""Notes of an adopted type may lack anything: page, sheets, bundle and reports show what they have."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from cardpress.anki.fields import get_fields, list_card_numbers
from cardpress.anki.stamps import collect_contents, list_shipped, make_record
from cardpress.check.near_duplicates import check_near_duplicates
from cardpress.deck.notes import Deck, Notice
from cardpress.deck.overview import choose_samples
from cardpress.engine import ROOT
from cardpress.pipeline import check_project
from cardpress.source.load import load
from cardpress.source.templates.loading import load_templates
from cardpress.writers import load_writer
from cardpress.writers.json import make_bundle, make_schema
from cardpress.writers.pdf.data import make_print_data
from tests.conftest import WriteProject
from tests.helpers.adopted_types import BARE_NOTES, BASIC, MANY_CARDS, PICTURE, Card, with_adopted
from tests.helpers.decks import deck_from
from tests.helpers.own_note_types import Files, place_of

ONE_FIELD: tuple[Card, ...] = (("{{Front}}", "{{FrontSide}}", "asks: [front], answers: []"),)
ONE_FIELD_NOTES = tuple({key: text for key, text in note.items() if key != "back"} for note in BARE_NOTES)
PROJECTS: Mapping[str, Files] = {
    "front and back": with_adopted(*BARE_NOTES),
    "many cards": with_adopted(*BARE_NOTES, cards=MANY_CARDS),
    "one field": with_adopted(*ONE_FIELD_NOTES, cards=ONE_FIELD, fields="front"),
    "lines of Markdown": with_adopted(
        *(note for note in BARE_NOTES if "<" not in "".join(note.values())), fields="front line, back text"
    ),
}


@pytest.fixture(params=PROJECTS, scope="module")
def deck(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return deck_from(tmp_path_factory.mktemp("adopted"), PROJECTS[request.param])


@pytest.mark.parametrize("output", ["apkg", "page", "json", "csv", "pdf", "ankiweb"])
def test_every_output_is_made(deck: Deck, output: str) -> None:
    load_writer(output)(deck)


def test_the_bundle_is_as_its_schema_says(deck: Deck) -> None:
    bundle = json.loads(json.dumps(make_bundle(deck)))
    jsonschema.validate(bundle, make_schema(deck))
    assert [note["id"] for note in bundle["questions"]] == [note.id for note in deck.notes()]


def test_a_note_is_known_by_its_first_text_or_else_by_its_id(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_adopted(*BARE_NOTES))
    assert {note.id: note.title for note in deck.notes()} == {
        "usual": "the dog",
        "same-again": "the dog",
        "picture": "blue",
        "two-pictures": "blue",
        "no-front": "only a back",
        "no-back": "only a front",
        "blank": "blank",
        "blank-and-picture": "blue",
        "sound-alone": "sound-alone",
        "nothing": "nothing",
    }
    answers = {note.id: note.answer.plain for note in deck.notes() if note.answer}
    assert answers["usual"] == "el perro"
    assert "no-front" not in answers  # its back is what it is known by


def test_a_field_that_no_card_shows_is_not_told(tmp_path: Path) -> None:
    notes = ({"id": "dog", "front": "the dog", "back": "el perro", "both": "y"}, {"id": "gate", "both": "y"})
    cards = (*BASIC, ("{{#Both}}{{Back}}{{/Both}}", "{{Front}}", "asks: [back], answers: [front]"))
    deck = deck_from(tmp_path, with_adopted(*notes, cards=cards, fields="front, back, both"))
    dog, gate = deck.notes()
    assert [field.key for field, _ in (*dog.front(), *dog.back())] == ["front", "back"]
    assert (gate.title, list(gate.back())) == ("gate", [])


def test_a_field_may_be_called_as_tags_are(tmp_path: Path) -> None:
    declared = "fields:\n  - {key: front, holds: html}\n  - {key: back, holds: html, name: tags}\n"
    files = with_adopted({"id": "dog", "front": "the dog", "back": "el perro", "tags": ["a"]})
    files[place_of("old")] = re.sub("fields:.*(?=cards:)", declared, str(files[place_of("old")]), flags=re.DOTALL)
    files[place_of("old", "back1.html")] = "{{tags}} {{Tags}}"
    deck = deck_from(tmp_path, files)
    (shipped,) = list_shipped(deck)
    assert collect_contents(shipped) == {"Front": "the dog", "tags:": "el perro", "tags": "a"}
    other = replace(shipped, note=replace(shipped.note, fields={"Front": "the dog", "tags": "el gato"}))
    assert make_record(deck, shipped).digest != make_record(deck, other).digest


def test_a_printed_card_asks_something_and_tells_something(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_adopted(*BARE_NOTES, cards=MANY_CARDS))
    notes = [note for section in make_print_data(deck, for_reading=False)["sections"] for note in section["notes"]]
    sides = {note["id"]: note["sides"] for note in notes}
    assert all(side["question"] and side["answer"] for each in sides.values() for side in each)
    assert [side["card"] for side in sides["usual"]] == [1, 2, 3]
    # A second card has a box to type in front alone, and nothing beside it.
    assert [side["card"] for side in sides["no-back"]] == [1]
    assert sides["blank"] == sides["nothing"] == []


def test_the_page_asks_for_what_a_front_shows(tmp_path: Path) -> None:
    (artifact,) = load_writer("page")(deck_from(tmp_path, with_adopted(*BARE_NOTES, cards=MANY_CARDS))).artifacts
    page = artifact.data.decode()
    assert 'href="#sound-alone">sound-alone</a>' in page
    assert 'href="#nothing">nothing</a>' in page


def test_notes_that_ask_nothing_are_not_alike(tmp_path: Path) -> None:
    deck_from(tmp_path, with_adopted(*BARE_NOTES))
    templates, _ = load_templates(ROOT, tmp_path)
    found = check_near_duplicates(load(tmp_path / "source", templates).bank)
    assert [each.message for each in found] == ["`same-again` asks nearly the same as `usual`"]


@pytest.mark.parametrize(
    ("note", "cards", "name", "rest"),
    [
        ({"front": "the dog", "back": "el perro"}, MANY_CARDS, "Back", "el perro"),
        ({"front": "the dog"}, MANY_CARDS, "Front", "the dog"),
        ({"front": "the dog"}, ONE_FIELD, "Front", "the dog"),
        ({"back": PICTURE}, MANY_CARDS, "Back", PICTURE),
        ({}, MANY_CARDS, "Back", ""),
    ],
)
def test_a_retired_note_tells_that_in_front_of_what_its_back_adds(
    note: Mapping[str, str], cards: tuple[Card, ...], name: str, rest: str, tmp_path: Path
) -> None:
    deck = deck_from(tmp_path, with_adopted({"id": "old", **note}, cards=cards))
    made = replace(next(deck.notes()), notice=Notice("Nobody asks.", None), fields={})
    fields = get_fields(deck.sections[0], made, made)
    kept = get_fields(deck.sections[0], next(deck.notes()), next(deck.notes()))
    assert fields[name].startswith("<div><strong>Retired.</strong> Nobody asks.</div>")
    assert fields[name].endswith(rest.replace("blue", "sample-blue-50c3286a"))
    assert {key: text for key, text in fields.items() if key != name} == {
        key: text for key, text in kept.items() if key != name
    }
    assert list_card_numbers(made) == ()


def test_an_adopted_card_without_a_template_is_a_mistake(write_project: WriteProject) -> None:
    files = with_adopted(*BARE_NOTES)
    declared = str(files[place_of("old")])
    files[place_of("old")] = declared.replace(", back: back1.html", "")
    messages = [each.message for each in check_project(write_project(files)).diagnostics]
    assert "the engine writes no back of an adopted card" in messages


def test_readings_in_html_are_read_where_a_card_takes_them_apart(tmp_path: Path) -> None:
    cards = (
        (
            "{{kanji:Front}}",
            "{{furigana:Front}}<hr>{{Back}}",
            'asks: ["kanji:front"], answers: ["furigana:front", back]',
        ),
    )
    html = "<b>これは&nbsp;漢字[かんじ]を</b> 書[か]く[sound:tone.mp3]"
    deck = deck_from(tmp_path, with_adopted({"id": "write", "front": html, "back": "漢字[かんじ]"}, cards=cards))
    (note,) = deck.notes()
    fields = get_fields(deck.sections[0], note, note)
    assert fields["Front"].replace("sample-", "").startswith("<b>これは&nbsp;漢字[かんじ]を</b> 書[か]く[sound:")
    (card,) = note.cards()
    assert card.asked[0][1].plain.startswith("これは漢字を書く")
    bundle = make_bundle(deck)["questions"][0]
    assert "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>を" in bundle["front"]["html"]
    assert bundle["back"]["text"] == "漢字[かんじ]"  # which no card takes apart


def test_an_answer_of_an_adopted_deck_stands_as_learners_know_it(tmp_path: Path) -> None:
    note = {"id": "a", "front": "Is it so?", "back": "yes: no"}
    deck = deck_from(tmp_path, with_adopted(note, fields="front line, back line"))
    assert '"lead"' not in json.dumps(make_print_data(deck, for_reading=False))
    assert "yes: no" in json.dumps(make_print_data(deck, for_reading=False))
    (artifact,) = load_writer("page")(deck).artifacts
    assert "yes: no" in artifact.data.decode()
    assert [(each.asked, each.answer) for each in choose_samples(deck)] == [("Is it so?", "yes: no")]
