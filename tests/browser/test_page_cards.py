"""The page studies one card per card template of each note, and one per deletion of a cloze text, and lets one type."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.conftest import DECK
from tests.helpers.basic_notes import BOTH_WAYS, CAPITAL, TRICKY, with_basics, with_filters, with_gaps, with_readings
from tests.helpers.browser_pages import Opened
from tests.helpers.decks import page_of
from tests.helpers.masked_pictures import note, with_masks
from tests.helpers.own_note_types import DOG, TYPED_WORD, Files, with_words
from tests.helpers.studying import begin, kept, press, progress, visit_again

SPELLED = DOG | {"reverse": True, "spelled": True}
GAPS = "The {{c1::dog}} is {{c2::*good*::how?}}, and {{c1::old}}."


@pytest.fixture
def path(tmp_path: Path, files: Files) -> Path:
    return page_of(tmp_path, files)


def seen(page: Page) -> str:
    """Return what a person reads on the card, its parts apart."""
    parts = page.locator("#page_card > :not(.from)").all_inner_texts()
    return " | ".join(" ".join(part.split()) for part in parts)


def boxes(page: Page) -> dict[str, int]:
    return {key: box for key, (box, _) in kept(page).items()}


@pytest.mark.parametrize("files", [with_basics(CAPITAL, BOTH_WAYS)])
def test_a_note_has_as_many_cards_as_in_anki(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    assert progress(page).startswith("1 of 3")
    assert seen(page) == "What is the capital of France?"
    page.keyboard.press(" ")
    assert seen(page) == "What is the capital of France? | Paris"
    press(page, "3 ")
    assert seen(page) == "the dog | Forward | el perro A good one."
    press(page, "1")
    assert seen(page) == "el perro | Reverse"
    page.keyboard.press(" ")
    assert seen(page) == "el perro | Reverse | the dog A good one."
    press(page, "3 3")
    assert boxes(page) == {"france": 1, "dog": 1, "dog:2": 1}
    assert page.locator("#page_over").inner_text() == "That was all · Known: 2 · Missed: 1"


@pytest.mark.parametrize("files", [with_basics(TRICKY)])
def test_an_answer_is_typed_and_compared(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    box = page.locator("#page_typing")
    assert page.evaluate("document.activeElement.id") == "page_typing"
    page.keyboard.type("a > b & so 1 j")  # no key of these has its meaning here
    page.keyboard.press("Enter")
    assert not box.is_visible()
    compared = page.locator(".compared")
    assert compared.inner_text() == "a > b & so 1 j → a < b & so on"
    assert compared.locator("del").all_inner_texts() == [">", "1 j"]
    assert compared.locator("ins").all_inner_texts() == ["<", "on"]
    assert "a < b & so on" in page.locator("#page_card .told").inner_text()
    page.keyboard.press("k")
    page.locator("#page_typing").fill("  a < b  & so on ")
    page.keyboard.press("Enter")
    assert compared.inner_text() == "a < b & so on"
    assert compared.locator("del, ins").count() == 0
    page.keyboard.press("Enter")
    assert page.locator("#page_over").is_visible()


COMPOSE = """(key) =>
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true}))
"""


@pytest.mark.parametrize("files", [with_basics(TRICKY)])
def test_keys_that_an_input_method_takes_are_not_ours(reader: Opened) -> None:
    page = reader.page
    for key in ("Escape", "Enter"):
        begin(page, "both")
        page.keyboard.type("いぬ")
        page.evaluate(COMPOSE, key)
        assert page.locator("#page_typing").input_value() == "いぬ"
        assert page.locator("#page_typing").is_visible()
        page.keyboard.press("Escape")
        page.locator("#page_search").fill("so on")
        page.evaluate(COMPOSE, key)
        assert page.locator("#page_search").input_value() == "so on"


@pytest.mark.parametrize("files", [with_basics(TRICKY)])
def test_who_types_nothing_sees_the_answer(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    page.locator("#page_show").click()
    assert page.locator(".compared").count() == 0
    assert page.locator("#page_card .told").inner_text() == "a < b & so on"


@pytest.mark.parametrize("files", [with_words(SPELLED, declared=TYPED_WORD)])
def test_a_card_shows_what_it_asks_and_a_hint_when_it_is_asked_for(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    assert seen(page) == "el perro | Recognise"
    page.keyboard.press("j")
    hint = page.locator("#page_card .hinted")
    assert not hint.locator("div").first.is_visible()
    hint.locator("summary").click()
    assert "El perro duerme." in hint.inner_text()
    page.locator("#page_typing").fill("el pero")
    page.keyboard.press("Enter")
    assert page.locator(".compared").inner_text() == "el pero → el perro"
    # What is a heading on the page is an answer here.
    assert page.locator("#page_card .told").first.evaluate("part => part.localName") == "div"


@pytest.mark.parametrize("files", [{"first.yaml": f"- {{id: dog, cloze: '{GAPS}'}}\n", "deck.yaml": DECK}])
def test_each_deletion_of_a_cloze_text_is_a_card(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    assert seen(page) == "The […] is good, and […]."
    page.keyboard.press(" ")
    assert page.locator("#page_card mark").all_inner_texts() == ["dog", "old"]
    press(page, "3")
    assert seen(page) == "The dog is [how?], and old."
    page.keyboard.press(" ")
    assert page.locator("#page_card mark").all_inner_texts() == ["good"]
    press(page, "1")
    assert boxes(page) == {"dog:1": 1, "dog:2": 0}


@pytest.mark.parametrize("files", [{"first.yaml": f"- {{id: dog, cloze: '{GAPS}'}}\n", "deck.yaml": DECK}])
def test_progress_of_an_older_page_counts_for_all_gaps_of_a_text(reader: Opened) -> None:
    page = reader.page
    page.evaluate("localStorage.setItem('cardpress:sample:progress', '{\"dog\":1}')")
    visit_again(page)
    begin(page, "both")
    assert page.locator("#page_over").inner_text() == "Nothing is due today"
    page.locator("#page_all").click()
    press(page, " 1")
    assert boxes(page) == {"dog": 2, "dog:1": 0}


ONE_GAP = "cloze: 'The {{c1::dog}} is good.'"


@pytest.mark.parametrize(
    "files",
    [
        {"first.yaml": f"- {{id: dog, {ONE_GAP}}}\n", "deck.yaml": DECK},
        {"first.yaml": f"- {{id: q, question: Q?, answer: A., recall: [{{id: dog, {ONE_GAP}}}]}}\n", "deck.yaml": DECK},
    ],
    ids=["alone", "below"],
)
def test_a_gap_that_is_the_last_one_of_its_text_keeps_its_progress(reader: Opened) -> None:
    page = reader.page
    page.evaluate("localStorage.setItem('cardpress:sample:boxes', '{\"dog:1\":[3,1],\"dog:2\":[1,1]}')")
    visit_again(page)
    begin(page, "recall")
    assert "good." in seen(page)
    press(page, " 3")
    assert boxes(page)["dog"] == 4


@pytest.mark.parametrize("files", [with_gaps({"id": "dog", "text": GAPS})])
def test_gaps_are_typed(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    page.locator("#page_typing").fill("dog, old")
    page.keyboard.press("Enter")
    assert page.locator(".compared").inner_text() == "dog, old"
    page.keyboard.press("3")
    page.locator("#page_typing").fill("god")
    page.keyboard.press("Enter")
    assert page.locator(".compared").inner_text() == "god → good"


WORD = {"id": "kanji", "word": "kanji", "meaning": "*letters*", "sentence": "A sentence.", "more": True}


@pytest.mark.parametrize("files", [with_filters(WORD, WORD | {"id": "kana", "more": False})])
def test_cards_of_an_authors_templates_are_studied_by_what_they_declare(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    assert progress(page).startswith("1 of 3")
    page.locator("#page_typing").fill("letters")
    page.keyboard.press("Enter")
    assert page.locator(".compared").inner_text() == "letters"
    page.keyboard.press("j")
    assert seen(page) == "letters | More"


@pytest.mark.parametrize("files", [with_masks(note(), note(hide="one", id="bare", header="And here?"))])
def test_each_mask_of_a_picture_is_a_card(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    masks = page.locator("#page_card svg g")
    assert progress(page).startswith("1 of 4")
    assert masks.evaluate_all("all => all.map(g => `${g.dataset.mask} ${g.className.baseVal}`)") == [
        "1 asks",
        "2 hides",
    ]
    assert "aorta" not in seen(page)
    page.keyboard.press(" ")
    assert masks.evaluate_all("all => all.map(g => `${g.dataset.mask} ${g.className.baseVal}`)") == [
        "1 told",
        "2 hides",
    ]
    assert "the aorta" in seen(page)
    assert "the vein" not in seen(page)
    for key in "jj":
        page.keyboard.press(key)
    assert masks.evaluate_all("all => all.map(g => `${g.dataset.mask} ${g.className.baseVal}`)") == ["1 asks"]


@pytest.mark.parametrize("files", [with_readings({"id": "word", "word": "漢字[かんじ]を", "meaning": "letters"})])
def test_a_side_shows_characters_or_their_reading_alone(reader: Opened) -> None:
    page = reader.page
    begin(page, "both")
    assert seen(page) == "漢字を | Read"
    page.keyboard.press(" ")
    assert page.locator("#page_card .told").all_inner_texts() == ["かんじを", "letters"]
    press(page, "3 ")
    assert page.locator("#page_card ruby").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("files", [with_basics(TRICKY, BOTH_WAYS)])
def test_what_is_typed_is_for_everybody(reader: Opened, theme: Literal["light", "dark"]) -> None:
    page = reader.page
    page.emulate_media(color_scheme=theme)
    begin(page, "both")
    assert Axe().run(page).response["violations"] == []
    page.locator("#page_typing").fill("a b < c")
    page.keyboard.press("Enter")
    assert page.locator(".compared del").count() > 0
    assert Axe().run(page).response["violations"] == []


IN_SPANISH = TYPED_WORD.replace("{key: word, holds: line,", "{key: word, language: es, holds: line,")


@pytest.mark.parametrize("files", [with_words(SPELLED, declared=IN_SPANISH)])
def test_who_types_has_the_keyboard_of_the_answers_language(reader: Opened) -> None:
    begin(reader.page, "both")
    reader.page.keyboard.press("j")
    assert reader.page.locator("#page_typing").is_visible()
    assert reader.page.locator("#page_typing").get_attribute("lang") == "es"
