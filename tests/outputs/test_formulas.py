"""Formulas in every output: in a field, on the page, in the bundle and on the sheets."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pypdf
import pytest

from cardpress.anki.card_templates import join_css
from cardpress.anki.fields import render_fields
from cardpress.deck.notes import Deck
from cardpress.markdown import parse
from cardpress.writers import load_writer
from cardpress.writers.page.html import PageWriter
from cardpress.writers.pdf.boxes import box_missing
from cardpress.writers.pdf.cutting import cut, split_at
from cardpress.writers.pdf.data import make_print_data
from cardpress.writers.pdf.heights import flatten, height_of
from cardpress.writers.pdf.nodes import _nodes
from cardpress.writers.pdf.words import replace_by_words
from tests.conftest import DECK, QUESTION
from tests.helpers.decks import deck_from
from tests.helpers.formulas import FORMULAS
from tests.helpers.pdf_pages import glyphs, operations, printed, sheets


@cache
def deck() -> Deck:
    with TemporaryDirectory() as folder:
        return deck_from(Path(folder), FORMULAS)


@cache
def made(output: str) -> dict[str, bytes]:
    return {each.name: each.data for each in load_writer(output)(deck()).artifacts}


def nodes(text: str) -> list[Any]:
    return _nodes(parse(text).blocks)


def list_alternatives(pdf: bytes) -> list[str]:
    """Return the formulas of a PDF as it reads them out, in their order."""
    found: list[str] = []

    def visit(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            for each in node:
                visit(each)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            if node.get("/S") == "/Formula":
                found.append(str(node["/Alt"]))
            if "/K" in node:
                visit(node["/K"])

    reader: Any = pypdf.PdfReader(io.BytesIO(pdf))
    visit(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def test_a_field_has_latex_for_ankis_mathjax() -> None:
    section = deck().sections[0]
    one, two = section.notes
    fields = render_fields(section, one, one)
    assert fields["Question"] == r"What is \(\frac{a}{b} &lt; 1\), in $5?"
    assert "\n\\[\n\\begin{aligned}\n" in f"\n{fields['Answer']}".replace("<p>", "\n")
    assert r"\(\|y\|\)" in fields["Answer"]
    assert "<span>" not in "".join(fields.values())
    cloze = render_fields(section, one, one.recall[0])
    assert cloze["Text"] == r"So {{c1::\(\frac{a}{b^{2} }\)}} is {{c2::\(a: :b\)::which?}}, and \(c\)."
    assert r"\(\enclose{circle}{c} + \text{" in render_fields(section, two, two)["Question"]


def test_cards_of_a_deck_with_formulas_alone_have_their_style(tmp_path: Path) -> None:
    plain = deck_from(tmp_path, {"first.yaml": QUESTION})
    assert [join_css(each, each.note_types[0]).count("mjx-container") for each in (deck(), plain)] == [2, 0]


def test_the_page_and_the_bundle_have_mathml() -> None:
    (page,) = (data.decode() for name, data in made("page").items() if name.endswith(".html"))
    assert '<math display="block" alttext="\\begin{aligned}' in page
    assert "<mfrac><mi>a</mi><mi>b</mi></mfrac>" in page
    assert '<mark class="cloze" data-hint="which?"' in page.replace('data-cloze="2" ', "")
    assert " style=" not in page
    bundle = json.loads(made("json")["sample.json"])
    text = json.dumps(bundle, ensure_ascii=False)
    assert "<math" in text
    assert r"What is \\(\\frac{a}{b} < 1\\), in $5?" in text


def test_on_the_page_a_sign_behind_a_formula_stays_in_its_line() -> None:
    writer = PageWriter({}, lambda pieces: pieces)
    math = '<math alttext="x"><mi>x</mi></math>'

    def line(text: str) -> str:
        return writer.line(parse(text, with_deletions=True))

    assert line(r"a \(x\), b \(x\)") == f'a <span class="together">{math},</span> b {math}'
    assert line(r"**\(x\)**.") == f'<span class="together"><strong>{math}</strong>.</span>'
    assert line(r"{{c1::\(x\)}}? \(x\)!") == (
        f'<span class="together"><mark class="cloze">{math}</mark>?</span> <span class="together">{math}!</span>'
    )
    assert "together" not in line(r"a \(x\) (b), *c*.")


def test_the_sheets_set_formulas_and_read_them_out() -> None:
    for name, pdf in made("pdf").items():
        reader: Any = pypdf.PdfReader(io.BytesIO(pdf))
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"], name
        fonts = {
            str(font.get_object()["/BaseFont"])
            for page in reader.pages
            for font in page["/Resources"]["/Font"].values()
        }
        assert any("NewCMMath" in each for each in fonts), name
    (booklet,) = (pdf for name, pdf in made("pdf").items() if name.endswith("booklet-a4.pdf"))
    alternatives = list_alternatives(booklet)
    assert r"\(\frac{a}{b} < 1\)" in alternatives
    assert any(r"\begin{aligned}" in each for each in alternatives), alternatives
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(booklet)).pages)
    assert '#panic("x")' in text  # as typed, since nothing of it is parsed
    assert r"\enclose{circle}" in text


def test_a_deck_without_formulas_has_no_font_for_them(tmp_path: Path) -> None:
    files = {**FORMULAS, "first.yaml": "- id: one\n  question: What?\n  answer: That.\n  sources: [https://e.org]\n"}
    for each in load_writer("pdf")(deck_from(tmp_path, files)).artifacts:
        assert b"NewCM" not in each.data


def test_a_formula_on_a_line_of_its_own_parts_its_paragraph() -> None:
    before, formula, after = nodes("a *b*\n\\[x\\]\nc")
    assert (before["t"], formula["t"], after["t"]) == ("p", "equation", "p")
    assert [each["t"] for each in nodes("\\[x\\]")] == ["equation"]


def test_a_formula_is_not_cut_in_two() -> None:
    (paragraph,) = nodes(r"some words before \(\frac{a + b + c + d}{e + f + g + h}\) and some behind")
    line = paragraph["c"]
    room = len(flatten(line[:1]))
    for place in range(len(flatten(line)) + 1):
        first, rest = split_at(line, place)
        assert sum("formula" in each for each in (*first, *rest) if not isinstance(each, str)) == 1
    assert next(each for each in split_at(line, room + 2)[1] if not isinstance(each, str))["alt"].startswith(r"\(")
    many = nodes("\n\n".join(f"\\[x_{{{number}}} = \\frac{{1}}{{2}}\\]" for number in range(20)))
    first, rest = cut(many, 10.0, 20.0)
    assert first
    assert len(first) + len(rest) == 20
    assert height_of(first, 20.0) <= 10.0


def test_a_question_of_a_formula_alone_is_its_own_heading(tmp_path: Path) -> None:
    question = "- id: one\n  question: \\(x^2\\)\n  answer: That.\n  sources: [https://example.org/one]\n"
    alone = deck_from(tmp_path, {"first.yaml": question})
    note = make_print_data(alone)["sections"][0]["notes"][0]
    assert note["name"] is None
    for each in load_writer("pdf")(alone).artifacts:
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(each.data)).pages)
        assert "\\(" not in text, each.name


@pytest.mark.parametrize(
    "entry",
    [
        r"question: '\[ x \]', answer: That., sources: [https://example.org/one]",
        r"question: '\(\frac{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}{x}\)', answer: That., sources: [https://example.org/one]",
        r"cloze: '\[ {{c1::x}} + b^2 = c^2 \]'",
        r"cloze: '{{c1::\[ x \]}}'",
        r"question: '$$\begin{aligned} x &= y \end{aligned}$$', answer: That., sources: [https://example.org/one]",
    ],
)
def test_a_heading_of_a_wide_formula_alone_has_a_title(tmp_path: Path, entry: str) -> None:
    """Without one, Typst makes no PDF/UA, and the whole sheet would be words."""
    files = {"deck.yaml": f"{DECK}math: dollars\n", "first.yaml": f"- {{id: one, {entry}}}\n"}
    made = load_writer("pdf")(deck_from(tmp_path, files))
    assert not made.diagnostics
    (booklet,) = (each.data for each in made.artifacts if each.name.endswith("booklet-a4.pdf"))
    reader = pypdf.PdfReader(io.BytesIO(booklet))
    titles = [each["/Title"] for each in reader.outline[1] if isinstance(each, dict)]
    assert len(titles) == 1
    assert "x" in str(titles[0])


def test_what_cannot_be_set_is_words() -> None:
    assert replace_by_words(nodes(r"a \(x\) b")) == [{"t": "p", "c": [r"a \(x\) b"]}]
    assert replace_by_words(nodes(r"\[x\]")) == [{"t": "p", "c": [r"\[x\]"]}]


def test_words_in_a_formula_have_a_box_for_what_no_font_has() -> None:
    data = {"text": nodes(r"\(∫ x = \text{a 𒀀}\)")}
    boxed = box_missing(data, deck().fonts)
    written = json.dumps(boxed["text"][0]["c"][0]["formula"], ensure_ascii=False)
    assert "∫" in written
    assert "a □" in written


@pytest.mark.parametrize(
    "source", [r"\text{#sys.inputs}", r"\text{$x$}#", r'\text{"]#panic()["}', r"\#panic", r"\operatorname{import}"]
)
def test_nothing_that_an_author_types_is_evaluated(source: str) -> None:
    """Templates get signs and words as data; none of them calls Typst's `eval`."""
    for template in Path("templates/print").glob("*.typ"):
        assert not re.search(r"\beval\b", template.read_text(encoding="utf-8"))
    assert isinstance(json.dumps(nodes(rf"\({source}\)")), str)


def test_the_sheets_are_the_same_each_time(tmp_path: Path) -> None:
    again = {each.name: each.data for each in load_writer("pdf")(deck_from(tmp_path, FORMULAS)).artifacts}
    assert again == made("pdf")


def test_an_answer_of_a_formula_alone_is_on_its_card(tmp_path: Path) -> None:
    note = r"- {id: one, question: What is it?, answer: '\[x = \frac{1}{2}\]', sources: [https://example.org/]}"
    files = printed(deck_from(tmp_path, {"deck.yaml": DECK + "note_type: basic\n", "first.yaml": note}))
    assert r"\[x = \frac{1}{2}\]" in list_alternatives(files["flashcards-a4"].data)


def test_paper_hides_and_marks_a_part_of_a_formula(tmp_path: Path) -> None:
    cloze = r"- {id: one, cloze: 'So \(x = \frac{ {{c1::\text{up}}} }{ {{c2::\text{low}::a hint}} }\).'}"
    files = printed(deck_from(tmp_path, {"deck.yaml": DECK, "first.yaml": cloze}))
    cards = files["flashcards-a4"].data
    front, back = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(cards)).pages)
    assert (front.count("[…]"), front.count("[a hint]"), front.count("up"), front.count("low")) == (1, 1, 1, 1)
    assert (back.count("up"), back.count("low"), back.count("[")) == (2, 2, 0)
    alternatives = list_alternatives(cards)
    assert r"\(x = \frac{ \text{[…]} }{ \text{low} }\)" in alternatives
    with pikepdf.open(io.BytesIO(files["study-notes-a4"].data)) as sheet:
        filled = [operands for page in sheet.pages for name, operands in operations(page) if name in ("rg", "scn")]
    gap = tuple(part / 255 for part in (0xE2, 0xEC, 0xF7))
    assert sum(tuple(map(float, each)) == pytest.approx(gap, abs=0.01) for each in filled if len(each) == 3) == 2


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        (r"eine \(2 \times 2\)-Matrix", ["eine ", "\u2060-\u2060Matrix"]),
        (r"das \(n\)te, (\(x\)).", ["das ", "\u2060te, (\u2060", "\u2060)."]),
        (r"**\(x\)**-mal", ["\u2060-\u2060mal"]),
        (r"(**\(x\)**) y", ["(\u2060", "\u2060) y"]),
        (r"\(x\)\(y\)", ["\u2060"]),
        (r"a \(x\) b", ["a ", " b"]),
        (r"値は\(x\)です", ["値は", "です"]),
    ],
)
def test_paper_keeps_a_formula_and_what_stands_at_it_in_a_line(text: str, joined: list[str]) -> None:
    (paragraph,) = nodes(text)
    assert [each for each in paragraph["c"] if isinstance(each, str)] == joined


def test_no_line_of_a_card_begins_with_the_rest_of_a_word(tmp_path: Path) -> None:
    questions = "".join(
        f"- {{id: q-{length}, question: 'Wo {'n' * length} ist die \\(m \\cdot n\\)te Zahl?', answer: 'Da.',"
        " sources: [https://example.org]}\n"
        for length in range(1, 28)
    )
    files = printed(deck_from(tmp_path, {"deck.yaml": DECK, "first.yaml": questions}))
    pages = pypdf.PdfReader(io.BytesIO(files["flashcards-a4"].data)).pages
    lines = [line.replace("\u2060", "") for page in pages for line in page.extract_text().splitlines()]
    assert sum("te" in line for line in lines) >= 27
    assert not [line for line in lines if line.startswith(("te", "𝑛te"))]


def test_tall_formulas_in_lines_one_above_the_other_do_not_touch(tmp_path: Path) -> None:
    question = r"When may \(\lim \frac{f(x)}{Q}\) be computed with care as \(\lim \frac{R}{g(x)}\)?"
    deck = deck_from(tmp_path, {"deck.yaml": DECK, "first.yaml": QUESTION.replace("What is one?", f"'{question}'")})
    cards = sheets(deck)["flashcards-a4"]
    found = {each.text: each for each in glyphs(cards.pages[0]) if each.text in "𝑄𝑅"}
    assert found["𝑄"].y > found["𝑅"].y + found["𝑅"].size  # they are in two lines
    # A capital letter of the font is 0.68 of its size high, and what has descenders and a prime needs some more.
    assert found["𝑄"].y - found["𝑅"].y > 1.1 * found["𝑅"].size
