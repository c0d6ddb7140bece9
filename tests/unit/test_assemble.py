"""A bank becomes a deck: pictures under their shipped names, code in its colors, tags in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.anki.field_html import FieldWriter
from cardpress.deck.assemble import assemble
from cardpress.deck.colors import Colors
from cardpress.deck.notes import Code, Deck, RichText
from cardpress.engine import ROOT
from cardpress.markdown.card_html import CardWriter
from cardpress.markdown.tree import Piece
from cardpress.note_types.identity import make_guid
from cardpress.source.load import load
from cardpress.source.media.formats import make_shipped_name
from cardpress.source.templates.loading import load_templates
from tests.conftest import QUESTION, WriteProject
from tests.helpers.decks import deck_of
from tests.helpers.sample_project import EVERYTHING, PNG, SVG


def html(text: RichText | None) -> str:
    assert text is not None
    return text.html(CardWriter())


@pytest.fixture
def deck(write_project: WriteProject) -> Deck:
    return deck_of(write_project(EVERYTHING))


def test_the_decks_facts_come_through(deck: Deck) -> None:
    assert (deck.id, deck.title, deck.version, deck.date) == ("sample", "Sample deck", "1.2.0", "2026-01-02")
    assert (deck.description, deck.authors, deck.license) == ("A deck for tests.", ("Ada", "Grace"), "CC-BY-4.0")
    assert html(deck.introduction) == "<p>Some <strong>words</strong> first.</p>"
    # Midnight of the deck's day, in seconds since 1970 UTC, wherever this runs.
    assert deck.modified == 1767312000


def test_notes_come_in_the_order_of_the_source(deck: Deck) -> None:
    assert [section.id for section in deck.sections] == ["first", "second"]
    assert [note.id for note in deck.notes()] == ["one", "two", "three", "four"]
    assert [note.section for note in deck.notes()] == ["first", "first", "second", "second"]


def test_every_note_has_the_guid_of_its_id(deck: Deck) -> None:
    for note in deck.notes():
        for each in (note, *note.recall):
            assert each.guid == make_guid("sample", each.id)


def test_recall_notes_are_questions_or_gaps(deck: Deck) -> None:
    question, gaps = deck.sections[0].notes[0].recall
    assert (question.note_type.kind, gaps.note_type.kind) == ("recall", "cloze")
    assert (html(question.asked), html(question.answer)) == ("What comes after one?", "Two.")
    assert gaps.asked.html(FieldWriter(is_cloze=True)) == "{{c1::One}} comes before {{c2::two::a number}}."
    assert gaps.answer is None
    assert html(gaps.asked) == (
        '<mark class="cloze" data-cloze="1">One</mark> comes before '
        '<mark class="cloze" data-cloze="2" data-hint="a number">two</mark>.'
    )


def test_texts_that_stand_in_a_line_have_no_paragraph_and_others_do(deck: Deck) -> None:
    note = deck.sections[0].notes[0]
    assert html(note.asked) == "What is <code>one</code>?"
    assert list(map(html, note.contents["key_points"])) == ["It is odd.", "It divides everything."]
    assert html(note.answer).startswith("<p>The first <em>number</em>.</p>")
    assert html(note.contents["how_to_answer"]) == "<p>Briefly.</p>"


def test_code_is_the_part_that_cards_show(deck: Deck) -> None:
    code = deck.sections[0].notes[0].contents["snippet"]
    assert isinstance(code, Code)
    assert (code.file, code.block.language, code.block.text) == ("one.py", "python", "one = 1\nprint(one)")
    assert "".join(piece.text for piece in code.block.pieces) == code.block.text
    assert Piece("mi", "1") in code.block.pieces


def test_pictures_ship_once_sorted_and_under_names_made_from_their_content(deck: Deck) -> None:
    names = [make_shipped_name("sample", "dot.png", PNG), make_shipped_name("sample", "lines.svg", SVG)]
    assert [picture.name for picture in deck.media] == names == sorted(names)
    assert [picture.data for picture in deck.media] == [PNG, SVG]
    assert f'src="{names[0]}"' in html(deck.sections[0].notes[0].answer)


def test_a_picture_that_nothing_shows_does_not_ship(write_project: WriteProject) -> None:
    assert deck_of(write_project({"media/dot.png": PNG})).media == ()


def test_a_picture_shown_twice_ships_once(write_project: WriteProject) -> None:
    question = QUESTION.replace("The first number.", "'![a](dot.png) ![b](dot.png \"again\")'")
    assert len(deck_of(write_project({"first.yaml": question, "media/dot.png": PNG})).media) == 1


def test_pictures_of_one_content_and_two_names_both_ship(write_project: WriteProject) -> None:
    question = QUESTION.replace("The first number.", "'![a](a.png) ![b](b.png)'")
    deck = deck_of(write_project({"first.yaml": question, "media/a.png": PNG, "media/b.png": PNG}))
    assert len({picture.name for picture in deck.media}) == 2


@pytest.mark.parametrize(
    "other", [("sample", "dot.png", SVG), ("another", "dot.png", PNG), ("sample", "lines.png", PNG)]
)
def test_a_shipped_name_is_its_decks_files_and_contents_own(other: tuple[str, str, bytes]) -> None:
    assert make_shipped_name(*other) != make_shipped_name("sample", "dot.png", PNG)


def test_a_shipped_name_is_plain_on_every_system() -> None:
    assert make_shipped_name("sample", "Folder/Ünï & Cödé (1).PNG", PNG).isascii()
    assert make_shipped_name("sample", "Folder/Ünï & Cödé (1).PNG", PNG).endswith(".png")
    assert " " not in make_shipped_name("sample", "a b.png", PNG)


def test_tags_are_sorted_and_named_once(write_project: WriteProject) -> None:
    deck = deck_of(write_project({"first.yaml": QUESTION + "  tags: [b, a, b, a::c]\n"}))
    assert deck.sections[0].notes[0].tags == ("a", "a::c", "b")


def test_a_bank_without_a_deck_is_a_mistake_of_ours() -> None:
    templates, _ = load_templates(ROOT)
    with pytest.raises(ValueError, match=r"deck\.yaml"):
        assemble(load(Path("/nowhere"), templates).bank, Colors())
