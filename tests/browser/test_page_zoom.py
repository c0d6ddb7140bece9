"""Diagrams follow the page's colors, and a tap or a key enlarges them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from tests.conftest import DECK
from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of

_SIZE = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" width="640" height="320"'
BOTH = (
    f"<svg {_SIZE}><style>.bg {{ fill: #ffffff }} @media (prefers-color-scheme: dark) {{ .bg {{ fill: #000000 }} }}"
    '</style><rect class="bg" width="640" height="320"/></svg>'
)
LINES = f'<svg {_SIZE}><path d="M0 0H10" stroke="#000"/></svg>'
FILES = {
    "deck.yaml": DECK,
    "media/both.svg": BOTH,
    "media/lines.svg": LINES,
    "media/icon.svg": LINES.replace('width="640" height="320"', 'width="32" height="16"'),
    "first.yaml": "- id: one\n  question: What?\n  answer: This.\n"
    "  extra: |\n    ![Both](both.svg)\n\n    ![Lines](lines.svg)\n\n    ![Icon](icon.svg)\n",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(tmp_path_factory.mktemp("page"), FILES)


@pytest.fixture
def reader(browser: Browser, path: Path) -> Iterator[Opened]:
    with opened(browser, path) as reader:
        reader.page.locator(".reveal").click()
        yield reader
        assert reader.complaints == []


def color(picture: Locator) -> tuple[int, ...]:
    """Return the color in the middle of what is seen of an element."""
    image = Image.open(io.BytesIO(picture.screenshot())).convert("RGB")
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


WHITE, BLACK, PAPER = (255, 255, 255), (0, 0, 0), (251, 250, 247)


@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_diagram_follows_the_pages_own_switch(reader: Opened, system: Literal["light", "dark"]) -> None:
    page = reader.page
    page.emulate_media(color_scheme=system)
    both, lines = page.get_by_alt_text("Both"), page.get_by_alt_text("Lines")
    assert color(both) == {"light": WHITE, "dark": BLACK}[system]
    page.locator(".options summary").click()
    for theme, expected in (("dark", BLACK), ("light", WHITE)):
        page.locator("#page_theme").select_option(theme)
        assert color(both) == expected
        assert color(lines) == PAPER  # black lines would be lost on a dark ground
        page.locator(".zoom").first.click()
        assert color(page.locator("#page_zoom .enlarged")) == expected
        page.keyboard.press("Escape")


def test_keys_enlarge_a_picture_and_the_focus_goes_back(reader: Opened) -> None:
    page = reader.page
    page.set_viewport_size({"width": 1280, "height": 800})
    button = page.get_by_role("button", name="Enlarge: Both")
    before = button.bounding_box()
    button.press("Enter")
    enlarged = page.locator("#page_zoom .enlarged")
    after = enlarged.bounding_box()
    assert before
    assert after
    assert after["width"] > before["width"] * 1.5
    assert after["height"] <= 800
    page.keyboard.press("Escape")
    assert not enlarged.is_visible()
    assert button.evaluate("each => each === document.activeElement")


def test_a_tap_enlarges_and_another_closes(browser: Browser, path: Path) -> None:
    with opened(browser, path, viewport={"width": 390, "height": 690}, has_touch=True) as reader:
        page = reader.page
        page.locator("#page_study").tap()
        page.locator("#page_show").tap()
        picture = page.locator("#page_card .zoom").first
        before = picture.bounding_box()
        picture.tap()
        after = page.locator("#page_zoom .enlarged").bounding_box()
        assert before
        assert after
        assert after["width"] > before["width"] * 1.8  # one moves it: words are large enough to be read
        page.keyboard.press("3")  # which is no grade of a card that is not seen
        page.locator("#page_zoom .enlarged").tap(position={"x": 10, "y": 10})
        assert not page.locator("#page_zoom").is_visible()
        assert page.locator("#page_progress").inner_text().startswith("1 of 1 · Known: 0")


def test_an_icon_is_no_button(reader: Opened) -> None:
    # Which is which is known when the pictures are loaded.
    expect(reader.page.get_by_role("button", name="Enlarge")).to_have_count(2)
