"""The pages of the decks in examples/, in a real browser: nothing fails, and each of Anki's cards can be studied."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.helpers.browser_pages import opened
from tests.helpers.card_screens import list_jumps, list_sideways
from tests.helpers.decks import deck_of
from tests.helpers.examples import EXAMPLES, Example, build
from tests.helpers.studying import progress


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_card_of_an_example_can_be_studied_on_its_page(
    example: Example, tmp_path: Path, browser: Browser
) -> None:
    page = build(example.project, tmp_path, ("page",)) / f"{example.id}.html"
    with opened(browser, page) as seen:
        broken = seen.page.evaluate("[...document.images].filter(each => each.complete && !each.naturalWidth).length")
        seen.page.click("#page_study")
        seen.page.click("#page_pause")
        seen.page.click("#page_all")
        fronts = []
        for number in range(1, example.cards + 1):
            assert progress(seen.page).startswith(f"{number} of {example.cards} ")
            fronts.append(seen.page.locator("#page_card").inner_html())
            seen.page.click("#page_next")
    assert broken == 0
    assert len(set(fronts)) == example.cards, "two cards ask the same"
    assert seen.complaints == []
    assert seen.requests == [page.as_uri()]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_no_card_of_an_example_scrolls_sideways_on_a_phone_and_no_question_jumps(
    example: Example, browser: Browser
) -> None:
    deck = deck_of(example.project)
    assert list_sideways(browser, deck) == {}
    assert list_jumps(browser, deck) == {}


def test_a_sound_of_an_example_plays(tmp_path: Path, browser: Browser) -> None:
    (spanish,) = (example for example in EXAMPLES if example.name == "spanish")
    page = build(spanish.project, tmp_path, ("page",)) / f"{spanish.id}.html"
    with opened(browser, page) as seen:
        loaded = (
            "player => new Promise(done => { player.onloadedmetadata = () => done(player.duration); player.load() })"
        )
        seen.page.locator(".reveal").first.click()
        assert seen.page.locator("audio").first.evaluate(loaded) > 0.3
        assert seen.complaints == []
