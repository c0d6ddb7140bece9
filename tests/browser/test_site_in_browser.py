"""The site opens from the disk: every link is in the folder, axe finds nothing, and no phone scrolls aside."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from cardpress.pipeline import Options, build_project
from cardpress.progress import NoProgress
from tests.helpers.browser_pages import opened
from tests.helpers.sample_project import EVERYTHING

LONG = "ThisIsAWordThatIsLongerThanAnyPhoneIsWideAndThatHasNoPlaceToBreakAtAll"


@pytest.fixture(scope="module", params=["en", "ar"])
def front(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The front page of the deck with everything, and a section of a long name, in each direction."""
    project = tmp_path_factory.mktemp("site") / "project"
    head = f"outputs: {{site: true}}\nlanguage: {request.param}\nchecks: {{missing-glyph: off}}\n"
    deck = f"{head}{EVERYTHING['deck.yaml']!s}"
    extra = {"deck.yaml": f"{deck}  - {{id: long, title: {LONG}, description: {LONG}}}\n"}
    extra["long.yaml"] = f"- {{id: long-one, question: {LONG}?, answer: {LONG}., sources: [https://example.org/]}}\n"
    for name, content in {**EVERYTHING, **extra}.items():
        path = project / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = build_project(Options(project, project / "dist", ("site",)), NoProgress())
    assert not result.failed(strict=False), result.diagnostics
    return project / "dist" / "site" / "index.html"


@pytest.mark.parametrize(("theme", "width"), [("light", 320), ("dark", 390), ("light", 1280), ("dark", 1800)])
def test_axe_finds_nothing_and_nothing_scrolls_aside(
    browser: Browser, front: Path, theme: Literal["light", "dark"], width: int
) -> None:
    with opened(browser, front, color_scheme=theme, viewport={"width": width, "height": 800}) as reader:
        reader.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        results = Axe().run(reader.page)
        assert results.violations_count == 0, results.generate_report()
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
        assert reader.complaints == []
        assert reader.requests == [front.as_uri()]


def test_every_link_leads_into_the_folder_and_to_what_is_there(browser: Browser, front: Path) -> None:
    with opened(browser, front) as reader:
        addresses = reader.page.locator("a").evaluate_all("all => all.map(each => each.href)")
        local = {address for address in addresses if address.startswith("file:")}
        assert len(local) > 8
        for address in local:
            path = Path(unquote(urlsplit(address).path))
            assert path.is_file()
            assert path.parent == front.parent
        outside = {address for address in addresses if address not in local}
        assert outside == {
            "https://apps.ankiweb.net/",
            "https://example.org/",
            "https://example.org/report?card=sample&version=1.2.0",
        }
        section = next(address for address in local if address.endswith("#section_second"))
        reader.page.goto(section)
        assert reader.page.locator("#section_second").count() == 1
        # The page finds beside it what it links.
        downloads = reader.page.locator(".downloads a").evaluate_all("all => all.map(each => each.href)")
        assert downloads
        assert all(Path(unquote(urlsplit(address).path)).is_file() for address in downloads)


def test_without_javascript_all_of_it_is_there(browser: Browser, front: Path) -> None:
    with opened(browser, front, java_script_enabled=False) as reader:
        first = reader.page.locator("details").first
        assert first.locator("p").is_visible()
        first.locator("summary").click()
        assert not first.locator("p").is_visible()


def test_keys_reach_every_link_and_show_where_they_are(browser: Browser, front: Path) -> None:
    with opened(browser, front) as reader:
        page = reader.page
        count = page.locator("a, summary").count()
        outlines = []
        for _ in range(count):
            page.keyboard.press("Tab")
            outlines.append(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
        assert outlines == ["solid"] * count


def test_on_paper_every_answer_is_open_and_no_button_is_dark(browser: Browser, front: Path) -> None:
    with opened(browser, front, color_scheme="dark") as reader:
        reader.page.emulate_media(media="print")
        assert reader.page.locator("details p").evaluate_all("all => all.every(each => each.checkVisibility())")
        button = "getComputedStyle(document.querySelector('.first')).backgroundColor"
        assert reader.page.evaluate(button) == "rgba(0, 0, 0, 0)"
        assert reader.page.locator(".skip").is_hidden()
