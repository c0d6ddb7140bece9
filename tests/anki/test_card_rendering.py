"""Our fronts and backs are those of the real Anki, to the character: for every card, in the same order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardpress.anki.card_rendering import CardMaker
from cardpress.deck.notes import Deck, Note
from cardpress.engine import ROOT
from tests.helpers.adopted_decks import NOTE_TYPE, PLACE, adopt_deck
from tests.helpers.anki_collection import Learner, learning
from tests.helpers.anki_html import name_hints
from tests.helpers.decks import deck_from, deck_of, package_of
from tests.helpers.odd_templates import CLOZE_TEMPLATES, NOTES, TEMPLATES, with_odd_gaps, with_odd_templates

PROJECTS = (ROOT, *sorted(path.parent for path in (ROOT / "examples").glob("*/source")))


def list_notes(deck: Deck) -> list[Note]:
    return [each for note in deck.notes() for each in (note, *note.recall)]


def compare(learner: Learner, deck: Deck) -> int:
    """Hold each card of a deck against the one that Anki makes of its package. Return how many were compared."""
    learner.take(package_of(deck))
    maker, compared = CardMaker(deck), 0
    for note in list_notes(deck):
        ours = [(card.number, card.sides) for card in maker.make(note)]
        theirs = learner.cards_of(note.guid)
        assert [number for number, _ in ours] == [card.ord + 1 for card in theirs], note.id
        for (number, sides), card in zip(ours, theirs, strict=True):
            output = card.render_output()
            place = f"{note.id}, card {number}"
            assert name_hints(sides.front) == name_hints(output.question_text), place
            assert name_hints(sides.back) == name_hints(output.answer_text), place
            assert sides.css == output.css, place
            compared += 1
    return compared


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Learner]:
    with learning(tmp_path / "learner") as somebody:
        yield somebody


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_every_card_is_as_in_anki(learner: Learner, project: Path) -> None:
    assert compare(learner, deck_of(project)) == len(learner.rows("select id from cards"))


def test_an_edited_note_is_shown_at_once() -> None:
    deck = deck_of(ROOT)
    notes = list_notes(deck)
    start = time.process_time()
    CardMaker(deck).make(notes[0])  # all that a save makes anew, and the note's own cards
    assert time.process_time() - start < 0.1
    maker, start = CardMaker(deck), time.process_time()
    for note in notes:
        maker.make(note)
    assert (time.process_time() - start) / len(notes) < 0.005


@pytest.mark.parametrize("name", TEMPLATES)
def test_odd_templates_are_as_in_anki(name: str, learner: Learner, tmp_path: Path) -> None:
    deck = deck_from(tmp_path / "project", with_odd_templates(*TEMPLATES[name]))
    assert compare(learner, deck) == len(NOTES)
    assert list(learner.collection.get_empty_cards().notes) == []


def test_cards_in_a_deck_of_their_own_show_its_name(learner: Learner, tmp_path: Path) -> None:
    author = adopt_deck(tmp_path / "project")
    (author.project / "source" / "history.json").unlink()
    card = "  - {name: Writing, asks: [back], answers: [front], front: writing.html, back: back.html}\n"
    author.style(f"{PLACE}/note-type.yaml", NOTE_TYPE + card)
    author.style(f"{PLACE}/writing.html", "{{Deck}}, {{Subdeck}}: {{Back}}")
    author.headings["verbs"]["anki"]["card_decks"] = {"Writing": {"name": "Languages::Written & <i>more</i>"}}
    author.write()
    deck = deck_of(author.project)
    assert compare(learner, deck) == 8
    fronts = [CardMaker(deck).make(note)[1].sides.front.partition(":")[0] for note in list_notes(deck)]
    assert len([front for front in fronts if front == "Languages"]) == 3


@pytest.mark.parametrize(
    "title", ['A "q" <i>x</i> :: y  {{Word}} [sound:x] & é', "<script>x</script> \\(x\\)", "  a\tb "]
)
def test_names_are_as_in_anki(title: str, learner: Learner, tmp_path: Path) -> None:
    assert compare(learner, deck_from(tmp_path / "project", with_odd_templates(*TEMPLATES["what Anki knows"], title)))


@pytest.mark.parametrize("name", CLOZE_TEMPLATES)
def test_odd_deletions_are_as_in_anki(name: str, learner: Learner, tmp_path: Path) -> None:
    deck = deck_from(tmp_path / "project", with_odd_gaps(*CLOZE_TEMPLATES[name]))
    assert compare(learner, deck) == len(learner.cards())
    assert list(learner.collection.get_empty_cards().notes) == []
