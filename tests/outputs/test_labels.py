"""Every label, button and hint is in the deck's language: nothing of a deck in another language is English."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
import yaml
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from cardpress.anki.card_templates import fill_card_template, join_css
from cardpress.anki.fields import get_fields, write_description, write_notice
from cardpress.deck.notes import Deck, Notice
from cardpress.engine import ROOT
from cardpress.note_types import Holds
from cardpress.pipeline import Options, build_project, check_project
from cardpress.progress import NoProgress
from cardpress.writers import load_writer
from cardpress.writers.pdf.boxes import BOX
from tests.conftest import DECK, WriteProject
from tests.helpers.decks import deck_from, deck_of
from tests.helpers.greek_deck import FILES, STRINGS, in_cyrillic, list_english, list_shown
from tests.helpers.pdf_pages import Glyph, glyphs, sheets

# What Anki reads in a field.
_SIGNS = r"\[sound:[^\]]*\]|\{\{c[0-9]+::image-occlusion:[^}]*\}\}"


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Deck:
    return deck_from(tmp_path_factory.mktemp("greek"), FILES)


def test_the_deck_has_all_kinds_of_content(deck: Deck) -> None:
    notes = [each for note in deck.notes() for each in (note, *note.recall)]
    # HTML with deletions has no label of its own: a type has one field with deletions, and here that is Markdown.
    held = {field.holds for note in notes for field, _ in note.each(*Holds)}
    assert held == set(Holds) - {Holds.HTML_CLOZE}
    assert {note.note_type.kind for note in notes} == {"interview", "recall", "cloze", "own", "basic", "occlusion"}


def test_no_text_of_the_page_is_english(deck: Deck) -> None:
    (page,) = load_writer("page")(deck).artifacts
    html = page.data.decode()
    assert [text for text in list_shown(html) if list_english(text)] == []
    contents = re.findall(r'content: "([^"]*)"', html)
    assert [text for text in contents if list_english(text)] == []
    assert ' lang="en"' not in html
    assert in_cyrillic("Recall notes: {n}").format(n=2) in html


def test_no_text_of_a_card_template_is_english(deck: Deck) -> None:
    for note_type in deck.note_types:
        for card in note_type.cards:
            for side in fill_card_template(deck, note_type, card):
                shown = re.sub(r"\{\{[^{}]*\}\}", "", side)
                assert [text for text in list_shown(shown) if list_english(text)] == [], note_type.kind
        contents = re.findall(r'content: "([^"]*)"', join_css(deck, note_type))
        assert [text for text in contents if list_english(text)] == []


def test_no_text_of_a_note_is_english(deck: Deck) -> None:
    for section in deck.sections:
        for note in section.notes:
            for each in (note, *note.recall):
                fields = get_fields(section, note, each)
                flags = {field.released_name for field, _ in each.each(Holds.FLAG)}
                shown = [text for name, field in fields.items() if name not in flags for text in list_shown(field)]
                played = [re.sub(_SIGNS, "", text) for text in shown]
                assert [text for text in played if list_english(text)] == []
    notice = write_notice(Notice("Δεν ισχύει", "Τι;"), deck.strings)
    assert list_english(re.sub(r"<[^>]*>", "", notice)) == []
    assert list_english(re.sub(r"<[^>]*>", "", write_description(deck))) == []


def test_no_text_of_a_sheet_is_english(deck: Deck) -> None:
    made = load_writer("pdf")(deck)
    assert made.diagnostics == ()
    for sheet in made.artifacts:
        pdf = PdfReader(io.BytesIO(sheet.data))
        text = "\n".join(page.extract_text() for page in pdf.pages)
        assert "Πρώτο" in text
        assert list_english(text) == [], sheet.name
        assert pdf.metadata is not None
        assert list_english(str(pdf.metadata.title)) == []


# --- letters that no print font has

JAPANESE = {"deck.yaml": DECK.replace("sections:", "language: ja\nsections:")}
LATIN = "- {id: q, question: A?, answer: B., key_points: [C.], see_also: [r], sources: [https://example.org]}\n"
LATIN += "- {id: r, question: D?, answer: E., sources: [https://example.org]}\n"


def make_font_for(letters: set[str]) -> bytes:
    """Return a font that draws these letters as any others."""
    font = TTFont(ROOT / "templates" / "print" / "fonts" / "Inter-Regular.ttf")
    for table in ("GSUB", "GPOS", "GDEF"):
        del font[table]
    for name in font["name"].names:
        if name.nameID in (1, 16):
            name.string = "Mine"
    # A shape for each, so that its letter can be read back.
    shapes = [name for name in font.getGlyphOrder() if name in font["glyf"].glyphs][10:]
    for table in font["cmap"].tables:
        table.cmap = {ord(letter): shape for letter, shape in zip(sorted(letters), shapes, strict=False)}
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def print_booklet(deck: Deck) -> str:
    made = next(each for each in load_writer("pdf")(deck).artifacts if "booklet-a4" in each.name)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made.data)).pages)


def test_sheets_have_labels_in_english_whose_letters_no_font_has(write_project: WriteProject) -> None:
    project = write_project({**JAPANESE, "first.yaml": LATIN})
    (found,) = check_project(project).diagnostics
    assert (found.code, found.span.path, found.span.line) == ("missing-glyph", "source/deck.yaml", 5)
    assert "labels in `ja`" in found.message
    assert "Noto Sans JP" in found.help
    text = print_booklet(deck_of(project))
    assert BOX not in text
    assert "Key points" in text
    assert "See also" in text


def test_one_warning_of_a_whole_script_is_enough(write_project: WriteProject) -> None:
    project = write_project({**JAPANESE, "first.yaml": LATIN.replace("A?", "これは日本語の質問ですか?")})
    (found,) = check_project(project).diagnostics
    assert (found.code, found.span.path) == ("missing-glyph", "source/first.yaml")


def test_a_font_of_the_project_prints_labels(write_project: WriteProject) -> None:
    words = "".join(yaml.safe_load((STRINGS / "ja.yaml").read_text(encoding="utf-8")).values())
    font = make_font_for(set(words) - set(map(chr, range(256))))
    project = write_project({**JAPANESE, "first.yaml": LATIN, "fonts/Mine.ttf": font})
    assert check_project(project).diagnostics == ()
    text = print_booklet(deck_of(project))
    assert "要点" in text
    assert "関連項目" in text
    assert "Key points" not in text


def test_a_text_of_the_project_without_glyphs_is_reported_at_its_place(write_project: WriteProject) -> None:
    deck = DECK.replace("sections:", "language: it\nsections:")
    files = {
        "deck.yaml": deck,
        "first.yaml": LATIN,
        "../templates/strings/it.yaml": "Sources: Fonti\nKey points: 要点\n",
    }
    found, lacking = sorted(check_project(write_project(files)).diagnostics, key=lambda each: -each.span.line)
    assert lacking.code == "english-labels"
    assert (found.code, found.span.path, found.span.line) == ("missing-glyph", "templates/strings/it.yaml", 2)


def test_no_sheet_no_warning(write_project: WriteProject) -> None:
    project = write_project({**JAPANESE, "first.yaml": LATIN})
    assert build_project(Options(project, project / "dist", only=("page",)), NoProgress()).diagnostics == ()
    page = next((project / "dist").glob("*.html")).read_text(encoding="utf-8")
    assert "要点" in page


def read_lines(deck: Deck, sheet: str) -> list[str]:
    """Return the lines of a sheet as they are seen, from left to right."""
    lines: dict[tuple[int, int], list[Glyph]] = {}
    for number, page in enumerate(sheets(deck)[sheet].pages):
        for glyph in glyphs(page):
            lines.setdefault((number, round(glyph.y)), []).append(glyph)
    return ["".join(each.text for each in sorted(line, key=lambda each: each.left)) for line in lines.values()]


@pytest.mark.parametrize("sheet", ["booklet-a4", "study-notes-a4"])
def test_what_is_latin_runs_from_left_to_right_in_a_deck_that_does_not(tmp_path: Path, sheet: str) -> None:
    files = {
        "deck.yaml": DECK.replace("sections:", "language: he\nsections:"),
        "first.yaml": "- {id: q, question: A `-m` B?, answer: C., output: /usr/, sources: ['https://example.org/'],\n"
        "   pitfalls: [{claim: D., truth: E.}], see_also: [r]}\n"
        "- {id: r, question: F?, answer: G., sources: [H]}\n",
    }
    lines = read_lines(deck_from(tmp_path, files), sheet)
    wanted = ["/usr/", "https://example.org/", "Version 1.0.0, 2026-01-02", " of "]
    wanted += ["Often said"] if sheet.startswith("booklet") else ["Often said:", "In fact:"]
    for text in wanted:
        plain = text.replace(" ", "")
        assert any(plain in re.sub("[ \u200b\u2066-\u2069]", "", line) for line in lines), text


# --- labels of strangers


HOMEMADE = """\
title: Word
fields:
  - {key: a, holds: line, required: true}
  - {key: b, holds: line, label: Sources}
  - {key: c, holds: text, label: Sources}
cards:
  - {name: One, asks: [a], answers: [b, c]}
  - {name: Two, asks: [b], answers: [a], back: back.html}
"""


def test_a_label_is_text_wherever_a_template_puts_it(tmp_path: Path) -> None:
    harm = "\"' onload='x'><b>{{Id}}</b>@@script@@"
    back = "<p title='@@label:Sources@@' lang=\"@@label:Sources@@\">@@label:Sources@@</p>{{FrontSide}}"
    files = {
        "deck.yaml": DECK.replace("sections:", "language: it\nsections:"),
        "first.yaml": "- {id: q, note_type: word, a: A, b: B}",
        "../templates/strings/it.yaml": json.dumps({"Sources": harm, "One": "Uno"}),
        "../templates/note-types/word/note-type.yaml": HOMEMADE,
        "../templates/note-types/word/back.html": back,
    }
    deck = deck_from(tmp_path, files)
    (word,) = (each for each in deck.note_types if each.kind == "word")
    front, written = fill_card_template(deck, word, word.cards[0])
    assert "<bdi>Uno</bdi>" in front
    assert "<h2>\"' onload='x'&gt;&lt;b&gt;&#123;&#123;Id}}&lt;/b&gt;&#64;&#64;script&#64;&#64;</h2>" in written
    own = fill_card_template(deck, word, word.cards[1])[1]
    safe = "&quot;&#x27; onload=&#x27;x&#x27;&gt;&lt;b&gt;&#123;&#123;Id}}&lt;/b&gt;&#64;&#64;script&#64;&#64;"
    assert own.startswith(f"<p title='{safe}' lang=\"{safe}\">{safe}</p>")
    (page,) = load_writer("page")(deck).artifacts
    assert "onload='x'>" not in page.data.decode()
