"""A character that no print font has is warned of and printed as a box; everything else of the sheet is as it was."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from cardpress.deck.notes import Deck
from cardpress.pipeline import check_project
from cardpress.source.glyphs import find_missing
from cardpress.writers import load_writer
from cardpress.writers.pdf.boxes import BOX, box_missing
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.decks import deck_of


@pytest.fixture
def deck(write_project: WriteProject) -> Deck:
    return deck_of(write_project({}))


def sheet_of(deck: Deck) -> str:
    made = next(each for each in load_writer("pdf")(deck).artifacts if each.name.endswith("cheatsheet-a4.pdf"))
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages)


def test_the_fonts_have_a_box_to_print(deck: Deck) -> None:
    assert find_missing(BOX, deck.fonts) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "naïve “quoted” – … → ≤ ✓ ×",
        "a\u00adb\u200bc\u200dd\u2060e\ufeff",
        "\u2066right\u2069 \u200fleft",
        "☺\ufe0f",
        "tab\tline\nend",
        "e\u0301",
    ],
)
def test_what_the_fonts_have_or_nobody_sees_is_not_missing(deck: Deck, text: str) -> None:
    assert find_missing(text.replace("☺", ""), deck.fonts) == frozenset()


@pytest.mark.parametrize("text", ["中文", "العربية", "🎉", "\ue000", "\U00100000", "\U000f0000"])
def test_what_no_font_has_is_missing_and_boxed(deck: Deck, text: str) -> None:
    assert find_missing(f"a{text}b", deck.fonts) == frozenset(text)
    assert box_missing({"title": f"a{text}b", "more": [{"c": text}, 7, None]}, deck.fonts) == {
        "title": f"a{BOX * len(text)}b",
        "more": [{"c": BOX * len(text)}, 7, None],
    }


def test_addresses_stay_as_they_are_and_words_in_pictures_do_not(deck: Deck) -> None:
    data = {"url": "https://example.org/中", "href": "中", "media": {"a.svg": {"data": "<text>中</text>"}}}
    assert box_missing(data, deck.fonts) == data | {"media": {"a.svg": {"data": f"<text>{BOX}</text>"}}}


def test_nothing_missing_is_nothing_changed(deck: Deck) -> None:
    data = {"title": "plain", "more": ["– naïve"]}
    assert box_missing(data, deck.fonts) is data


def test_a_deck_in_any_script_makes_sheets_with_a_warning(write_project: WriteProject) -> None:
    question = QUESTION.replace("What is one?", "一は何ですか？").replace("The first number.", "'`数` → العدد 🎉'")
    project = write_project({"deck.yaml": DECK.replace("Sample deck", "数の札"), "first.yaml": question})
    problems = check_project(project).diagnostics
    assert {problem.code for problem in problems} == {"missing-glyph"}
    sheet = sheet_of(deck_of(project))
    assert BOX * 2 in sheet
    assert "→" in sheet
    assert "first" in sheet.lower()


@pytest.mark.parametrize("entity", ["&#x4e2d;", "&#x100000;", "&#31;", "&#xffff;", "&#0;", "&zwj;"])
def test_a_character_written_as_an_entity_does_not_stop_the_press(write_project: WriteProject, entity: str) -> None:
    deck = deck_of(write_project({"first.yaml": QUESTION.replace("The first number.", f"a{entity}b `c{entity}d`")}))
    assert "The" not in sheet_of(deck)
    assert "a" in sheet_of(deck)


@pytest.mark.parametrize("key", ["claim", "truth"])
def test_a_pitfall_of_several_paragraphs_is_set(write_project: WriteProject, key: str) -> None:
    texts = {"claim": "Short.", "truth": "Short too."} | {key: '"First.\\n\\nSecond.\\n\\n- Third."'}
    pitfall = f"  pitfalls:\n    - claim: {texts['claim']}\n      truth: {texts['truth']}\n"
    sheet = sheet_of(deck_of(write_project({"first.yaml": QUESTION + pitfall})))
    for text in ("Often said:", "In fact:", "First.", "Second.", "Third."):
        assert text in sheet
