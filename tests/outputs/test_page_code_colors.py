"""Highlighted code keeps its colors and loses every span that a style sheet does not need."""

from __future__ import annotations

from dataclasses import replace

from cardpress.markdown import parse
from cardpress.markdown.tree import CodeBlock, Piece
from cardpress.writers.page.code_colors import make_color_merger
from cardpress.writers.page.html import PageWriter

STYLE = "/* .n { } */ .k, .kn { color: red } .s { color: blue } @media print { .s { color: navy } .c { color: gray } }"


def slim(*pieces: tuple[str, str]) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in make_color_merger(STYLE)([Piece(*piece) for piece in pieces])]


def shown(code: str, *pieces: tuple[str, str], style: str = STYLE) -> str:
    """Return the HTML of a cloze text's code, whose pieces these are."""
    (block,) = parse(f"```text\n{code}\n```", with_deletions=True).blocks
    assert isinstance(block, CodeBlock)
    colored = replace(block, pieces=tuple(Piece(*piece) for piece in pieces))
    return PageWriter({}, make_color_merger(style)).block(colored)


def test_what_has_no_color_has_no_span() -> None:
    assert slim(("n", "a"), ("o", "=")) == [("", "a=")]
    assert slim(("k", " ")) == [("", " ")]
    assert shown("a=", ("n", "a"), ("o", "=")) == "<pre><code>a=</code></pre>"


def test_neighbors_of_one_color_share_a_span() -> None:
    assert slim(("kn", "from"), ("", " "), ("k", "a"), ("w", " "), ("", "\n"), ("kn", "b")) == [("k", "from a \nb")]
    assert shown("from b", ("kn", "from"), ("", " "), ("k", "b")) == ("<pre><code><i class=k>from b</i></code></pre>")


def test_neighbors_of_two_colors_do_not() -> None:
    pieces = [("s", "a"), ("k", "b"), ("", "x"), ("k", "c")]
    assert slim(*pieces) == pieces


def test_a_rule_more_makes_another_color() -> None:
    pieces = [("s", "a"), ("c", "b")]
    assert slim(*pieces) == pieces


def test_a_deletion_inside_code_stays() -> None:
    assert shown("a{{c1::b}}{{c2::c}}d", ("n", "ab"), ("k", "cd")) == (
        '<pre><code>a<mark class="cloze">b</mark><mark class="cloze" data-cloze="2"><i class=k>c</i></mark>'
        "<i class=k>d</i></code></pre>"
    )


def test_the_page_without_color_rules_has_no_spans() -> None:
    assert shown("a", ("k", "a"), style="p { margin: 0 }") == "<pre><code>a</code></pre>"
