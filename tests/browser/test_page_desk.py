"""The first screen says where one stands and has the first question, on any screen; the contents say it, too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT
from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import page_of
from tests.helpers.studying import begin, choose, press, visit_again


@pytest.mark.parametrize(("width", "height"), [(390, 690), (820, 1100), (1280, 800), (1600, 1000)])
def test_the_first_question_is_on_the_first_screen(browser: Browser, path: Path, width: int, height: int) -> None:
    with opened(browser, path, viewport={"width": width, "height": height}) as reader:
        for place in ("#page_study", "#page_search", "article .heading"):
            box = reader.page.locator(place).first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height


def test_it_says_where_one_stands(reader: Opened) -> None:
    page = reader.page
    start, standing = page.locator("#page_study"), page.locator("#page_standing")
    assert start.inner_text() == "Start"
    assert standing.inner_text().startswith("What you know comes back later")
    begin(page, "both")
    press(page, " 3 1")
    page.keyboard.press("Escape")
    assert start.inner_text() == "Continue: 2 of 8, 1 to repeat"
    assert standing.inner_text() == "Due today: 1 · New: 6"
    choose(page, kind="recall")
    assert start.inner_text() == "Continue: 1 of 4, 1 to repeat"
    choose(page, section="second")
    assert start.inner_text() == "Start"


def test_a_permalink_opens_a_page_that_says_where_one_stands(reader: Opened, path: Path) -> None:
    page = reader.page
    begin(page)
    press(page, " 3")
    page.goto(f"{path.as_uri()}#three")
    visit_again(page)
    assert page.locator("#three .answer").is_visible()
    assert page.locator("#page_study").inner_text() == "Continue: 1 of 4"
    assert page.locator(".standings .share").first.inner_text() == "1 of 2"


def test_it_says_how_each_section_and_question_goes(reader: Opened) -> None:
    page = reader.page
    rows = page.locator(".standings li")
    assert [" ".join(each.split()) for each in rows.all_inner_texts()] == [
        "First section 0 of 5",
        "Second section 0 of 3",
    ]
    assert not page.locator(".ring").filter(visible=True).count()
    begin(page, "both")
    press(page, " 3 3 1")
    page.keyboard.press("Escape")
    assert rows.first.inner_text().endswith("2 of 5")
    assert page.locator(".contents h2").all_inner_texts() == ["First section\n2 of 5", "Second section"]
    rings = page.locator(".ring").filter(visible=True)
    assert rings.evaluate_all("all => all.map(each => [each.ariaLabel, each.className])") == [["2 of 4", "ring due"]]


def test_a_section_without_cards_of_a_kind_has_no_line(browser: Browser, tmp_path: Path) -> None:
    deck = "{id: d, title: D, version: 1.0.0, date: 2026-01-02, sections: [{id: first, title: F}, {id: two, title: T}]}"
    recall = "recall: [{id: r, question: R?, answer: A.}]"
    files = {"deck.yaml": deck, "first.yaml": f"- {{id: q, question: Q?, answer: A., {recall}}}\n"}
    files["two.yaml"] = "- {id: p, question: P?, answer: A.}\n"
    with opened(browser, page_of(tmp_path, files)) as reader:
        rows = reader.page.locator(".standings li").filter(visible=True)
        assert rows.count() == 2
        choose(reader.page, kind="recall")
        assert [each.split() for each in rows.all_inner_texts()] == [["F", "0", "of", "1"]]


def test_one_section_has_no_list_of_sections(browser: Browser, tmp_path: Path) -> None:
    deck = "{id: d, title: D, version: 1.0.0, date: 2026-01-02, sections: [{id: first, title: F}]}"
    files = {"deck.yaml": deck, "first.yaml": "- {id: q, question: Q?, answer: A.}\n"}
    with opened(browser, page_of(tmp_path, files)) as reader:
        assert reader.page.locator("#page_study").is_visible()
        assert reader.page.locator(".standings, .study-part").count() == 0
        assert reader.complaints == []


def test_without_scripts_there_is_no_desk_but_all_there_is_to_read(browser: Browser, path: Path) -> None:
    with opened(browser, path, java_script_enabled=False) as reader:
        assert not reader.page.locator(".desk, .reveal, .study-part, #page_open").filter(visible=True).count()
        assert reader.page.locator("#one .answer").is_visible()
        assert reader.page.locator("#three .masked, #three .answer").first.is_visible()


def test_what_is_said_before_the_start_has_the_number_of_a_round(reader: Opened) -> None:
    study = (ROOT / "templates" / "web" / "study.js").read_text(encoding="utf-8")
    found = re.search(r"const MOST_NEW = (\d+);", study)
    assert found is not None
    said = reader.page.locator("#page_standing").inner_text()
    assert f"A round has up to {found[1]} new cards." in said
    assert "box" not in said, "the buttons are Anki's, and name none"
