"""Flashcards of every number a page: nothing leaves its card, backs lie behind their fronts, on both papers."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Pdf

from cardpress.deck.notes import Deck
from cardpress.outputs import PAPERS, PER_PAGE
from cardpress.writers import Written, pdf
from cardpress.writers.pdf.data import make_print_data
from cardpress.writers.pdf.formats import Format, get_format
from cardpress.writers.pdf.heights import BREAK
from cardpress.writers.pdf.narrowing import narrow
from tests.conftest import DECK
from tests.helpers.decks import deck_from
from tests.helpers.hard_texts import HARD
from tests.helpers.pdf_pages import PAPERS as SIZES
from tests.helpers.pdf_pages import Glyph, glyphs, lines, pictures, words
from tests.helpers.pictures import png
from tests.helpers.yaml_text import indented

POINTS = 72 / 25.4
# Millimeters that the margins of common printers need.
LEAST_MARGIN = 7.0
Spot = tuple[int, int]


def deck(folder: Path, per_page: int, questions: str, files: dict[str, bytes] | None = None) -> Deck:
    outputs = f"outputs: {{flashcards: {{per_page: {per_page}}}, booklet: false, study-notes: false}}\n"
    return deck_from(folder, {"deck.yaml": outputs + DECK, "first.yaml": questions, **(files or {})})


def opened(written: Written) -> dict[str, Pdf]:
    found = {artifact.name.rpartition("-")[2][:-4]: artifact.data for artifact in written.artifacts}
    assert list(found) == list(PAPERS)
    return {paper: pikepdf.open(io.BytesIO(data)) for paper, data in found.items()}


def size_of(paper: str, form: Format) -> tuple[float, float]:
    """Return the width and height of a page of cards."""
    width, height = SIZES[paper]
    return (height, width) if form.turned else (width, height)


def cards(made: Pdf, paper: str, per_page: int) -> list[dict[Spot, list[Glyph]]]:
    """Return what is on each page's cards, by column and row. Nothing may stand outside them or across their edges."""
    form = get_format(per_page)
    width, height = (length * POINTS for length in form.size)
    across, upright = size_of(paper, form)
    left, bottom = (across - form.across * width) / 2, (upright - form.down * height) / 2
    pages = []
    for page in made.pages:
        found: dict[Spot, list[Glyph]] = {}
        for glyph in glyphs(page):
            column, row = int((glyph.left - left) // width), form.down - 1 - int((glyph.y - bottom) // height)
            assert 0 <= column < form.across
            assert 0 <= row < form.down
            assert left + column * width < glyph.left
            assert glyph.right < left + (column + 1) * width
            found.setdefault((column, row), []).append(glyph)
        pages.append(found)
    return pages


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_cards_are_apart_and_leave_a_margin(per_page: int) -> None:
    form = get_format(per_page)
    assert form.across * form.down == per_page
    width, height = form.size
    for paper in SIZES:
        across, upright = size_of(paper, form)
        assert (across / POINTS - form.across * width) / 2 >= LEAST_MARGIN
        assert (upright / POINTS - form.down * height) / 2 >= LEAST_MARGIN
        assert form.width < (width - 2 * form.padding) * POINTS
        assert form.height < (height - 2 * form.padding) * POINTS


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_every_back_lies_behind_its_front(tmp_path: Path, per_page: int) -> None:
    one = "- id: card-{}\n  question: Front of {}?\n  answer: Back of {}.\n  sources: [Book]\n"
    count = per_page + 1
    questions = "".join(one.replace("{}", str(index)) for index in range(1, count + 1))
    form = get_format(per_page)
    for paper, made in opened(pdf.write(deck(tmp_path, per_page, questions))).items():
        pages = cards(made, paper, per_page)
        assert len(pages) == 4
        seen = 0
        for front, back in zip(pages[::2], pages[1::2], strict=True):
            for column, row in sorted(front, key=lambda spot: (spot[1], spot[0])):
                seen += 1
                # A page that lies is turned over its upper edge.
                spot = (column, form.down - 1 - row) if form.turned else (form.across - 1 - column, row)
                assert words(front[column, row]) == f"Frontof{seen}?Firstsection"
                assert words(back[spot]) == f"Backof{seen}.Frontof{seen}?Firstsection"
        assert seen == count


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_marks_are_where_cards_are_cut_and_nowhere_else(tmp_path: Path, per_page: int) -> None:
    form = get_format(per_page)
    for paper, made in opened(pdf.write(deck(tmp_path, per_page, "- {id: q, question: Q?, answer: A.}\n"))).items():
        width, height = (length * POINTS for length in form.size)
        across, upright = size_of(paper, form)
        left, bottom = (across - form.across * width) / 2, (upright - form.down * height) / 2
        for page in made.pages:
            # Without the lines above the feet.
            marks = [mark for mark in lines(page) if abs(mark[0] - mark[2]) + abs(mark[1] - mark[3]) < 10]
            assert len(marks) == 2 * (form.across + 1 + form.down + 1 + (form.across - 1) * (form.down - 1))
            places = set()
            for x, y, end_x, end_y in marks:
                is_upright = x == pytest.approx(end_x, abs=0.01)
                assert is_upright or y == pytest.approx(end_y, abs=0.01)
                column, row = ((x + end_x) / 2 - left) / width, ((y + end_y) / 2 - bottom) / height
                # On the line between two columns or rows, before the first card, behind the last, or on a corner.
                (along, beside), last = ((row, column), form.down) if is_upright else ((column, row), form.across)
                assert beside == pytest.approx(round(beside), abs=0.001)
                assert not 0 < along < last or along == pytest.approx(round(along), abs=0.001)
                places.add((is_upright, round(beside), round(along * 4)))
            assert len(places) == len(marks)


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
@pytest.mark.parametrize("per_page", [4, 9, 16])
def test_no_text_leaves_its_card(tmp_path: Path, per_page: int, text: str) -> None:
    question = f"- id: q\n  question: {indented(text)}  answer: {indented(text)}"
    for paper, made in opened(pdf.write(deck(tmp_path, per_page, question))).items():
        assert cards(made, paper, per_page)


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_a_long_answer_goes_on_to_further_cards_without_a_warning(tmp_path: Path, per_page: int) -> None:
    said = " ".join(f"Sentence number {number} says a thing." for number in range(60))
    written = pdf.write(deck(tmp_path, per_page, f"- id: q\n  question: What is said?\n  answer: {said}\n"))
    assert not written.diagnostics
    for paper, made in opened(written).items():
        backs = cards(made, paper, per_page)[1::2]
        text = "".join(words([g for g in side if g.size != 6.5]) for page in backs for side in page.values())
        assert all(f"number{number}says" in text for number in range(60))


@pytest.mark.parametrize("per_page", PER_PAGE)
def test_a_picture_fits_its_card(tmp_path: Path, per_page: int) -> None:
    question = f"- id: q\n  question: {indented('![high](high.png)')}  answer: {indented('![wide](wide.png)')}"
    files = {"media/high.png": png(200, 1000), "media/wide.png": png(1000, 200)}
    form = get_format(per_page)
    for made in opened(pdf.write(deck(tmp_path, per_page, question, files))).values():
        width, height = (length * POINTS for length in form.size)
        for page in made.pages:
            for left, bottom, right, top in (picture for picture in pictures(page)):
                assert right - left < width
                assert top - bottom < height


def test_a_table_that_is_too_wide_for_a_narrow_card_has_its_words_there(tmp_path: Path) -> None:
    table = "| longwords | alphabetical | everything |\n|-|-|-|\n| considerably | internationally | unbelievable |"
    question = f"- id: q\n  question: Q?\n  answer: {indented(table)}"
    assert not pdf.write(deck(tmp_path / "eight", 8, question)).diagnostics
    written = pdf.write(deck(tmp_path / "twelve", 12, question))
    assert [each.code for each in written.diagnostics] == ["card-overflow"]
    for made in opened(written).values():
        text = "".join(words(glyphs(page)) for page in made.pages)
        assert "considerably·internationally·unbelievable" in text


def test_a_long_word_breaks_sooner_on_a_narrow_card(tmp_path: Path) -> None:
    question = f"- id: q\n  question: {'W' * 60}\n  answer: A."
    (note,) = make_print_data(deck(tmp_path, 16, question))["sections"][0]["notes"]
    nodes = note["question"]
    wide, slim = (narrow(nodes, width, 20.0).nodes for width in (40.0, 21.5))
    assert wide == nodes
    assert slim == [BREAK.join(("W" * 20,) * 3)]


def test_code_breaks_behind_its_signs_before_the_text_around_it_is_set_small(tmp_path: Path) -> None:
    code = 'Session(connection, join_transaction_mode="create_savepoint")'
    question = f"- id: q\n  question: How?\n  answer: |\n    With `{code}` it may do that, and `loop(n)` stays whole."
    for paper, made in opened(pdf.write(deck(tmp_path, 16, question))).items():
        (side,) = cards(made, paper, 16)[1].values()
        body = [glyph for glyph in side if glyph.size != 6.5]
        assert max(glyph.size for glyph in body) >= 9
        rows: dict[float, str] = {}
        for glyph in body:
            rows[glyph.y] = rows.get(glyph.y, "") + glyph.text.replace(BREAK, "")
        for name in ("Session(", "connection,", "join_transaction_mode=", '"create_savepoint")', "loop(n)"):
            assert any(name in row for row in rows.values())


def test_a_part_of_code_that_is_a_gap_is_not_parted_from_its_name() -> None:
    gap: list[Any] = ["options(", {"t": "mark", "c": ["selectinload"]}, "(Author.books)"]
    ((node,), _) = narrow([{"t": "code", "c": gap}], 40.0, 20.0, 16.0)
    assert isinstance(node, dict)
    assert node["c"] == [f"options({BREAK}", {"t": "mark", "c": ["selectinload"]}, f"({BREAK}Author.books)"]
    assert narrow([{"t": "code", "c": gap}], 40.0, 20.0, 40.0).nodes == [{"t": "code", "c": gap}]
