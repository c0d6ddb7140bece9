"""The tree has every part of a text once, in order, and says where in the text it stands."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.anki.field_html import FieldWriter
from cardpress.markdown import parse
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.tree import (
    CodeBlock,
    CodeSpan,
    Deletion,
    Heading,
    Item,
    LineBreak,
    Link,
    List,
    Node,
    Paragraph,
    Picture,
    Piece,
    Place,
    Quote,
    RawTag,
    Row,
    Styled,
    Table,
    Text,
    ThematicBreak,
    is_block,
    list_children,
    list_cuts,
    map_nodes,
    read_code,
)
from cardpress.source.yaml.reading import MAX_CHARACTERS


def words(text: str, place: Place | None) -> str:
    """Return what stands at a place."""
    assert place is not None
    assert 0 <= place.start <= place.end <= len(text)
    return text[place.start : place.end]


# --- code -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "code", "is_closed"),
    [
        ("```python\nx = 1\n```", "python", "x = 1", True),
        ("~~~ js\nx\n~~~", "js", "x", True),
        ("````\n```\n````", "", "```", True),
        ("```python\nx", "python", "x", False),
        ("```\nx\n``", "", "x\n``", False),
        ("```\nx\n~~~", "", "x\n~~~", False),
        ("```\nx\n```js", "", "x\n```js", False),
        ("- a\n  ```sh\n  ls\n   -l\n  ```", "sh", "ls\n -l", True),
        ("> ```sh\n> ls\n> ```", "sh", "ls", True),
        ("> ```sh\n> ls\nmore", "sh", "ls", False),
        ("- ```sh\n  ls\n- b", "sh", "ls", False),
        ("```c++ linenos\nx\n```", "c++", "x", True),
        ("```c\\+\\+\nx\n```", "c++", "x", True),
        ("\n   ```  py\n   x\n     y\n   ```", "py", "x\n  y", True),
        ("```", "", "", False),
        ("```\n```", "", "", True),
        ("```\n\n\n```", "", "\n", True),
        ("```py\r\nx\r\n\r\ny\r\n```\r\n", "py", "x\n\ny", True),
    ],
)
def test_a_fence_is_read(text: str, language: str, code: str, is_closed: bool) -> None:
    (block,) = [node for node in parse(text).walk() if isinstance(node, CodeBlock)]
    assert (block.language, block.text, block.is_closed) == (language, code, is_closed)
    if language:
        assert words(text, block.language_place).replace("\\", "") == language
    else:
        assert block.language_place is None


@pytest.mark.parametrize("info", ["{.python}", "{python}", ".python"])
def test_a_language_may_stand_in_braces(info: str) -> None:
    text = f"``` {info} linenos\nx\n```"
    (block,) = parse(text).blocks
    assert isinstance(block, CodeBlock)
    assert block.language == "python"
    assert block.language_place is not None
    assert text[block.language_place.start :].startswith("python")


def test_fences_follow_each_other() -> None:
    first, text, second = parse("```\na\n```\ntext\n~~~\nb\n~~~\n").blocks
    assert isinstance(first, CodeBlock)
    assert isinstance(second, CodeBlock)
    assert isinstance(text, Paragraph)
    assert (first.text, second.text) == ("a", "b")


def test_indented_code_names_no_language_and_is_never_open() -> None:
    text = "Before:\n\n    if x:\n\n        y\n\nAfter."
    _, block, _ = parse(text).blocks
    assert isinstance(block, CodeBlock)
    assert (block.language, block.text, block.language_place, block.is_closed) == ("", "if x:\n\n    y", None, True)
    assert words(text, block.place) == "if x:\n\n        y"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a `b` c", [("b", "`b`")]),
        ("a ``b ` c`` d", [("b ` c", "``b ` c``")]),
        ("a `b`` c` d", [("b`` c", "`b`` c`")]),
        ("a `b", []),
        ("a \\`b` c `d`", [("c", "` c `")]),
        ("a `b\nc` d", [("b\nc", "`b\nc`")]),
        ("> a `b\n> c` d", [("b\nc", "`b\n> c`")]),
        ("a `b\n\nc` d", []),
        ("a `b\n \t\nc` d", []),
        ("```\n`a\n```\nb` c `d", [("c", "` c `")]),
        ("` a ` `` ` ``", [("a", "` a `"), ("`", "`` ` ``")]),
        ("`  ` ` a`", [("  ", "`  `"), (" a", "` a`")]),
        ("- `a`\n- # `b`\n\n[`c`](d)", [("a", "`a`"), ("b", "`b`"), ("c", "`c`")]),
        ("| `a` | b |\n|---|---|\n| c | `d` |", [("a", "`a`"), ("d", "`d`")]),
        ("- [x] `a`\n- [ ] b `c`", [("a", "`a`"), ("c", "`c`")]),
        ("    `a`", []),
        ("no code", []),
    ],
)
def test_code_in_a_line_is_found_with_its_place(text: str, found: list[tuple[str, str]]) -> None:
    spans = [node for node in parse(text).walk() if isinstance(node, CodeSpan)]
    assert [(read_code(span.content), words(text, span.place)) for span in spans] == found


def test_backticks_in_a_line_are_no_fence() -> None:
    for text in ("```x``` is code", "a ``` b\n``` c`\n"):
        (paragraph,) = parse(text).blocks
        assert isinstance(paragraph, Paragraph)


# --- tags -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<b>x</b>", ["b complete", "b complete end"]),
        ("<DIV/>", ["div complete"]),
        ("<a href='x'", ["a"]),
        ("<script", ["script"]),
        ("a <script\nsrc=x>", ["script complete"]),
        ("<x-y z>", ["x-y complete"]),
        ("*<i>*", ["i complete"]),
        ("- > <p>\n\n| <s> |\n|---|", ["p complete", "s complete"]),
        ("1 < 2 > 0, <3, <-, <>, `<b>`, \\<b>", []),
        ("```\n<b>\n```\n\n    <b>", []),
        ("<https://example.org> <me@example.org>", []),
        ("<kbd>Esc</kbd><br>", []),
        ("<kbd class=x>Esc</kbd>", ["kbd complete", "kbd complete end"]),
        ("<!-- a --> <?php ?> <!DOCTYPE x>", []),
    ],
)
def test_tags_are_found_complete_or_not(text: str, found: list[str]) -> None:
    tags = [node for node in parse(text).walk() if isinstance(node, RawTag)]
    facts = [f"{tag.name}{' complete' * tag.is_complete}{' end' * tag.is_end}" for tag in tags]
    assert facts == found
    for tag in tags:
        place = words(text, tag.place)
        assert place.lower().startswith(("<" + tag.name, "</" + tag.name))
        assert place.endswith(">") == tag.is_complete


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ("<a href='x' title=\"y\">", "href='x' title=\"y\""),
        ("<img/src=x/onerror = alert(1)>", "src=x/onerror = alert(1)"),
        ("<hr />", ""),
        ("<b\nid=x\n/>", "id=x"),
    ],
)
def test_a_tag_is_kept_as_it_was_typed(tag: str, attributes: str) -> None:
    text = f"see {tag} there"
    (found,) = [node for node in parse(text).walk() if isinstance(node, RawTag)]
    assert found.attributes.strip() == attributes
    assert words(text, found.place) == tag
    (paragraph,) = parse(text).blocks
    assert "".join(map(typed, list_children(paragraph))) == text


def typed(node: Node) -> str:
    """Return the source of a tag, or a text."""
    assert isinstance(node, Text | RawTag)
    return node.value if isinstance(node, Text) else node.source


# --- blocks -----------------------------------------------------------------------------------------------------------

TEXT = """\
# A *heading*

A paragraph
of two lines.

> - An entry
>
>   ```py
>   code
>   ```
> 1) Another

| a | b |
|---|--:|
| c | d |

***
Setext
------
- [x] done
- [ ] open
"""


def test_every_block_says_where_it_stands() -> None:
    found = [
        (type(node).__name__, words(TEXT, node.place).split("\n")[0], words(TEXT, node.place).count("\n") + 1)
        for node in parse(TEXT).walk()
        if isinstance(node, Heading | Paragraph | Quote | List | Item | CodeBlock | Table | ThematicBreak)
    ]
    assert found == [
        ("Heading", "# A *heading*", 1),
        ("Paragraph", "A paragraph", 2),
        ("Quote", "> - An entry", 6),
        ("List", "> - An entry", 5),
        ("Item", "> - An entry", 5),
        ("Paragraph", "> - An entry", 1),
        ("CodeBlock", "```py", 3),
        ("List", "> 1) Another", 1),
        ("Item", "> 1) Another", 1),
        ("Paragraph", "> 1) Another", 1),
        ("Table", "| a | b |", 3),
        ("ThematicBreak", "***", 1),
        ("Heading", "Setext", 2),
        ("List", "- [x] done", 2),
        ("Item", "- [x] done", 1),
        ("Paragraph", "- [x] done", 1),
        ("Item", "- [ ] open", 1),
        ("Paragraph", "- [ ] open", 1),
    ]


def test_blocks_have_their_facts() -> None:
    heading, _, quote, table, _, second, tasks = parse(TEXT).blocks
    assert isinstance(heading, Heading)
    assert isinstance(second, Heading)
    assert (heading.level, second.level) == (1, 2)
    assert isinstance(quote, Quote)
    bullets, numbers = quote.children
    assert isinstance(bullets, List)
    assert isinstance(numbers, List)
    assert (bullets.first, numbers.first) == (None, 1)
    assert isinstance(table, Table)
    assert [cell.alignment for row in (*table.head, *table.body) for cell in row.cells] == ["", "right"] * 2
    assert isinstance(tasks, List)
    assert [item.is_done for item in (*bullets.items, *tasks.items)] == [None, True, False]


def test_a_list_is_tight_or_loose_as_a_whole() -> None:
    for text, is_tight in (("- a\n- b", True), ("- a\n\n- b", False), ("- a\n- b\n\n  c", False)):
        paragraphs = [node for node in parse(text).walk() if isinstance(node, Paragraph)]
        assert {paragraph.is_tight for paragraph in paragraphs} == {is_tight}


def test_a_line_is_what_a_single_paragraph_holds() -> None:
    assert parse("one *line*").line == (Text("one "), Styled("em", (Text("line"),)))
    for text in ("one\n\ntwo", "- one", "# one", "", "```\none\n```"):
        assert parse(text).line is None


def test_a_line_end_is_in_the_text_and_a_break_is_not() -> None:
    assert parse("a\nb  \nc<br>d").line == (Text("a\nb"), LineBreak(), Text("c"), LineBreak(), Text("d"))


def test_a_picture_and_a_link_have_all_that_was_written() -> None:
    link, picture = (
        node for node in parse("[*a*](/b 'c') and\n\n![d `e`](f.png \"g\")").walk() if isinstance(node, Link | Picture)
    )
    assert isinstance(link, Link)
    assert (link.address, link.title, link.children) == ("/b", "c", (Styled("em", (Text("a"),)),))
    assert isinstance(picture, Picture)
    assert (picture.name, picture.description, picture.title) == ("f.png", "d e", "g")


# --- walking through it -----------------------------------------------------------------------------------------------


def test_a_walk_comes_by_every_node_once_in_the_order_of_the_text() -> None:
    text = "a\n\n- b *c `d`*\n\n  > e\n\n| f | g |\n|---|---|\n| h | {{c1::i {{c2::j}}}} |"
    document = parse(text, with_deletions=True)
    assert "".join(node.value for node in document.walk() if isinstance(node, Text)).replace(" ", "") == "abcdefghij"
    nodes = list(document.walk())
    assert len(set(map(id, nodes))) == len(nodes)
    assert [each.number for each in document.deletions()] == [1, 2]
    for node in nodes:
        children = list_children(node)
        assert nodes.index(node) < min(map(nodes.index, children), default=len(nodes))


def test_blocks_are_told_from_what_stands_in_a_line() -> None:
    document = parse("# a\n\n{{c1::b\n\nc}} {{c2::*d*}}", with_deletions=True)
    found = {type(node).__name__: is_block(node) for node in document.walk() if not isinstance(node, Deletion)}
    assert found == {"Heading": True, "Text": False, "Paragraph": True, "Styled": False}
    assert [is_block(each) for each in document.deletions()] == [True, False]


def test_a_document_can_be_mapped_wherever_its_nodes_stand() -> None:
    text = "A *b* `c`\n\n> - d\n>\n>   ```py\n>   e\n>   ```\n\n| f |\n|---|\n| ![g](h) |\n\n{{c1::i}}"
    document = parse(text, with_deletions=True)

    def louder(node: Node) -> Node:
        match node:
            case Text(value):
                return Text(value.upper())
            case CodeBlock():
                return replace(node, pieces=(Piece("", "E"),))
            case Picture():
                return replace(node, name="H")
            case _:
                return node

    mapped = map_nodes(document, louder)
    assert "".join(node.value for node in mapped.walk() if isinstance(node, Text)).replace(" ", "") == "ABcDeFI"
    assert [node.pieces for node in mapped.walk() if isinstance(node, CodeBlock)] == [(Piece("", "E"),)]
    assert [node.name for node in mapped.walk() if isinstance(node, Picture)] == ["H"]
    assert map_nodes(document, lambda node: node) == document


def test_deletions_cut_code_where_they_open_and_close() -> None:
    (block,) = parse("```\na{{c1::b{{c2::c}}}}d{{c3::}}\n```", with_deletions=True).blocks
    assert isinstance(block, CodeBlock)
    assert block.text == "abcd"
    cuts = [(place, deletion.number, opens) for place, deletion, opens in list_cuts(block.content)]
    assert cuts == [(1, 1, True), (2, 2, True), (3, 2, False), (3, 1, False), (4, 3, True), (4, 3, False)]


# --- any text ---------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    "word | * ** _ ` `` ~~ ~~~ ``` ```py - 1. 2) > # ## [ ] ( ) ![a](p.png) [a](/x) <br> <kbd> </kbd> <b> <a &lt; \\* "
    "{{c1::x}} <https://e.org> https://e.org/x [x]: [x] é 中 😀 ==m== [^1] ***".split(" ")
)
SPACES = st.sampled_from([" ", "\n", "\n\n", "\n    ", "\n  ", "", "\t", "\r\n", "  \n"])


@settings(derandomize=True, deadline=None, database=None, max_examples=500)
@given(st.lists(st.tuples(SPACES, PIECES), max_size=20), st.booleans())
def test_every_place_is_in_the_text_and_in_that_of_what_is_around(
    pieces: list[tuple[str, str]], with_deletions: bool
) -> None:
    text = "".join(space + piece for space, piece in pieces)
    document = parse(text, with_deletions=with_deletions)
    for node in document.walk():
        place = getattr(node, "place", None)
        if place is None:
            continue
        assert 0 <= place.start <= place.end <= len(text)
        for child in list_children(node):
            inner = getattr(child, "place", place)
            assert place.start <= inner.start <= inner.end <= place.end
        match node:
            case CodeSpan():
                assert text[place.start] == text[place.end - 1] == "`"
            case RawTag():
                assert text[place.start : place.end].startswith("<")
            case Picture():
                assert text[place.start : place.end].startswith("![")
            case Deletion(number):
                assert text[place.start : place.end].startswith(f"{{{{c{number}::")
                assert text[place.start : place.end].endswith("}}")
    for problem in document.problems:
        assert 0 <= problem.place.start < problem.place.end <= len(text)
    assert [each.place for each in document.problems] == sorted(each.place for each in document.problems)


def test_a_row_holds_cells_and_a_cell_what_a_line_does() -> None:
    (table,) = parse("| *a* | b\\|c |\n|:-:|---|\n| `d\\|e` | |").blocks
    assert isinstance(table, Table)
    (head,), (body,) = table.head, table.body
    assert isinstance(head, Row)
    assert [cell.children for cell in head.cells] == [(Styled("em", (Text("a"),)),), (Text("b|c"),)]
    assert [cell.alignment for cell in head.cells] == ["center", ""]
    code, empty = body.cells
    (span,) = code.children
    assert isinstance(span, CodeSpan)
    assert span.content == (Text("d|e"),)
    assert empty.children == ()


HOSTILE = (
    "[ ]( ![ [a]( [a][ < <kbd> </kbd> ` *a **b~~ a_ \\( ==a [^a https:// https://e.org/( {{c1:: }} {{c1::{ "
    "{{c1::`}}` {{c1::a::b}} &amp; [a](< <!-- | 日*"
).split(" ")
HOSTILE += [
    "- ",
    "> ",
    "1. ",
    "- a\n ",
    "|a|\n|-|\n",
    "```\n",
    "[a]: /u\n",
    "\n",
    "{{c1::- ",
    "{{c1::a\n\n",
    "> {{c1::- a\n",
    "> [a]: /u\nb\n",
    "> # a\nb\n",
    "> - ```\n> a\nb\n",
    "https://: ",
    "{{c1::a::b}} ",
    "https://e.org/)",
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("with_deletions", [False, True])
def test_no_text_takes_long(piece: str, with_deletions: bool) -> None:
    text = piece * (MAX_CHARACTERS // len(piece))
    start = process_time()
    document = parse(text, with_deletions=with_deletions)
    to_plain_text(document)
    FieldWriter(is_cloze=with_deletions).document(document)
    assert process_time() - start < 20  # seconds of work; each takes one at the most


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What is a *virtual* environment?", "What is a virtual environment?"),
        ("Compare two locks:\n\n1. What for?\n2. How long?\n", "Compare two locks:"),
        ("What is\nthis?\n\nAnd that?", "What is this?"),
        ("![a flag](x.svg)\n\nWhich country?", "Which country?"),
        ("![a flag](x.svg)\n\n![a map](y.svg)", "a flag\na map"),
        ("```\nprint(1)\n```\n\n`x`", "x"),
        ("1. One\n2. Two", "1. One\n2. Two"),
        ("## Heading", "Heading"),
        ("", ""),
    ],
)
def test_a_text_is_called_by_its_first_paragraph_with_words(text: str, name: str) -> None:
    assert to_plain_text(parse(text).name) == name
