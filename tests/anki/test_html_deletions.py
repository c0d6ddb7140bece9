"""Cards of HTML with deletions are those that the real Anki makes, with the fronts and backs that it makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardpress.anki.card_rendering import CardMaker
from cardpress.deck.notes import Deck
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.decks import deck_from, package_of
from tests.helpers.html_deletions import SHAPES, number_notes, with_gaps, with_masks

ROWS = [
    ["a {{c1::b}} c"],
    ["{{c1::a}} {{c2::b}}", "{{c3::c}}"],
    ["<b>{{c1::a</b> b}} c"],
    ["<div>{{c1::a</div><div>b::hint}}</div>"],
    ["{{c1::a {{c2::b}} c::h}} {{c2::d}}"],
    ["{{c1,3::a}} {{c3,2::b}}"],
    ["{{c0::a}} {{c1::b}}"],
    ["{{c1::a}} {{c600::b}} {{c700::c}}"],
    ["x", "{{c2::y}}"],
    ["x", "", "{{c4::y}}"],
    ["{{c1::}} {{c2:: }}"],
    [r"\({{c1::x^2}} + {{c2::y}}\)"],
    ["<ul><li>{{c1::a</li><li>b}}</li></ul>"],
    ["{{c1::a::<i>hint</i>}}"],
    ["{{c1::a}} {{c2::open"],
    ["{{c1::{{c2::{{c3::a}}}}}}"],
    ['{{c1::[sound:bark.ogg]}} <img src="flag.svg">'],
]
PIECES = [
    *("a", "b c", " ", "é", "<b>", "</b>", "<div>", "</div>", "<br>", "<i>", "</i>", "&nbsp;", "&amp;", "::", ":"),
    *("{{c1::", "{{c2::", "{{c3::", "{{c1,2::", "{{c0::", "{{c,::", "{{C1::", "{{c999::", "}}", "}}", "}}", "}", "{"),
    *("<ul><li>", "</li><li>", "</li></ul>", r"\(", r"\)", "hint", "<pre>", "</pre>", "{{c12::"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
rows = st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=25)


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


def compare(learner: Learner, folder: Path, values: list[list[str]]) -> int:
    """Hold the notes with these fields against those that Anki makes of them. Return how many cards were compared."""
    return compare_all(learner, deck_from(folder, with_gaps(*number_notes(values))), "Cloze from elsewhere")


def compare_all(learner: Learner, deck: Deck, name: str) -> int:
    """Hold the notes of a deck, all of one type, against those that Anki makes of them."""
    learner.take(package_of(deck))
    maker, compared = CardMaker(deck), 0
    for note in deck.notes():
        ((_, flat),) = learner.rows("select id, flds from notes where guid = ?", note.guid)
        fields = flat.split("\x1f")
        ours = {card.number: card for card in maker.make(note)}
        assert list(ours) == list_ords(learner, fields, name), fields
        assert list(ours) == [card.ord + 1 for card in learner.cards_of(note.guid)], fields
        for card in learner.cards_of(note.guid):
            output = card.render_output()
            assert ours[card.ord + 1].sides.front == output.question_text, fields
            assert ours[card.ord + 1].sides.back == output.answer_text, fields
            compared += 1
    return compared


def list_ords(learner: Learner, fields: list[str], name: str) -> list[int]:
    """Return the numbers of the cards that Anki makes of a new note with these fields.

    It makes some that only show an error: one of a note without a deletion, and one of numbers above 500. Such a card
    is not shipped: whoever has it keeps it, and nobody else needs it.
    """
    from anki.decks import DeckId

    models = learner.collection.models
    made = learner.collection.new_note(models.by_name(name) or {})
    made.fields = list(fields)
    learner.collection.add_note(made, DeckId(1))
    cards = made.cards()
    numbers = {card.ord + 1 for card in cards if "No cloze" not in card.render_output().question_text}
    learner.collection.remove_notes([made.id])
    return sorted(numbers)


def test_its_cards_are_as_in_anki(learner: Learner, tmp_path: Path) -> None:
    assert compare(learner, tmp_path / "project", ROWS) > len(ROWS)


SHAPES_OF_ANKI = (
    "{{c1::image-occlusion:rect:left=.09:top=.15:width=.28:height=.2:oi=1}}<br>",
    "{{c1::image-occlusion:rect:left=.5:top=.15:width=.28:height=.2:angle=30}}<br>{{c2::image-occlusion:rect:left=.1}}",
    SHAPES,
    "{{c3::image-occlusion:polygon:points=.1,.62 .3,.6:fill=#ff0000}} {{c1::and a text}}",
    "{{c1::image-occlusion:}}{{c2::image-occlusion:odd:a=b}}",
)


def test_masks_are_as_in_anki(learner: Learner, tmp_path: Path) -> None:
    notes = [
        {"id": f"mask-{number}", "occlusion": shapes, "image": '<img src="flag.svg">', "header": "<b>What</b>?"}
        for number, shapes in enumerate(SHAPES_OF_ANKI)
    ]
    assert compare_all(learner, deck_from(tmp_path / "project", with_masks(*notes)), "Image Occlusion") == 9
    kind = learner.collection.models.by_name("Image Occlusion")
    assert kind is not None
    assert kind["originalStockKind"] == 6


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows)
def test_whatever_stands_in_it_its_cards_are_as_in_anki(values: list[tuple[str, ...]]) -> None:
    with TemporaryDirectory() as folder, learning(Path(folder, "learner")) as somebody:
        compare(somebody, Path(folder, "project"), [list(row) if any(row) else ["x"] for row in values])
