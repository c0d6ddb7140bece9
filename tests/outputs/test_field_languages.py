"""A field can be in another language than its deck: readers get that language's letters, direction and voice."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest

from cardpress.anki.card_templates import fill_card_template
from cardpress.engine import ROOT
from cardpress.pipeline import check_project
from tests.conftest import WriteProject
from tests.helpers.decks import deck_from, page_of
from tests.helpers.diagnostics import places
from tests.helpers.own_note_types import DECK_OF_WORDS, WORD, with_words
from tests.helpers.pdf_pages import glyphs, run, sheets

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


def test_what_stands_by_itself_on_the_page_begins_where_its_language_does(tmp_path: Path) -> None:
    page = page_of(tmp_path, with_words(NOTE, declared=ARABIC)).read_text(encoding="utf-8")
    assert '<h3 class="heading" data-field="word" dir="rtl">' in page
    assert '<div class="answer" data-field="meaning">' in page


def test_lists_and_pairs_on_the_page_begin_where_their_language_does(tmp_path: Path) -> None:
    declared = WORD.replace("{key: sentence, holds: text}", "{key: forms, holds: lines, language: he}")
    note = {"id": "book", "word": "book", "meaning": "the book", "forms": ["one", "two"]}
    page = page_of(tmp_path, with_words(note, declared=declared.replace("sentence", "forms"))).read_text("utf-8")
    assert '<ul dir="rtl"><li><span lang="he" dir="rtl">one</span></li>' in page


@pytest.mark.parametrize(("deck", "field", "starts_left"), [("en", "ar", False), ("ar", "en", True)])
def test_on_sheets_an_answer_begins_where_its_language_does(
    tmp_path: Path, deck: str, field: str, starts_left: bool
) -> None:
    declared = WORD.replace("{key: meaning,", f"{{key: meaning, language: {field},")
    note = {"id": "book", "word": "Asked", "meaning": "Answered", "sentence": "Further"}
    made = sheets(deck_from(tmp_path, with_words(note, declared=declared, deck=f"{DECK_OF_WORDS}language: {deck}\n")))
    for name, page in (("booklet-a4", 0), ("study-notes-a4", 0), ("flashcards-a4", 1)):
        found = [glyph for glyph in glyphs(made[name].pages[page]) if glyph.size != 6.5]  # but for a card's foot
        answer, further = (run(found, text)[0].left for text in ("Answered", "Further"))
        assert (answer < further) is starts_left, name


def test_what_is_typed_begins_where_its_language_does(tmp_path: Path) -> None:
    declared = ARABIC.replace("answers: [word, sentence]}", "answers: [word, sentence], typed: word}")
    deck = deck_from(tmp_path, with_words(NOTE, declared=declared))
    (word,) = deck.note_types
    front, back = fill_card_template(deck, word, word.cards[1])
    assert '<div class="typed" lang="ar" dir="rtl">{{type:Word}}</div>' in front
    assert '<div class="typed" lang="ar" dir="rtl">{{type:Word}}</div>' in back


@pytest.mark.parametrize(("deck", "field", "starts_left"), [("en", "ar", False), ("ar", "en", True)])
def test_on_sheets_a_question_begins_where_its_language_does(
    tmp_path: Path, deck: str, field: str, starts_left: bool
) -> None:
    declared = WORD.replace("{key: word,", f"{{key: word, language: {field},")
    note = {"id": "book", "word": "Asked", "meaning": "Answered"}
    made = sheets(deck_from(tmp_path, with_words(note, declared=declared, deck=f"{DECK_OF_WORDS}language: {deck}\n")))
    for name in ("booklet-a4", "study-notes-a4"):
        # Without the contents of the booklet.
        found = [glyph for glyph in glyphs(made[name].pages[0]) if glyph.size != 8.6]
        question, answer = (run(found, text)[0].left for text in ("Asked", "Answered"))
        assert (question < answer) is starts_left, name


def test_the_example_in_the_documents_turns_questions_of_a_basic_deck(tmp_path: Path) -> None:
    documented = (ROOT / "docs" / "note-types.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(title: Arabic\n.*?)```", documented, re.DOTALL)
    assert found is not None
    files = {
        "deck.yaml": DECK_OF_WORDS.replace("note_type: word", "note_type: arabic"),
        "first.yaml": "- {id: thanks, question: شكرا!, answer: Thank you!, reverse: true}\n",
        "../templates/note-types/arabic/note-type.yaml": found[1],
    }
    page = page_of(tmp_path, files).read_text(encoding="utf-8")
    assert '<span lang="ar" dir="rtl">شكرا!</span>' in page
    assert 'lang="ar" dir="rtl">Thank' not in page
