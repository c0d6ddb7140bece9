"""Study notes of large decks, which are set in parts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf

from cardpress.deck.notes import Deck
from cardpress.outputs import PAPERS, Sheet
from cardpress.pdf import typesetting
from cardpress.pdf.typesetting import Job, MadeSheet, Overflows, set_sheet
from cardpress.writers import pdf
from cardpress.writers.pdf import in_parts, press, study_parts
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import PAPERS as SIZES
from tests.helpers.pdf_pages import glyphs, pictures, words
from tests.helpers.sample_project import PNG
from tests.outputs.test_pdf_parts import Kept, headings, read, walk

DECK = """\
id: deck
title: Deck
version: 1.0.0
date: 2026-01-01
sections:
  - {id: one, title: First section}
  - {id: two, title: Second section}
  - {id: three, title: Third section}
"""


def questions(first: int, count: int, more: str = "") -> str:
    text = ""
    for number in range(first, first + count):
        lines = json.dumps([f"Point {each} of {number}{more}. {'It goes on. ' * 12}" for each in range(5)])
        sources = [f"{{title: Book {each}, url: 'https://example.org/{each}'}}" for each in {number % 7, number}]
        text += f"- id: q-{number}\n  number: {number}\n  question: Question {number} of all?\n"
        text += f"  answer: '![A dot](dot.png)'\n  key_points: {lines}\n  see_also: [q-{before(number)}]\n"
        text += f"  sources: [{', '.join(sources)}]\n"
    return text


def before(number: int) -> int:
    """Return the question that another is to be seen with: the one before it, or the last one of all."""
    return {1: 48, 11: 8, 41: 34}.get(number, number - 1)


def deck_of(folder: Path, more: str = "", first: str = "Question") -> Deck:
    # The second section is longer than a part.
    files: dict[str, str | bytes] = {
        "deck.yaml": DECK,
        "media/dot.png": PNG,
        "one.yaml": questions(1, 8).replace("Question", first, 1),
        "two.yaml": questions(11, 24, more),
        "three.yaml": questions(41, 8),
    }
    deck = deck_from(folder, files)
    return replace(deck, outputs=("study-notes",), sheets=(Sheet("study-notes"),))


def make_parts_small(patched: pytest.MonkeyPatch) -> None:
    patched.setattr(press, "_FEW", 8)
    patched.setattr(study_parts, "_MANY", 8_000)
    patched.setattr(in_parts, "_PAGES_AT_A_TIME", 3)
    patched.setattr(study_parts, "_MOST", 16_000)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pdf, Pdf]:
    """Return study notes on A4 that were set whole, and in parts."""
    deck = deck_of(tmp_path_factory.mktemp("deck"))
    with pytest.MonkeyPatch.context() as patched:
        make_parts_small(patched)
        merged = read(pdf.write(deck))[0]
        patched.setattr(press, "set_study_notes", None)
        whole = read(pdf.write(deck))[0]
    return whole, merged


def text_of(made: Pdf) -> str:
    return "".join(words(list(glyphs(page))) for page in made.pages)


def test_parts_have_all_questions_and_sources_in_their_order(sheets: tuple[Pdf, Pdf]) -> None:
    assert list(headings(sheets[1])) == list(headings(sheets[0]))
    assert len(sheets[1].pages) >= len(sheets[0].pages) > 4
    found = [re.findall(r"Point\dof\d+|Sources\d+,", text_of(made)) for made in sheets]
    assert found[0] == found[1]
    led = [[str(each.A.URI) for page in made.pages for each in page.Annots if "/A" in each] for made in sheets]
    assert led[0] == led[1]
    titles = [re.findall(r"Book\d+https://example.org/", text_of(made)) for made in sheets]
    assert titles[0] == titles[1]
    assert len(titles[0]) == len(set(titles[0])) > 40


def test_the_outline_is_that_of_a_whole_sheet(sheets: tuple[Pdf, Pdf]) -> None:
    shown = []
    for made in sheets:
        with made.open_outline() as outline:
            shown.append([(each.title, [below.title for below in each.children]) for each in outline.root])
    assert shown[0] == shown[1]
    assert [len(below) for _, below in shown[1]] == [8, 24, 8, 0]


def test_contents_and_heads_name_the_pages_of_sections(sheets: tuple[Pdf, Pdf]) -> None:
    made = sheets[1]
    pages = {page.obj.objgen: number for number, page in enumerate(made.pages, 1)}
    names = list(made.Root.Names.Dests.Names)
    places = {str(name): pages[aim[0].objgen] for name, aim in zip(names[::2], names[1::2], strict=True)}
    assert sorted(places) == list(places)
    sections = {"section:one": "First section", "section:two": "Second section", "section:three": "Third section"}
    first = words(list(glyphs(made.pages[0])))
    for name, title in sections.items():
        assert f"{title.replace(' ', '')}{places[name]}" in first
    sections["sources:"] = "Sources"
    for number, page in enumerate(made.pages, 1):
        text = words(list(glyphs(page)))
        assert f"{number}of{len(made.pages)}" in text
        before = [title for name, title in sections.items() if places[name] < number]
        here = [title for name, title in sections.items() if places[name] == number]
        if number > 1:
            assert all(title.replace(" ", "") in text for title in here or before[-1:])
    linked = {str(each.Dest) for page in made.pages for each in page.get("/Annots", ()) if "/Dest" in each}
    assert {f"q-{number}" for number in range(11, 34)} <= linked <= set(places)


def test_the_head_above_sources_names_them(sheets: tuple[Pdf, Pdf]) -> None:
    for made in sheets:
        text = [each for each in glyphs(made.pages[-1]) if each.y > SIZES["a4"][1] - 60]
        assert words(text) == "SourcesDeck"


def test_a_picture_is_shown_once_in_each_part_and_then_where_it_is(sheets: tuple[Pdf, Pdf]) -> None:
    whole, merged = (sum(len(list(pictures(page))) for page in made.pages) for made in sheets)
    text = text_of(sheets[1])
    assert "Diagramonpage1" in text_of(sheets[0])
    assert "Diagram" not in text
    assert whole == 1
    assert 4 <= merged <= 8
    # The first question of a part shows it; others lead there, beside those that they are to be seen with.
    assert "Seealso1,4" in text
    assert text.count("Seealso1,") < 20


def test_an_edit_sets_one_part_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[Job] = []

    def note(job: Job) -> MadeSheet | Overflows:
        jobs.append(job)
        return set_sheet(job)

    make_parts_small(monkeypatch)
    monkeypatch.setattr(typesetting, "set_sheet", note)
    keep = Kept()
    pdf.write(deck_of(tmp_path / "a", " really"), keep=keep)
    jobs.clear()
    edited = deck_of(tmp_path / "b", " really", "Point")
    made = pdf.write(edited, keep=keep)
    assert {json.loads(job.data)["part"] for job in jobs} == {"front"}
    assert made == pdf.write(edited)


@pytest.mark.parametrize("paper", PAPERS)
def test_parts_stand_on_one_paper_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paper: str) -> None:
    make_parts_small(monkeypatch)
    deck = replace(deck_of(tmp_path), sheets=(Sheet("study-notes", papers=(paper,)),))
    (made,) = read(pdf.write(deck))
    assert len(list(walk(open_outline(made)))) == 3 + 40 + 1


def open_outline(made: Pdf) -> list[pikepdf.OutlineItem]:
    with made.open_outline() as outline:
        return list(outline.root)
