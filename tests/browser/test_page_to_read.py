"""The page can be read on any screen, in both themes, and on paper."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.yaml_text import indented

LONG_LINE = "value = " + " + ".join(f"number_{count}" for count in range(40)) + "  # the end"
WIDE_TABLE = f"|{'column|' * 14}\n|{'---|' * 14}\n|{'response_model_exclude_unset|' * 14}"
CODE = '''\
import os  # a comment


@decorated
class Name(Exception):
    """Text."""

    size: int = 0x10 + 3.5

    def method(self) -> str | None:
        try:
            return f"{self.size!r}\\n" if True and not None else print(r"raw")
        except ValueError as error:
            raise KeyError from error'''


def more_questions() -> str:
    address = "https://example.org/" + "path/" * 60
    wide = indented(f"```python\n{LONG_LINE}\n```\n\n{WIDE_TABLE}\n\n{address}")
    colors = indented(f"```python\n{CODE}\n```\n\n[A link](https://example.org), `code`, <kbd>K</kbd>.\n\n> Quoted.")
    return (
        f"- id: wide\n  number: 1234567\n  question: Does `{'response_model_' * 12}` {'w' * 120}?\n  answer: {wide}"
        f"  output: {indented(LONG_LINE)}  sources: [{{title: {'unbroken' * 30}, url: '{address}'}}]\n"
        f"- id: colors\n  question: Which **colors** has `code`?\n  answer: {colors}  see_also: [wide]\n"
        "  recall: [{id: deleted, cloze: '{{c1::This}} is *deleted*.'}]\n"
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = EVERYTHING | {"second.yaml": str(EVERYTHING["second.yaml"]) + more_questions()}
    return page_of(tmp_path_factory.mktemp("page"), files)


@pytest.mark.parametrize("width", [320, 768, 1280, 2560])
def test_nothing_makes_the_page_scroll_sideways(reader: Opened, width: int) -> None:
    reader.page.set_viewport_size({"width": width, "height": 800})
    unfold(reader)
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
    # Nor is anything cut off where only a wheel could reach it.
    outside = (
        "all => all.filter(each => each.getBoundingClientRect().right > innerWidth + 1).map(each => each.outerHTML)"
    )
    assert reader.page.locator("body *:not(pre *, table *)").evaluate_all(outside) == []


def unfold(reader: Opened) -> None:
    reader.page.locator("#page_open").click()
    reader.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")


# The contrast of every text that is seen with what is painted below it, by WCAG 2.2; large text needs less.
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const paint = (colors) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const color of colors) { canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (channels) => channels
    .map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, index) => sum + c * [0.2126, 0.7152, 0.0722][index], 0);
  const measured = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest("script")) continue;
    const grounds = [];
    for (let each = element; each; each = each.parentElement) grounds.unshift(getComputedStyle(each).backgroundColor);
    const style = getComputedStyle(element);
    const pair = [paint(grounds), paint([...grounds, style.color])].map(luminance).sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    measured.push([(pair[0] + 0.05) / (pair[1] + 0.05), large ? 3 : 4.5, text, style.color]);
  }
  return measured;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(browser: Browser, path: Path, theme: Literal["light", "dark"]) -> None:
    with opened(browser, path, color_scheme=theme) as reader:
        unfold(reader)
        measured: list[list[Any]] = reader.page.evaluate(CONTRAST)
        ground = reader.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert [row for row in measured if row[0] < row[1]] == []
    colors = {text: color for _, _, text, color in measured}
    # What is measured has been seen in its own color: code is colored, and the theme is the one asked for.
    assert len({colors[text] for text in ("import", "# a comment", "Name", "0x10", '"""Text."""')}) == 5
    assert (min(int(c) for c in ground[4:-1].split(",")) > 200) is (theme == "light")


@pytest.mark.parametrize(("theme", "all_open"), [("light", True), ("dark", False)])
def test_paper_has_all_answers_and_what_is_folded_away(
    browser: Browser, path: Path, theme: Literal["light", "dark"], all_open: bool
) -> None:
    with opened(browser, path, color_scheme=theme) as reader:
        if all_open:
            reader.page.locator("#page_open").click()
        pages = PdfReader(io.BytesIO(reader.page.pdf(format="A4"))).pages
    assert sum(len(page.images) for page in pages) == 1  # the other picture is a drawing
    text = squeezed(" ".join(page.extract_text() for page in pages))
    for words in ("The first number.", "It is odd.", "Briefly.", "I say that it is the first", "And then three."):
        assert squeezed(words) in text
    for words in ("A prime has two divisors.", "One comes before two.", "# the end", "Which colors has code?"):
        assert squeezed(words) in text
    for button in ("Hide answer", "Show answer", "Skip to", "Start", "Options", "Downloads", "Contents"):
        assert squeezed(button) not in text


def test_paper_has_no_card_while_one_studies(reader: Opened) -> None:
    page = reader.page
    page.locator("#page_study").click()
    page.emulate_media(media="print")
    assert not page.locator(".study").is_visible()
    assert page.locator("#one .answer").is_visible()


def squeezed(text: str) -> str:
    """Leave out white space: where it is on paper is a matter of layout."""
    return "".join(text.split())


def test_on_paper_no_line_of_code_runs_off_the_page(reader: Opened) -> None:
    page_width = 794  # CSS pixels of A4
    reader.page.set_viewport_size({"width": page_width, "height": 800})
    reader.page.emulate_media(media="print")
    widths = "all => all.map(each => each.scrollWidth - each.clientWidth)"
    assert set(reader.page.locator("pre").evaluate_all(widths)) == {0}
