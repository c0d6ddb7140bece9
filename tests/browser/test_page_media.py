"""In a browser, the page plays the sounds of a deck, finds words by their readings, and studies them apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.helpers.browser_pages import Opened
from tests.helpers.decks import page_of
from tests.helpers.media_deck import WORD, with_media

CAT = {"id": "cat", "word": "猫[ねこ]がいる", "meaning": "a cat"}
PLAY = """async () => {
  const found = [];
  for (const player of document.querySelectorAll("article audio")) {
    player.muted = true;
    await player.play();
    found.push(player.duration > 0 && player.error === null);
  }
  return found;
}"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return page_of(tmp_path, with_media(WORD, CAT))


def test_sounds_play_under_the_pages_policy(reader: Opened) -> None:
    assert reader.page.evaluate(PLAY) == [True, True]


@pytest.mark.parametrize("query", ["犬と", "いぬと", "お茶", "おちゃ", "とうきょう"])
def test_search_finds_what_is_written_and_what_is_read(reader: Opened, query: str) -> None:
    reader.page.locator("#page_search").fill(query)
    hits = "all => all.map(each => each.hash)"
    assert reader.page.locator("#page_results a").evaluate_all(hits) == ["#dog"]


def test_a_word_is_found_whose_reading_stands_inside_of_it(reader: Opened) -> None:
    for query in ("猫がいる", "ねこがいる"):
        reader.page.locator("#page_search").fill(query)
        assert reader.page.locator('#page_results a[href="#cat"]').is_visible()


def test_studying_shows_characters_then_readings(reader: Opened) -> None:
    page = reader.page
    page.locator("#page_study").click()
    card = page.locator("#page_card")
    assert "この犬とお茶" in card.inner_text()
    assert "いぬ" not in card.inner_text()
    page.locator("#page_show").click()
    assert card.locator("rt").all_inner_texts() == ["いぬ", "おちゃ", "とうきょう"]
    page.locator("#page_grade3").click()
    page.locator("#page_show").click()
    assert "このいぬとおちゃ" in card.inner_text()
    assert "犬" not in card.inner_text()


def test_a_drawing_on_nothing_lies_on_paper_in_the_dark(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(page_of(tmp_path, with_media()).as_uri())
    ground = page.eval_on_selector("article img", "each => getComputedStyle(each).backgroundColor")
    assert ground == "rgb(251, 250, 247)"
