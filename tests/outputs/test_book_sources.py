"""A source without an address, such as a book, is in every output by its title, and leads nowhere."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from cardpress.anki.fields import get_fields
from cardpress.check.near_duplicates import check_near_duplicates
from cardpress.pipeline import load_and_check
from tests.conftest import DECK
from tests.helpers.decks import deck_from, page_of
from tests.helpers.json_bundle import valid
from tests.helpers.pdf_pages import glyphs, printed, words

BOOKS = """\
- id: one
  question: What is one?
  answer: The first number.
  sources:
    - Fluent Python, chapter 5
    - title: "Numbers: <a> history"
    - title: One
      url: https://example.org/one
    - https://example.org/two
- id: two
  question: What is two?
  answer: The second number.
  sources: ["Fluent Python", "chapter 5"]
"""
FILES: dict[str, str | bytes] = {"deck.yaml": DECK, "first.yaml": BOOKS}


def test_the_bundle_has_titles_and_keeps_to_its_schema(tmp_path: Path) -> None:
    one, two = valid(deck_from(tmp_path, FILES))["questions"]
    assert one["sources"] == [
        {"title": "Fluent Python, chapter 5"},
        {"title": "Numbers: <a> history"},
        {"title": "One", "url": "https://example.org/one"},
        {"title": "https://example.org/two", "url": "https://example.org/two"},
    ]
    # In a list on one line a comma parts two sources.
    assert two["sources"] == [{"title": "Fluent Python"}, {"title": "chapter 5"}]


def test_a_card_has_the_title_as_text(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, FILES)
    (section,) = deck.sections
    fields = get_fields(section, section.notes[0], section.notes[0])
    assert fields["Sources"] == (
        "<ul><li>Fluent Python, chapter 5</li><li>Numbers: &lt;a&gt; history</li>"
        '<li><a href="https://example.org/one">One</a></li>'
        '<li><a href="https://example.org/two">https://example.org/two</a></li></ul>'
    )


def test_the_page_has_the_title_as_text(tmp_path: Path) -> None:
    page = page_of(tmp_path, FILES).read_text(encoding="utf-8")
    assert "</span> Fluent Python, chapter 5, Numbers: &lt;a&gt; history, <a href=" in page
    assert "</span> Fluent Python, chapter 5</p>" in page


@pytest.mark.parametrize("sheet", ["booklet-a4", "study-notes-a4"])
def test_sheets_have_the_title_as_text(tmp_path: Path, sheet: str) -> None:
    made = printed(deck_from(tmp_path, FILES))[sheet]
    pdf = pikepdf.open(io.BytesIO(made.data))
    said = "".join(words(list(glyphs(page))) for page in pdf.pages)
    assert "FluentPython,chapter5" in said
    assert "Numbers:<a>history" in said
    notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
    web = {str(note["/A"]["/URI"]) for note in notes if "/A" in note and "/URI" in note["/A"]}
    assert web == {"https://example.org/one", "https://example.org/two"}


def test_books_are_no_hindrance_to_rules(tmp_path: Path) -> None:
    deck_from(tmp_path, FILES)
    bank, result = load_and_check(tmp_path)
    assert result.diagnostics == ()
    assert not list(check_near_duplicates(bank))
