"""In the study notes every question is whole, and nothing leaves its column or is cut off, however long it is."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf

from tests.conftest import DECK
from tests.helpers.decks import deck_from
from tests.helpers.hard_texts import HARD
from tests.helpers.pdf_pages import PAPERS, Glyph, glyphs, pictures, printed, words
from tests.helpers.pictures import png
from tests.helpers.yaml_text import indented

POINTS_PER_MM = 72 / 25.4
# The least that stays free.
SIDE, TOP, BOTTOM, GUTTER = (mm * POINTS_PER_MM for mm in (9, 13, 11, 6))


def sheets_of(folder: Path, files: dict[str, str | bytes]) -> dict[str, Pdf]:
    made = printed(replace(deck_from(folder, files), outputs=("study-notes",)))
    return {paper: pikepdf.open(io.BytesIO(made[f"study-notes-{paper}"].data)) for paper in PAPERS}


def in_columns(pdf: Pdf, paper: str) -> list[Glyph]:
    """Return what stands in the columns, page by page and in order. Nothing may stand beside or below them."""
    width, height = PAPERS[paper]
    column = (width - 2 * SIDE - GUTTER) / 2
    found = []
    for page in pdf.pages:
        for glyph in glyphs(page):
            if not glyph.text.strip() or glyph.size in (6.5, 7.0, 20.0):
                continue  # a space may hang over an edge; headers, footers and the title have their own places
            start = SIDE if glyph.left < width / 2 else SIDE + column + GUTTER
            assert start - 0.1 <= glyph.left, glyph
            assert glyph.right <= start + column + 0.1, glyph
            assert BOTTOM - 1 <= glyph.y <= height - TOP
            found.append(glyph)
    return found


def test_no_question_that_fits_a_page_is_broken_over_two(tmp_path: Path) -> None:
    points = "".join(f"    - point {number} {'and so on ' * 20}\n" for number in range(1, 10))
    file = "".join(f"- id: q{n}\n  question: What is {n}?\n  answer: A.\n  key_points:\n{points}" for n in range(12))
    for pdf in sheets_of(tmp_path, {"first.yaml": file}).values():
        pages = [words(glyphs(page)) for page in pdf.pages]
        assert len(pages) > 2
        assert [page.count("point1and") for page in pages] == [page.count("point9and") for page in pages]
        assert sum(page.count("point1and") for page in pages) == 12


def test_what_a_page_has_left_is_shared_out_between_its_questions(tmp_path: Path) -> None:
    code = "".join(f"line_{count} = {count}\n" for count in range(24))
    one = "- id: q{}\n  question: Q{}?\n  answer: A.\n  snippet: long.py\n"
    file = "".join(one.replace("{}", str(count)) for count in range(6))
    for pdf in sheets_of(tmp_path, {"first.yaml": file, "snippets/long.py": code}).values():
        for page in list(pdf.pages)[1:-1]:
            assert min(glyph.y for glyph in glyphs(page) if glyph.text == "=") < BOTTOM + 40


def test_pitfalls_stand_beside_code_where_that_would_leave_a_column_half_empty(tmp_path: Path) -> None:
    code = "".join(f"line_{count} = {count}\n" for count in range(24))
    pitfalls = f"  pitfalls: [{{claim: Claimed., truth: 'Told. {'And so on it goes. ' * 40}'}}]\n"
    points = f"  key_points: [{', '.join(['Pointed.' + ' And so on it goes.' * 9] * 5)}]\n"
    one = f"- id: q\n  question: Q?\n  answer: A.\n{points}  snippet: long.py\n{pitfalls}"
    for paper, pdf in sheets_of(tmp_path, {"first.yaml": one, "snippets/long.py": code}).items():
        found = in_columns(pdf, paper)
        left = words([glyph for glyph in found if glyph.left < PAPERS[paper][0] / 2])
        assert left.index("Pointed.") < left.index("Claimed.")
        assert "line_0" in words([glyph for glyph in found if glyph.left > PAPERS[paper][0] / 2])


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_nothing_leaves_its_column(tmp_path: Path, text: str) -> None:
    file = f"- id: q\n  question: Q?\n  answer: A.\n  key_points:\n    - {indented(text, 8)}"
    for paper, pdf in sheets_of(tmp_path, {"first.yaml": file}).items():
        shown = re.sub("[-•]", "", words(in_columns(pdf, paper)))
        assert re.sub(r"```python|[-|>`<\s]", "", text) in shown


@pytest.mark.slow
@pytest.mark.parametrize("key", ["snippet", "output", "key_points"])
def test_code_longer_than_a_page_goes_on_in_the_next_column(tmp_path: Path, key: str) -> None:
    code = "".join(f"line_{count} = {count}  # {'and on ' * 20}\n" for count in range(100))
    points = f"\n    - {indented(f'```python{chr(10)}{code}```', 8)}"
    texts = {"snippet": "long.py\n", "output": indented(code.rstrip()), "key_points": points}
    file = f"- id: q\n  question: Q?\n  answer: A.\n  {key}: {texts[key]}"
    for paper, pdf in sheets_of(tmp_path, {"first.yaml": file, "snippets/long.py": code}).items():
        shown = words(in_columns(pdf, paper))
        assert [count for count in range(100) if f"line_{count}={count}#" not in shown] == []


def test_code_of_a_few_lines_stands_in_one_piece(tmp_path: Path) -> None:
    code = "".join(f"line_{count} = {count}\n" for count in range(30))
    one = "- id: {}\n  question: Q{}?\n  answer: A.\n  snippet: short.py\n"
    file = "".join(one.replace("{}", f"q{count}") for count in range(5))
    for pdf in sheets_of(tmp_path, {"first.yaml": file, "snippets/short.py": code}).values():
        for page in pdf.pages:
            code_glyphs = [glyph for glyph in glyphs(page) if glyph.text == "="]
            for column in {round(glyph.left) // 250 for glyph in code_glyphs}:
                assert sum(round(glyph.left) // 250 == column for glyph in code_glyphs) % 30 == 0


def test_code_keeps_its_indentation_and_its_signs(tmp_path: Path) -> None:
    code = "if a != b:\n\treturn a -> b\n    x = 'two  spaces'\n"
    file = '- {id: q, question: Q?, answer: A., snippet: signs.txt, output: "one\\ttwo"}\n'
    for pdf in sheets_of(tmp_path, {"first.yaml": file, "snippets/signs.txt": code}).values():
        found = list(glyphs(pdf.pages[0]))
        text = "".join(glyph.text for glyph in found)
        begin = text.index("if a != b:")
        start, width = found[begin].left, found[begin].right - found[begin].left
        signs = found[text.index("!=")], found[text.index("!=") + 1]
        assert signs[1].left - signs[0].left == pytest.approx(width)  # two signs, and not one ligature
        for line in ("return a -> b", "x = 'two  spaces'"):
            assert found[text.index(line)].left - start == pytest.approx(4 * width)
        assert "one two" in text


def test_a_picture_is_as_wide_as_the_column_at_most_and_no_page_high(tmp_path: Path) -> None:
    shapes = {"wide": (1000, 10), "high": (10, 1000), "tiny": (4, 4)}
    files = {f"media/{name}.png": png(*size) for name, size in shapes.items()}
    answers = "\n\n".join(f"![{name}]({name}.png)" for name in shapes)
    file = f"- id: q\n  question: '![alone](wide.png)'\n  answer: {indented(answers)}"
    for paper, pdf in sheets_of(tmp_path, {"first.yaml": file, **files}).items():
        sizes = [(right - left, top - bottom) for left, bottom, right, top in pictures(pdf.pages[0])]
        assert len(sizes) == 4
        room = (PAPERS[paper][0] - 2 * SIDE) / 2
        assert all(0.5 < size < room for width, height in sizes for size in (width, height))
        with pdf.open_outline() as outline:
            # A question that is a picture alone is called by what it shows.
            assert outline.root[0].children[0].title.strip() == "alone"


def test_white_space_is_one_space_as_on_the_page(tmp_path: Path) -> None:
    file = '- {id: q, question: Q?, answer: "one   two\\n  three"}\n'
    for pdf in sheets_of(tmp_path, {"first.yaml": file}).values():
        assert "one two three" in "".join(glyph.text for glyph in glyphs(pdf.pages[0]))


def test_a_picture_that_comes_again_is_printed_once_and_its_page_named(tmp_path: Path) -> None:
    shown = "  extra: '![lines](lines.svg)'\n"
    one = f"  question: Q?\n  answer: A.\n{shown}"
    file = f"- id: q1\n  number: 1\n{one}- id: other\n{one}"
    for pdf in sheets_of(tmp_path, {"first.yaml": file}).values():
        assert "".join(words(glyphs(page)) for page in pdf.pages).count("Diagramonpage1") == 1


def test_short_questions_stand_beside_each_other_in_both_columns(tmp_path: Path) -> None:
    one = "- id: q{}\n  question: What is {}?\n  answer: A.\n  key_points: [this, that]\n"
    for count, left, pages in ((3, 2, 1), (10, 5, 1), (60, None, 2)):
        file = "".join(one.replace("{}", str(number)) for number in range(count))
        for paper, pdf in sheets_of(tmp_path / str(count), {"first.yaml": file}).items():
            found = [glyph for page in pdf.pages for glyph in glyphs(page) if glyph.text == "?"]
            assert len(pdf.pages) == pages
            assert len(found) == count
            first = [glyph for glyph in found if glyph.left < PAPERS[paper][0] / 2]
            assert left is None or len(first) == left
            assert found[: len(first)] == first or pages > 1


def test_a_picture_that_a_question_shows_twice_is_printed_once(tmp_path: Path) -> None:
    twice = "  extra: |\n    ![dot](dot.png)\n\n    ![dot](dot.png)\n"
    file = f"- id: q1\n  question: Q?\n  answer: A.\n{twice}- id: q2\n  question: Q?\n  answer: A.\n{twice}"
    for pdf in sheets_of(tmp_path, {"first.yaml": file}).values():
        assert [len(pictures(page)) for page in pdf.pages] == [1]
        assert "".join(words(glyphs(page)) for page in pdf.pages).count("Diagramonpage1") == 1


def test_other_questions_have_numbers_or_names_and_code_prints_right_below_it(tmp_path: Path) -> None:
    file = (
        "- {id: first-id, number: 1, question: Which one?, answer: A., see_also: [second-id], snippet: p.py,\n"
        "   output: seven, sources: [{title: 'On `code`', url: 'https://example.org/'}]}\n"
        "- {id: second-id, question: Which two?, answer: A., see_also: [first-id]}\n"
    )
    for pdf in sheets_of(tmp_path, {"first.yaml": file, "snippets/p.py": "print(7)\n"}).values():
        text = "".join(words(glyphs(page)) for page in pdf.pages)
        assert "SeealsoWhichtwo?" in text
        assert "Seealso1" in text
        assert "-id" not in text
        assert "Oncode" in text
        found = list(glyphs(pdf.pages[0]))
        code = next(glyph for glyph in found if glyph.text == "(")
        printed = next(
            g for g, h in pairwise(found) if g.text == "s" and h.text == "e" and g.y < code.y and g.size == code.size
        )
        assert 0 < code.y - printed.y < 4 * code.size


def test_an_index_tells_of_sections_without_numbers_how_many_questions_they_have(tmp_path: Path) -> None:
    deck = f"{DECK}  - id: more\n    title: More\n"
    first, more = "- {id: one, number: 1, question: Q?, answer: A.}\n", "- {id: two, question: Q?, answer: A.}\n"
    for pdf in sheets_of(tmp_path, {"deck.yaml": deck, "first.yaml": first, "more.yaml": more}).values():
        assert "Questions:1" in words(glyphs(pdf.pages[0]))


def test_a_section_whose_first_question_has_no_room_on_a_page_begins_the_next_one(tmp_path: Path) -> None:
    head = DECK.partition("sections:")[0] + "sections:\n"
    files: dict[str, str | bytes] = {}
    for section in range(3):
        head += f"  - {{id: s-{section}, title: Section {section}}}\n"
        files[f"s-{section}.yaml"] = "".join(
            f"- {{id: q-{section}-{each}, question: Question {each}?, answer: {'Words that go on and on. ' * 20}}}\n"
            for each in range(20)
        )
    for paper, made in sheets_of(tmp_path, {**files, "deck.yaml": head}).items():
        assert len(in_columns(made, paper)) > 10_000
