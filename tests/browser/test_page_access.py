"""The page is for everybody: axe-core finds nothing in any state of it, keys reach everything, targets are large."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.yaml_text import indented

LONG = "value = " + " + ".join(f"number_{count}" for count in range(40))
WIDE_TABLE = f"|{'column|' * 14}\n|{'---|' * 14}\n|{'response_model_exclude_unset|' * 14}"
BLOCKS = indented(f"```python\n{LONG}\n```\n\n{WIDE_TABLE}")
MORE = f"- id: wide\n  level: advanced\n  question: What is wide?\n  answer: {BLOCKS}  extra: '![A field](wide.svg)'\n"
WIDE_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" width="640" height="320">'
    '<rect width="640" height="320" fill="#eee"/></svg>'
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = EVERYTHING | {"second.yaml": str(EVERYTHING["second.yaml"]) + MORE, "media/wide.svg": WIDE_PICTURE}
    return page_of(tmp_path_factory.mktemp("page"), files)


def unfolded(page: Page) -> None:
    page.locator("#page_open").click()
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    # A picture is read when it is to be seen, and is a button from then on.
    page.locator("#wide img").scroll_into_view_if_needed()
    page.wait_for_selector("#wide .zoom")
    page.evaluate("scrollTo(0, 0)")


def searched(page: Page) -> None:
    page.locator("#page_search").fill("number")


def opened_one(page: Page) -> None:
    page.locator("#one .reveal").click()


def enlarged(page: Page) -> None:
    unfolded(page)
    page.locator("#wide .zoom").click()


def studied(page: Page) -> None:
    page.locator("#page_study").click()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press(" ")


def studied_through(page: Page) -> None:
    page.locator("#page_study").click()
    page.keyboard.press(" ")
    page.keyboard.press("1")
    for _ in range(15):
        page.keyboard.press("j")
    assert page.locator("#page_over").is_visible()


def studied_before(page: Page) -> None:
    studied_through(page)
    page.keyboard.press("Escape")
    unfolded(page)


STATES: dict[str, Callable[[Page], None]] = {
    "unfolded": unfolded,
    "searched": searched,
    "one opened": opened_one,
    "enlarged": enlarged,
    "studied": studied,
    "studied through": studied_through,
    "studied before": studied_before,
}


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 390), ("light", 1280), ("dark", 1800)])
def test_axe_finds_nothing(browser: Browser, path: Path, theme: Literal["light", "dark"], width: int) -> None:
    for name, change in STATES.items():
        with opened(browser, path, color_scheme=theme, viewport={"width": width, "height": 900}) as reader:
            change(reader.page)
            reader.page.wait_for_function(
                "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true))))"
            )
            results = Axe().run(reader.page)
            assert results.violations_count == 0, f"{name}: {results.generate_report()}"


def test_what_scrolls_sideways_is_reached_by_keys_and_what_does_not_is_no_stop(reader: Opened) -> None:
    reader.page.locator("#page_open").click()
    reader.page.wait_for_selector("#wide pre[tabindex]")
    reader.page.wait_for_selector("#wide table[tabindex]")
    assert reader.page.locator("#one [tabindex]").count() == 0


def test_keys_reach_every_control_and_show_where_they_are(reader: Opened) -> None:
    page = reader.page
    unfolded(page)
    reachable = "a[href], button, input, select, summary, [tabindex='0']"
    seen_at = "all => all.filter(each => each.checkVisibility()).map(each => each.dataset.at = Math.random())"
    expected = page.locator(reachable).evaluate_all(seen_at)
    reached = []
    for _ in range(len(expected) + 1):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "[document.activeElement.dataset.at, document.activeElement.id,"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert {at for at, _, _ in reached if at} == {str(at) for at in expected}
    assert {outline for at, _, outline in reached if at} == {"solid"}


def test_targets_are_large_enough_to_hit(browser: Browser, path: Path) -> None:
    for width in (320, 1280):
        with opened(browser, path, viewport={"width": width, "height": 900}, has_touch=True) as reader:
            unfolded(reader.page)
            # Links in running text are as high as their line.
            small = (
                "all => all.filter(each => each.checkVisibility())"
                ".map(each => [each.outerHTML, each.getBoundingClientRect()])"
                ".filter(([, box]) => Math.min(box.width, box.height) < 24).map(([html]) => html)"
            )
            targets = reader.page.locator("button, select, input, summary, .contents li a, .downloads a")
            assert targets.evaluate_all(small) == []


def test_the_skip_link_leads_past_everything(reader: Opened) -> None:
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.className") == "skip"
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_large_letters_make_the_page_no_wider(reader: Opened) -> None:
    for width in (320, 1280, 2000):
        reader.page.set_viewport_size({"width": width, "height": 800})
        reader.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
