"""The booklet has everything, in one column that nothing leaves, with its recall notes to cover and answer."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Pdf

from cardpress import outputs
from cardpress.writers import pdf as writer
from tests.conftest import DECK, QUESTION
from tests.helpers.decks import deck_from
from tests.helpers.hard_texts import HARD
from tests.helpers.pdf_pages import PAPERS, Glyph, glyphs, lines, list_empty, pictures, printed, run, words
from tests.helpers.pictures import png
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.yaml_text import indented

POINTS_PER_MM = 72 / 25.4
SIDES = {"a4": 33 * POINTS_PER_MM, "letter": 36 * POINTS_PER_MM}


def booklets(folder: Path, files: dict[str, str | bytes]) -> dict[str, Pdf]:
    made = printed(replace(deck_from(folder, files), outputs=("booklet",)))
    return {paper: pikepdf.open(io.BytesIO(made[f"booklet-{paper}"].data)) for paper in PAPERS}


def all_glyphs(pdf: Pdf) -> list[Glyph]:
    return [glyph for page in pdf.pages for glyph in glyphs(page)]


@pytest.mark.parametrize("text", HARD.values(), ids=HARD)
def test_nothing_leaves_its_page(tmp_path: Path, text: str) -> None:
    fields = "".join(f"  {key}: {indented(text)}" for key in ("how_to_answer", "example_answer", "extra"))
    recall = f"  recall:\n    - id: r\n      question: {indented(text, 8)}      answer: {indented(text, 8)}"
    for paper, pdf in booklets(
        tmp_path, {"first.yaml": f"- id: q\n  question: Q?\n  answer: A.\n{fields}{recall}"}
    ).items():
        width, height = PAPERS[paper]
        for glyph in all_glyphs(pdf):
            if glyph.text.strip():
                assert SIDES[paper] - 0.1 <= glyph.left, glyph
                assert glyph.right <= width - SIDES[paper] + 0.1, glyph
                assert 20 < glyph.y < height - 20


def test_a_page_has_its_number_and_the_foot_says_what_was_checked(tmp_path: Path) -> None:
    deck = DECK.replace("sections:", "checked: Sample 1.0\nlicense: MIT\nsections:")
    for pdf in booklets(tmp_path, {"deck.yaml": deck, "first.yaml": QUESTION}).values():
        for number, page in enumerate(pdf.pages, 1):
            foot = words([glyph for glyph in glyphs(page) if glyph.y < 60])
            assert foot == f"Version1.0.0,2026-01-02·CheckedonSample1.0·MIT{number}of{len(pdf.pages)}"


def test_a_deletion_is_underlined_and_its_answer_is_to_be_seen(tmp_path: Path) -> None:
    for pdf in booklets(tmp_path, EVERYTHING).values():
        for page in pdf.pages:
            found = list(glyphs(page))
            text = "".join(glyph.text for glyph in found)
            if "One comes before two" in text:
                shown, strokes = run(found, "One comes before two"), lines(page)
                assert all(underlined(glyph, strokes) for glyph in (*shown[:3], *shown[-3:]))
                assert not any(underlined(glyph, strokes) for glyph in shown[4:10])
                break
        else:
            pytest.fail("the cloze text is not there")


def underlined(glyph: Glyph, strokes: list[tuple[float, float, float, float]]) -> bool:
    return any(x1 - 0.5 <= glyph.left and glyph.right <= x2 + 0.5 and 0 < glyph.y - y1 < 3 for x1, y1, x2, _ in strokes)


def test_an_answer_to_recall_stands_beside_its_question(tmp_path: Path) -> None:
    for pdf in booklets(tmp_path, EVERYTHING).values():
        found = all_glyphs(pdf)
        asked, answer = run(found, "What comes after two?"), run(found, "?Three.")[1]
        assert answer.y == pytest.approx(asked[0].y, abs=0.1)
        assert answer.left > max(glyph.right for glyph in asked)


def test_code_to_recall_stands_before_its_answer(tmp_path: Path) -> None:
    wide = f"value = {' + '.join(map(str, range(12)))}"
    for number, code in enumerate(("one = 1", wide)):
        recall = "  recall: [{id: r, question: What is asked?, snippet: code.py, answer: It is told.}]\n"
        files: dict[str, str | bytes] = {
            "first.yaml": QUESTION + recall,
            "snippets/code.py": f"# card:\n{code}\n# end\n",
        }
        for pdf in booklets(tmp_path / str(number), files).values():
            found = all_glyphs(pdf)
            asked, shown, answer = (run(found, text)[0] for text in ("What is asked?", code, "It is told."))
            assert asked.y > shown.y > answer.y
            assert answer.left > asked.left + 100


def test_what_is_asked_with_a_question_stands_before_its_answer(tmp_path: Path) -> None:
    note = (
        "- {id: q, question: What is asked?, answer: It is told., snippet: one.py, sources: [https://example.org/]}\n"
    )
    for pdf in booklets(tmp_path, {"deck.yaml": DECK + "note_type: basic\n", "first.yaml": note}).values():
        found = all_glyphs(pdf)
        assert run(found, "print(one)")[0].y > run(found, "It is told.")[0].y


def test_the_contents_name_questions_without_their_pictures(tmp_path: Path) -> None:
    asked = indented("Which flag is this?\n\n1. Of a country?\n2. Of a town?\n")
    file = f"- id: q\n  question: {asked}  answer: A.\n- {{id: p, question: '![a flag](dot.png)', answer: B.}}\n"
    for pdf in booklets(tmp_path, {"first.yaml": file, "media/dot.png": png(300, 200)}).values():
        assert sum(len(pictures(page)) for page in pdf.pages) == 1
        text = "".join(words(glyphs(page)) for page in pdf.pages)
        assert text.count("Whichflagisthis?") == 2
        assert text.count("Ofacountry?") == 1
        assert "aflag1" in text


def test_the_contents_leave_no_last_question_alone_on_a_page(tmp_path: Path) -> None:
    for count in (44, 48):  # one more than the first page of Letter and of A4 has room for
        file = "".join(f"- {{id: q{number}, question: Is it {number}?, answer: A.}}\n" for number in range(count))
        deck = f"{DECK}checks: {{near-duplicate-question: off}}\n"
        for pdf in booklets(tmp_path / str(count), {"deck.yaml": deck, "first.yaml": file}).values():
            entries = [
                len({round(glyph.y) for glyph in glyphs(page) if glyph.size == pytest.approx(8.6)})
                for page in pdf.pages
            ]
            assert sum(entries) == count
            assert 1 not in entries, (count, entries)


def test_page_numbers_in_the_contents_stand_on_the_line_of_a_tall_formula(tmp_path: Path) -> None:
    formula = r"What is \(\frac{\frac{a}{b}}{\frac{c}{d}}\) here?"
    file = f"- id: q\n  question: '{formula}'\n  answer: A.\n"
    for pdf in booklets(tmp_path, {"first.yaml": file}).values():
        found = [glyph for glyph in all_glyphs(pdf) if glyph.size == pytest.approx(8.6)]
        assert run(found, "here?")[0].y == pytest.approx(run(found, "1")[0].y, abs=0.1)


def test_a_source_has_code_in_its_title(tmp_path: Path) -> None:
    source = "sources: [{title: 'Why `yield` waits', url: 'https://example.org/'}]"
    for pdf in booklets(tmp_path, {"first.yaml": f"- {{id: q, question: Q?, answer: A., {source}}}\n"}).values():
        text = "".join(glyph.text for glyph in all_glyphs(pdf))
        assert "Why yield waits" in text
        assert "`" not in text


LONG_PARTS = {
    "code": "```text\n" + "a line of code\n" * 60 + "```",
    "less code": "```text\n" + "a line of code\n" * 34 + "```",
    "prose": "Many words that go on. " * 120,
    "a picture": "![high](high.png)",
}


@pytest.mark.parametrize("part", LONG_PARTS.values(), ids=LONG_PARTS)
@pytest.mark.parametrize("count", [1, 3])
def test_no_page_is_less_than_a_quarter_full_but_the_last(tmp_path: Path, part: str, count: int) -> None:
    sections = "".join(f"  - {{id: s{number}, title: Section {number}}}\n" for number in range(6))
    questions = "".join(
        f"- id: q-{{0}}-{number}\n  question: Q{number}?\n  answer: {indented('Some words. ' * 30)}"
        f"  extra: {indented(part)}"
        for number in range(count)
    )
    files = {f"s{number}.yaml": questions.replace("{0}", str(number)) for number in range(6)}
    deck = (
        DECK.replace("  - id: first\n    title: First section\n", sections) + "checks: {near-duplicate-question: off}\n"
    )
    for paper, pdf in booklets(tmp_path, {"deck.yaml": deck, "media/high.png": png(100, 300), **files}).items():
        assert list_empty(pdf, paper) == []


def test_a_picture_fits_its_page(tmp_path: Path) -> None:
    file = f"- id: q\n  question: Q?\n  answer: A.\n  extra: {indented('![high](high.png)')}"
    for paper, pdf in booklets(tmp_path, {"first.yaml": file, "media/high.png": png(10, 1000)}).items():
        assert len(pdf.pages) == 1
        assert PAPERS[paper]


def test_a_deck_of_very_many_questions_has_no_booklet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = "".join(f"- {{id: q{number}, question: Q?, answer: A.}}\n" for number in range(4))
    deck = deck_from(tmp_path, {"first.yaml": file})
    for longest, kinds in ((4, {"booklet", "study", "flashcards"}), (3, {"study", "flashcards"})):
        monkeypatch.setattr(outputs, "LONGEST_BOOKLET", longest)
        assert {artifact.name.split("-")[1] for artifact in writer.write(deck).artifacts} == kinds
