"""Cloze deletions inside formulas: what they hold, what hides them, and what cannot be hidden."""

from __future__ import annotations

import time

import pytest

from cardpress.anki.deletions import list_deletions
from cardpress.anki.field_html import FieldWriter
from cardpress.formulas import Gap, read
from cardpress.formulas.tree import Hidden, walk
from cardpress.markdown import parse, to_plain_text
from cardpress.markdown.card_html import CardWriter, guard
from cardpress.markdown.gaps import show_gaps
from cardpress.markdown.tree import Formula, Paragraph
from cardpress.writers.pdf.formulas import write_formula
from tests.helpers.formulas import GAPPED


@pytest.mark.parametrize("gapped", GAPPED.values(), ids=GAPPED)
def test_a_part_that_stands_by_itself_can_be_hidden(gapped: tuple[str, str, str]) -> None:
    text = gapped[0]
    document = parse(text, with_deletions=True)
    assert document.problems == ()
    assert guard(document, text) is document
    for each in document.deletions():
        words = text[each.place.start : each.place.end]
        assert words.startswith(f"{{{{c{each.number}::")
        assert words.endswith("}}")
    assert "{{c" not in to_plain_text(document)
    html = CardWriter().document(document)
    assert html.count('<mrow class="cloze"') == text.count("{{c") - text.startswith("{{c2")


@pytest.mark.parametrize(
    ("text", "marked", "code", "words"),
    [
        (r"\(x^{{c1::2}}\)", "{{c1::", "deletion-in-formula", "`^` would take the `[` alone"),
        (r"\(\sqrt {{c1::2}}\)", "{{c1::", "deletion-in-formula", "`\\sqrt` would take"),
        (r"\(\sqrt[{{c1::3}}]{2}\)", "{{c1::", "deletion-in-formula", "in brackets"),
        (r"\(\left( {{c1::a \right)}}\)", "{{c1::", "deletion-in-formula", "stands by itself"),
        (r"\({{c1::\left( a}} \right)\)", "{{c1::", "deletion-in-formula", "stands by itself"),
        (r"\(\frac{ {{c1::a }{b}} }\)", "{{c1::", "deletion-in-formula", "in the middle of a group"),
        (r"\({{c1::\frac}}{a}{b}\)", "{{c1::", "deletion-in-formula", "stands by itself"),
        (r"\[\begin{aligned} {{c1::a &= b}} \end{aligned}\]", "{{c1::", "deletion-in-formula", "stands by itself"),
        (r"\[\begin{cases} {{c1::a \\ b}} \end{cases}\]", "{{c1::", "deletion-in-formula", "stands by itself"),
        (r"\(\text{a {{c1::b}} c}\)", "{{c1::", "deletion-in-formula", "in a text, a name"),
        (r"\(\text{{c1::b}}\)", "{{c1::", "deletion-in-formula", "in a text, a name"),
        (r"\(\ce{ {{c1::H2O}} }\)", "{{c1::", "deletion-in-formula", "in a text, a name"),
        (r"\(\operatorname{ {{c1::sin}} } x\)", "{{c1::", "deletion-in-formula", "in a text, a name"),
        (r"\(a {{c1::b \over c}}\)", "{{c1::", "deletion-in-formula", "`\\over` in a deletion"),
        (r"\({{c1::\bf a}} b\)", "{{c1::", "deletion-in-formula", "`\\bf` in a deletion"),
        (r"\(x{{c1::^2}}\)", "{{c1::", "deletion-in-formula", "`^` belongs to"),
        (r"\(f{{c1::'}}\)", "{{c1::", "deletion-in-formula", "`'` belongs to"),
        (r"\(\not{{c1::=}}\)", "{{c1::", "deletion-in-formula", "stands by itself"),
        (r"\({{c1::\sum}}\limits_i\)", "{{c1::", "deletion-in-formula", "stands by itself"),
        (r"\({{c1::a {{c2::b}} c}}\)", "{{c2::", "deletion-in-formula", "inside another"),
        (r"\({{c1::a::x_1}}\)", "{{c1::", "deletion-in-formula", "the hint `x_1`"),
        (r"\(\rule{1em}{1em} + {{c1::x}}\)", "{{c1::", "deletion-in-formula", "`\\rule` is set by Anki alone"),
        (r"\({{c1::a\)}}", "{{c1::", "cloze-without-deletion", "never closed"),
        (r"\({{c1:a}} + {{c1::b}}\)", "{{c1:", "cloze-without-deletion", "`{{c1:` opens no deletion"),
        (r"\({{c1,2::x}} + y\)", "{{c1,2::", "cloze-without-deletion", "opens no deletion"),
        (r"\({{ c2::b}} + {{c1::a}}\)", "{{ c2::", "cloze-without-deletion", "opens no deletion"),
        (r"\(a + {{C2::b}}\)", "{{C2::", "cloze-without-deletion", "opens no deletion"),
        (r"\({c2::b}\) {{c1::x}}", "{c2::", "cloze-without-deletion", "opens no deletion"),
        (r"\({c2::b}} + {{c1::x}}\)", "{c2::", "cloze-without-deletion", "opens no deletion"),
        ("> \\[ a\n> + {{c2:b}} \\] {{c1::x}}", "{{c2:", "cloze-without-deletion", "opens no deletion"),
        (r"\({{c1::a}} + {{c2::\foo}}\)", r"\foo", "bad-formula", "no command is called"),
        (r"\({{c1::x^2}}^3\)", "^", "bad-formula", "two `^`"),
        ("> \\(a\n> + x^{{c1::2}}\\)", "{{c1::", "deletion-in-formula", "`^` would take"),
        ("| a |\n|---|\n| \\(|x| + {{c1::y}}^|\\foo\\) |", r"\foo", "bad-formula", "no command"),
    ],
)
def test_what_cannot_be_hidden_is_reported_at_its_place(text: str, marked: str, code: str, words: str) -> None:
    (problem,) = parse(text, with_deletions=True).problems
    assert (problem.code, text[problem.place.start : problem.place.end]) == (code, marked)
    assert words in problem.message
    assert problem.help


@pytest.mark.parametrize(
    "latex", ["x_{c1:c2}", r"\{c1::c2\}", r"{{c1::x_{c2:c3} }}", r"\frac{{{c1::a}}}{b}", "{{a}:b}"]
)
def test_braces_of_a_formula_are_no_mistyped_deletion(latex: str) -> None:
    assert not parse(rf"{{{{c1::a}}}} \({latex}\)", with_deletions=True).problems


def test_in_other_texts_it_hides_nothing() -> None:
    text = r"So \({{c1::x}} + 1\)."
    (problem,) = parse(text).problems
    assert problem.code == "looks-like-cloze"
    assert text[problem.place.start : problem.place.end] == "{{c1::"


def test_what_it_hides_is_what_a_deletion_around_a_formula_hides() -> None:
    inside, around = (
        list_deletions([parse(text, with_deletions=True)])
        for text in (r"\(y = {{c1:: x^{2} }}\) {{c2::a}}", r"\(y =\) {{c1::\(x^{2}\)}} {{c2::a}}")
    )
    assert inside == around
    assert inside != list_deletions([parse(r"\(y = {{c1:: X^{2} }}\) {{c2::a}}", with_deletions=True)])


@pytest.mark.parametrize(
    ("number", "hidden", "latex", "marked"),
    [
        (1, True, r"\text{[…]} + \frac{b}{c}", 0),
        (2, True, r"a + \frac{\text{[what?]}}{c}", 0),
        (None, True, r"\text{[…]} + \frac{\text{[what?]}}{c}", 0),
        (1, False, r"a + \frac{b}{c}", 1),
        (None, False, r"a + \frac{b}{c}", 2),
    ],
)
def test_paper_shows_one_card_at_a_time(number: int | None, hidden: bool, latex: str, marked: int) -> None:
    document = parse(r"\({{c1::a}} + \frac{{{c2::b::what?}}}{c}\)", with_deletions=True)
    (paragraph,) = show_gaps(document.blocks, number, hidden=hidden)
    assert isinstance(paragraph, Paragraph)
    (formula,) = paragraph.children
    assert isinstance(formula, Formula)
    assert formula.source == latex
    tree = read(formula.source, formula.gaps).tree
    assert tree is not None
    assert sum(isinstance(each, Hidden) for each in walk(tree)) == marked


def test_signs_keep_the_space_that_they_have_without_a_deletion() -> None:
    html = CardWriter().line(parse(r"\(a {{c1::+ b}} = {{c2::-c}}\)", with_deletions=True))
    assert '<mi>a</mi><mrow class="cloze" data-cloze="1"><mo form="infix">+</mo><mi>b</mi></mrow>' in html
    assert '<mo>=</mo><mrow class="cloze" data-cloze="2"><mo form="prefix">−</mo><mi>c</mi></mrow>' in html


def test_what_is_in_a_box_has_the_size_of_its_place() -> None:
    def size(latex: str, style: str = "text") -> str:
        start = latex.index("x")
        tree = read(latex, (Gap(start, start + 1, 1),)).tree
        assert tree is not None
        found: list[str] = []

        def visit(node: object) -> None:
            if isinstance(node, list):
                found.extend([node[3]] if node[:1] == ["gap"] else [])
                for each in node:
                    visit(each)

        visit(write_formula(tree, style))
        return found[0]

    assert size("x") == "text"
    assert size("x", "display") == "display"
    assert size(r"\frac{x}{y}") == "script"
    assert size(r"\frac{x}{y}", "display") == "text"
    assert size(r"\dfrac{x}{y}") == "text"
    assert size(r"y^{x}", "display") == "script"
    assert size(r"y^{y^{x}}") == "scriptscript"
    assert size(r"\begin{aligned} x \end{aligned}") == "display"
    assert size(r"\frac{1}{\displaystyle x}") == "display"


def test_very_many_deletions_are_refused_in_little_time() -> None:
    text = "\\(" + " + ".join(f"{{{{c{number}::x}}}}" for number in range(1, 400)) + "\\)"
    start = time.process_time()
    (problem,) = parse(text, with_deletions=True).problems
    assert time.process_time() - start < 1
    assert problem.code == "deletion-in-formula"
    assert text[problem.place.start : problem.place.end] == "{{c41::"
    braces = "\\(" + "{{c1::" * 3000 + "}" * 3000 + "\\)"
    assert parse(braces, with_deletions=True).problems
    assert time.process_time() - start < 2


def test_a_reading_field_has_no_bracket() -> None:
    writer = FieldWriter(is_cloze=True, has_notation=True)
    html = writer.line(parse(r"\([{{c1::x::a hint}}]\)", with_deletions=True))
    assert html == r"\(&#91;{{c1::x::\text{a hint} }}]\)"
