"""Formulas in Markdown: where they begin and end, and that nothing in them is Markdown."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cardpress.anki.field_html import FieldWriter
from cardpress.formulas import is_blank
from cardpress.markdown import parse, to_html, to_plain_text
from cardpress.markdown.dollars import reads_as_prose
from cardpress.markdown.tree import Formula
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.diagnostics import problems


def formulas(text: str, *, with_deletions: bool = False, with_dollars: bool = False) -> list[tuple[str, bool]]:
    """Return the formulas of a text, each with whether it stands on a line of its own."""
    document = parse(text, with_deletions=with_deletions, with_dollars=with_dollars)
    found = [node for node in document.walk() if isinstance(node, Formula)]
    for each in found:
        words = text[each.place.start : each.place.end]
        assert words.startswith(("\\(", "\\[", "$"))
        assert words.endswith(("\\)", "\\]", "$"))
    return [(each.source, each.is_display) for each in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"\(x\)", [("x", False)]),
        (r"a \(a*b*c\) and \(a_1 x_2\)", [("a*b*c", False), ("a_1 x_2", False)]),
        (r"\[x\]", [("x", True)]),
        ("a\n\\[\nb\n+ c\n- d\n> e\n= \n===\n\\]\nf", [("\nb\n+ c\n- d\n> e\n= \n===\n", True)]),
        ("| a | b |\n|---|---|\n| \\(|x|\\) | \\(\\|y\\|\\) |", [("|x|", False), (r"\|y\|", False)]),
        ("> \\[\n> a\n> = b\n> \\]", [("\na\n= b\n", True)]),
        ("- \\[\n  a\n  \\]\n- b", [("\n  a\n  ", True)]),
        (r"\(a \\ b\)", [(r"a \\ b", False)]),
        (r"\(a\\\)", [("a\\\\", False)]),
        (r"*\(x*y\)*", [("x*y", False)]),
        (r"[\(x\)](https://e.org)", [("x", False)]),
        (r"\(a<b\) and \(&amp;\) `c`", [("a<b", False), ("&amp;", False)]),
        (r"# \(x\)", [("x", False)]),
        # What only looks like one.
        (r"`\(x\)` and ``\[x\]``", []),
        ("```\n\\(x\\)\n\\[\n\\]\n```", []),
        ("    \\(x\\)\n    \\[\n    - a\n    \\]", []),
        ("`\\[`\n- and `\\]`", []),
        (r"\\(x\\)", []),
        (r"\[no link\](here) \[ \] \[^1\]", []),
        ("\\[a](/b)", []),
        ("\\(a\n\nb\\)", []),
        ("$x$ and $5 and $6 and $$y$$", []),
        ("<https://e.org/\\(x\\)>", []),
    ],
)
def test_a_formula_stands_between_its_signs(text: str, found: list[tuple[str, bool]]) -> None:
    assert formulas(text) == found
    assert formulas(text, with_deletions=True) == found
    assert formulas(text.replace("\n", "\r\n")) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$x$", [("x", False)]),
        ("a $x^2$, $y$.", [("x^2", False), ("y", False)]),
        ("$$x$$", [("x", True)]),
        ("$$\na\n- b\n$$", [("\na\n- b\n", True)]),
        ("$5 and $6", []),
        ("$5 and x$6", []),
        ("$x$5", []),
        ("$ x$ and $x $", []),
        (r"\$x$ and \$5", []),
        ("`$x$`", []),
        (r"$a\$b$", [(r"a\$b", False)]),
        (r"$x$ and \(y\)", [("x", False), ("y", False)]),
        ("| $|x|$ |\n|---|", [("|x|", False)]),
        ("US$5 costs $x$", [("x", False)]),
    ],
)
def test_with_dollars_pandocs_rule_holds(text: str, found: list[tuple[str, bool]]) -> None:
    assert formulas(text, with_dollars=True) == found


def test_other_text_is_what_it_was() -> None:
    text = "a\n\\[\nb\n\\]\n- c\n\nd | e"
    assert to_html(parse(text)) == "<p>a\n\\[\nb\n\\]</p>\n<ul>\n<li>c</li>\n</ul>\n<p>d | e</p>"
    code = "```text\n\\[ a\n| b \\]\n```"
    assert to_html(parse(code)) == '<pre><code class="language-text">\\[ a\n| b \\]\n</code></pre>'


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (r"a \(x", "bad-formula", r"\("),
        (r"a \[\frac{1}{2}", "bad-formula", r"\["),
        (r"\(\)", "bad-formula", ""),
        (r"\(x + \frca\)", "bad-formula", r"\frca"),
        ("> a\n> \\[\n> x\n> + \\foo\n> \\]", "bad-formula", r"\foo"),
        ("- a\n- \\(|\n  \\foo\\)", "bad-formula", r"\foo"),
        ("| a |\n|---|\n| \\(| \\foo\\) |", "bad-formula", r"\foo"),
        (r"\(\rule{1em}{1em}\)", "unset-formula", r"\rule"),
    ],
)
def test_what_is_wrong_is_reported_at_its_place(text: str, code: str, words: str) -> None:
    problems = [each for each in parse(text).problems if each.code]
    assert [(each.code, text[each.place.start : each.place.end]) for each in problems] == [(code, words)]


def test_a_deletion_holds_whole_formulas() -> None:
    document = parse(r"{{c1::\(\frac{a}{b}\)::a \(hint\)}} is {{c2::\[x\]}}", with_deletions=True)
    assert [each.number for each in document.deletions()] == [1, 2]
    assert not [each for each in document.problems if each.code]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (r"\(a<b\) & \[x\]", r"\(a&lt;b\) &amp; \[x\]"),
        (r"{{c1::\(\frac{a}{b^{2}}\)}}", r"{{c1::\(\frac{a}{b^{2} }\)}}"),
        (r"{{c1::\(a::b\)::c}}", r"{{c1::\(a: :b\)::c}}"),
        (r"\(\text{[sound:a.mp3]}\)", r"\(\text{[{}sound:a.mp3]}\)"),
        (r"\({{x}}\)", r"\({ {x} }\)"),
        (r"{{c1::a}} \(\sqrt[3]{x}\)", r"{{c1::a}} \(\sqrt[3]{x}\)"),
    ],
)
def test_anki_gets_latex_that_ends_no_deletion(text: str, html: str) -> None:
    assert FieldWriter(is_cloze=True).line(parse(text, with_deletions=True)) == html


def test_a_formula_makes_no_deletion_in_another_field_and_no_reading() -> None:
    assert FieldWriter().line(parse(r"\(\text{{{c1::a}}}\)")) == r"\(\text{{ {c1::a}}}\)"


def test_a_formula_counts_as_one_word(write_project: WriteProject) -> None:
    formula = r"\(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w + x + y\)"
    recall = f"  recall:\n    - id: two\n      question: What is it?\n      answer: '{formula} and {formula}'\n"
    found = problems(write_project({"first.yaml": QUESTION + recall}))
    assert [each.code for each in found] == []


@pytest.mark.parametrize(
    ("math", "code"),
    [("dollars", None), ("euros", "wrong-type"), ("true", "wrong-type"), ("[dollars]", "wrong-type")],
)
def test_deck_yaml_says_whether_dollars_are_signs(math: str, code: str | None, write_project: WriteProject) -> None:
    question = QUESTION.replace("The first number.", "$\\foo$ at $5")
    files = {"deck.yaml": DECK.replace("sections:", f"math: {math}\nsections:"), "first.yaml": question}
    found = [each.code for each in problems(write_project(files))]
    assert found == (["bad-formula"] if code is None else [code, "looks-like-math"])


def test_a_formula_is_read_as_its_latex() -> None:
    text = "a \\(x\\) b\n\\[\ny\n\\]"
    assert to_plain_text(parse(text)) == "a \\(x\\) b \\[ y \\]"


@pytest.mark.parametrize(
    "text",
    [
        r"\(" * 20000,
        r"\[" * 20000 + r"\]",
        r"\(x\) " * 5000,
        r"\( \[ " * 10000,
        "$" * 40000,
        "$a $b " * 10000,
        "`" * 20000 + r"\(x\)",
        "\\[\n" * 10000 + "\n\n\\]",
        "> \\[\n" * 5000 + "> \\]",
        r"\\(" * 10000,
        "`\\(" * 9000,
    ],
)
def test_time_grows_with_the_length_alone(text: str) -> None:
    start = time.process_time()
    parse(text, with_dollars=True)
    assert time.process_time() - start < 8


def test_many_formulas_in_a_line_are_read_in_time_that_grows_with_it() -> None:
    start = time.process_time()
    assert len(list(parse(r"\(x\) " * 40_000).walk())) > 80_000
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    "text",
    [
        "Between $5 and $7, which is US$ 5.",
        "Kind A is $5/kg, kind B 7$/kg.",
        "A kostet $40 bis $50, B 45$.",
        "Kosten $HOME/$USER",
        "Es kostet $5 (früher 3$).",
        "From $5 to 7$.",
        "$5 per kg or 7$",
        "5$-Schein und 6$-Schein",
        "Set $PATH:$HOME",
        "$5/kg and 7$",
        "It is 5$, or 6$ with tax.",
    ],
)
def test_prose_between_dollars_gets_a_warning(text: str) -> None:
    document = parse(text, with_dollars=True)
    (problem,) = document.problems
    assert (problem.code, "write `\\$`" in problem.help) == ("doubtful-formula", True)
    assert text[problem.place.start] == text[problem.place.end - 1] == "$"
    assert not parse(text).problems
    assert not [each for each in parse(text.replace("$", r"\$"), with_dollars=True).problems if each.code]


def test_formulas_are_not_taken_for_prose() -> None:
    fixtures = (Path(__file__).parents[1] / "fixtures" / "formulas.txt").read_text(encoding="utf-8").splitlines()
    others = r"""2n|1, 2, \ldots, n|a, b \in A|n|(0, 1]|]0, 1[|\sin ab|xy yx|ABC \cong DEF|\triangle ABC|
    50\text{ km and more}|\operatorname{arg max} f|x,|f:|f: A \to B|50\,\mathrm{per day}|\ce{A and B}|1, n|
    a, bc|3x|10!|(|[|,|:=|1, 2, 3|AB/CD|\text{for all } x, \text{there is } y|GL_n|5 km|
    \begin{array}{ll} a & b \end{array}|\color{red} x|x_{max}|n \bmod 5|\text{a} \ \text{when it rains}|
    a \textbf{ or not } b|\underbrace{a + b}_{\text{not so, my friend}}|-1|-abc|\$5"""
    for latex in (*fixtures, *(each.strip() for each in others.split("|"))):
        assert not reads_as_prose(latex), latex


@pytest.mark.parametrize(
    "text",
    [
        "A kostet {{c1::$5}} (früher 3$), B {{c2::$6}} (früher 4$).",
        "{{c1::$5}} und 3$, {{c2::x}}",
        "{{c1::x}} $5}} a$",
        "{{c1::x}} $5 {{c2::6$}} a",
    ],
)
def test_dollars_that_cut_a_deletion_are_named(text: str) -> None:
    problems = [each for each in parse(text, with_deletions=True, with_dollars=True).problems if each.code]
    assert problems
    assert all(r"write `\$`" in each.help for each in problems), problems
    assert any(each.code in ("bad-formula", "cloze-without-deletion") for each in problems)


@pytest.mark.parametrize(
    ("entry", "code", "words"),
    [
        (r"cloze: '\({{c1::\phantom{x}}} + a\)'", "cloze-without-deletion", "a deletion with nothing in it"),
        (r"cloze: '\({{c1::\,}} + a\)'", "cloze-without-deletion", "a deletion with nothing in it"),
        (r"cloze: '\({{c1::{} }} + a\)'", "cloze-without-deletion", "a deletion with nothing in it"),
        (r"cloze: 'So {{c1::\(\quad\)}}.'", "cloze-without-deletion", "a deletion with nothing in it"),
        (r"question: '\(\quad\)', answer: x, sources: [https://e.org]", "empty-text", "shows nothing"),
        (r"question: x, answer: '\[ \text{ } {} \]', sources: [https://e.org]", "empty-text", "shows nothing"),
        (r"question: x, answer: '\(\hspace{1em}^{\;}\)', sources: [https://e.org]", "empty-text", "shows nothing"),
    ],
)
def test_a_formula_that_shows_nothing_is_nothing(
    entry: str, code: str, words: str, write_project: WriteProject
) -> None:
    (problem,) = problems(write_project({"first.yaml": f"- {{id: one, {entry}}}\n"}))
    assert (problem.code, words in problem.message) == (code, True)


@pytest.mark.parametrize(
    "latex",
    [
        "x",
        r"\cdot",
        r"\frac{}{}",
        r"\sqrt{}",
        r"\boxed{}",
        r"\text{a}",
        r"\rule{1em}{1em}",
        r"{}^{2}",
        r"\left( \right)",
    ],
)
def test_a_formula_that_shows_something_is_not_blank(latex: str) -> None:
    assert not is_blank(latex)
