"""What is known to be safe by what it is made of: a sanitizer agrees, and all writers of HTML have the same of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.anki.field_html import FieldWriter
from cardpress.deck.notes import RichText
from cardpress.markdown import parse
from cardpress.markdown.card_html import CardWriter, guard, sanitize
from cardpress.markdown.simple_trees import is_simple
from cardpress.markdown.tree import (
    Block,
    Code,
    CodeBlock,
    CodeSpan,
    Deletion,
    Document,
    Inline,
    Item,
    LineBreak,
    Link,
    List,
    Paragraph,
    Picture,
    Piece,
    Place,
    Quote,
    RawTag,
    Styled,
    Text,
    ThematicBreak,
)
from cardpress.writers.page.html import PageWriter

NOWHERE = Place(0, 0)
# What could end an element, begin one, or be taken for a sign of Anki; and all that an editor can type.
SIGNS = [
    *(
        "<",
        ">",
        "&",
        '"',
        "'",
        "</p>",
        "</code>",
        "<script>",
        "<img src=x onerror=y>",
        "&lt;",
        "&#60;",
        "&nbsp;",
        "<!--",
    ),
    *(
        "-->",
        "<![CDATA[",
        "]]>",
        "</pre>",
        "<svg>",
        "<p>",
        "<br>",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\x00",
        "\x0b",
        "\x0c",
        "\x1b",
    ),
    *(
        "\x7f",
        "\x85",
        "\u00a0",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "\u0338",
        "=",
        "`",
        "{{c1::a}}",
        "}}",
        "::",
        "\\(",
        "[sound:",
    ),
    *("[latex]", "[[type:a]]", "\\", "[", "javascript:", "word", " ", "\u65e5"),
]
VALUES = st.one_of(
    st.lists(st.sampled_from(SIGNS), max_size=6).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
TEXTS = VALUES.map(Text)
CODE = st.lists(TEXTS, max_size=2).map(tuple)
STYLES = st.sampled_from(["em", "strong", "del", "kbd", "mark", "sub", "sup"])
LINES = st.recursive(
    st.one_of(TEXTS, CODE.map(lambda code: CodeSpan(code, NOWHERE)), st.just(LineBreak())),
    lambda inline: st.builds(Styled, STYLES, st.lists(inline, max_size=4).map(tuple)),
    max_leaves=12,
)
PARAGRAPHS = st.builds(
    lambda children, is_tight: Paragraph(tuple(children), NOWHERE, is_tight=is_tight),
    st.lists(LINES, max_size=4),
    st.booleans(),
)
LANGUAGES = st.one_of(st.sampled_from(["", "python", "C++", 'a" onclick="b', "x><script>"]), VALUES)
BLOCKS = st.recursive(
    st.one_of(PARAGRAPHS, st.builds(CodeBlock, LANGUAGES, CODE, st.just(NOWHERE))),
    lambda block: st.builds(
        List,
        st.sampled_from([None, 0, 1, 999_999_999]),
        st.lists(
            st.builds(Item, st.lists(block, max_size=3).map(tuple), st.just(NOWHERE), st.sampled_from([None, True])),
            max_size=3,
        ).map(tuple),
        st.just(NOWHERE),
    ),
    max_leaves=10,
)
DOCUMENTS = st.lists(BLOCKS, min_size=1, max_size=4).map(lambda blocks: Document(tuple(blocks)))
# At the top, paragraphs have elements of their own; only entries of lists have tight ones.
many = settings(derandomize=True, deadline=None, database=None, max_examples=500)


@many
@given(DOCUMENTS)
def test_a_sanitizer_finds_nothing_to_take_out_of_a_simple_tree(document: Document) -> None:
    assert is_simple(document, or_code=True)
    html = CardWriter().document(document)
    # Tight paragraphs alone could begin with a byte order mark, which a reader of HTML drops.
    assert sanitize(f"<p></p>{html}") == f"<p></p>{html}"


@many
@given(DOCUMENTS, st.booleans())
def test_what_writers_share_is_what_each_would_write(document: Document, is_line: bool) -> None:
    writers = (
        *(CardWriter(), PageWriter({}, lambda pieces: pieces), FieldWriter(), FieldWriter(is_cloze=True)),
        *(FieldWriter(has_notation=True), FieldWriter(is_cloze=True, has_notation=True)),
    )
    text = RichText("", document, is_line=is_line)
    for writer in writers:
        assert text.html(writer) == (writer.line(document) if is_line else writer.document(document))


def in_line(*nodes: Inline) -> Document:
    return Document((Paragraph((Text("a"), *nodes), NOWHERE),))


@pytest.mark.parametrize(
    "document",
    [
        in_line(Link("javascript:x", "", (), NOWHERE, NOWHERE)),
        in_line(Picture("x", "", "", NOWHERE, NOWHERE)),
        in_line(RawTag("script", "", "<script>", NOWHERE, is_end=False, is_complete=True)),
        in_line(Deletion(1, "", (Text("a"),), NOWHERE)),
        in_line(Styled("script", (Text("a"),))),
        in_line(Styled('em onclick="x"', (Text("a"),))),
        in_line(Styled("em", (Link("https://a.org", "", (), NOWHERE, NOWHERE),))),
        in_line(CodeSpan((Deletion(1, "", (Text("a"),), NOWHERE),), NOWHERE)),
        Document((Quote((Paragraph((Text("a"),), NOWHERE),), NOWHERE),)),
        Document((ThematicBreak(NOWHERE),)),
        Document((CodeBlock("", (Text("a"),), NOWHERE, pieces=(Piece('k" onclick="x', "a"),)),)),
        Document((CodeBlock("", (Deletion(1, "", (Text("a"),), NOWHERE),), NOWHERE),)),
        Document((List(None, (Item((Quote((), NOWHERE),), NOWHERE),), NOWHERE),)),
        Document((Deletion(1, "", (Paragraph((Text("a"),), NOWHERE),), NOWHERE),)),
    ],
)
def test_a_tree_that_holds_anything_else_is_not_simple(document: Document) -> None:
    assert not is_simple(document)
    assert not is_simple(document, or_code=True)


def test_code_has_colors_that_differ_from_writer_to_writer() -> None:
    document = parse("a\n\n```python\nb\n```")
    assert is_simple(document, or_code=True)
    assert not is_simple(document)
    assert guard(document, "") is document


def test_what_is_shared_is_that_of_the_tree_itself() -> None:
    """A text with another tree, as that of a name or of a headline, takes nothing over."""
    text = RichText("a", parse("a\n\n`b`"))
    assert text.html(CardWriter()) == "<p>a</p>\n<p><code>b</code></p>"
    assert text.name.html(CardWriter()) == "a"
    other: tuple[Block, ...] = (Paragraph((Text("c"),), NOWHERE),)
    assert replace(text, document=Document(other)).html(CardWriter()) == "<p>c</p>"


def test_code_of_a_text_is_what_it_may_be() -> None:
    """The kinds of code that this file makes are all that there are."""
    assert set(Code.__args__) == {Text, Deletion}
