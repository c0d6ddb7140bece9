"""Faults of the engine, each with the smallest text that shows it."""

from __future__ import annotations

import re
import time

import pytest

from cardpress.anki.field_html import FieldWriter
from cardpress.anki.field_text import to_plain_text as read_html
from cardpress.markdown import Document, parse, signs, to_html
from cardpress.markdown.card_html import guard
from cardpress.markdown.highlighting import highlight
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.tree import CodeBlock, CodeSpan, Link
from tests.conftest import WriteProject
from tests.helpers.diagnostics import places, problems
from tests.helpers.yaml_text import block


def read(text: str) -> Document:
    return parse(text, with_deletions=True)


def field(text: str) -> str:
    return FieldWriter(is_cloze=True).line(read(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- {{c1::a\n- b}} c", "{{c1::<ul>\n<li>a</li>\n<li>b</li>\n</ul>}}\n<ul>\n<li>c</li>\n</ul>"),
        ("1. {{c1::a\n2. b}}", "{{c1::<ol>\n<li>a</li>\n<li>b</li>\n</ol>}}"),
        ("- a {{c1::b\n- c}}", "<ul>\n<li>a</li>\n</ul>\n{{c1::<ul>\n<li>b</li>\n<li>c</li>\n</ul>}}"),
    ],
)
def test_a_deletion_may_open_in_one_entry_and_close_in_another(text: str, html: str) -> None:
    assert field(text) == html


def test_lists_in_deletions_may_follow_each_other() -> None:
    text = "{{c1::- a\n- b}}\n{{c2::- c\n- d}}"
    items = "{{{{c{}::<ul>\n<li>{}</li>\n<li>{}</li>\n</ul>}}}}"
    assert field(text) == items.format(1, "a", "b") + "\n" + items.format(2, "c", "d")


@pytest.mark.parametrize(
    "text",
    [
        "| {{c1::a | b}} |\n|---|---|\n| c | d |",
        "| a | b |\n|---|---|\n| {{c1::c | d}} |",
        "| a | {{c1::b |\n|---|---|\n| c}} | d |",
        "| a | b |\n|---|---|\n| {{c1::c | d |\n| e | f}} |",
        "| a | b |\n|---|---|\n| c | d {{c1::|\n\ne}}",
        "x | {{c1::\n--|--\ny}} | z",
        "a | b\n-|-\n{{c1::\nc}}",
    ],
)
def test_a_deletion_across_cells_ends_nothing_and_loses_nothing(text: str) -> None:
    document = read(text)
    html = FieldWriter(is_cloze=True).document(document)
    assert len(re.findall(r"\{\{c1::", html)) == html.count("}}") == len(document.deletions())
    assert set(re.findall(r"\b[a-z]\b", to_plain_text(parse(text)))) <= set(to_plain_text(document))


@pytest.mark.parametrize(
    "text", ["{{c1::a::{{c2::b}}}}", "{{c1::a::\\{{c2::b}}", "{{c1::a::`{{c2::b`}}", "{{c1::a::`}}`}} b"]
)
def test_a_hint_has_no_sign_that_anki_would_see(text: str) -> None:
    document = read(text)
    html = FieldWriter(is_cloze=True).document(document)
    assert len(re.findall(r"\{\{c[0-9]+::", html)) == html.count("}}") == len(document.deletions())


def test_equal_paragraphs_with_open_brackets_are_not_too_deep() -> None:
    assert parse("half-open [0, 1)\n\n" * 500).problems == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](b) | [a](b)\n---|---", [0, 9]),
        ("`c` | `c`\n---|---", [0, 6]),
        ("| a\\|b [c](d) |\n|---|", [7]),
        ("| `a\\|b` `c` |\n|---|", [2, 9]),
        ("- [x]  \n`c`", [8]),
    ],
)
def test_a_cell_and_a_task_keep_their_places(text: str, found: list[int]) -> None:
    assert [node.place.start for node in parse(text).walk() if isinstance(node, Link | CodeSpan)] == found


def test_code_with_an_escaped_bar_is_whole_at_its_place() -> None:
    text = "| `a\\|b` |\n|---|"
    (span,) = [node for node in parse(text).walk() if isinstance(node, CodeSpan)]
    assert text[span.place.start : span.place.end] == "`a\\|b`"


@pytest.mark.parametrize("text", ["| `c`\\|d |\n|---|", "| ==c==\\|d |\n|---|", "| [c](ftp:d)\\| |\n|---|"])
def test_what_stands_before_an_escaped_bar_ends_before_its_backslash(text: str) -> None:
    document = parse(text)
    found = [node.place for node in document.walk() if isinstance(node, CodeSpan | Link)]
    found += [problem.place for problem in document.problems]
    assert {text[place.start : place.end] for place in found} == {text[2 : text.index("\\")]}


@pytest.mark.parametrize("info", ["{.python}", "{python}", "{.python} x", "python."])
def test_the_place_of_a_language_is_its_name(info: str) -> None:
    text = f"```{info}\nx\n```"
    (code,) = parse(text).blocks
    assert isinstance(code, CodeBlock)
    assert code.language_place is not None
    assert text[slice(*code.language_place)] == code.language == "python"


def test_each_of_two_definitions_of_one_address_has_its_place() -> None:
    text = "[a][y]\n\n[x]: /u\n[y]: /u"
    (link,) = [node for node in parse(text).walk() if isinstance(node, Link)]
    assert link.address_place.start == text.rindex("/u")


@pytest.mark.parametrize("lines", [("> ```", "> x"), ("- ```", "  x")])
def test_an_unclosed_fence_is_underlined_itself(lines: tuple[str, ...], write_project: WriteProject) -> None:
    found = problems(write_project({"first.yaml": block(*lines)}))
    assert places(found) == ["source/first.yaml:4:7 unclosed-fence"]


def test_a_definition_with_a_lone_backslash_has_no_line_end_in_its_address() -> None:
    (link,) = [node for node in parse("[a]:\\\n[a]").walk() if isinstance(node, Link)]
    assert link.address == "\\"


def test_a_carriage_return_by_its_number_does_not_make_plain_text_of_a_document() -> None:
    document = parse("*a*&#13;b")
    assert guard(document, "x") is document


@pytest.mark.parametrize("text", [">{{c1::> a\nb", "> {{c1::- a\n> - b", "{{c1::# a\nb", "{{c1::- a\nb"])
def test_a_deletion_that_is_never_closed_breaks_no_line(text: str) -> None:
    for node in read(text).walk():
        place = getattr(node, "place", None)
        assert place is None or text[place.start : place.end] == text[place.start : place.end].lstrip()
    assert to_plain_text(read(text)).replace(" ", "") == to_plain_text(parse(text)).replace(" ", "")


def test_what_is_shown_is_not_said_to_be_left_out() -> None:
    document = parse("> " * 39 + "a")
    assert to_plain_text(document) == "a"
    assert document.problems == ()


def test_a_list_in_a_deletion_may_begin_with_any_number() -> None:
    assert field("{{c1::2. a\n3. b}}") == '{{c1::<ol start="2">\n<li>a</li>\n<li>b</li>\n</ol>}}'


def test_a_claim_and_its_truth_do_not_run_together_in_a_report() -> None:
    assert (
        read_html('<li><div class="claim">It is.</div><div class="truth">It is not.</div></li>') != "It is.It is not."
    )


def test_no_piece_of_code_is_empty() -> None:
    assert all(piece.text for piece in highlight("if", "python"))


@pytest.mark.parametrize(
    ("text", "place"),
    [("{{c1::a}} {{c2:b}}", (10, 15)), ("a {c2::b}", (2, 7)), ("{{C1::a}}", (0, 6)), ("a {{ c1::b }}", (2, 9))],
)
def test_a_mistyped_deletion_is_reported_at_its_sign(text: str, place: tuple[int, int]) -> None:
    (problem,) = read(text).problems
    assert (problem.code, problem.place) == ("cloze-without-deletion", place)
    assert "{{c" in problem.help


def test_braces_that_are_no_slip_are_not_reported() -> None:
    assert read("{{c1::a}} `{{ user }}` {% c %} {c} `{c1::x}`").problems == ()


@pytest.mark.parametrize(
    ("text", "lost"), [("| a |\n|---|\n| `x|y` | 2 |", "y` | 2"), ("a | b\n---|---\n1 | 2 | 3", "3")]
)
def test_what_a_row_has_beyond_its_head_is_reported(text: str, lost: str) -> None:
    (problem,) = parse(text).problems
    assert problem.code == "lost-cell"
    assert text[slice(*problem.place)] == lost


def test_a_comment_of_html_is_reported() -> None:
    (problem,) = parse("a <!-- b --> c").problems
    assert (problem.code, problem.place) == ("unsupported-html", (2, 6))


@pytest.mark.parametrize("text", ["«https://e.org»", "See [https://e.org].", "“https://e.org”", "(https://e.org)"])
def test_a_bare_address_ends_before_what_closes_around_it(text: str) -> None:
    (link,) = [node for node in parse(text).walk() if isinstance(node, Link)]
    assert link.address == "https://e.org"


def test_a_numbered_list_goes_on_counting_after_a_deletion() -> None:
    html = field("1. a\n2. {{c1::b\n3. c}}\n4. d")
    assert re.findall(r'<ol(?: start="(\d)")?>', html) == ["", "2", "4"]


@pytest.mark.parametrize(
    "text",
    [
        "{{c1::\n- {{c1::{{}}}}}",
        "{{c1::a||\n-|-\n{{c2::{}}}",
        "{{c1::Sets:\n\n- a\n- {{c2::one {1}}} is a set",
        "{{c1::a {{c2::b {c}}} d",
        "{{c1::a {{c2::{{x}}}}} d",
    ],
)
def test_braces_that_closed_one_deletion_close_no_other(text: str) -> None:
    document = read(text)
    html = FieldWriter(is_cloze=True).document(document)
    assert len(re.findall(r"\{\{c[0-9]+::", html)) == html.count("}}") == len(document.deletions())
    assert [problem.code for problem in document.problems] == ["cloze-without-deletion"]


@pytest.mark.parametrize("hint", ["sound: voiced", "anki:x", "$]x[/$", "latex]x[/latex", "$$]x", "[sound:a.mp3]"])
def test_a_hint_is_no_sound_and_no_formula(hint: str) -> None:
    html = field(f"{{{{c1::a::{hint}}}}}")
    shown = f"[{html.partition('a::')[2].removesuffix('}}')}]"
    assert not re.search(r"\[(?:sound:|anki:|/?latex\]|/?\$\$?\])", shown, re.IGNORECASE)


def test_a_link_inside_a_link_is_text_and_reported() -> None:
    document = parse("**B** [see <https://x.org>](https://y.org) and `c`")
    assert to_html(document).count("<a ") == 1
    assert guard(document, "x") is document
    assert [problem.code for problem in document.problems] == ["unsupported-markdown"]


@pytest.mark.parametrize("address", ["https://192.168.1.256/", "https://a%b.org", "https://xn--a/", "http://[v1.a]"])
def test_an_address_that_no_browser_can_follow_costs_the_link_and_no_text(address: str) -> None:
    document = guard(parse(f"**B** <{address}>"), "x")
    assert to_plain_text(document) == f"B {address}"
    assert "<strong>B</strong>" in to_html(document)


@pytest.mark.slow
def test_many_tables_and_many_findings_take_no_time() -> None:
    table = "|" + "a|" * 256 + "\n|" + "-|" * 256 + "\n" + "x\n" * 254 + "\n"
    started = time.process_time()
    for text in (table * 12, "[^1]\n\n" * 3_300, "a|b\n-|-\n" + "c|d\n" * 300 + "\n" + "[^1]" * 4_000):
        parse(text[:20_000])
    assert time.process_time() - started < 10


@pytest.mark.parametrize("text", ["| a | b |\n|---|---|\n| or | \\| |", "| a |\n|---|\n| `\\|` |"])
def test_a_cell_of_a_bar_alone_is_one(text: str) -> None:
    assert parse(text).problems == ()


def test_a_list_after_a_definition_is_the_first_block() -> None:
    text = "[a]: /u\n401. x"
    assert signs.may_begin_with_number(text)
    assert signs.may_have_problems("1. a\r  - b")
