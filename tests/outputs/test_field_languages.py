"""A field can be in another language than its deck: readers get that language's letters, direction and voice."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from cardpress.anki.card_templates import fill_card_template
from cardpress.pipeline import check_project
from tests.conftest import WriteProject
from tests.helpers.decks import deck_from, page_of
from tests.helpers.diagnostics import places
from tests.helpers.own_note_types import WORD, with_words
from tests.helpers.pdf_pages import sheets

ARABIC = WORD.replace("{key: word, holds: line,", "{key: word, holds: line, language: ar,").replace(
    "{key: sentence, holds: text}", "{key: sentence, holds: text, language: pt-BR, label: Sentence}"
)
NOTE = {
    "id": "book",
    "word": "كتاب",
    "meaning": "the book",
    "sentence": "Um *livro*.\n\n- Dois livros.\n\n| a |\n|---|\n| b |",
}


def test_cards_say_the_language_and_direction_of_a_field(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_words(NOTE, declared=ARABIC))
    (word,) = deck.note_types
    front, back = fill_card_template(deck, word, word.cards[0])
    assert '<div class="question" role="heading" aria-level="1" lang="ar" dir="rtl">{{Word}}</div>' in front
    assert '<h2>Sentence</h2><div lang="pt-BR" dir="auto">{{Sentence}}</div>' in back
    assert '<div class="answer" dir="auto">{{Meaning}}</div>' in back


def test_the_page_says_the_language_and_direction_of_a_field(tmp_path: Path) -> None:
    page = page_of(tmp_path, with_words(NOTE, declared=ARABIC)).read_text(encoding="utf-8")
    assert '<span lang="ar" dir="rtl">كتاب</span>' in page
    assert '<div lang="pt-BR" dir="ltr"><p>Um <em>livro</em>.</p>' in page


def test_sheets_say_the_language_of_a_field_to_readers_aloud(tmp_path: Path) -> None:
    booklet = sheets(deck_from(tmp_path, with_words(NOTE, declared=ARABIC)))["booklet-a4"]
    spoken = {
        str(each.Lang)
        for each in booklet.objects
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem" and "/Lang" in each
    }
    assert {"ar", "pt-BR"} <= spoken


@pytest.mark.parametrize("tag", ["Portuguese (Brazil)", "x", "ja_JP"])
def test_what_is_no_language_tag_is_reported_at_its_place(write_project: WriteProject, tag: str) -> None:
    declared = WORD.replace("{key: meaning,", f"{{key: meaning, language: {tag},")
    found = check_project(write_project(with_words(NOTE, declared=declared))).diagnostics
    assert "templates/note-types/word/note-type.yaml:5:30 bad-note-type" in places(found)


def test_norwegian_needs_no_quotes(write_project: WriteProject) -> None:
    declared = WORD.replace("{key: meaning,", "{key: meaning, language: no,")
    assert not check_project(write_project(with_words(declared=declared))).diagnostics
