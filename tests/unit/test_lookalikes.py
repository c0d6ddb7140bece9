"""What other programs set, play or hide is shown as typed, and reported; what only resembles it is left alone."""

from __future__ import annotations

import time

import pytest

from cardpress.anki.field_html import FieldWriter
from cardpress.markdown import parse, to_html, to_plain_text
from cardpress.pipeline import check_project
from tests.conftest import DECK, QUESTION, WriteProject
from tests.helpers.own_note_types import WORD, with_words


def found(text: str, *, with_deletions: bool = False) -> list[tuple[str | None, str]]:
    """Return the codes of the problems in a text, and the words that they are about."""
    problems = parse(text, with_deletions=with_deletions).problems
    return [(each.code, text[each.place.start : each.place.end]) for each in problems if each.code]


@pytest.mark.parametrize(
    "formula",
    [
        "$x^2$",
        "$x$",
        "$n-1$",
        "$O(n \\log n)$",
        "$a_1*b_1*c$",
        "$2^n$",
        "$f(x) = y$",
        "$$x^2$$",
        "$$\na * b * c = \\frac{1}{2}\n$$",
        "[latex]x[/latex]",
        "[$]x[/$]",
        "[$$]x[/$$]",
    ],
)
def test_a_formula_is_shown_as_typed_and_reported(formula: str) -> None:
    text = f"Say {formula}, or `{formula}`."
    assert found(text) == [("looks-like-math", formula)]
    assert to_plain_text(parse(text)) == text.replace("`", "").replace("\n", " ")
    assert "\\(" not in FieldWriter().document(parse(text))
    assert "\\[" not in FieldWriter().document(parse(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a [sound:a b.mp3] b", "[sound:a b.mp3]"),
        ("[SOUND:a.mp3]", "[SOUND:a.mp3]"),
        ("![[a.mp3]]", "![[a.mp3]]"),
        ("[anki:tts lang=en_US]a[/anki:tts]", "[anki:tts lang=en_US]"),
        ("[anki:play:q:0]", "[anki:play:q:0]"),
    ],
)
def test_a_sound_is_shown_as_typed_and_reported(text: str, words: str) -> None:
    assert found(text) == [("looks-like-sound", words)]
    assert to_plain_text(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("a {{c1::b}} c", "looks-like-cloze", "{{c1::b}}"),
        ("{{c1,2::b::c}}", "looks-like-cloze", "{{c1,2::b::c}}"),
        ("[[type:Front]]", "looks-like-template", "[[type:Front]]"),
        ("{{FrontSide}}", "looks-like-template", "{{FrontSide}}"),
        ("{{cloze:Text}}", "looks-like-template", "{{cloze:Text}}"),
        ("{{tts en_US:Front}}", "looks-like-template", "{{tts en_US:Front}}"),
        ("What is 3*4*5?", "lost-sign", "*4*5"),
        ("10*20*30*40", "lost-sign", "*20*30*4"),
        ("f(a*b*c)", "lost-sign", "*b*c"),
        ("in __init__.py", "lost-sign", "__init__"),
        ("`x` has __main__.py", "lost-sign", "__main__"),
        ("obj.__doc__ says it", "lost-sign", "__doc__"),
        ("__call__()", "lost-sign", "__call__"),
        ("see __repr__, too", "lost-sign", "__repr__"),
        ("![[a.png]]", "unsupported-markdown", "![[a.png]]"),
        ("![[a.png|200]]", "unsupported-markdown", "![[a.png|200]]"),
        ("a [[b c]] d", "unsupported-markdown", "[[b c]]"),
        ("[[b#c|d]]", "unsupported-markdown", "[[b#c|d]]"),
        ("> [!NOTE]\n> a", "unsupported-markdown", "[!NOTE]"),
        ("> [!tip]- a\n> b", "unsupported-markdown", "[!tip]-"),
        (":::note\na\n:::", "unsupported-markdown", ":::note"),
        ("::: {.tip}\na\n:::", "unsupported-markdown", "::: {.tip}"),
        ('!!! note "a"\n    b', "unsupported-markdown", '!!! note "a"'),
        ("a\n: b c", "unsupported-markdown", ": b c"),
        ("#a #b/c", "unsupported-markdown", "#a #b/c"),
        ("a\n##b c", "unsupported-markdown", "##b c"),
        ("---\na: b\nc:\n  - d\n---\ne", "unsupported-markdown", "---"),
        ("a^[see b c]", "unsupported-markdown", "^[see b c]"),
        ("x^2^", "unsupported-markdown", "^2^"),
        ("H~2~O", "unsupported-markdown", "~2~"),
        ("![a](b.png){width=3}", "unsupported-markdown", "{width=3}"),
        ("[a](https://e.org){.b target=c}", "unsupported-markdown", "{.b target=c}"),
        ("![a b](my picture.SVG)", "missing-media", "![a b](my picture.SVG)"),
        ("![a b](my dog.mp3)", "missing-media", "![a b](my dog.mp3)"),
        ("[a](https://e.org/b c)", "unsupported-markdown", "[a](https://e.org/b c)"),
    ],
)
def test_what_other_programs_know_is_reported(text: str, code: str, words: str) -> None:
    assert found(text) == [(code, words)]
    assert found(f"- a\n- {text}")[:1] == [(code, words)] or text.startswith(("---", "#", ":::", "!!!", ">"))


@pytest.mark.parametrize(
    "text",
    [
        # Money, shells and programs.
        "$5 and $6",
        "It costs $5/month or 10$.",
        "US$5, A$6 and $10M-$20M; (5–10$)",
        "cost $HOME and ${x}; $HOME/bin:$PATH; $(pwd) and $(ls)",
        "$a and $b, $1 == $2, $i+$j",
        "echo $$; kill $$",
        "$('.a').b('$x')",
        "$variable$ and $Id: a $",
        "^foo$|^bar$",
        r"[\w]+\$ and \$x\$",
        r"\[x\](y) and \[ \] and \[^1\]",
        "f'{x}' {{ user }} {% raw %} {{{x}}} {{#if x}}",
        "[[1, 2], [3, 4]] and [[ -f a ]] and x[[0]] and [['a']]",
        "[[a]](https://e.org)",
        "#1 and #include <x> and issue #12",
        "#!/bin/sh",
        "std::vector and a :: b and ::: alone and a:::b",
        "!important and !!! and a!!! note",
        "~/a and ~/b, ~5 to ~10, a~b",
        "2^n and x^y and a ^ b and ^[a-z]+$",
        "foo(){ return 1 } and f(x){y=1}",
        "a\n---\nb: c",
        "---\n\na: b\n\n---",
        "array[索引] and 配列[0]",
        "![a](<my picture.svg>) ![a](b.png 'a b.png') [a](https://e.org 'b c') [a](see b)",
        # What is code says so itself.
        "`$x^2$ \\(x\\) [sound:a.mp3] {{c1::x}} [[type:a]] ![[a.png]] [[b]]`",
        "```text\n$x^2$ \\(x\\) [sound:a.mp3] {{c1::x}} [[type:a]]\n:::note\n#tag\n```",
        "    $x^2$ {{c1::a}}",
        "<https://e.org/$x^2$> [a](https://e.org/$x^2$)",
    ],
)
def test_what_only_resembles_it_is_not_reported(text: str) -> None:
    assert found(text) == []


def test_a_formula_between_dollars_is_kept_in_a_cloze_text_and_its_braces_close_nothing() -> None:
    text = r"{{c1::$\frac{a}{b_{c}} * d * e$}} is $x::y = 2$"
    assert found(text, with_deletions=True) == [
        ("looks-like-math", r"$\frac{a}{b_{c}} * d * e$"),
        ("looks-like-math", r"$x::y = 2$"),
    ]
    document = parse(text, with_deletions=True)
    assert [each.hint for each in document.deletions()] == [""]
    assert to_plain_text(document) == r"$\frac{a}{b_{c}} * d * e$ is $x::y = 2$"
    around = r"$a = {{c1::b}}$"
    assert len(parse(around, with_deletions=True).deletions()) == 1
    assert found(around, with_deletions=True) == [("looks-like-math", around)]


def test_markup_around_a_formula_is_markup() -> None:
    assert to_html(parse("*a $x_1 * y_1$ b*")) == "<p><em>a $x_1 * y_1$ b</em></p>"


def test_the_help_line_says_what_to_write() -> None:
    helps = {
        "![[a.png|200]]": "write `![what it shows](a.png)`",
        "[[b c]]": "write `[b c](https://…)`, or name another question in `see_also`",
        "![a](b c.png)": "write the name in `<` and `>`: `![…](<b c.png>)`",
        "##b c": "write `## b c`",
        "x^2^": "write `<sup>2</sup>`",
        "[sound:a.mp3]": "put the file in source/media/, and write `![how it sounds](a.mp3)`; or put this in backticks",
        "{{c1::b}}": "write it as `cloze: …` of a recall note, or put it in backticks",
        "$x$": r"write `\(…\)` or `\[…\]` around it, or `math: dollars` in deck.yaml; code stands in backticks",
    }
    assert {text: parse(text).problems[0].help for text in helps} == helps


@pytest.mark.parametrize(
    ("hint", "code"),
    [
        (r"\\(y\\)", "looks-like-math"),
        ("$x^2$", "looks-like-math"),
        ("[sound:a.mp3]", "looks-like-sound"),
        ("[[type:Text]]", "looks-like-template"),
        ("a number", None),
    ],
)
def test_hints_are_looked_through(hint: str, code: str | None, write_project: WriteProject) -> None:
    cloze = f'- id: one\n  cloze: "{{{{c1::a::{hint}}}}} b"\n'
    problems = check_project(write_project({"first.yaml": cloze})).diagnostics
    assert [each.code for each in problems] == ([code] if code else [])
    assert all(each.span.line == 2 for each in problems)


def test_labels_are_looked_through(write_project: WriteProject) -> None:
    declared = WORD.replace("holds: text}", "holds: text, label: 'Of \\(x\\)'}")
    (problem,) = check_project(write_project(with_words(declared=declared))).diagnostics
    assert (problem.code, problem.span.line, problem.span.column) == ("looks-like-math", 6, 45)


def test_titles_and_other_plain_texts_are_looked_through(write_project: WriteProject) -> None:
    deck = DECK.replace("First section", "Powers, $x^2$").replace("Sample deck", "'[sound:a.mp3] for $5 and $6'")
    outputs = QUESTION + "  output: $x^2$ {{c1::x}}\n"
    problems = check_project(write_project({"deck.yaml": deck, "first.yaml": outputs})).diagnostics
    assert [(each.code, each.span.line, each.span.column, each.message, each.help) for each in problems] == [
        (
            "looks-like-sound",
            2,
            9,
            "`[sound:a.mp3]` plays nothing, and is shown as typed",
            "this text is no Markdown: say it in other words",
        ),
        (
            "looks-like-math",
            7,
            20,
            "`$x^2$` is no formula here, and is shown as typed",
            "this text is no Markdown: say it in other words",
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "$x " * 6_000,
        "$$x " * 5_000,
        r"\(" * 10_000,
        r"\[x" * 6_000,
        "[latex]" * 2_500,
        "{{c1::" * 3_000,
        "[[a" * 6_000,
        "![[a" * 5_000,
        "1*a" * 6_000,
        "1*aaaaaaaaa*" * 2_000,
        "a.__a" * 4_000,
        "#a " * 6_000 + "<",
        "{{type:" * 2_500,
        "漢[か" * 6_000,
        "x^a" * 6_000,
        "---\n" + "a:\n" * 6_000,
        "\n: a" * 5_000,
    ],
)
def test_a_text_full_of_signs_is_read_quickly(text: str) -> None:
    start = time.process_time()
    parse(text)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("H^2^O is not water.", "^2^"),
        ("Ca^2+^Cl", "^2+^"),
        ("x^n^, y", "^n^"),
        ("a^b^c", None),
        ("![a *dot*](photo.jpg =200x)", "![a *dot*](photo.jpg =200x)"),
        ("![x](photo.jpg =200x100)", "![x](photo.jpg =200x100)"),
        ("![x](photo.jpg =50%)", "![x](photo.jpg =50%)"),
    ],
)
def test_signs_and_sizes_of_other_programs_are_reported(text: str, words: str | None) -> None:
    assert found(text) == ([("unsupported-markdown", words)] if words else [])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("漢字［かんじ］", "write `漢字[かんじ]`, in the brackets of an English keyboard"),
        ("この漢字【かんじ】です", "write `漢字[かんじ]`, in the brackets of an English keyboard"),
        ("{漢字|かんじ}", "write `漢字[かんじ]`, in the brackets of an English keyboard"),
        ("{漢字|かん|じ}", "write `漢字[かんじ]`, in the brackets of an English keyboard"),
        ("`漢字［かんじ］`", None),
        ("かんじ【漢字】", None),
        ("漢字［注］", None),
        ("![a dot|200](dot.png)", "write `![a dot](dot.png)`"),
        ("![a dot|200x100](dot.png)", "write `![a dot](dot.png)`"),
        ("![a | b](dot.png)", None),
    ],
)
def test_readings_and_sizes_as_other_programs_write_them(
    text: str, hint: str | None, write_project: WriteProject
) -> None:
    source = f"- id: one\n  question: One?\n  answer: '{text}'\n"
    found = check_project(write_project({"deck.yaml": DECK, "first.yaml": source})).diagnostics
    assert [each.help for each in found if each.code == "unsupported-markdown"] == ([hint] if hint else [])
