"""The page keeps a theme, copies code, links what lies beside it, stands still, and uses the space it has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from cardpress.deck.section_colors import choose_color
from tests.conftest import DECK
from tests.helpers.browser_pages import Opened, opened
from tests.helpers.decks import deck_from, page_of
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.studying import begin, visit_again

SELECT = "(each, value) => { each.value = value; each.dispatchEvent(new Event('change')) }"
GROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(251, 250, 247)", "rgb(22, 25, 28)"


def test_a_theme_is_kept_until_the_systems_is_chosen_again(reader: Opened) -> None:
    page = reader.page
    page.emulate_media(color_scheme="light")
    assert page.evaluate(GROUND) == LIGHT
    page.locator("#page_theme").evaluate(SELECT, "dark")
    visit_again(page)
    assert page.locator("#page_theme").input_value() == "dark"
    assert page.evaluate(GROUND) == DARK
    page.locator("#page_theme").evaluate(SELECT, "")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(GROUND) == DARK
    page.emulate_media(color_scheme="light")
    visit_again(page)
    assert page.evaluate(GROUND) == LIGHT


def test_paper_is_white_in_any_theme(reader: Opened) -> None:
    reader.page.locator("#page_theme").evaluate(SELECT, "dark")
    reader.page.emulate_media(media="print", color_scheme="dark")
    assert reader.page.evaluate(GROUND) == "rgb(255, 255, 255)"


def test_code_is_copied_as_it_was_written(browser: Browser, path: Path) -> None:
    with opened(browser, path, permissions=["clipboard-read", "clipboard-write"]) as reader:
        reader.page.locator("#page_open").click()
        button = reader.page.locator("#one .beside .copy")
        button.focus()
        reader.page.keyboard.press("Enter")
        reader.page.wait_for_function("document.activeElement.textContent === 'Copied'")
        assert reader.page.evaluate("navigator.clipboard.readText()") == "one = 1\nprint(one)"
        assert reader.complaints == []


def test_where_the_clipboard_is_refused_code_is_copied_the_old_way(browser: Browser, path: Path) -> None:
    with opened(browser, path) as reader:
        reader.page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error('no')))")
        reader.page.evaluate("document.addEventListener('copy', () => { window.text = getSelection().toString() })")
        reader.page.locator("#page_open").click()
        reader.page.locator("#one .beside .copy").click()
        reader.page.wait_for_function("window.text === 'one = 1\\nprint(one)'")


def test_it_links_what_lies_beside_it(reader: Opened, tmp_path: Path) -> None:
    sheets = deck_from(tmp_path, EVERYTHING).printed
    names = [f"sample-{sheet.name}-{paper}.pdf" for sheet in sheets for paper in sheet.papers]
    assert len(names) >= 6
    reader.page.locator("summary", has_text="Downloads").click()
    links = reader.page.locator(".downloads a").filter(visible=True)
    assert links.evaluate_all("all => all.map(each => each.getAttribute('href'))") == [
        "sample.apkg",
        *names,
        "sample.json",
    ]


@pytest.mark.parametrize("width", [390, 1280, 1800])
def test_nothing_jumps_when_the_script_starts(browser: Browser, path: Path, width: int, tmp_path: Path) -> None:
    # Without its fonts, whose arrival moves letters by a hair or more, and without the policy that names its style.
    html = re.sub(r"@font-face\s*\{[^}]*\}", "", path.read_text(encoding="utf-8"))
    html = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", html)
    assert "@font-face" not in html
    assert "Content-Security-Policy" not in html
    plain = tmp_path / path.name
    plain.write_text(html, encoding="utf-8")
    with opened(browser, plain, viewport={"width": width, "height": 800}) as reader:
        reader.page.wait_for_load_state("networkidle")
        shifts = (
            "new Promise(done => new PerformanceObserver(list => done(list.getEntries().map(each => each.value)))"
            ".observe({type: 'layout-shift', buffered: true}) || setTimeout(() => done([]), 300))"
        )
        # A bar that appears or goes would count ten times as much.
        assert sum(reader.page.evaluate(shifts)) < 0.005


def test_its_own_fonts_are_there(reader: Opened) -> None:
    reader.page.evaluate("document.fonts.ready")
    loaded = (
        "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family.replaceAll('\"', ''))"
    )
    assert set(reader.page.evaluate(loaded)) == {"Inter", "JetBrains Mono"}


def test_contents_stand_beside_the_text_where_there_is_room(reader: Opened) -> None:
    reader.page.locator("#page_open").click()
    box = "all => all.map(each => each.getBoundingClientRect()).map(({x, right, width}) => [x, right, width])"
    for width in (1104, 1280, 2560):
        reader.page.set_viewport_size({"width": width, "height": 800})
        side, main = reader.page.locator(".side, main").evaluate_all(box)
        assert side[1] < main[0]
    # On a very wide screen code stands beside what is said of it.
    said, beside = reader.page.locator("#one :is(.said, .beside)").evaluate_all(box)
    assert said[1] < beside[0]
    reader.page.set_viewport_size({"width": 1000, "height": 800})
    assert not reader.page.locator(".contents section").first.is_visible()


OVERLAPS = """all => all.flatMap(question => {
  const range = document.createRange();
  range.selectNodeContents(question.querySelector(".heading"));
  const words = [...range.getClientRects()];
  const boxes = [...question.querySelectorAll(".row > *")].map(each => each.getBoundingClientRect());
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.some(box => words.some(word => meet(box, word))) ? [question.id] : [];
})"""


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1800])
def test_a_button_stands_beside_a_short_question_and_below_a_long_one(
    browser: Browser, width: int, tmp_path: Path
) -> None:
    first = """
    - {id: word, number: 1, question: el perro, answer: A.}
    - {id: line, number: 2, question: What is the write-ahead log of a database for?, answer: A.}
    - {id: long, question: What does a reader see while another writes the rows that it is about to read?, answer: A.}
    - {id: parts, question: "Which are there?\n\n1. Which is the default?\n2. Which is the strictest?", answer: A.}
    - {id: code, question: "`a_name_that_is_long_and_cannot_be_broken_anywhere_at_all`?", answer: A.}
    - {id: tagged, question: What is the write-ahead log of a database for?, answer: A., tags: [wal]}
    """
    with opened(browser, page_of(tmp_path, {"first.yaml": first}), viewport={"width": width, "height": 800}) as reader:
        reader.page.evaluate("document.fonts.ready")
        assert reader.page.locator(".question").evaluate_all(OVERLAPS) == []
        # Each button ends where the others do, whatever stands before it.
        ends = "all => all.map(each => Math.round(each.getBoundingClientRect().right))"
        assert len(set(reader.page.locator(".reveal").evaluate_all(ends))) == 1
        top = "each => each.getBoundingClientRect().top"
        word, button = (reader.page.locator(f"#word {each}") for each in (".number", ".reveal"))
        assert abs(word.evaluate(top) - button.evaluate(top)) < 16
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= width


def test_lists_in_a_recall_note_have_no_borders_of_their_own(browser: Browser, tmp_path: Path) -> None:
    recall = '{id: r, question: R?, answer: "- a\\n  - b\\n\\n1. c"}, {id: s, question: S?, answer: A.}'
    first = f"- {{id: q, question: Q?, answer: A., recall: [{recall}]}}"
    style = "all => all.map(getComputedStyle).map(each => [each.borderTopWidth, each.listStyleType])"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        assert reader.page.locator(".recall > ul > li").evaluate_all(style) == [["1px", "none"], ["1px", "none"]]
        listed = reader.page.locator(".told li").evaluate_all(style)
    assert listed == [["0px", "circle"], ["0px", "square"], ["0px", "decimal"]]


def test_a_line_of_text_is_no_longer_than_reads_well(browser: Browser, tmp_path: Path) -> None:
    words = "The quick brown fox jumps over the lazy dog and runs on. " * 12
    first = f"- {{id: q, question: Q?, answer: A., how_to_answer: '{words}'}}"
    with opened(browser, page_of(tmp_path, {"first.yaml": first})) as reader:
        reader.page.locator("#page_open").click()
        reader.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
        for width in (768, 1280, 2560):
            reader.page.set_viewport_size({"width": width, "height": 800})
            paragraph = reader.page.locator("#q details p")
            height = "each => each.getClientRects()[0].height / parseFloat(getComputedStyle(each).lineHeight)"
            lines = round(paragraph.evaluate(height))
            assert 55 <= len(words) / lines <= 72


def test_the_smallest_deck_has_no_filter_that_filters_nothing(browser: Browser, tmp_path: Path) -> None:
    path = page_of(tmp_path, {"deck.yaml": DECK, "first.yaml": "- {id: q, question: Q?, answer: A.}"})
    with opened(browser, path) as reader:
        reader.page.locator(".options summary").click()
        assert reader.page.locator(".options select").filter(visible=True).count() == 1
        assert reader.page.locator(".standings, .study-part").count() == 0
        assert reader.complaints == []


@pytest.mark.parametrize(("deck_language", "spoken"), [("ar", "ar"), ("fa", "en")])
def test_labels_that_a_language_lacks_are_english_to_a_reader(
    browser: Browser, tmp_path: Path, deck_language: str, spoken: str
) -> None:
    path = page_of(tmp_path, EVERYTHING | {"deck.yaml": f"language: {deck_language}\n{EVERYTHING['deck.yaml']!s}"})
    with opened(browser, path) as reader:
        language = "each => each.closest('[lang]').lang"
        for label in (".tools label", "#one h4", "#one summary", "#page_over", ".edition"):
            assert reader.page.locator(label).first.evaluate(language) == spoken
        for text in ("h1", "#one .answer", "#page_card", "#page_search"):
            assert reader.page.locator(text).first.evaluate(language) == deck_language


@pytest.mark.parametrize(
    "line", ["\tif x:\t# " + "y" * 30, "x = 1  # " + "\u6f22\u5b57\uff0c\ud55c\uae00" * 5, "x = " + "y" * 45]
)
def test_code_with_wide_letters_and_tabs_fits_a_phone(browser: Browser, tmp_path: Path, line: str) -> None:
    first = f"- id: q\n  question: Q?\n  answer: |\n    ```text\n    {line}\n    ```\n"
    with opened(browser, page_of(tmp_path, {"first.yaml": first}), viewport={"width": 390, "height": 690}) as reader:
        reader.page.locator("#q .reveal").click()
        assert reader.page.locator("#q pre").evaluate("each => each.scrollWidth <= each.clientWidth")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_what_is_asked_breaks_no_name_that_a_line_has_room_for(browser: Browser, tmp_path: Path, width: int) -> None:
    asked = "".join(f"{'very ' * count}long is `GET /double/four`, and " for count in range(8))
    recall = f"{{id: r, question: 'How {asked}why?', answer: 'As it {asked}. It is.'}}"
    first = f"- {{id: q, question: 'How {asked}why?', answer: A., recall: [{recall}]}}\n"
    with opened(browser, page_of(tmp_path, {"first.yaml": first}), viewport={"width": width, "height": 800}) as reader:
        page = reader.page
        lines = """all => all.map(each => {
          const range = document.createRange();
          range.selectNodeContents(each);
          return new Set([...range.getClientRects()].map(box => box.top)).size;
        })"""
        assert set(page.locator(".heading code").evaluate_all(lines)) == {1}
        for kind in ("questions", "recall"):
            begin(page, kind)
            assert set(page.locator("#page_card :is(.heading, .lean) code").evaluate_all(lines)) == {1}
            page.keyboard.press("Escape")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_sections_have_the_colors_of_cards_and_paper(reader: Opened, theme: Literal["light", "dark"]) -> None:
    page = reader.page
    page.emulate_media(color_scheme=theme)
    wanted = [choose_color(index) for index in range(2)]
    codes = [color.night if theme == "dark" else color.day for color in wanted]
    lines = page.locator(".part > .top")
    assert lines.evaluate_all("all => all.map(each => getComputedStyle(each).borderTopColor)") == [
        f"rgb{tuple(bytes.fromhex(code[1:]))}" for code in codes
    ]
