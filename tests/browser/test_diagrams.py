"""The drawings of the FastAPI deck hold in a wide font, can be read on a phone, and have colors for the night."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cardpress.source.media.transparency import has_dark_scheme
from tests.conftest import ROOT

DRAWINGS = sorted((ROOT / "source" / "media").glob("*.svg"))
# As wide as a picture is on a phone of 390 pixels.
WIDTH = 354
SMALLEST = 10.5
# Texts in the widest font that systems have, and what is wrong with them: over the edge, over another, too small.
FAULTS = """([width, smallest]) => {
  const svg = document.querySelector("svg"), whole = svg.getBoundingClientRect(), faults = [], boxes = [];
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBoundingClientRect(), said = text.textContent;
    const size = parseFloat(getComputedStyle(text).fontSize) * width / svg.viewBox.baseVal.width;
    if (size < smallest) faults.push(`${size.toFixed(1)} px: ${said}`);
    const isIn = box.left >= whole.left + 3 && box.right <= whole.right - 3 && box.bottom <= whole.bottom;
    if (!isIn) faults.push(`over the edge: ${said}`);
    for (const [other, place] of boxes) {
      const across = Math.min(box.right, place.right) - Math.max(box.left, place.left);
      const down = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
      if (across > 0 && down > 5) faults.push(`over “${other}”: ${said}`);
    }
    boxes.push([said, box]);
  }
  return faults;
}"""


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda each: each.stem)
def test_words_in_a_drawing_hold_in_a_wide_font_and_can_be_read_on_a_phone(drawing: Path, browser: Browser) -> None:
    assert find_faults(drawing.read_text(encoding="utf-8"), browser) == []


def test_words_that_do_not_hold_are_noticed(browser: Browser) -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 100" font-size="14">'
    texts = (
        '<text x="10" y="20">request</text><text x="50" y="22">function</text><text x="300" y="60">far too long</text>'
    )
    found = find_faults(f'{head}{texts}<text x="10" y="90" font-size="9">small</text></svg>', browser)
    assert found == ["over “request”: function", "over the edge: far too long", "8.8 px: small"]


def find_faults(svg: str, browser: Browser) -> list[str]:
    page = browser.new_page(viewport={"width": WIDTH, "height": 700})
    try:
        style = 'svg { font-family: "DejaVu Sans", Verdana, sans-serif; }'
        page.set_content(f"<style>body {{ margin: 0 }} svg {{ width: {WIDTH}px; height: auto }} {style}</style>{svg}")
        faults: list[str] = page.evaluate(FAULTS, [WIDTH, SMALLEST])
        return faults
    finally:
        page.close()


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda each: each.stem)
def test_a_drawing_has_colors_for_the_night(drawing: Path) -> None:
    data = drawing.read_bytes()
    assert has_dark_scheme(data)
    assert b'fill="#' not in data
    assert b'stroke="#' not in data
