"""Studying works by keyboard alone, and remembers what one knew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import DECK, QUESTION
from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(tmp_path_factory.mktemp("page"), EVERYTHING)


@pytest.fixture
def reader(browser: Browser, path: Path) -> Iterator[Opened]:
    with opened(browser, path) as reader:
        yield reader
        assert reader.complaints == []


def begin(page: Page, kind: str = "questions") -> None:
    page.locator("#page_study").press("Enter")
    if kind != "questions":
        page.locator("#page_kind").select_option(kind)


def asked(page: Page) -> str:
    return page.locator("#page_card :is(.heading, .lean)").inner_text().strip()


def test_a_round_goes_by_keyboard_alone(reader: Opened) -> None:
    page, answer = reader.page, reader.page.locator("#page_card .answer")
    begin(page)
    assert asked(page) == "1 What is one?"
    assert not answer.is_visible()
    page.keyboard.press("1")  # nobody knows before having seen
    assert asked(page) == "1 What is one?"
    page.keyboard.press(" ")
    assert answer.is_visible()
    page.keyboard.press("1")
    assert asked(page) == "What is two?"
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert asked(page) == "What is two?"
    for key in " 2 2":
        page.keyboard.press(key)
    assert page.locator("#page_progress").inner_text() == "4 of 4 · Known: 1 · Missed: 2"
    page.keyboard.press(" ")
    page.keyboard.press("1")
    assert page.locator("#page_over").inner_text() == "That was all · Known: 2 · Missed: 2"


def test_what_was_missed_comes_again(reader: Opened) -> None:
    page = reader.page
    begin(page)
    for mark in "1212":
        page.keyboard.press(" ")
        page.keyboard.press(mark)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert asked(page) == "What is two?"
    for _ in "two", "four":
        page.keyboard.press(" ")
        page.keyboard.press("1")
    assert page.locator("#page_over").inner_text() == "That was all · Known: 2 · Missed: 0"
    assert not page.locator("#page_again").is_visible()


def test_progress_is_there_at_the_next_visit_until_it_is_forgotten(reader: Opened) -> None:
    page = reader.page
    begin(page)
    page.keyboard.press(" ")
    page.keyboard.press("1")
    page.reload()
    begin(page)
    assert asked(page) == "What is two?"
    assert page.locator("#page_progress").inner_text() == "2 of 4 · Known: 1 · Missed: 0"
    page.locator("#page_pause").press("Enter")
    page.locator("#page_forget").press("Enter")
    assert page.locator("#page_over").is_visible()  # it asks first
    page.locator("#page_forget").press("Enter")
    assert asked(page) == "1 What is one?"
    assert page.evaluate("localStorage.length") == 0


def test_progress_outlives_a_new_version_and_is_the_decks_own(browser: Browser, tmp_path: Path) -> None:
    deck = str(EVERYTHING["deck.yaml"])
    path = page_of(tmp_path, EVERYTHING)
    with opened(browser, path) as reader:
        begin(reader.page)
        reader.page.keyboard.press(" ")
        reader.page.keyboard.press("1")
        newer = {"deck.yaml": deck.replace("1.2.0", "2.0.0")}
        newer["first.yaml"] = str(EVERYTHING["first.yaml"]).replace("What is `one`?", "What is one, then?")
        page_of(tmp_path, EVERYTHING | newer)
        reader.page.reload()
        begin(reader.page)
        assert asked(reader.page) == "What is two?"
        other = page_of(tmp_path, EVERYTHING | {"deck.yaml": deck.replace("id: sample", "id: other")})
        reader.page.goto(other.as_uri())
        begin(reader.page)
        assert asked(reader.page) == "1 What is one?"


def test_a_look_at_the_summary_ends_no_round(reader: Opened) -> None:
    page = reader.page
    begin(page)
    page.keyboard.press(" ")
    page.keyboard.press("2")
    page.locator("#page_pause").press("Enter")
    assert page.locator("#page_over").inner_text() == "So far · Known: 0 · Missed: 1 · To go: 3"
    page.locator("#page_on").press("Enter")
    assert asked(page) == "What is two?"
    for _ in range(3):
        page.keyboard.press("j")
    assert page.locator("#page_over").inner_text() == "That was all · Known: 0 · Missed: 1 · Skipped: 3"
    page.keyboard.press("k")
    assert asked(page) == "What is four?"


def test_recall_notes_are_studied_too(reader: Opened) -> None:
    page = reader.page
    begin(page, "recall")
    assert asked(page) == "What comes after one?"
    assert page.locator("#page_card pre").is_visible()  # code belongs to what is asked
    assert page.locator("#page_card .told").count() == 0
    page.keyboard.press(" ")
    assert page.locator("#page_card .told").all_inner_texts() == ["Two.", "And then three."]
    page.keyboard.press("j")
    assert asked(page) == "[…] comes before two."
    page.keyboard.press(" ")
    assert asked(page) == "One comes before two."
    page.keyboard.press("j")
    assert asked(page) == "One comes before [a number]."


LISTS = """\
- id: one
  question: What is one?
  answer: The first.
  recall:
    - id: listed
      question: What comes after one?
      answer: |
        - Two:
          - a prime,
          - and even.
        - Three.
    - id: gaps
      cloze: |
        Both are primes:

        1. {{c1::two}},
        2. three.
"""


def test_a_recall_note_with_lists_in_it_is_one_card(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page_of(tmp_path, {"first.yaml": LISTS})) as reader:
        page = reader.page
        begin(page, "recall")
        assert page.locator("#page_progress").inner_text() == "1 of 2 · Known: 0 · Missed: 0"
        assert asked(page) == "What comes after one?"
        page.keyboard.press(" ")
        told = page.locator("#page_card .told")
        assert told.locator("li").all_inner_texts() == ["Two:\na prime,\nand even.", "a prime,", "and even.", "Three."]
        page.keyboard.press("1")
        assert asked(page).split() == ["Both", "are", "primes:", "[…],", "three."]
        page.keyboard.press("j")
        assert page.locator("#page_over").inner_text() == "That was all · Known: 1 · Missed: 0 · Skipped: 1"
        assert reader.complaints == []


def test_what_is_studied_is_what_the_filters_leave(reader: Opened) -> None:
    page = reader.page
    page.locator("#page_section").select_option("second")
    begin(page)
    assert asked(page) == "What is three?"
    assert page.locator("#page_progress").inner_text().startswith("1 of 2")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "page_study"
    page.locator("#page_search").fill("zzzz")
    begin(page)
    assert "nothing to study" in page.locator("#page_over").inner_text()


def test_the_mouse_does_what_the_keys_do(reader: Opened) -> None:
    page = reader.page
    page.locator("#page_study").click()
    page.locator("#page_show").click()
    page.locator("#page_missed").click()
    page.locator("#page_next").click()
    page.locator("#page_back").click()
    assert asked(page) == "What is two?"
    page.locator("#page_leave").click()
    assert not page.locator(".study").is_visible()
    assert page.locator("main").is_visible()


BROKEN_STORES = {
    "refused": "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})",
    "full": "Storage.prototype.setItem = () => { throw new Error('full') }",
    "another's": 'localStorage.setItem(\'cardpress:sample:progress\', \'{"one":"x","two":[1]}\')',
    "no JSON": "localStorage.setItem('cardpress:sample:progress', '{')",
    "null": "localStorage.setItem('cardpress:sample:progress', 'null')",
}


PRESS = """([key, code, shiftKey]) =>
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, code, shiftKey, bubbles: true}))
"""


@pytest.mark.parametrize(
    ("key", "code", "shift", "progress"),
    [
        ("&", "Digit1", False, "2 of 4 · Known: 1 · Missed: 0"),  # French
        ("é", "Digit2", False, "2 of 4 · Known: 0 · Missed: 1"),
        ("\u0661", "Digit1", False, "2 of 4 · Known: 1 · Missed: 0"),  # Arabic
        ("о", "KeyJ", False, "2 of 4 · Known: 0 · Missed: 0"),  # Russian
        ("1", "Digit1", True, "2 of 4 · Known: 1 · Missed: 0"),  # French with Shift
        ("!", "Digit1", True, "1 of 4 · Known: 0 · Missed: 0"),  # English
        ("h", "KeyJ", False, "1 of 4 · Known: 0 · Missed: 0"),  # Dvorak
        ("j", "KeyC", False, "2 of 4 · Known: 0 · Missed: 0"),
    ],
)
def test_keys_are_found_on_any_keyboard(reader: Opened, key: str, code: str, shift: bool, progress: str) -> None:
    begin(reader.page)
    reader.page.keyboard.press(" ")
    reader.page.evaluate(PRESS, [key, code, shift])
    assert reader.page.locator("#page_progress").inner_text() == progress


@pytest.mark.parametrize("store", BROKEN_STORES)
def test_studying_does_without_a_store(browser: Browser, path: Path, store: str) -> None:
    with opened(browser, path) as reader:
        reader.page.add_init_script(f"try {{ {BROKEN_STORES[store]} }} catch {{}}")
        reader.page.reload()
        begin(reader.page)
        reader.page.keyboard.press(" ")
        reader.page.keyboard.press("2")
        assert reader.page.locator("#page_progress").inner_text() == "2 of 4 · Known: 0 · Missed: 1"
        assert reader.complaints == []


LANGUAGES = ["ar", "de", "en", "es", "fr", "ja", "pt", "pt-PT", "zh", "zh-Hant"]
RECALL = "  recall: [{id: two, question: What is two?, answer: The second.}]\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bars_keep_their_lines_in_every_language(browser: Browser, tmp_path: Path, language: str) -> None:
    page = browser.new_page()
    files = {"deck.yaml": f"language: {language}\n{DECK}", "first.yaml": QUESTION + RECALL}
    page.goto(page_of(tmp_path, files).as_uri())
    page.click("#page_study")
    page.keyboard.press("Space")
    for width in (390, 800, 1000):
        page.set_viewport_size({"width": width, "height": 600})
        tops = page.eval_on_selector_all(
            ".marks button:not([hidden])", "all => all.map(each => Math.round(each.getBoundingClientRect().top))"
        )
        assert len(tops) == 4
        assert len(set(tops)) == 1
        above = page.eval_on_selector_all(
            ".bar:first-child > :is(select, button)", "all => all.map(each => each.getBoundingClientRect().bottom)"
        )
        assert len(above) == 3
        assert max(above) - min(above) < 3
        assert page.eval_on_selector("#page_progress", "each => each.getBoundingClientRect().height") < 30
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_recall_notes_there_is_no_choice_of_what_to_study(browser: Browser, tmp_path: Path) -> None:
    nothing = "There is nothing to study here. Clear the filters"
    for recall, shown in (("", False), (RECALL, True)):
        page = browser.new_page()
        page.goto(page_of(tmp_path, {"first.yaml": QUESTION + recall}).as_uri())
        page.click("#page_study")
        assert page.locator("#page_kind").is_visible() is shown
        assert page.locator("#page_show").is_visible()
        page.keyboard.press("Escape")
        page.fill("#page_search", "qwxyz")
        page.click("#page_study")
        assert page.inner_text("#page_over") == nothing + (", or study the other kind." if shown else ".")
