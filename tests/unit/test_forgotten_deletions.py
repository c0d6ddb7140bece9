"""A note that Anki would make no card of is an error whatever else is wrong; a deletion without its number is told."""

from __future__ import annotations

import pytest

from cardpress.diagnostics.codes import Severity
from cardpress.markdown import parse
from tests.conftest import WriteProject
from tests.helpers.decks import deck_of
from tests.helpers.diagnostics import codes, problems
from tests.helpers.yaml_text import question


def found(text: str) -> list[tuple[str | None, str, str]]:
    """Return the problems of a cloze text: the code, the words, and what to write."""
    tree = parse(text, with_deletions=True)
    return [(each.code, text[each.place.start : each.place.end], each.help) for each in tree.problems]


@pytest.mark.parametrize(
    "beside",
    [
        "==Paris==",
        "[[Paris]]",
        "[[c1::Paris]]",
        "[^1]",
        "{{Paris}}",
        "{{FrontSide}}",
        "{{cloze::Paris}}",
        "$x^2$",
        "[sound:a.mp3]",
        "3*4*5",
        "x^2^",
        "https://example.org",
        "{漢字|かんじ}",
        "<!-- c1 -->",
        r"\(\nothing\)",
        "![a](b.png){width=3}",
        "none",
    ],
)
def test_a_text_that_makes_no_card_is_an_error_whatever_else_is_reported(
    beside: str, write_project: WriteProject
) -> None:
    cloze = f"The capital of France is {beside}."
    reported = problems(write_project({"first.yaml": f'- id: one\n  cloze: "{cloze}"\n'.replace("\\", "\\\\")}))
    assert codes(reported).count("cloze-without-deletion") == 1


@pytest.mark.parametrize(
    "text", ["{c1::Paris}", "{{c1::Paris", r"\(x {{c1::y\)", "{{c1:Paris}}", r"\({{c1::\nothing}}\)", "{{c1::" * 50]
)
def test_what_says_why_nothing_is_deleted_is_told_once(text: str, write_project: WriteProject) -> None:
    reported = problems(write_project({"first.yaml": question(recall=[{"id": "two", "cloze": text}])}))
    assert [each.severity for each in reported].count(Severity.ERROR) == 1


def test_what_passes_without_an_error_has_a_card(write_project: WriteProject) -> None:
    texts = ("==a== {{c1::b}}", "{{c1::[[a]]}}", "{{c2::b}} {{a}} {{c1::b}}", "{{c1::==a==}}", "`{{c1::a}}`")
    notes = "".join(f'- id: q{number}\n  cloze: "{text}"\n' for number, text in enumerate(texts))
    project = write_project({"first.yaml": notes})
    assert all(each.severity is Severity.WARNING for each in problems(project))
    assert [len(note.cards()) for note in deck_of(project).notes()] == [1, 1, 2, 1, 1]


@pytest.mark.parametrize(
    ("text", "words", "write"),
    [
        ("is {{2 π r}}, and {{c1::π r²}}", "{{2 π r}}", "{{c2::2 π r}}"),
        ("is {{2 π r}}, and {{c2::π r²}}", "{{2 π r}}", "{{c1::2 π r}}"),
        ("a {{nine}} b", "{{nine}}", "{{c1::nine}}"),
        ("a {{**nine**}} b", "{{**nine**}}", "{{c1::**nine**}}"),
        ("a {{nine::a number}} b", "{{nine::a number}}", "{{c1::nine::a number}}"),
        ("a {{ nine }} b", "{{ nine }}", "{{c1::nine}}"),
        ("a {{{nine}}} b", "{{{nine}}}", "{{c1::nine}}"),
        ("a {{c::nine}} b", "{{c::nine}}", "{{c1::nine}}"),
        ("a {{2::nine}} b", "{{2::nine}}", "{{c2::nine}}"),
        ("a {{c2;;nine}} b", "{{c2;;nine}}", "{{c2::nine}}"),
        ("a {{c2：：nine}} b", "{{c2：：nine}}", "{{c2::nine}}"),
        ("a {{c2 nine}} b", "{{c2 nine}}", "{{c2::nine}}"),
        ("a {{c2|nine}} b", "{{c2|nine}}", "{{c2::nine}}"),
        ("a {{cloze nine}} b", "{{cloze nine}}", "{{c1::nine}}"),
        ("a {{cloze::nine}} b", "{{cloze::nine}}", "{{c1::nine}}"),
        (r"a {{\(\frac{a}{b}\)}} b", r"{{\(\frac{a}{b}\)}}", r"{{c1::\(\frac{a}{b}\)}}"),
        ("a {{`x`}} b", "{{`x`}}", "{{c1::`x`}}"),
        ("- a\n- {{b}}", "{{b}}", "{{c1::b}}"),
        ("{{c1::a {{b}} c}}", "{{b}}", "{{c2::b}}"),
    ],
)
def test_a_deletion_without_its_number_is_told_at_its_place(text: str, words: str, write: str) -> None:
    assert found(text) == [("looks-like-cloze", words, f"write `{write}`; code stands in backticks")]


def test_each_of_several_gets_a_number_of_its_own() -> None:
    helps = [write for _, _, write in found("{{a}}, {{c2::b}} and {{c}}")]
    assert helps == ["write `{{c1::a}}`; code stands in backticks", "write `{{c3::c}}`; code stands in backticks"]


@pytest.mark.parametrize(
    "text",
    [
        "`{{ user }}` is {{c1::Jinja}}",
        "```jinja\n{{ user }}\n```\n\n{{c1::Jinja}}",
        "    {{ user }}\n\n{{c1::Jinja}}",
        r"\(x^{{2}}\) {{c1::a}}",
        r"\{{user}} and \{\{user\}\} {{c1::a}}",
        "{{}} and {{ }} {{c1::a}}",
        "{{c1::{}}} and {{c2::{a}}} and {{c3::f({a: {b: 1}})}}",
        "{{c1::a}} {b} {{c",
        "{{c1::a::{{hint}}}}",
    ],
)
def test_code_formulas_and_braces_of_other_kinds_are_left_alone(text: str) -> None:
    assert [each for each in found(text) if each[0] == "looks-like-cloze"] == []


@pytest.mark.parametrize("text", ["{{ user }} {{Front}} {{2 pi r}}", "{{{x}}} {{#if x}}"])
def test_in_other_texts_such_braces_are_shown_as_anki_shows_them(text: str) -> None:
    assert parse(text).problems == ()


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("is ==Paris==", "write `{{c1::Paris}}` to hide it, or `<mark>Paris</mark>` to mark it"),
        ("{{c1::a}} ==Paris==", "write `{{c2::Paris}}` to hide it, or `<mark>Paris</mark>` to mark it"),
        ("is [[eight]]", "write `{{c1::eight}}` to hide it; a link is `[eight](https://…)`"),
        ("is [[c2::eight]]", "write `{{c2::eight}}`"),
    ],
)
def test_signs_with_which_other_programs_hide_are_told_the_one_that_hides_here(text: str, write: str) -> None:
    assert [each[2] for each in found(text)] == [write]


def test_a_gap_in_the_numbers_is_placed_where_one_was_forgotten(write_project: WriteProject) -> None:
    cloze = '- id: one\n  cloze: "is {{2 π r}}, and {{c2::π r²}}"\n'
    reported = problems(write_project({"first.yaml": cloze}))
    assert [(each.code, each.span.column) for each in reported] == [("cloze-numbering", 14), ("looks-like-cloze", 14)]
    assert "`{{c1::2 π r}}`" in reported[0].help


def test_a_text_without_a_deletion_is_placed_where_one_seems_to_be(write_project: WriteProject) -> None:
    reported = problems(write_project({"first.yaml": '- id: one\n  cloze: "The {{nine}} is odd."\n'}))
    assert [(each.code, each.span.column) for each in reported] == [
        ("cloze-without-deletion", 15),
        ("looks-like-cloze", 15),
    ]
    assert "`{{c1::nine}}`" in reported[0].help
