"""Formulas: what is read, what MathML has of it, and what is wrong, at its place."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.formulas import elements, list_words, read, to_mathml
from cardpress.formulas.chemistry import write_chemistry, write_quantity
from cardpress.formulas.reading import LONGEST
from cardpress.markdown.card_html import sanitize
from cardpress.writers.pdf.formulas import measure, write_formula

CORPUS = (Path(__file__).parents[1] / "fixtures" / "formulas.txt").read_text(encoding="utf-8").splitlines()
_TAG = re.compile(r"</?([a-z]+)|\s([a-z]+)=\"")


def inside(source: str) -> str:
    """Return a formula's MathML without the element around it."""
    tree = read(source).tree
    assert tree is not None, read(source).fault
    return to_mathml(tree, is_display=False).removeprefix("<math>").removesuffix("</math>")


def fault(source: str) -> tuple[str, str]:
    """Return the words that are wrong in a formula, and the message."""
    found = read(source).fault
    assert found is not None
    return source[found.start : found.end], found.message


@pytest.mark.parametrize("source", CORPUS)
def test_formulas_of_lessons_are_set_in_every_output(source: str) -> None:
    tree = read(source).tree
    assert tree is not None, read(source).fault
    for is_display in (False, True):
        html = to_mathml(tree, is_display=is_display)
        assert sanitize(html) == html
    assert write_formula(tree)
    assert all(size > 0 for size in measure(tree))


def test_the_corpus_is_large() -> None:
    assert len(set(CORPUS)) == len(CORPUS) > 500


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("x", "<mi>x</mi>"),
        (r"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        ("x^12", "<mrow><msup><mi>x</mi><mn>1</mn></msup><mn>2</mn></mrow>"),
        ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\mathbb{R}", '<mi mathvariant="normal">ℝ</mi>'),
        (
            r"\mathbf{x}\boldsymbol{\beta}",
            '<mrow><mi mathvariant="normal">𝐱</mi><mi mathvariant="normal">𝜷</mi></mrow>',
        ),
        (r"\mathrm{max}", "<mi>max</mi>"),
        (r"\text{if } x", "<mrow><mtext>if&nbsp;</mtext><mi>x</mi></mrow>"),
        (r"\text{<b> & \$}", "<mtext>&lt;b&gt; &amp; $</mtext>"),
        ("a<b", "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>"),
        (r"\not=", "<mo>≠</mo>"),
        (
            r"\ce{H2O}",
            '<mrow><msub><mi mathvariant="normal">H</mi><mn>2</mn></msub><mi mathvariant="normal">O</mi></mrow>',
        ),
        ("-x", '<mrow><mo form="prefix">−</mo><mi>x</mi></mrow>'),
        ("a-x", "<mrow><mi>a</mi><mo>−</mo><mi>x</mi></mrow>"),
        (r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
        (r"\boxed{x}", '<mrow class="formula-box"><mi>x</mi></mrow>'),
        (r"{a \over b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
    ],
)
def test_latex_means_what_it_means(source: str, html: str) -> None:
    assert inside(source) == html


def test_what_is_beside_and_what_is_under_an_operator() -> None:
    assert inside(r"\sum_a^b").startswith("<munderover>")
    assert inside(r"\int_a^b").startswith("<msubsup>")
    assert inside(r"\int\limits_a^b").startswith("<munderover>")
    assert inside(r"\underset{x}{\max}").startswith("<munder><mo")
    assert 'movablelimits="false"' in inside(r"\sum\limits_a")


def test_columns_stand_at_their_sides() -> None:
    html = inside(r"\begin{aligned} a &= b \\ &= c \end{aligned}")
    assert list(re.findall(r'<mtd class="([a-z]+)"', html)) == ["right", "left"] * 2
    assert html.count("<mtr>") == 2
    assert inside(r"\begin{array}{lr} a & b \end{array}").count('class="right"') == 1


@pytest.mark.parametrize(
    ("source", "words", "message"),
    [
        ("", "", "a formula with nothing in it"),
        (" ", " ", "a formula with nothing in it"),
        (r"\frac{1}{2", "{", "`{` without its `}`"),
        ("a}b", "}", "`}` without its `{`"),
        (r"\frca{1}{2}", r"\frca", r"no command is called `\frca`"),
        (r"\frac{1}", r"\frac", r"`\frac` has nothing behind it"),
        ("x^", "^", "`^` has nothing behind it"),
        ("x^a^b", "^", "two `^` at one base"),
        ("x_a_b", "_", "two `_` at one base"),
        ("50%", "%", "`%` hides the rest of its line"),
        ("a#b", "#", "`#` stands for the argument of a macro, and here is none"),
        ("a$b", "$", "`$` inside a formula"),
        ("a & b", "&", "`&` parts the columns of an environment, and here is none"),
        (r"\left( x", r"\left", r"`\left` without its `\right`"),
        (r"x \right)", r"\right", r"`\right` without its `\left`"),
        (r"\begin{cases} a", r"\begin", "this environment has no end"),
        (r"\begin{nothing} a \end{nothing}", r"\begin", "no environment is called `nothing`"),
        (r"\begin{cases} a \end{matrix}", r"\end", r"`\end{matrix}` ends no `\begin{cases}`"),
        (r"a \end{cases}", r"\end", r"`\end` without its `\begin`"),
        (r"\text{a", "{", "`{` without its `}`"),
        (r"\text{a \textbf{b}}", r"\textbf", r"`\textbf` in a text is no command: Anki shows it as typed"),
        (r"\text{if $x$ and $\foo$}", r"\foo", r"no command is called `\foo`"),
        (r"\text{a $ b}", r"\text", "a `$` in this text has no partner"),
        (r"\bigl x", r"\bigl", r"`\bigl` has no bracket behind it"),
        (r"\hspace{wide}", r"\hspace", r"`\hspace` wants a length"),
        ("a\\", "\\", "a backslash with nothing behind it"),
        ("a\x07b", "\x07", "the control character U+0007 in a formula"),
        (r"{a \\ b}", r"\\", r"`\\` ends no line here: Anki shows both lines as one"),
        (r"{\over b}", r"\over", r"`\over` has nothing before it"),
    ],
)
def test_what_cannot_be_read_is_a_fault_at_its_place(source: str, words: str, message: str) -> None:
    assert fault(source) == (words, message)
    found = read(source).fault
    assert found
    assert found.is_error
    assert found.help


@pytest.mark.parametrize(
    "command",
    [
        r"\def\a{\a\a}\a",
        r"\newcommand{\x}{#1}",
        r"\let\a=b",
        r"\require{ams}",
        r"\href{javascript:alert(1)}{x}",
        r"\class{a}{x}",
        r"\style{color:red}{x}",
        r"\cssId{a}{x}",
        r"\unicode{60}",
        r"\verb|x|",
        r"\input{/etc/passwd}",
        r"\includegraphics{a.png}",
        r"\write18{ls}",
        r"\DeclareMathOperator{\a}{b}",
        r"\eqref{a}",
    ],
)
def test_no_formula_defines_acts_or_reads(command: str) -> None:
    words, message = fault(f"x + {command}")
    assert command.startswith(words)
    assert "is no part of a formula here" in message


def test_what_anki_alone_sets_is_no_error() -> None:
    found = read(r"x + \enclose{circle}{y}")
    assert found.tree is None
    assert found.fault
    assert not found.fault.is_error
    assert read(r"\begin{CD} A @>>> B \end{CD}").tree is None
    assert read(r"\ce{A \bond{?} B}").tree is None
    assert read(r"\textcolor{nocolor}{x}").tree is None


@pytest.mark.parametrize(
    "piece",
    [
        r"\frac{",
        "{",
        r"\left(",
        "x^{",
        r"\sqrt",
        r"\text{",
        r"\begin{cases}",
        r"\not",
        r"\root",
        r"\root 3 \of",
        r"\buildrel",
        r"\displaystyle ",
        r"\color{red}",
        r"\genfrac",
        r"\bra{",
        r"\matrix{",
        r"\hline",
        r"\bar",
        r"\begin{array}{|c|}\hline",
        r"\begin{CD}",
        r"\ce{$\ce{",
        r"\ce{^{",
        r"\pu{1",
        "a_",
        "^",
        "'",
        r"\mathbb",
        r"\binom",
        r"{\over",
        r"\ce{",
        "$",
        "&",
        r"\\",
        "%",
        "[",
        r"\sqrt[",
        r"\substack{",
        r"\operatorname{",
    ],
)
def test_whatever_is_repeated_is_read_at_once(piece: str) -> None:
    source = (piece * LONGEST)[: LONGEST - 10]
    start = time.process_time()
    found = read(source)
    assert time.process_time() - start < 1
    assert found.tree is not None or found.fault is not None
    assert fault("x" * (LONGEST + 1))[1] == f"a formula of {LONGEST + 1} characters; {LONGEST} are the most"
    deep = "{" * 100 + "x" + "}" * 100
    assert "levels deep" in fault(deep)[1]


PIECES = st.sampled_from(
    [
        *r"\frac \sqrt \left \right \begin{cases} \end{cases} \text \mathbb \over \not \sum \int \limits \ce".split(),
        *r"{ } [ ] ( ) ^ _ & \\ ' # $ % ~ < > | \{ \} \| \, a x 1 12 . , \alpha \foo \color \hspace{1em}".split(),
        "<script>",
        "&#60;",
        "\n",
        " ",
        "日",
        "\x00",
        "\ud7ff",
        "é",
        "∑",
        "≤",
        '"',
        "javascript:",
    ]
)


@settings(derandomize=True, deadline=None, database=None, max_examples=600)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_is_typed_is_mathml_alone_or_a_fault_in_its_place(source: str) -> None:
    found = read(source)
    if found.fault:
        assert 0 <= found.fault.start <= found.fault.end <= len(source)
    if found.tree is not None:
        html = to_mathml(found.tree, is_display=True)
        assert sanitize(html) == html
        for element, attribute in _TAG.findall(html):
            assert not element or element in elements.ELEMENTS
            assert not attribute or any(attribute in each for each in elements.ATTRIBUTES.values())


def test_words_are_what_the_fonts_of_the_text_print() -> None:
    assert list_words(r"x = \text{für alle } 日") == "für alle  日"
    assert list_words(r"\rule{1em}{1em}") == r"\rule{1em}{1em}"


@pytest.mark.parametrize(
    ("source", "words", "hint"),
    [
        (r"\bm{x}", r"\bm", r"write `\boldsymbol`"),
        (r"\abs{x}", r"\abs", r"write `\lvert … \rvert`"),
        (r"\argmax_x f", r"\argmax", r"write `\operatorname*{argmax}`"),
        (r"\R", r"\R", r"write `\mathbb{R}`"),
        (r"a \\ b", r"\\", r"write the lines in `\begin{aligned}…\end{aligned}`, or make two formulas of it"),
        (
            r"a \newline b",
            r"\newline",
            r"write the lines in `\begin{aligned}…\end{aligned}`, or make two formulas of it",
        ),
        (r"\hat\mathbf{x}", r"\mathbf", r"write `\hat{\mathbf{…}}`"),
        (r"\frac\sqrt2 3", r"\sqrt", r"write `\frac{\sqrt{…}}`"),
        (r"x_\dim", r"\dim", r"write `_{…}`"),
        (r"x^'", "'", r"write `^{…}`"),
        (r"x'_a'", "'", r"write it before the `^`: `f'^2`"),
        (r"x\limits_a", r"\limits", r"write `\underset{…}{…}`"),
        (r"\begin{array}{c} a \hline \end{array}", r"\hline", r"write it behind `\\`"),
        (r"\begin{aligned*} a \end{aligned*}", r"\begin", None),
        (r"\begin{aligned} a \\[wide] b \end{aligned}", "[", "write `{[}` for the sign"),
        (r"\color{red", "{", "close it with `}`"),
        (r"\matrix a", r"\matrix", r"write `\begin{matrix}`"),
        (r"\begin{CD} A", r"\begin", r"close it with `\end{…}`"),
        (r"\bra{x", "{", "close it with `}`"),
        (r"\sqrt[3{x}", "[", "close it with `]`"),
        (r"\bbox[yellow{x}", "[", "close it with `]`"),
        (r"\genfrac{x}{)}{0pt}{}{a}{b}", r"\genfrac", r"write `\genfrac{(}{)}{0pt}{}{…}{…}`"),
        (r"\genfrac{(}{)}{wide}{}{a}{b}", r"\genfrac", r"write `\genfrac{(}{)}{0pt}{}{…}{…}`"),
        (r"\buildrel a", r"\buildrel", r"write `\overset{…}{…}`"),
        (r"a \middle| b", r"\middle", r"write `\mid`"),
        (r"\left( {a \middle| b} \right)", r"\middle", r"write `\mid`"),
    ],
)
def test_what_ankis_mathjax_shows_wrong_is_a_fault_that_says_what_to_write(
    source: str, words: str, hint: str | None
) -> None:
    found = read(source).fault
    assert found
    assert found.is_error
    assert source[found.start : found.end] == words
    assert hint is None or found.help == hint


@pytest.mark.parametrize("source", [r"a = b \\", r"a \\ ", r"\begin{aligned} a \\ \end{aligned}"])
def test_a_lines_end_behind_the_last_line_ends_nothing(source: str) -> None:
    assert read(source).fault is None


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (r"\textcolor{red}{x}", '<mstyle mathcolor="#ff0000"><mi>x</mi></mstyle>'),
        (r"\textcolor{#abc}{x}", '<mstyle mathcolor="#aabbcc"><mi>x</mi></mstyle>'),
        (r"\textcolor[rgb]{1,0,0.5}{x}", '<mstyle mathcolor="#ff0080"><mi>x</mi></mstyle>'),
        (r"\textcolor[gray]{0.5}{x}", '<mstyle mathcolor="#808080"><mi>x</mi></mstyle>'),
        (r"\colorbox{yellow}{a}", '<mstyle mathbackground="#ffff00"><mtext>a</mtext></mstyle>'),
        (r"\bbox[yellow]{x}", '<mstyle mathbackground="#ffff00"><mi>x</mi></mstyle>'),
        (r"{\color{red} x} y", '<mrow><mstyle mathcolor="#ff0000"><mi>x</mi></mstyle><mi>y</mi></mrow>'),
        (r"\textbf{a}", '<mtext class="formula-bold">a</mtext>'),
        (r"\upalpha", '<mi mathvariant="normal">α</mi>'),
        (r"\boldsymbol{\Lambda}", '<mi mathvariant="normal">𝚲</mi>'),
        (r"\texteuro", "<mtext>€</mtext>"),
        (r"{a \above 1pt b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        (r"\operatorname{co-dim}", "<mi>co-dim</mi>"),
        (
            r"\ce{SO4^2-}",
            '<mrow><msub><mi>SO</mi><mn>4</mn></msub><msup><mrow></mrow><mrow><mn>2</mn><mo lspace="0em" rspace="0em">'
            "−</mo></mrow></msup></mrow>",
        ),
    ],
)
def test_what_packages_add_means_what_it_means(source: str, html: str) -> None:
    assert inside(source) == html


def test_lines_of_tables_are_where_they_are_written() -> None:
    html = inside(r"\begin{array}{|c|c} \hline a & b \\ \hline c & d \\ \hline \end{array}")
    cells = re.findall(r'<mtd class="([a-z -]+)"', html)
    assert cells == [
        "center line-left line-top",
        "center line-left line-top",
        "center line-left line-top line-bottom",
        "center line-left line-top line-bottom",
    ]
    # Lines reach over cells that a row does not have; other grids stay as they are.
    assert inside(r"\begin{array}{c|c} a \\ b & c \end{array}").count("<mtd") == 4
    assert inside(r"\begin{matrix} a \\ b & c \end{matrix}").count("<mtd") == 3


def test_what_stands_under_an_operator_that_was_made() -> None:
    assert inside(r"\mathop{\sum\sum}_{i}").startswith("<munder>")
    assert inside(r"\mathop{\mathrm{argmin}}_{x}").startswith("<munder><mo")
    assert inside(r"\sum_\limits{i}").startswith("<munder><mo")
    tree = read(r"\oint_C").tree
    assert tree
    assert write_formula(tree)[-1] is False  # Typst would have it under


@pytest.mark.parametrize(
    ("chemistry", "latex"),
    [
        ("H2O", r"\mathrm{H}_{2}\mathrm{O}"),
        ("2H2O", r"2\,\mathrm{H}_{2}\mathrm{O}"),
        ("1/2 O2", r"\tfrac{1}{2}\,\mathrm{O}_{2}"),
        ("Fe^{3+}", r"\mathrm{Fe}^{3+}"),
        ("OH-", r"\mathrm{OH}^{-}"),
        ("Cl-(aq)", r"\mathrm{Cl}^{-}\,(\mathrm{aq})"),
        ("SO4^2-", r"\mathrm{SO}_{4}{}^{2-}"),
        ("^{14}_{6}C", r"{}^{14}_{6}\mathrm{C}"),
        ("^0_-1e", r"{}^{0}_{-1}\mathrm{e}"),
        ("CH3-CH2", r"\mathrm{CH}_{3}\mathord{-}\mathrm{CH}_{2}"),
        ("A + B -> C", r"\mathrm{A} {}+{} \mathrm{B} \longrightarrow \mathrm{C}"),
        ("A ->[x][y] B", r"\mathrm{A} \xrightarrow[{\mathrm{y}}]{{\mathrm{x}}} \mathrm{B}"),
        ("BaSO4 v", r"\mathrm{BaSO}_{4}\downarrow "),
        ("CuSO4 * 5H2O", r"\mathrm{CuSO}_{4}{\,\cdot\,}5\,\mathrm{H}_{2}\mathrm{O}"),
        ("Fe^{II}", r"\mathrm{Fe}^{\mathrm{II}}"),
        ("$n$ {for} \\bond{~}", None),
    ],
)
def test_chemistry_in_latex(chemistry: str, latex: str | None) -> None:
    assert latex is None or write_chemistry(chemistry) == latex
    assert read(rf"\ce{{{chemistry}}}").tree is not None


@pytest.mark.parametrize("chemistry", [r"\bond{?}", "A §", "{" * 8 + "0" + "}" * 8, "$x", "A ->[x", "A^", "A\\"])
def test_chemistry_that_is_not_known_is_left_to_anki(chemistry: str) -> None:
    assert write_chemistry(chemistry) is None


@pytest.mark.parametrize(
    ("quantity", "latex"),
    [
        ("9.81 m/s^2", r"9.81\,\mathrm{m}\mathord{/}\mathrm{s}^{2}"),
        ("1.2e3 J", r"1.2\cdot 10^{3}\,\mathrm{J}"),
        ("123 kJ//mol", r"123\,\frac{\mathrm{kJ}}{\mathrm{mol}}"),
        ("2(1) s-1", r"2(1)\,\mathrm{s}^{-1}"),
        ("25 %", r"25\,\mathrm{\%}"),
        ("1 a//b//c", None),
        ("1 ^2", None),
        ("1 §", None),
    ],
)
def test_quantities_in_latex(quantity: str, latex: str | None) -> None:
    assert write_quantity(quantity) == latex


def test_signs_have_their_room_where_lines_begin_and_end() -> None:
    lines = inside(r"\begin{aligned} a &= b \\ &+ c \end{aligned}")
    assert '<mtd class="left"><mrow><mrow></mrow><mo>+</mo>' in lines  # between two things, of which one is above
    assert inside(r"a + \dots + b").count("<mo>+</mo>") == 2
    assert [inside(each).count("⋯") for each in (r"\dots + a", r"\dots, a", r"\dots \le a", r"\dots")] == [1, 0, 1, 0]
    assert inside("x_{i+1,j}").count('lspace="0em" rspace="0em"') == 2
    assert inside("0^{2+}").count("prefix") == 0
    middle = inside(r"\begin{eqnarray} a & = & b \\ c \end{eqnarray}")
    assert "<mrow><mo>=</mo><mi>b</mi></mrow>" in middle


def test_a_tag_stands_at_the_end_of_its_line() -> None:
    assert inside(r"\tag{1} a").startswith("<mrow><mi>a</mi>")
    assert inside(r"a \tag*{x}").endswith('<mspace width="2em"></mspace><mtext>x</mtext></mrow>')
    lines = inside(r"\begin{align} \tag{1} a &= b \\ c &= d \tag{2} \end{align}")
    assert re.sub("<[^>]+>", "", lines) == "a=b(1)c=d(2)"


def test_what_is_written_in_texts_is_shown_as_anki_shows_it() -> None:
    assert inside(r"\text{a~b}") == "<mtext>a~b</mtext>"
    assert inside(r"\text x") == "<mtext>x</mtext>"
    cells = inside(r"\begin{cases*} x & if $x > 0$ \\ 0 & else \end{cases*}")
    assert "<mtext>if&nbsp;</mtext>" in cells
    assert "<mtext>else</mtext>" in cells


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (r"\hfill x", r"\hfill"),
        (r"\begin{matrix} {\hfill x} & b \end{matrix}", r"\hfill"),
        (r"\begin{matrix} \left( \hfil x \right) & b \end{matrix}", r"\hfil"),
        (r"\shoveleft{x}", r"\shoveleft"),
        (r"\begin{gathered} \shoveright{x} \\ y \end{gathered}", r"\shoveright"),
        (r"\prescript{a}{b}{C}", r"\prescript"),
        (r"x \label{a}", r"\label"),
        (r"\begin{equation} x \label{a} \end{equation}", r"\label"),
        (r"\Aboxed{x}", r"\Aboxed"),
        (r"\begin{matrix} \Aboxed{x} & y \end{matrix}", r"\Aboxed"),
        (r"\begin{aligned} {\Aboxed{x}} & y \end{aligned}", r"\Aboxed"),
        (r"\MoveEqLeft x", r"\MoveEqLeft"),
        (r"\vdotswithin{=}", r"\vdotswithin"),
        (r"\ArrowBetweenLines", r"\ArrowBetweenLines"),
        (r"\rowcolor{red} x", r"\rowcolor"),
        (r"\leftroot{1} x", r"\leftroot"),
        (r"\AXC{x}", r"\AXC"),
    ],
)
def test_what_ankis_mathjax_shows_as_an_error_is_one_at_its_place(source: str, words: str) -> None:
    found = read(source).fault
    assert found is not None
    assert found.is_error
    assert source[found.start : found.end] == words


@pytest.mark.parametrize(
    "source",
    [
        r"\begin{array}{c} \hfill x \\ y \end{array}",
        r"\matrix{\hfill x & y}",
        r"\substack{\hfill a \\ b}",
        r"\begin{multline} \shoveleft{x} \\ y \end{multline}",
        r"\begin{multlined} x \\ \shoveright{y} \end{multlined}",
    ],
)
def test_where_ankis_mathjax_has_them_they_are_none(source: str) -> None:
    assert read(source).fault is None


@pytest.mark.parametrize(
    "source",
    [
        r"\begin{aligned} \Aboxed{x &= y} \end{aligned}",
        r"\begin{aligned} \MoveEqLeft x \\ &= y \end{aligned}",
        r"\begin{aligned} a &= b \\ & \vdotswithin{=} \end{aligned}",
        r"\begin{alignat}{2} && a &= b \\ \ArrowBetweenLines && c &= d \end{alignat}",
        r"\begin{prooftree} \AXC{a} \UIC{b} \end{prooftree}",
        r"\sqrt[\leftroot{2} 3]{x}",
    ],
)
def test_in_their_places_anki_alone_sets_them(source: str) -> None:
    found = read(source).fault
    assert found is not None
    assert not found.is_error, found
