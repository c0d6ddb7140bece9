"""Each flashcard's back lies exactly behind its front, nothing is cut, and what does not fit is named."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf

from cardpress.pipeline import Options, build_project
from cardpress.writers import load_writer
from tests.conftest import DECK, WriteProject
from tests.helpers.decks import deck_from
from tests.helpers.pdf_pages import Glyph, glyphs, lines, pictures, printed, words
from tests.helpers.pictures import png
from tests.helpers.yaml_text import indented

POINTS_PER_MM = 72 / 25.4
# Width and height of a card and of its paper, in points.
SIZES = {
    "a4": tuple(mm * POINTS_PER_MM for mm in (95, 67, 210, 297)),
    "letter": tuple(mm * POINTS_PER_MM for mm in (98, 64, 215.9, 279.4)),
}
Spot = tuple[int, int]


def cards(pdf: Pdf, paper: str) -> list[dict[Spot, list[Glyph]]]:
    """Return what is on each page's cards, by column and row. Nothing may stand outside them or across their edges."""
    width, height, page_width, page_height = SIZES[paper]
    left, bottom = (page_width - 2 * width) / 2, (page_height - 4 * height) / 2
    pages = []
    for page in pdf.pages:
        found: dict[Spot, list[Glyph]] = {}
        for glyph in glyphs(page):
            column, row = int((glyph.left - left) // width), 3 - int((glyph.y - bottom) // height)
            assert column in (0, 1)
            assert row in range(4)
            assert left + column * width < glyph.left
            assert glyph.right < left + (column + 1) * width
            found.setdefault((column, row), []).append(glyph)
        pages.append(found)
    return pages


def questions(count: int, number: str = "  number: {}\n") -> str:
    one = "- id: card-{}\n  question: Front of {}?\n  answer: Back of {}.\n" + number
    return "".join(one.replace("{}", str(index)) for index in range(1, count + 1))


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 17])
def test_every_back_lies_behind_its_front_after_a_flip_on_the_long_edge(tmp_path: Path, count: int) -> None:
    made = printed(deck_from(tmp_path, {"first.yaml": questions(count)}))
    for paper in SIZES:
        pages = cards(pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data)), paper)
        assert len(pages) == 2 * -(-count // 8)
        seen: list[int] = []
        for front, back in zip(pages[::2], pages[1::2], strict=True):
            assert {(1 - column, row) for column, row in front} == set(back)
            for column, row in sorted(front, key=lambda spot: (spot[1], spot[0])):
                number = len(seen) + 1
                sides = words(front[column, row]), words(back[1 - column, row])
                assert sides[0] == f"Frontof{number}?{number}·card-{number}Firstsection"
                assert sides[1] == f"Backof{number}.{number}·card-{number}Firstsection"
                seen.append(number)
        assert seen == list(range(1, count + 1))


@pytest.mark.parametrize("paper", SIZES)
def test_crop_marks_are_on_the_page_and_the_same_on_its_other_side(tmp_path: Path, paper: str) -> None:
    made = printed(deck_from(tmp_path, {"first.yaml": questions(8)}))
    pages = pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data)).pages
    width, height, page_width, page_height = SIZES[paper]
    for page in pages:
        marks = lines(page)
        assert all(0 < x < page_width and 0 < y < page_height for mark in marks for x, y in (mark[:2], mark[2:]))
        upright = sorted({round(mark[0], 1) for mark in marks if abs(mark[0] - mark[2]) < 0.1})
        level = sorted({round(mark[1], 1) for mark in marks if abs(mark[1] - mark[3]) < 0.1})
        middle, center = page_width / 2, page_height / 2
        assert upright == pytest.approx([middle - width, middle, middle + width], abs=0.1)
        assert level == pytest.approx([center + height * step for step in (-2, -1, 0, 1, 2)], abs=0.1)


def test_labels_lie_back_to_back(tmp_path: Path) -> None:
    """A card's label is as far from the card's left edge, and from its lower, on the one side as on the other."""
    made = printed(deck_from(tmp_path, {"first.yaml": questions(8)}))
    for paper, (width, _, page_width, _) in SIZES.items():
        front, back = cards(pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data)), paper)
        for (column, row), side in front.items():
            one, other = start(side), start(back[1 - column, row])
            edge = page_width / 2 - width * (1 - column)
            turned_edge = page_width - edge - width
            assert other == pytest.approx((one[0] - edge + turned_edge, one[1]), abs=0.01)


def start(side: list[Glyph]) -> tuple[float, float]:
    return min((glyph.left, glyph.y) for glyph in side if glyph.size == 6.5)


LONG = "An answer of many words that goes on. "


def answered(text: str, more: str = "") -> str:
    return f"- id: long\n  question: Q?\n  answer: {indented(text)}{more}- {{id: short, question: Q?, answer: A.}}\n"


def sizes_on_back(tmp_path: Path, text: str, more: str = "") -> tuple[float, str]:
    """Print a card; give the size of its answer's letters, and the whole text of the back."""
    made = printed(deck_from(tmp_path, {"first.yaml": answered(text, more)}))
    for paper in SIZES:
        back = cards(pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data)), paper)[1][1, 0]
        label = max(glyph.y for glyph in back if glyph.size == 6.5)
        assert all(glyph.y > label + 6 for glyph in back if glyph.size != 6.5), "the text runs into the label"
    return max(glyph.size for glyph in back), words(back)


def test_an_answer_is_set_smaller_until_it_fits(tmp_path: Path) -> None:
    assert sizes_on_back(tmp_path / "a", LONG)[0] == 10.5
    size, text = sizes_on_back(tmp_path / "b", LONG * 28)
    assert size == 7
    assert text.count("goeson.") == 28


def test_key_points_stay_on_the_card_where_there_is_room(tmp_path: Path) -> None:
    points = "  key_points: [One point., Another point.]\n"
    assert "Anotherpoint." in sizes_on_back(tmp_path / "a", LONG * 8, points)[1]
    size, text = sizes_on_back(tmp_path / "b", LONG * 28, points)
    assert size == 7
    assert "Anotherpoint." not in text


@pytest.mark.parametrize("times", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_a_text_that_does_not_fit_is_named_with_its_place(tmp_path: Path, times: int) -> None:
    asked = f"- id: asked\n  question: {indented(LONG * times)}  answer: A.\n"
    written = load_writer("pdf")(deck_from(tmp_path, {"first.yaml": answered(LONG * times) + asked}))
    found = sorted((p.code, p.span.path, p.span.line, p.span.column, p.message) for p in written.diagnostics)
    assert [problem[:4] for problem in found] == [
        ("card-overflow", "source/first.yaml", 3, 11),
        ("card-overflow", "source/first.yaml", 7, 13),
    ]
    assert ["`long`" in found[0][4], "`asked`" in found[1][4]] == [True, True]


PRESSED = {
    "a list": "\n".join(f"- {LONG}" for _ in range(30)),
    "a list in a list": f"- one\n{''.join(f'    - {LONG}{chr(10)}' for _ in range(30))}",
    "a table": f"| a | b |\n|---|---|\n{''.join(f'| {LONG} | {LONG} |{chr(10)}' for _ in range(20))}",
    "a quotation": "\n>\n".join(f"> {LONG}" for _ in range(30)),
    "code": "```text\n" + "\n".join([LONG] * 30) + "\n```",
    "text, then a list": f"{LONG * 15}\n\n- {LONG * 15}\n- {LONG}",
}


@pytest.mark.parametrize("text", PRESSED.values(), ids=PRESSED)
def test_what_could_be_pressed_into_its_card_is_named_all_the_same(tmp_path: Path, text: str) -> None:
    file = f"- id: q\n  question: {indented(text)}  answer: {indented(text)}"
    written = load_writer("pdf")(deck_from(tmp_path, {"first.yaml": file}))
    assert sorted(problem.span.line for problem in written.diagnostics) == [2, 2 + len(text.split("\n")) + 1]
    assert {problem.code for problem in written.diagnostics} == {"card-overflow"}


class Silence:
    def start(self, stage: str) -> None: ...

    def end(self, stage: str) -> None: ...


def test_nothing_is_written_when_a_card_overflows(write_project: WriteProject, tmp_path: Path) -> None:
    project = write_project({"first.yaml": answered(LONG * 60)})
    options = Options(project, tmp_path / "out", ("json", "pdf"))
    result = build_project(options, Silence())
    assert "card-overflow" in {problem.code for problem in result.diagnostics}
    assert not (tmp_path / "out").exists()


HARD = {
    "a long name": "response_model_exclude_unset_defaults_and_more",
    "capitals": "W" * 200,
    "a long name in code": f"`{'response_model_exclude_unset_' * 4}`",
    "an address": f"https://example.org/{'path/' * 20}",
    "code": "```python\nvalue = response_model_exclude(unset='defaults', more=response_model_exclude())\n```",
    "one long token": f"```python\n{'a.b(' * 30}\n```",
    "a wide table": f"|{'a|' * 5}\n|{'-|' * 5}\n|{'response_model_exclude|' * 5}",
    "a wider table": f"|{'a|' * 12}\n|{'-|' * 12}\n|{'exclude|' * 12}",
    "a list": "- one\n- two\n    - three",
    "a picture": "![a dot](dot.png)",
    "two pictures": "Between\n\n![a dot](dot.png)\n\nand\n\n![a dot](dot.png)",
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_no_text_leaves_its_card(tmp_path: Path, text: str) -> None:
    file = f"- id: {'a-long-name-' * 5}end\n  number: 999999\n  question: {indented(text)}  answer: {indented(text)}"
    deck = DECK.replace("First section", f"A section {'whose title goes on and on ' * 6}")
    made = printed(deck_from(tmp_path, {"deck.yaml": deck, "first.yaml": file, "media/dot.png": png(40, 30)}))
    for paper, (width, height, page_width, page_height) in SIZES.items():
        pdf = pikepdf.open(io.BytesIO(made[f"flashcards-{paper}"].data))
        assert [list(side) for side in cards(pdf, paper)] == [[(0, 0)], [(1, 0)]]
        for page, start in zip(pdf.pages, (page_width / 2 - width, page_width / 2), strict=True):
            for left, bottom, right, top in pictures(page):
                assert start < left < right < start + width
                assert page_height / 2 + height < bottom < top < page_height / 2 + 2 * height
