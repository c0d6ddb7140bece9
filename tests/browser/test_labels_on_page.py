"""What the page's scripts write is in the deck's language, too: buttons, counts, and everything of studying."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import DECK, QUESTION
from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.greek_deck import FILES, in_cyrillic, list_english
from tests.helpers.studying import begin, kept, press

# The texts and labels of everything that is there, seen or not.
_SHOWN = """() => [...document.body.querySelectorAll(":not(script, style)")].flatMap((each) => [
  ...[...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data),
  ...["aria-label", "title", "placeholder", "alt"].map((name) => each.getAttribute(name) ?? ""),
  ...["::before", "::after"].map((part) => getComputedStyle(each, part).content),
])"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(tmp_path_factory.mktemp("greek"), FILES)


@pytest.mark.parametrize("language", ["zh-yue", "en-GB-oed", "de-CH-1901", "sr-Latn-RS"])
def test_any_language_that_a_deck_may_have_can_be_studied(browser: Browser, tmp_path: Path, language: str) -> None:
    files = {"deck.yaml": f"language: {language}\n{DECK}", "first.yaml": "- {id: q, question: Q?, answer: A.}\n"}
    with opened(browser, page_of(tmp_path, files)) as reader:
        begin(reader.page)
        press(reader.page, " 3")
        assert kept(reader.page)["q"][0] == 1
        assert reader.complaints == []


def find_english(reader: Opened) -> list[str]:
    shown: list[str] = reader.page.evaluate(_SHOWN)
    assert len(shown) > 100
    # What a style shows that is no text, such as `none`.
    return [
        text for text in shown if text not in ("none", "normal") and list_english(re.sub(r"counter\(.*?\)", "", text))
    ]


def test_nothing_on_the_page_is_english(reader: Opened) -> None:
    page = reader.page
    assert find_english(reader) == []
    assert page.locator(".reveal").first.inner_text() == in_cyrillic("Show answer")
    page.locator(".reveal").first.click()
    assert page.locator(".reveal").first.inner_text() == in_cyrillic("Hide answer")
    assert find_english(reader) == []
    page.locator("#page_open").click()
    assert find_english(reader) == []
    page.locator("#page_search").fill("εκεί")
    assert page.locator("#page_found").inner_text() == in_cyrillic("{n} of {all}").format(n=2, all=7)
    assert find_english(reader) == []
    page.locator("#page_search").fill("θθθθ")
    assert find_english(reader) == []
    assert reader.complaints == []


def test_copying_says_so_in_the_decks_language(reader: Opened) -> None:
    reader.page.locator("#page_open").click()
    button = reader.page.locator(".copy").first
    button.click()
    expect(button).to_have_text(re.compile(f"{in_cyrillic('Copied')}|{re.escape(in_cyrillic('Press Ctrl+C'))}"))
    assert find_english(reader) == []


def test_nothing_of_studying_is_english(reader: Opened) -> None:
    page = reader.page
    for kind in ("questions", "recall", "both"):
        begin(page, kind)
        for _ in range(60):
            assert find_english(reader) == []
            if page.locator(".over").is_visible():
                break
            page.locator("#page_show").click()
            assert find_english(reader) == []
            page.locator("#page_grade3").click()
        assert page.locator("#page_over").is_visible()
        page.locator("#page_leave").click()
        assert find_english(reader) == []
        page.locator("#page_study").click()
        page.locator("#page_all").click()
        page.locator("#page_pause").click()
        assert find_english(reader) == []
        page.locator("#page_forget").click()
        assert find_english(reader) == []
        page.locator("#page_forget").click()
        page.locator("#page_leave").click()
    assert reader.complaints == []


def test_numbers_keep_their_direction_in_a_text_from_right_to_left(browser: Browser, tmp_path: Path) -> None:
    deck = str(FILES["deck.yaml"]).replace("language: el", "language: ar")
    files = {**FILES, "deck.yaml": deck}
    del files["../templates/strings/el.yaml"]
    with opened(browser, page_of(tmp_path, files)) as reader:
        reader.page.locator("#page_search").fill("εκεί")
        assert reader.page.locator("#page_found").inner_text() == "\u20682\u2069 من \u20687\u2069"
        assert reader.page.locator(".edition bdi").all_inner_texts()[:2] == ["الإصدار 1.0.0، 2026-01-02", "1.0.0"]


def test_a_box_begins_at_the_pages_side_until_something_else_is_typed(browser: Browser, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(page_of(tmp_path, {"deck.yaml": f"language: ar\n{DECK}", "first.yaml": QUESTION}).as_uri())
    for typed, direction in (("", "rtl"), ("book", "ltr"), ("\N{ARABIC LETTER BEH}", "rtl")):
        page.fill("#page_search", typed)
        assert page.eval_on_selector("#page_search", "box => getComputedStyle(box).direction") == direction
