"""Formulas on the page: drawn as MathML, hidden in gaps while one studies, and found as their LaTeX."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import DECK
from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.formulas import FORMULAS
from tests.helpers.studying import begin


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return page_of(tmp_path, FORMULAS)


def test_formulas_are_drawn(reader: Opened) -> None:
    reader.page.locator("#page_open").click()
    script = "all => all.map(each => [each.namespaceURI.split('/').pop(), each.getBoundingClientRect().height])"
    drawn = reader.page.locator("article math mfrac").evaluate_all(script)
    assert len(drawn) > 3
    assert {name for name, _ in drawn} == {"MathML"}
    block = reader.page.locator('math[display="block"]').first
    assert block.evaluate("each => getComputedStyle(each).display") == "block math"


def test_columns_of_formulas_stand_at_their_sides(reader: Opened) -> None:
    reader.page.locator("#page_open").click()
    script = """cells => cells.map(cell => {
        const [box, style] = [cell.getBoundingClientRect(), getComputedStyle(cell)];
        const inside = cell.firstElementChild.getBoundingClientRect();
        return [inside.left - box.left - parseFloat(style.paddingLeft),
                box.right - inside.right - parseFloat(style.paddingRight)];
    })"""
    for side, index in (("right", 1), ("left", 0)):
        gaps = reader.page.locator(f".formula-equations mtd.{side}:not(:empty)").evaluate_all(script)
        assert len(gaps) > 1
        assert all(abs(each[index]) < 1 for each in gaps), (side, gaps)
    # The first cell of the second line is empty, so that the column is wider than what stands in the last one.
    assert max(gap for gap, _ in reader.page.locator("mtd.right:not(:empty)").evaluate_all(script)) >= 0


def test_formulas_are_found_as_their_latex(reader: Opened) -> None:
    reader.page.locator("#page_search").fill("infty")
    assert reader.page.locator("#page_results a").evaluate_all("all => all.map(each => each.hash)") == ["#one"]


def test_a_gap_hides_its_formula(reader: Opened) -> None:
    page = reader.page
    begin(page, "recall")
    card = page.locator("#page_card")
    assert card.locator("mark math").count() + card.locator("mark").count() >= 1
    first = card.locator("mark.cloze").first
    assert first.locator("math").count() == 0
    page.locator("#page_show").click()
    assert card.locator("mark.cloze math mfrac").count() == 1


def test_a_gap_in_a_formula_hides_its_part_and_no_other(browser: Browser, tmp_path: Path) -> None:
    cloze = r"- {id: one, cloze: 'So \(\frac{ {{c1::a + b}} }{ {{c2::c::below}} } = {{c1::d}}\).'}"
    with opened(browser, page_of(tmp_path, {"deck.yaml": DECK, "first.yaml": cloze})) as reader:
        page = reader.page
        first = page.locator("h3 mrow.cloze").first
        colors = [each.evaluate("each => getComputedStyle(each).color") for each in (first, page.locator("h3 mfrac"))]
        assert colors[0] != colors[1]
        page.locator("#page_study").press("Enter")
        shown = "math => [...math.querySelectorAll('mtext, mi, mo')].map(each => each.textContent).join(' ')"
        formula = page.locator("#page_card math")
        assert formula.evaluate(shown) == "[…] c = […]"
        assert page.locator("#page_card mfrac > *").count() == 2
        assert "a + b" not in page.locator("#page_card").evaluate("card => card.outerHTML")
        assert all(box and box["width"] > 5 for box in (each.bounding_box() for each in formula.locator("mtext").all()))
        page.keyboard.press(" ")
        assert formula.first.evaluate(shown) == "a + b c = d"
        assert formula.locator(".cloze").count() == 2
        page.keyboard.press("3")
        assert formula.evaluate(shown) == "a + b [below] = d"
        assert page.locator("#page_card mfrac > *").count() == 2
        assert reader.complaints == []
