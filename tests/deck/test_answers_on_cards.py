"""Nothing of an answer of the FastAPI deck is left out on paper, and no sheet of its flashcards is nearly empty."""

from __future__ import annotations

import io

import pikepdf
import pytest

from cardpress.deck.notes import Deck
from cardpress.outputs import PAPERS, Sheet
from cardpress.writers import pdf
from tests.conftest import ROOT
from tests.helpers.decks import deck_of
from tests.helpers.pdf_pages import glyphs
from tests.helpers.printed_answers import list_unprinted

# What is easily read: the least size of a card's words. Code in a line is a little smaller.
LEAST = 7.5


@pytest.fixture(scope="module")
def deck() -> Deck:
    return deck_of(ROOT)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("sheet", ["flashcards", "recall-cards"])
def test_every_word_of_each_answer_is_on_a_card(deck: Deck, sheet: str, paper: str) -> None:
    assert list_unprinted(deck, sheet, paper) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_the_last_sheet_of_flashcards_is_worth_its_paper(deck: Deck, paper: str) -> None:
    with pdf.open_press(deck) as press:
        (artifact,) = press.make(Sheet("flashcards"), (paper,)).artifacts
    with pikepdf.open(io.BytesIO(artifact.data)) as made:
        last = list(glyphs(made.pages[-2]))
        sizes = {glyph.size for page in made.pages for glyph in glyphs(page) if glyph.size != 6.5}
    # Each card has its section's name at the right end of its foot.
    (section,) = deck.sections[-1:]
    foots = "".join(glyph.text for glyph in last if glyph.size == 6.5).replace(" ", "")
    assert foots.count(section.title.replace(" ", "")) > 2
    assert min(sizes) >= LEAST * 0.88
