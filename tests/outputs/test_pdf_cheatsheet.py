"""The cheat sheet is one sheet of paper: gists and comparisons in boxes, all columns of one height, nothing cut off."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf

from cardpress.cli.main import run as run_command
from cardpress.deck.notes import Deck
from cardpress.writers import load_writer
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.decks import deck_from
from tests.helpers.hard_texts import HARD
from tests.helpers.pdf_pages import PAPERS, Glyph, glyphs, pictures, run, words
from tests.helpers.pictures import png
from tests.helpers.yaml_text import indented

MM = 72 / 25.4
SIDE, GUTTER, ACROSS = 7 * MM, 3 * MM, 4  # of few pieces, there are two or three columns
FOOT = 8.5 * MM
SMALLEST, LARGEST = 6.0, 9.6
LINE = "what one looks up, as short as on a note"
TABLE = """\
comparisons:
  - title: Even against odd
    section: first
    table: |
      | even | odd  |
      |------|------|
      | two  | one  |
  - title: Primes
    table: |
      | small | large  |
      |-------|--------|
      | seven | eleven |
"""


def made_of(deck: Deck) -> dict[str, bytes]:
    return {
        each.name.removeprefix(f"{deck.id}-cheatsheet-").removesuffix(".pdf"): each.data
        for each in load_writer("pdf")(deck).artifacts
        if "-cheatsheet-" in each.name
    }


def sheets_of(folder: Path, files: dict[str, str | bytes]) -> dict[str, Pdf]:
    deck = deck_from(folder, {"deck.yaml": f"{DECK}outputs: {{pdf: false, cheatsheet: true}}\n"} | files)
    return {paper: pikepdf.open(io.BytesIO(data)) for paper, data in made_of(deck).items()}


def with_gists(count: int, *lines: str) -> str:
    """Return questions that have a gist of these lines each."""
    gist = "".join(f"    - {json.dumps(line)}\n" for line in lines)
    return "".join(
        f"- id: q{n}\n  number: {n}\n  question: What is {n}?\n  answer: A.\n  gist:\n{gist}"
        for n in range(1, count + 1)
    )


def columns(pdf: Pdf, paper: str, across: int = ACROSS) -> list[list[Glyph]]:
    """Return what stands in each column, page by page. Nothing may stand between them, or leave the paper."""
    high, wide = PAPERS[paper]
    width = (wide - 2 * SIDE - (across - 1) * GUTTER) / across
    found = []
    for number, page in enumerate(pdf.pages):
        top = high - 16 * MM if number == 0 else high  # the deck's title
        shown = [glyph for glyph in glyphs(page) if glyph.text.strip() and FOOT < glyph.y < top]
        for index in range(across):
            start = SIDE + index * (width + GUTTER)
            here = [glyph for glyph in shown if start - GUTTER / 2 <= glyph.left < start + width + GUTTER / 2]
            assert all(start - 0.1 <= glyph.left and glyph.right <= start + width + 0.1 for glyph in here)
            found.append(here)
    return found


def text_of(pdf: Pdf) -> str:
    return "".join(words(glyphs(page)) for page in pdf.pages)


def test_many_gists_are_on_two_landscape_pages_in_columns_of_one_height(tmp_path: Path) -> None:
    for paper, pdf in sheets_of(tmp_path, {"first.yaml": with_gists(70, *[LINE] * 4)}).items():
        assert len(pdf.pages) == 2
        for page in pdf.pages:
            assert [float(side) for side in page.mediabox] == pytest.approx([0, 0, *reversed(PAPERS[paper])], abs=0.1)
        assert text_of(pdf).count("".join(LINE.split())) == 280
        lowest = [min(glyph.y for glyph in column) for column in columns(pdf, paper)]
        assert max(lowest) - min(lowest) < 2 * MM
        # They are filled to the foot of the page.
        assert max(lowest) < FOOT + 5 * MM
        assert min(glyph.size for page in pdf.pages for glyph in glyphs(page)) >= SMALLEST - 0.001


def test_few_gists_are_on_one_page_in_large_type(tmp_path: Path) -> None:
    for pdf in sheets_of(tmp_path, {"first.yaml": with_gists(4, LINE)}).values():
        assert len(pdf.pages) == 1
        assert {round(glyph.size, 1) for glyph in glyphs(pdf.pages[0]) if glyph.text == "•"} == {LARGEST}


@pytest.mark.parametrize(("count", "across", "size"), [(1, 2, 13.0), (2, 2, 13.0), (3, 3, 12.0), (5, 4, LARGEST)])
def test_few_pieces_have_few_columns_and_larger_type(tmp_path: Path, count: int, across: int, size: float) -> None:
    for paper, pdf in sheets_of(tmp_path, {"first.yaml": with_gists(count, LINE)}).items():
        shown = columns(pdf, paper, across)
        assert [bool(column) for column in shown] == [index < count for index in range(across)]
        assert {round(glyph.size, 1) for column in shown for glyph in column if glyph.text == "•"} == {size}


def test_a_gist_is_clipped_to_five_lines_and_no_question_is_cut_in_two(tmp_path: Path) -> None:
    lines = [f"point {name}" for name in ("one", "two", "three", "four", "five", "six")]
    for paper, pdf in sheets_of(tmp_path, {"first.yaml": with_gists(70, *lines)}).items():
        shown = [words(column) for column in columns(pdf, paper)]
        assert "pointsix" not in "".join(shown)
        assert sum(each.count("pointone") for each in shown) == 70
        assert all(each.count("pointone") == each.count("pointfive") == each.count("Whatis") for each in shown)


def test_what_does_not_fit_goes_on_and_the_author_is_told_how_much(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, {"first.yaml": with_gists(120, *[LINE + ", and what else there may be to it"] * 5)})
    written = load_writer("pdf")(deck)
    (found,) = [each for each in written.diagnostics if each.code == "long-cheat-sheet"]
    assert re.search(r"goes on to 5 pages .* are \d+ % more than it has room for", found.message)
    for data in made_of(deck).values():
        pdf = pikepdf.open(io.BytesIO(data))
        assert len(pdf.pages) == 5
        assert min(glyph.size for page in pdf.pages for glyph in glyphs(page)) >= SMALLEST - 0.001
        assert all(f"Whatis{number}?" in text_of(pdf) for number in range(1, 121))


def test_a_comparison_stands_in_its_section_or_in_a_box_of_its_own(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"deck.yaml": DECK + TABLE, "first.yaml": with_gists(2, LINE)}
    for pdf in sheets_of(tmp_path, files).values():
        with pdf.open_outline() as outline:
            entries = [(entry.title, [child.title for child in entry.children]) for entry in outline.root]
        assert entries == [("First section", ["1 What is 1?", "2 What is 2?", "Even against odd"]), ("Primes", [])]
        assert all(word in text_of(pdf) for word in ("two", "odd", "seven", "eleven"))


def test_comparisons_alone_are_a_sheet(tmp_path: Path) -> None:
    for pdf in sheets_of(tmp_path, {"deck.yaml": DECK + TABLE, "first.yaml": QUESTION}).values():
        assert "eleven" in text_of(pdf)
        assert "Whatisone" not in text_of(pdf)


def test_a_long_table_goes_on_in_the_next_column_below_its_head(tmp_path: Path) -> None:
    rows = "".join(f"      | n{number} | m{number} |\n" for number in range(90))
    deck = f"{DECK}comparisons:\n  - title: Numbers\n    table: |\n      | less | more |\n      |---|---|\n{rows}"
    for pdf in sheets_of(tmp_path, {"deck.yaml": deck, "first.yaml": QUESTION}).values():
        assert all(f"n{number}m{number}" in text_of(pdf) for number in range(90))
        assert text_of(pdf).count("lessmore") >= 4


def comparison(*rows: str) -> str:
    return "comparisons:\n  - title: Compared\n    table: |\n" + "".join(f"      {row}\n" for row in rows)


def test_a_table_of_high_rows_goes_on_in_the_next_column_in_type_as_large(tmp_path: Path) -> None:
    rows = (f"| r{n} | {'some words that make a row high, and are read all the same ' * 4}|" for n in range(12))
    deck = DECK + comparison("| less | more |", "|---|---|", *rows)
    for paper, pdf in sheets_of(tmp_path, {"deck.yaml": deck, "first.yaml": QUESTION}).items():
        shown = [words(column) for column in columns(pdf, paper)]
        assert sum("lessmore" in column for column in shown) > 1
        assert all(f"r{n}some" in "".join(shown) for n in range(12))
        # Nothing is made smaller than the size of the sheet: heads of tables and texts are alike.
        assert len({round(glyph.size, 2) for glyph in glyphs(pdf.pages[0]) if glyph.text == "w"}) == 1


@pytest.mark.parametrize(("count", "cell", "is_table"), [(12, "1", True), (6, "words", True), (13, "quadratic", False)])
def test_a_table_too_wide_for_a_column_has_its_rows_as_text(
    tmp_path: Path, count: int, cell: str, is_table: bool
) -> None:
    rows = [f"|{f'{each}|' * count}" for each in ("h", "-", cell, cell)]
    for paper, pdf in sheets_of(tmp_path, {"deck.yaml": DECK + comparison(*rows), "first.yaml": QUESTION}).items():
        (shown, *_) = [words(column) for column in columns(pdf, paper, across=2) if column]
        row = ("" if is_table else "·").join([cell] * count)
        assert shown.count(row) == 2
        assert shown.count("·") == (0 if is_table else 3 * (count - 1))


def test_a_line_that_is_a_picture_alone_is_a_diagram_below_the_points(tmp_path: Path) -> None:
    lines = (LINE, "![a square](square.png)")
    files: dict[str, str | bytes] = {"first.yaml": with_gists(2, *lines), "media/square.png": png(400, 400)}
    for paper, pdf in sheets_of(tmp_path, files).items():
        found = pictures(pdf.pages[0])
        assert len(found) == 2
        assert all(right - left < (PAPERS[paper][1] - 2 * SIDE) / 2 for left, _, right, _ in found)
        # No bullet stands before it.
        assert words(glyphs(pdf.pages[0])).count("•") == 2


def test_wide_diagrams_share_a_row_across_the_sheet(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "first.yaml": with_gists(3, LINE, "![a strip](strip.png)"),
        "media/strip.png": png(900, 300),
    }
    for paper, pdf in sheets_of(tmp_path, files).items():
        found = pictures(pdf.pages[0])
        assert len({round(bottom) for _, bottom, _, _ in found}) == 1
        assert all(right - left > PAPERS[paper][1] / 4 for left, _, right, _ in found)


def test_nothing_is_lost_where_wide_diagrams_need_a_page_for_themselves(tmp_path: Path) -> None:
    with_strips = with_gists(6, *[LINE] * 4, "![a strip](strip.png)")
    for count in (10, 12, 14):
        others = with_gists(count + 6, *[LINE] * 4).split("- id: q7\n", 1)[1]
        file = f"{with_strips}- id: q7\n{others}"
        files: dict[str, str | bytes] = {"first.yaml": file, "media/strip.png": png(900, 520)}
        for pdf in sheets_of(tmp_path / str(count), files).values():
            assert [len(pictures(page)) for page in pdf.pages][-2:] in ([6], [0, 6])
            text = text_of(pdf)
            # A diagram has its question's name below it.
            shown = [text.count(f"{number}Whatis{number}?") for number in range(1, count + 7)]
            assert shown == [2] * 6 + [1] * count


def test_a_diagram_that_cannot_be_printed_has_its_description_among_the_points(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "deck.yaml": f"{DECK}outputs: {{pdf: false, cheatsheet: true}}\n",
        "first.yaml": with_gists(2, LINE, "![a square](square.png)"),
        "media/square.png": png(4, 4, b"no pixels"),
    }
    written = load_writer("pdf")(deck_from(tmp_path, files))
    assert [each.code for each in written.diagnostics] == ["unprintable-picture"]
    for artifact in written.artifacts:
        text = text_of(pikepdf.open(io.BytesIO(artifact.data)))
        assert text.count("[asquare]") == 2
        assert text.count("•") == 4


PICTURE = "![a square](square.png)"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (PICTURE, "a square"),
        (f"See {PICTURE} here", "See a square here"),
        ("- one\n- two", "- one - two"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"),
        ("```\nx = 1\n```", "x = 1"),
        ("\\[x\\]", None),
        ("> said", "said"),
        ("[The docs](https://example.org/) on it", "The docs on it"),
        ("#set *b* @ref", "#set b @ref"),
        ("A story of a case. " * 40, "A story of a case. " * 6 + "A sto…"),
    ],
)
def test_whatever_a_question_or_a_table_is_called_is_a_line(tmp_path: Path, title: str, shown: str | None) -> None:
    table = f"  - title: {indented(title, 6)}    table: |\n      | c | d |\n      |---|---|\n"
    deck = f"{DECK}comparisons:\n{table}{table}    section: first\n"
    file = f"- id: q\n  question: {indented(title)}  answer: A.\n  gist: [short]\n"
    files: dict[str, str | bytes] = {"deck.yaml": deck, "first.yaml": file, "media/square.png": png(4, 4)}
    written = load_writer("pdf")(deck_from(tmp_path, files))
    assert written.diagnostics == ()
    data = next(each.data for each in written.artifacts if "-cheatsheet-a4" in each.name)
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        section, other = outline.root
        assert len(pdf.pages) == 1
        titles = [entry.title for entry in (*section.children, other)]
        assert len(titles) == 3
        assert "/URI" not in str([annotation.get("/A") for annotation in pdf.pages[0].get("/Annots", [])])
        assert shown is None or titles == [shown] * 3


def test_a_table_whose_title_is_a_rule_has_one_all_the_same(tmp_path: Path) -> None:
    deck = f"{DECK}comparisons:\n  - title: '---'\n    table: |\n      | c | d |\n      |---|---|\n"
    pdf, _ = sheets_of(tmp_path, {"deck.yaml": deck, "first.yaml": QUESTION}).values()
    with pdf.open_outline() as outline:
        assert [entry.title for entry in outline.root] == ["–"]


def test_a_long_title_and_description_stay_above_the_boxes(tmp_path: Path) -> None:
    title, description = "A title of many words that goes on " * 5, "What this deck is about " * 20
    deck = DECK.replace("Sample deck", f"{title} Zebra").replace("date:", f"description: {description} Lynx\ndate:")
    for paper, pdf in sheets_of(tmp_path, {"deck.yaml": deck, "first.yaml": with_gists(3, LINE)}).items():
        found = list(glyphs(pdf.pages[0]))
        for word in ("Zebra", "Lynx"):
            assert all(glyph.y > PAPERS[paper][0] - 16 * MM for glyph in run(found, word))
        columns(pdf, paper, across=3)


def test_a_deck_without_gists_has_no_such_sheet(
    write_project: WriteProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = write_project({})
    assert run_command(["--project", str(project), "--only", "cheatsheet,page"]) == 0
    said = capsys.readouterr().out
    assert "warning[empty-sheet] there is no cheat sheet of a deck without `gist` and `comparisons`" in said
    assert sorted(path.name for path in (project / "dist").glob("sample*")) == ["sample.html"]
    assert "cheatsheet" not in (project / "dist" / "sample.html").read_text(encoding="utf-8")


def test_the_page_links_the_sheet_of_a_deck_that_has_one(write_project: WriteProject) -> None:
    project = write_project({"first.yaml": QUESTION + "  gist: [the first]\n"})
    assert run_command(["--project", str(project)]) == 0
    page = (project / "dist" / "sample.html").read_text(encoding="utf-8")
    assert 'href="sample-cheatsheet-a4.pdf"' in page
    assert "sample-cheatsheet-letter.pdf" in (project / "dist" / "SHA256SUMS").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_nothing_leaves_its_column(tmp_path: Path, text: str) -> None:
    file = f"- id: q\n  question: Q?\n  answer: A.\n  gist:\n    - short\n    - {indented(text, 8)}"
    for paper, pdf in sheets_of(tmp_path, {"first.yaml": file}).items():
        shown = re.sub("[-•]", "", "".join(words(column) for column in columns(pdf, paper, across=2)))
        assert re.sub(r"```python|[-|>`<\s]", "", text) in shown


@pytest.mark.parametrize("language", ["ar", "ja"])
def test_it_is_made_in_other_languages(tmp_path: Path, language: str) -> None:
    texts = {"ar": "نقطة مهمة جدا", "ja": "覚えておくべきこと"}
    deck = DECK.replace("version", f"language: {language}\nversion")
    files: dict[str, str | bytes] = {"deck.yaml": deck, "first.yaml": with_gists(3, texts[language], "two")}
    for pdf in sheets_of(tmp_path, files).values():
        assert len(pdf.pages) == 1
        boxes = [glyph for glyph in glyphs(pdf.pages[0]) if glyph.text == "1"]
        # The first column is where the language begins.
        assert (min(glyph.left for glyph in boxes if glyph.y > FOOT) > 400) is (language == "ar")
