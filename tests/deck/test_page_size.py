"""The real deck's page stays small enough to send, with its fonts and pictures in it, and asks for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cardpress.writers import load_writer
from tests.conftest import ROOT
from tests.helpers.browser_pages import opened
from tests.helpers.decks import deck_of

MOST = 1_000_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (artifact,) = load_writer("page")(deck_of(ROOT)).artifacts
    path = tmp_path_factory.mktemp("real") / artifact.name
    path.write_bytes(artifact.data)
    return path


def test_it_has_everything_in_it_and_is_small(path: Path) -> None:
    html = path.read_text(encoding="utf-8")
    assert html.count("data:font/woff2;base64,") == 2
    assert "data:image/svg+xml" in html
    assert len(path.read_bytes()) <= MOST


def test_it_asks_for_nothing_and_is_painted_before_any_script_runs(browser: Browser, path: Path) -> None:
    with opened(browser, path) as reader:
        reader.page.wait_for_load_state("networkidle")
        assert [url for url in reader.requests if not url.startswith("data:")] == [path.as_uri()]
        assert reader.complaints == []
    html = path.read_text(encoding="utf-8")
    assert html.count("<script") == 1
    assert html.index("<script") > html.index("</footer>")


@pytest.mark.parametrize("width", [320, 390, 1104, 1664, 2560])
def test_it_never_scrolls_sideways(browser: Browser, path: Path, width: int) -> None:
    with opened(browser, path, viewport={"width": width, "height": 900}) as reader:
        reader.page.locator("#page_open").click()
        reader.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_no_code_of_the_deck_scrolls_sideways(browser: Browser, path: Path) -> None:
    wide = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.closest('[id]').id)"
    with opened(browser, path, viewport={"width": 390, "height": 690}) as reader:
        reader.page.locator("#page_open").click()
        reader.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        assert reader.page.locator("main pre, main table").evaluate_all(wide) == []
