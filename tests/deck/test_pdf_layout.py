"""The deck in source/ is laid out as promised: questions on one page, headings with text, code in one piece."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from cardpress import outputs
from cardpress.deck.notes import Code, Deck, Note
from cardpress.markdown.tree import Text
from cardpress.note_types import Holds
from cardpress.writers import pdf as writer
from tests.conftest import ROOT
from tests.helpers.decks import deck_of
from tests.helpers.pdf_pages import PAPERS, Glyph, glyphs, list_empty, run, words

SHEETS = ("study-notes", "booklet")
# Sizes, in points, of what is no text: headers and feet; headings, which need text below them.
ASIDE = {"study-notes": (6.5, 7.0, 20.0), "booklet": (7.0,)}
HEADINGS = {"study-notes": (9.4, 9.5), "booklet": (13.0, 17.0)}
HEADER = {"study-notes": 7.0, "booklet": 8.0}
LABELS = ("Keypoints", "Output", "Pitfalls", "Howtoanswer", "Exampleanswer", "Sources", "Torecall")


@pytest.fixture(scope="module")
def deck() -> Deck:
    return deck_of(ROOT)


@dataclass(frozen=True)
class Sheet:
    """A printed sheet, and the characters of each of its pages."""

    name: str
    data: bytes
    pages: list[list[Glyph]]


@pytest.fixture(scope="module")
def sheets(deck: Deck) -> dict[str, Sheet]:
    made = {}
    for name in SHEETS:
        with writer.open_press(deck) as press:
            (artifact,) = press.make(outputs.Sheet(name), ("a4",)).artifacts
            data = artifact.data
        with pikepdf.open(io.BytesIO(data)) as pdf:
            made[name] = Sheet(name, data, [list(glyphs(page)) for page in pdf.pages])
    return made


def code_of(note: Note) -> str:
    """Return the code that a note shows."""
    (code,) = (code for _, code in note.each(Holds.SNIPPET))
    assert isinstance(code, Code)
    return code.block.text


def columns(sheet: Sheet, page: list[Glyph]) -> list[list[Glyph]]:
    """Return what stands in each column of a page, without headers and footers."""
    middle = 595.28 / 2 if sheet.name == "study-notes" else 0
    shown = [glyph for glyph in page if glyph.text.strip() and round(glyph.size, 2) not in ASIDE[sheet.name]]
    shown = [glyph for glyph in shown if sheet.name == "study-notes" or glyph.y < 842 - 60]
    halves = [[g for g in shown if g.left < middle], [g for g in shown if g.left >= middle]]
    return [half for half in halves if half]


def header(sheet: Sheet, page: list[Glyph]) -> str:
    return words([glyph for glyph in page if glyph.size == HEADER[sheet.name] and glyph.y > 842 - 60])


def begins(sheet: Sheet) -> dict[str, int]:
    """Return the page on which each section begins, by its title, from the outline."""
    reader = PdfReader(io.BytesIO(sheet.data))
    return {
        str(entry.title): 1 + (reader.get_destination_page_number(entry) or 0)
        for entry in reader.outline
        if isinstance(entry, Destination)
    }


def test_each_question_is_whole_on_a_page_of_the_study_notes(deck: Deck, sheets: dict[str, Sheet]) -> None:
    pages = [words(page) for page in sheets["study-notes"].pages]
    broken = []
    for note in deck.notes():
        lines = [line for _, each in note.each(Holds.LINES) for line in each]
        # Its first point and its code, which may stand in another column.
        ends = ["".join(part.split()) for part in (lines[0].plain, code_of(note))]
        if not any(all(end in page for end in ends) for page in pages):
            broken.append(note.id)
    assert broken == []


def test_the_study_notes_can_be_read_on_paper(deck: Deck, sheets: dict[str, Sheet]) -> None:
    found = [glyph for page in sheets["study-notes"].pages for glyph in page]
    # Running text is set in one size: its first words tell.
    points = [point for note in deck.notes() for _, lines in note.each(Holds.LINES) for point in lines]
    starts = [node.value.split() for node in (point.nodes[0] for point in points) if isinstance(node, Text)]
    plain = [" ".join(start[:4]) for start in starts if len(start) > 4]
    assert len(plain) > sum(1 for _ in deck.notes())
    for start in plain[::9]:
        assert run(found, start)[0].size >= 8.3 - 0.001
    for note in [*deck.notes()][::9]:
        assert run(found, code_of(note).splitlines()[0])[0].size >= 6.9 - 0.001


def test_the_cheat_sheet_is_two_pages_that_can_be_read(deck: Deck) -> None:
    with writer.open_press(deck) as press:
        for paper in ("a4", "letter"):
            made = press.make(outputs.Sheet("cheatsheet"), (paper,))
            assert made.diagnostics == ()
            with pikepdf.open(io.BytesIO(made.artifacts[0].data)) as pdf:
                assert len(pdf.pages) == 2
                found = [glyph for page in pdf.pages for glyph in glyphs(page)]
            assert min(glyph.size for glyph in found if glyph.text == "•") >= 6.0
            text = words(found)
            for note in deck.notes():
                assert ("".join(note.asked.one_line.split()) in text) is bool(note.gist), note.id


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_heading_is_the_last_of_its_column(sheets: dict[str, Sheet], sheet: str) -> None:
    for page in sheets[sheet].pages:
        for column in columns(sheets[sheet], page):
            lowest = min(glyph.y for glyph in column)
            last = [glyph for glyph in column if glyph.y < lowest + 2]
            assert not {round(glyph.size, 2) for glyph in last} & set(HEADINGS[sheet]), words(last)
            assert words(last) not in LABELS


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_code_is_split(deck: Deck, sheets: dict[str, Sheet], sheet: str) -> None:
    shown = [words(column) for page in sheets[sheet].pages for column in columns(sheets[sheet], page)]
    for note in deck.notes():
        code = "".join(code_of(note).split())
        assert any(code in column for column in shown), note.id


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_text_stands_on_another(sheets: dict[str, Sheet], sheet: str) -> None:
    """What code prints stands at its right where there is room, and never on it."""
    # What stands in a diagram, whose letters are smaller than their font says, is looked at by another test.
    largest = 9.5 if sheet == "study-notes" else 100
    for page in sheets[sheet].pages:
        text = (glyph for glyph in page if glyph.text.strip() and glyph.size <= largest)
        shown = sorted(text, key=lambda glyph: glyph.left)
        for index, glyph in enumerate(shown):
            for other in shown[index + 1 :]:
                if other.left > glyph.right - 0.25 * glyph.size:  # closer than any two letters are set
                    break
                assert abs(other.y - glyph.y) > 0.6 * min(glyph.size, other.size), (glyph, other)


def test_output_of_a_few_lines_stands_beside_its_code_or_below_it(deck: Deck, sheets: dict[str, Sheet]) -> None:
    shown = [words(column) for page in sheets["study-notes"].pages for column in columns(sheets["study-notes"], page)]
    outputs = {note.id: output for note in deck.notes() for _, output in note.each(Holds.OUTPUT)}
    short = {name: output for name, output in outputs.items() if len(output.splitlines()) <= 4}
    assert short
    for name, output in short.items():
        assert any("".join(output.split()) in column for column in shown), name


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_header_names_the_sections_of_its_page(deck: Deck, sheets: dict[str, Sheet], sheet: str) -> None:
    pages = begins(sheets[sheet])
    titles = {title: "".join(title.split()) for title in pages}
    for number, page in enumerate(sheets[sheet].pages, 1):
        here = [title for title, first in pages.items() if first == number]
        before = [title for title, first in pages.items() if first < number]
        said = header(sheets[sheet], page)
        if number > 1:
            assert said.endswith("".join(deck.title.split()))
            assert all(titles[title] in said for title in (here or before[-1:]))


def led_to(reader: PdfReader, spot: Any) -> int:
    """Return the page that a link leads to. Its target is a name, or a page and a spot on it."""
    page = reader.named_destinations[spot].page if isinstance(spot, str) else spot[0]
    return next(number for number, each in enumerate(reader.pages, 1) if each.indirect_reference == page)


@pytest.mark.parametrize("sheet", SHEETS)
def test_contents_lead_to_the_page_that_they_name(deck: Deck, sheets: dict[str, Sheet], sheet: str) -> None:
    pages, reader = begins(sheets[sheet]), PdfReader(io.BytesIO(sheets[sheet].data))
    links = [note.get_object() for page in reader.pages[:2] for note in page.get("/Annots", [])]
    spots = [link["/Dest"] for link in links if "/Dest" in link]
    led = {led_to(reader, spot) for spot in spots}
    text = "".join(map(words, sheets[sheet].pages[:2]))
    for section in deck.sections:
        assert f"{''.join(section.title.split())}{pages[section.title]}" in text
        assert pages[section.title] in led


@pytest.mark.parametrize("paper", PAPERS)
def test_no_page_of_the_booklet_is_less_than_a_quarter_full_but_the_last(deck: Deck, paper: str) -> None:
    with writer.open_press(deck) as press:
        (artifact,) = press.make(outputs.Sheet("booklet"), (paper,)).artifacts
    with pikepdf.open(io.BytesIO(artifact.data)) as pdf:
        assert list_empty(pdf, paper) == []


def test_every_question_is_in_the_outline_below_its_section(deck: Deck, sheets: dict[str, Sheet]) -> None:
    for sheet in sheets.values():
        with pikepdf.open(io.BytesIO(sheet.data)) as pdf, pdf.open_outline() as outline:
            below = {entry.title: len(entry.children) for entry in outline.root}
        assert {section.title: len(section.notes) for section in deck.sections}.items() <= below.items()


def test_every_recall_note_is_in_the_booklet(deck: Deck, sheets: dict[str, Sheet]) -> None:
    shown = "".join(map(words, sheets["booklet"].pages))
    recall = [each for note in deck.notes() for each in note.recall]
    counts = Counter("".join(each.asked.plain.split()) for each in recall)
    assert [text for text, count in counts.items() if shown.count(text) < count] == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_name_is_broken(sheets: dict[str, Sheet], sheet: str) -> None:
    found = 0
    for page in sheets[sheet].pages:
        each = [glyph for glyph in page for _ in glyph.text]
        text = "".join(glyph.text for glyph in page)
        for name in ("/openapi.json", "I/O", "selectinload", "dependency_overrides"):
            start = text.find(name)
            while start >= 0:
                assert len({round(glyph.y, 1) for glyph in each[start : start + len(name)]}) == 1, name
                found += 1
                start = text.find(name, start + 1)
    assert found > 10
