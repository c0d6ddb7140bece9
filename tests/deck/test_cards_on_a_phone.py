"""No card of the FastAPI deck scrolls sideways on a phone, and nothing jumps when an answer comes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from cardpress.deck.notes import Deck
from tests.conftest import ROOT
from tests.helpers.card_screens import list_jumps, list_sideways
from tests.helpers.decks import deck_of


@pytest.fixture(scope="module")
def deck() -> Deck:
    return deck_of(ROOT)


def test_no_card_scrolls_sideways(deck: Deck, browser: Browser) -> None:
    assert list_sideways(browser, deck) == {}


def test_no_question_jumps(deck: Deck, browser: Browser) -> None:
    assert list_jumps(browser, deck) == {}
