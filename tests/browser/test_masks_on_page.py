"""A closed answer hides what is under the masks of a picture, and its words, until they are asked for."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.helpers.decks import page_of
from tests.helpers.masked_pictures import AORTA, APEX, VEIN, note, with_masks

LOOK = "element => getComputedStyle(element)"
FILLED = f"rects => rects.map({LOOK}).map(style => style.fill)"
PLACES = """rects => rects.map(rect => rect.getBoundingClientRect()).map(box => {
  const all = document.querySelector('.masked img').getBoundingClientRect();
  return [box.left - all.left, box.top - all.top, box.width, box.height]
    .map((each, at) => Math.round(100 * each / (at % 2 ? all.height : all.width)));
})"""


def open_page(browser: Browser, folder: Path) -> Page:
    page = browser.new_page()
    page.goto(page_of(folder, with_masks(note(AORTA, VEIN, APEX))).as_uri())
    return page


def test_masks_lie_where_they_belong(browser: Browser, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        places = page.eval_on_selector_all(".masked rect", PLACES)
        for found, wanted in zip(places, [(10, 10, 20, 20), (60, 60, 20, 20), (50, 0, 25, 50)], strict=True):
            assert all(abs(one - other) <= 2 for one, other in zip(found, wanted, strict=True))


def test_closed_answers_are_under_masks_and_have_no_words(browser: Browser, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path)
    assert "none" not in page.eval_on_selector_all(".masked rect", FILLED)
    assert not page.get_by_text("the vein").is_visible()
    page.click(".reveal")
    assert set(page.eval_on_selector_all(".masked rect", FILLED)) == {"none"}
    assert page.get_by_text("the vein").is_visible()


def test_an_enlarged_picture_keeps_what_hides_its_parts(browser: Browser, tmp_path: Path) -> None:
    page = open_page(browser, tmp_path)
    page.click("#page_study")
    page.locator("#page_card .zoom").press("Enter")
    assert page.locator("#page_zoom svg .hides").count() > 0
    page.keyboard.press("Escape")
    assert page.locator(".study").is_visible()
    assert not page.locator("#page_zoom").is_visible()


def test_numbers_of_masks_on_a_small_picture_can_be_read(browser: Browser, tmp_path: Path) -> None:
    mask = {"id": "one", "rect": [0.2, 0.2, 0.4, 0.4]}
    small = {"id": "photo", "occlude": {"image": "photo.png", "masks": [mask]}, "header": "What is it?"}
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(page_of(tmp_path, with_masks(small)).as_uri())
    heights = page.eval_on_selector_all(".masked text", "all => all.map(each => each.getBoundingClientRect().height)")
    assert min(heights) >= 15
