"""A tree is written as a Markdown text that is read as that tree again, and that an author would have written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.adopt.markdown_text import simplify, write_markdown
from cardpress.markdown import Document, parse
from cardpress.markdown.raw_html import read_html
from cardpress.markdown.tree import (
    Block,
    Cell,
    CodeBlock,
    CodeSpan,
    Formula,
    Heading,
    Inline,
    Item,
    Latex,
    LineBreak,
    Link,
    List,
    Paragraph,
    Picture,
    Place,
    Quote,
    Row,
    Sound,
    Styled,
    Table,
    Text,
    ThematicBreak,
)
from tests.helpers.markdown_texts import TEXTS

NOWHERE = Place(0, 0)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a <b>b</b> and <i>c</i>", "a **b** and *c*"),
        ("a<br>b", "a\\\nb"),
        ("a<div>b</div>", "a\n\nb"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ('<ol start="3"><li>a</li></ol>', "3. a"),
        ("<pre>x = 1\ny</pre>", "```\nx = 1\ny\n```"),
        ("<code>a`b</code>", "``a`b``"),
        ('<a href="https://e.org/a">here</a>', "[here](https://e.org/a)"),
        ('<a href="https://e.org/a">https://e.org/a</a>', "https://e.org/a"),
        ('<img src="a b.png" alt="a hat">', "![a hat](<a b.png>)"),
        ("[sound:perro.mp3]", "![](perro.mp3)"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td>3<br>4</td></tr></table>",
            "| a | b |\n|---|---|\n| 1\\|2 | 3<br>4 |",
        ),
        ("<b><i>a</i></b>", "**_a_**"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("<ruby>漢字<rt>かんじ</rt></ruby>です", "漢字[かんじ]です"),
        ("お<ruby>茶<rt>ちゃ</rt></ruby>", "お 茶[ちゃ]"),
        # What would be a sign is escaped, and nothing else is.
        ("1. a", "1\\. a"),
        ("1.5 and 2 - 3, a_b (c) 5%!", "1.5 and 2 - 3, a_b (c) 5%!"),
        ("# a", "\\# a"),
        ("a*b*c", "a\\*b\\*c"),
        ("a<br>- b", "a\\\n\\- b"),
        ("[a](b)", "\\[a](b)"),
        ("&amp;lt; &lt;b&gt;", "\\&lt; \\<b>"),
        ("&nbsp;a", "&nbsp;a"),
    ],
)
def test_a_tree_is_written_as_an_author_would(html: str, text: str) -> None:
    assert write_markdown(read_html(html)) == text


def test_a_line_end_in_a_cell_is_a_line_break() -> None:
    assert write_markdown(read_html("a<br>- b"), with_breaks=True) == "a\n\\- b"


def test_lists_that_stand_one_below_the_other_stay_two() -> None:
    text = write_markdown(read_html("<ul><li>a</li></ul><ul><li>b</li></ul>"))
    assert text == "- a\n\n* b"


@pytest.mark.parametrize(
    "words", ["$x^2$", "{{c1::a}}", "[[type:Front]]", "{{hint:Front}}", "\\(x\\)", "#tag", "==a=="]
)
def test_what_means_something_elsewhere_is_written_without_a_problem(words: str) -> None:
    text = write_markdown(Document((Paragraph((Text(words),), NOWHERE),)))
    assert text is not None
    assert parse(text).line == (Text(words),)
    assert not [each for each in parse(text).problems if each.code]


def test_a_tree_that_no_text_is_read_as_has_none() -> None:
    assert write_markdown(read_html("<b>(a)</b>b")) is None
    assert write_markdown(Document((Table((), (Row((Cell("", (Text("a"),)),)),), NOWHERE),))) is None


@pytest.mark.parametrize("name", TEXTS)
def test_markdown_comes_back(name: str) -> None:
    tree = parse(TEXTS[name].text)
    text = write_markdown(tree)
    if text is None:  # what has a problem however it is written
        assert tree.problems
    else:
        assert simplify(parse(text)) == simplify(tree)


@pytest.mark.parametrize(
    "text",
    [
        "Iron melts at {{c1::1538::number}} °C.",
        "{{c1::**a** b}} and {{c2::`c`}}",
        "{{c1::\n\n- a\n- b\n\n}}",
        "`a {{c1::b}}`",
        "\\( {{c1::x}} + 1 \\)",
    ],
)
def test_deletions_come_back(text: str) -> None:
    tree = parse(text, with_deletions=True)
    written = write_markdown(tree, with_deletions=True)
    assert written is not None
    assert simplify(parse(written, with_deletions=True)) == simplify(tree)


# --- any tree

signs = st.text("ab Z9.,:;!?-+*_`~#>|\\/()[]{}<>&=$%^'\"@é漢", min_size=1, max_size=12)
words = signs.map(lambda text: " ".join(text.split())).filter(bool)
name = st.text("abc", min_size=1, max_size=5)


def within(text: str) -> tuple[Inline, ...]:
    """Return a text in a line, with letters at its ends: beside them marks are marks."""
    return (Text(f"a{text}z"),)


code = signs.filter(str.strip)
pieces: st.SearchStrategy[Inline] = st.one_of(
    st.builds(
        lambda text, style: Styled(style, within(text)), words, st.sampled_from("em strong del kbd mark sup".split())
    ),
    st.builds(lambda text: CodeSpan((Text(" ".join(text.split())),), NOWHERE), code),
    st.builds(lambda text, path: Link(f"https://e.org/{path}", "", within(text), NOWHERE, NOWHERE), words, name),
    st.builds(lambda text, path: Picture(f"{path}.png", f"a{text}z", "", NOWHERE, NOWHERE), words, name),
    st.builds(lambda text, path: Sound(f"{path}.mp3", f"a{text}z", NOWHERE, NOWHERE), words, name),
    st.builds(lambda path: Formula((Latex(path),), False, NOWHERE), name),
)


def join(first: str, rest: list[tuple[Inline, str]]) -> tuple[Inline, ...]:
    nodes: list[Inline] = [Text(first)]
    for piece, text in rest:
        nodes += [Text(" "), piece, Text(f" {text}")]
    return tuple(nodes)


lines = st.builds(join, words, st.lists(st.tuples(pieces, words), max_size=3))
broken = st.builds(lambda one, two: (*one, LineBreak(), *two), lines, lines)
paragraphs = st.builds(lambda nodes: Paragraph(nodes, NOWHERE), lines | broken)
leaves: st.SearchStrategy[Block] = st.one_of(
    paragraphs,
    st.builds(lambda level, nodes: Heading(level, nodes, NOWHERE), st.integers(1, 6), lines),
    st.builds(lambda text: CodeBlock("", (Text(text),), NOWHERE), code),
    st.builds(
        lambda rows: Table(
            (Row(tuple(Cell("", cell) for cell in rows[0])),),
            tuple(Row(tuple(Cell("", cell) for cell in row)) for row in rows[1:]),
            NOWHERE,
        ),
        st.lists(st.tuples(lines, lines), min_size=1, max_size=3),
    ),
    st.just(ThematicBreak(NOWHERE)),
)


def nest(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Any]:
    blocks = st.lists(inner, min_size=1, max_size=3).map(tuple)
    items = st.lists(st.builds(lambda each: Item(each, NOWHERE), blocks), min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(lambda each: Quote(each, NOWHERE), blocks),
        st.builds(lambda first, each: List(first, each, NOWHERE), st.sampled_from([None, 1, 7]), items),
    )


documents = st.lists(st.recursive(leaves, nest, max_leaves=6), min_size=1, max_size=3).map(
    lambda each: Document(tuple(each))
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(documents)
def test_any_tree_comes_back(document: Document) -> None:
    text = write_markdown(document)
    assert text is not None
    again = parse(text)
    assert simplify(again) == simplify(document)
    assert not [each for each in again.problems if each.code]
