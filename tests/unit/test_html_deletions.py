"""The tree of HTML with cloze deletions, and with formulas: what page and paper show of it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.anki.deletions import read_deletions
from cardpress.markdown.html_deletions import list_cards, list_numbers
from cardpress.markdown.html_writer import to_html
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.raw_html import read_html
from cardpress.markdown.tree import Formula, Quote


def show(html: str) -> str:
    """Return the tree of HTML with deletions, a deletion as `[1 …]` and one with a hint as `[1|hint …]`."""
    written = to_html(read_html(html, with_deletions=True)).replace("</mark>", "]").replace("\n", "")
    written = written.replace('<mark class="cloze" data-cloze="', "[").replace('" data-hint="', "|")
    return written.replace('">', " ")


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("a {{c1::b}} c", "<p>a [1 b] c</p>"),
        ("{{c2::a::b c}}", "<p>[2|b c a]</p>"),
        ("{{c1::a::<b>h</b> &amp;}}", "<p>[1|h &amp; a]</p>"),
        ("{{c1,2::a}}", "<p>[1 [2 a]]</p>"),
        ("{{c0::a}} {{c600::b}}", "<p>a b</p>"),
        ("{{c1::a {{c2::b::h2}} d::h1}}", "<p>[1|h1 a [2|h2 b] d]</p>"),
        ("<b>a {{c1::b</b> c}} d", "<p><strong>a </strong>[1 <strong>b</strong> c] d</p>"),
        ("<div>a {{c1::b</div><div>c}} d</div>", "<p>a</p>[1 <p>b</p><p>c</p>]<p>d</p>"),
        ("<ul><li>{{c1::a</li><li>b}}</li></ul>", "[1 <ul><li>a</li><li>b</li></ul>]"),
        ("<ul><li>a {{c1::b}}</li></ul>", "<ul><li>a [1 b]</li></ul>"),
        ("<table><tr><td>{{c1::a}}<td>b</table>", "<table><tbody><tr><td>[1 a]</td><td>b</td></tr></tbody></table>"),
        ("<table><tr><td>{{c1::a<td>b}}</table>", "[1 <table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>]"),
        ("<h2>{{c1::a}} b</h2>", "<h2>[1 a] b</h2>"),
        ("<code>a {{c1::b}}</code>", "<p><code>a [1 b]</code></p>"),
        ("<pre>\na\n{{c1::b\nc}} <b>{{c2::d}}</b>\n</pre>", "<pre><code>a[1 bc] [2 d]</code></pre>"),
        ("{{c1::a::<b>h}} b</b> c", "<p>[1|h a]<strong> b</strong> c</p>"),
        ("{{c1::}}", "<p>[1 ]</p>"),
        # Anki shows these, too, and makes no cards of them.
        ("{{c1::a", "<p>{{c1::a</p>"),
        ("{{c1::{{c2::a}}", "<p>{{c1::{{c2::a}}</p>"),
        ("}} {{C1::a}}", "<p>}} {{C1::a}}</p>"),
        # An element cannot begin in a tag.
        ('<i title="{{c1::">a}}</i>', "<p><em>a</em></p>"),
        ("<!-- {{c1:: --> a}}", "<p>a</p>"),
        # Masks on a picture are no text.
        ("{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}<br>", ""),
        ("\ufdd30\ufdd5a{{c1::b}}\ufdd40\ufdd5", "<p>0a[1 b]0</p>"),
    ],
)
def test_a_deletion_holds_what_it_holds_in_anki(html: str, shown: str) -> None:
    assert show(html) == shown


@pytest.mark.parametrize(
    ("html", "sources"),
    [
        (r"a \(x^2\) b \[y\]", [r"x^2", "y"]),
        (r"[$]x &lt; y[/$] [$$]\frac{1}{2}[/$$]", ["x < y", r"\frac{1}{2}"]),
        (r"[latex]$x$[/latex] [LaTeX]\[y\][/latex] [latex]$$z$$[/latex]", ["x", "y", "z"]),
        (r"[latex]\begin{align*}a&amp;=b\end{align*}[/latex]", [r"\begin{align*}a&=b\end{align*}"]),
        (r"\(a<br>b&nbsp;<b>c</b>\)", ["a\nb c"]),
        (r"\(\alpha{{c1::x::hint}}\beta\)", [r"\alpha x\beta"]),
        (r"{{c1::\(x\)}}", ["x"]),
        # What cannot be read, and what a deletion cuts in two, is its text.
        (r"\(\nosuchcommand\)", []),
        (r"[latex]\textbf{x} and $y$[/latex]", []),
        (r"{{c1::\(x}} y\)", []),
        (r"\(x", []),
        (r"\(\)", []),
    ],
)
def test_its_formulas_are_formulas(html: str, sources: list[str]) -> None:
    document = read_html(html, with_deletions=True)
    assert [node.source for node in document.walk() if isinstance(node, Formula)] == sources
    if not sources:
        assert to_plain_text(document).replace(" ", "") == html.replace("{{c1::", "").replace("}}", "").replace(" ", "")


def test_a_formula_keeps_its_deletion_and_hint() -> None:
    document = read_html(r"\(\alpha{{c1::x::hint}}\beta\)", with_deletions=True)
    (formula,) = [node for node in document.walk() if isinstance(node, Formula)]
    assert [(gap.number, gap.hint) for gap in formula.gaps] == [(1, "hint")]


def test_without_deletions_their_signs_are_text() -> None:
    assert to_html(read_html("a {{c1::b}}")) == "<p>a {{c1::b}}</p>"


@pytest.mark.parametrize(
    ("html", "numbers"),
    [
        ("{{c1::a}}{{c3::b}}", {1, 3}),
        ("{{c1,2::a}}", {1, 2}),
        ("{{c0::a}}", set()),
        ("{{c600::a}}", set()),
        ("a", set()),
    ],
)
def test_it_has_a_card_of_each_number(html: str, numbers: set[int]) -> None:
    assert list_cards(html) == numbers


def test_the_history_knows_what_it_hides() -> None:
    one = read_deletions("{{c1::a}} {{c2::image-occlusion:rect:left=.1}} {{c3::\\(\\)}}")
    assert list(one) == [1, 2, 3]
    assert read_deletions("<i>{{c1::<b>A</b>::hint}}</i>")[1] == one[1]
    assert read_deletions("{{c2,1::b}}") == {1: one_of("b"), 2: one_of("b")}


def one_of(text: str) -> tuple[str, ...]:
    return read_deletions(f"{{{{c1::{text}}}}}")[1]


PIECES = [
    *("a", " ", "<b>", "</b>", "<div>", "</div>", "<ul>", "<li>", "</li>", "</ul>", "<table>", "<tr>", "<td>", "<p>"),
    *("{{c1::", "{{c2::", "{{c1,3::", "}}", "}}", "}}", "::", "h", "<pre>", "</pre>", "<code>", "</code>", "<br>"),
    *(r"\(", r"\)", r"\alpha", "[$]", "[/$]", "<h2>", "</h2>", '<i title="', '">', "</i>", "<ruby>", "<rt>", "</ruby>"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_whatever_stands_in_it_it_has_a_tree_with_deletions_that_anki_sees(html: str) -> None:
    document = read_html(html, with_deletions=True)
    assert {each.number for each in document.deletions()} <= list_numbers(html)
    to_plain_text(document)
    to_html(document)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_words_alone_are_read_as_in_any_element(text: str) -> None:
    blocks = read_html(f"<blockquote>{text}</blockquote>").blocks
    assert read_html(text).blocks == (blocks[0].children if blocks and isinstance(blocks[0], Quote) else blocks)


@pytest.mark.parametrize(
    "piece", ["{{c1::", "{{c1::a}}", r"\(", "[$]", "[latex]", "::", "{{c1::a::", "<b>{{c1::</b>}}"]
)
def test_long_texts_are_read_in_time_that_grows_with_them(piece: str) -> None:
    start = time.process_time()
    read_html(piece * (40_000 // len(piece)), with_deletions=True)
    assert time.process_time() - start < 5


def test_a_deletion_of_very_many_numbers_is_no_deeper_than_outputs_can_be() -> None:
    numbers = ",".join(map(str, range(1, 501)))
    html = f"{{{{c{numbers}::" * 10 + "x" + "}}" * 10
    assert len(list_cards(html)) == 500
    assert to_plain_text(read_html(html, with_deletions=True)) == "x"
