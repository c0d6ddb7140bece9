"""Markdown becomes the HTML that authors mean, safe, whatever they type."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.anki.field_html import FieldWriter
from cardpress.anki.field_text import to_plain_text as read_html
from cardpress.markdown import parse
from cardpress.markdown.card_html import CardWriter, guard, sanitize
from cardpress.markdown.highlighting import KINDS, guess_language, highlight
from cardpress.markdown.html_writer import HtmlWriter
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.tree import CodeBlock, Document, Link, Node, Paragraph, Piece, Place, Text, map_nodes

WRITERS = {"html": HtmlWriter(), "cards": CardWriter(), "Anki": FieldWriter(), "cloze": FieldWriter(is_cloze=True)}
steady = settings(derandomize=True, deadline=None, database=None, max_examples=300)


def card(text: str) -> str:
    return CardWriter().document(parse(text))


def colored(document: Document) -> Document:
    """Return a document with its code in colors."""

    def change(node: Node) -> Node:
        return replace(node, pieces=highlight(node.text, node.language)) if isinstance(node, CodeBlock) else node

    return map_nodes(document, change)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("snake_case_name and 2*3*4", "<p>snake_case_name and 2<em>3</em>4</p>"),
        ("# Title\ntext", "<h1>Title</h1>\n<p>text</p>"),
        ("#include <x>\n#5 of 6", "<p>#include &lt;x&gt;\n#5 of 6</p>"),
        ("text\n## Title ##\nmore", "<p>text</p>\n<h2>Title</h2>\n<p>more</p>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("a\\\nb", "<p>a<br>b</p>"),
        ("a\nb", "<p>a\nb</p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("~~a~~", "<p><del>a</del></p>"),
        ("---", "<hr>"),
        (
            "H<sub>2</sub>O <kbd>Ctrl</kbd> <mark>x</mark><br>y",
            "<p>H<sub>2</sub>O <kbd>Ctrl</kbd> <mark>x</mark><br>y</p>",
        ),
        ("a < b > c & d <int>", "<p>a &lt; b &gt; c &amp; d &lt;int&gt;</p>"),
        (r"\*not\* \_this\_ \`code\`", "<p>*not* _this_ `code`</p>"),
        (r"\(x\) and \\(y\\)", r'<p><math alttext="x"><mi>x</mi></math> and \(y\)</p>'),
        (r"C:\dir\new", r"<p>C:\dir\new</p>"),
        ("&amp; &copy; &nbsp;", "<p>&amp; © &nbsp;</p>"),
        ("<https://e.org/a>", '<p><a href="https://e.org/a" rel="noopener noreferrer">https://e.org/a</a></p>'),
        ("https://e.org/ä", '<p><a href="https://e.org/ä" rel="noopener noreferrer">https://e.org/ä</a></p>'),
        ('[a](https://e.org "b")', '<p><a href="https://e.org" title="b" rel="noopener noreferrer">a</a></p>'),
        ("[a](/b 'c\n\"d\"')", '<p><a href="/b" title="c &quot;d&quot;" rel="noopener noreferrer">a</a></p>'),
        ("![a](p.svg)", '<p><img alt="a" src="p.svg"></p>'),
        ("![a\nb](p.svg 'c')", '<p><img alt="a b" src="p.svg" title="c"></p>'),
        ("`a\nb`", "<p><code>a\nb</code></p>"),
        ("```C++\nx\n```", '<pre><code class="language-c++">x</code></pre>'),
        ("    x", '<pre><code class="language-text">x</code></pre>'),
        ('```a"b<c\nx\n```', '<pre><code class="language-abc">x</code></pre>'),
        ("- [x] a", "<ul>\n<li>☑ a</li>\n</ul>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("", ""),
    ],
)
def test_prose_becomes_the_html_that_authors_mean(markdown: str, html: str) -> None:
    assert card(markdown) == html


def test_a_table_keeps_its_columns_alignment_and_code() -> None:
    text = "| a | b |\n|:--|--:|\n| `x\\|y` | 2 |\n| 3 |  |\n"
    assert to_plain_text(parse(text)) == "a\tb\nx|y\t2\n3"
    assert card(text).count('style="text-align:right"') == 3
    assert card(text).count('style="text-align:left"') == 3


def test_a_table_may_follow_a_line_of_text_in_a_list_entry() -> None:
    assert "<table>" in card("- a\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n")
    assert "<table>" in card("- | a | b |\n  |---|---|")


@pytest.mark.parametrize("fence", ["```", "~~~~"])
@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_fences_keep_every_character(fence: str, writer: HtmlWriter) -> None:
    code = "if x:\n\tpass  # <b> & \\(y\\) *z* {{c1::a}}\n\n\n    return `q`  "
    document = parse(f"before\n{fence}python\n{code}\n{fence}\nafter")
    for each in (document, colored(document)):
        assert to_plain_text(each) == f"before\n{code.rstrip()}\nafter"
        assert read_html(writer.document(each)) == f"before\n{code.rstrip()}\nafter"


@pytest.mark.parametrize(
    "code",
    ["key:\n- a\n- b", "Text:\n1. x", "a\n\n  b\n- c", "x  \n  \ny", "\tx\n \t y", "# a\n> b", "\n\nx", "[a]: b"],
)
def test_code_that_looks_like_something_else_stays_as_it_is(code: str) -> None:
    assert card(f"```text\n{code}\n```") == f'<pre><code class="language-text">{code.replace(">", "&gt;")}</code></pre>'


def test_a_fence_in_a_fence_is_text() -> None:
    assert to_plain_text(parse("````markdown\n```python\nx\n```\n````")) == "```python\nx\n```"


def test_code_in_backticks_keeps_every_character() -> None:
    assert to_plain_text(parse("``a ` b``")) == "a ` b"
    text = r"`\(x\) \\ <b> &amp; *y* https://e.org [^1] ==z==`"
    assert to_plain_text(parse(text)) == text.strip("`")
    assert parse(text).problems == ()


# --- safety -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<iframe src='https://e.org'></iframe>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](&#1;javascript:alert(1))",
        "[x](data:text/html,y)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml,y)",
        "<a href='javascript:x'>y</a>",
        '<kbd onclick="x">y</kbd>',
        "<style>p { display: none }</style>",
        '![x](y.png){onload="z"}',
        '![x" onerror="y](z.png)',
        '[x](/y "z\\" onclick=\\"a")',
        '[x](</y" onclick="z>)',
        '```py" onclick="x\ny\n```',
        "<svg><script>x</script></svg>",
        "[x]: javascript:alert(1)\n\n[y][x]",
        "|<script>|\n|---|\n|<b onclick=x>|",
    ],
)
def test_nothing_that_acts_comes_through(markdown: str, writer: HtmlWriter) -> None:
    html = writer.document(parse(markdown))
    assert not re.search(r"<(script|iframe|style|svg|object|form)\b", html, re.IGNORECASE)
    for tag in re.findall(r"<(?:\"[^\"]*\"|[^>\"])*>", html):
        outside = re.sub(r"\"[^\"]*\"", '""', tag)
        assert not re.search(r"\son\w+=", outside, re.IGNORECASE)
        assert not re.search(r"(href|src)=\"\s*(javascript|data|vbscript):", tag, re.IGNORECASE)


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize(
    "written",
    ["a&#31;b", "a&#x1f;b", "a&#1;b", "a\x02wzxhzdk:0\x03b", "![a&#31;](b.png)", "`a\x1fb`", "[a](b 'c&#31;')"],
)
def test_no_control_character_comes_through(written: str, writer: HtmlWriter) -> None:
    # U+001F is what Anki puts between the fields of a note.
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", writer.document(parse(written)))


_SAFE = re.compile(
    r"<(?:/?(?:a|blockquote|br|code|del|em|h[1-6]|hr|img|kbd|li|mark|ol|p|pre|span|strong|su[bp]|t\w+|ul)\b|!-- -->)"
)


@steady
@given(st.text(st.characters(codec="utf-8")))
def test_any_text_makes_html_that_is_safe_to_set(text: str) -> None:
    for writer in WRITERS.values():
        html = writer.document(parse(text))
        assert "<" not in _SAFE.sub("", html)
        assert "\x1f" not in html


PIECES = st.sampled_from(
    "word `code` **bold** *it* ~~x~~ ~~~ ``` ```python - 1. 2) > | # ## ![alt](p.png) [a](/x) [b](</y> 'z') \" ' & < > "
    "<br> <kbd> </kbd> <b> &lt; &amp; \\ {{c1::x}} <https://e.org> [x]: * _ é 中 \u2028 &#160; &#8207;".split(" ")
)
SPACES = st.sampled_from([" ", "\n", "\n\n", "\n    ", "\n  ", "", "\t", "  \n", "\n|-|-|\n"])


@steady
@given(st.lists(st.tuples(PIECES, SPACES), max_size=25), st.booleans())
def test_a_well_kept_sanitizer_finds_nothing_to_take_out(pieces: list[tuple[str, str]], with_deletions: bool) -> None:
    text = "".join(piece + space for piece, space in pieces)
    document = parse(text, with_deletions=with_deletions)
    assert guard(document, text) is document


def test_a_link_whose_address_it_does_not_take_leads_nowhere() -> None:
    text = "*a* [b](ftp://c.example) [d](https://e.org)"
    html = CardWriter().document(guard(parse(text), text))
    link = 'rel="noopener noreferrer"'
    assert html == f'<p><em>a</em> <a {link}>b</a> <a href="https://e.org" {link}>d</a></p>'


def test_a_document_in_which_it_does_find_something_else_becomes_plain_text() -> None:
    text = "*a*\n\n    b\n\nc[^1]"
    document = parse(text)
    forged = map_nodes(
        document,
        lambda node: replace(node, pieces=(Piece('k" onclick="x', "b"),)) if isinstance(node, CodeBlock) else node,
    )
    guarded = guard(forged, text)
    assert guarded.blocks == (Paragraph((Text(text),), Place(0, len(text))),)
    assert guarded.problems == document.problems
    assert CardWriter().document(guarded) == f"<p>{text}</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<p onclick=x>y</p>",
        '<a href="javascript:x" rel="noopener noreferrer">y</a>',
        '<a href="https://e.org">y</a>',
        '<td style="position:fixed">x</td>',
        "<video></video>",
        '<span id="x">y</span>',
        "<p>a",
    ],
)
def test_the_sanitizer_changes_what_we_never_write(html: str) -> None:
    assert sanitize(html) != html


# --- lines and code ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_one_paragraph_is_set_into_a_line_and_more_are_not(writer: HtmlWriter) -> None:
    assert writer.line(parse("one *line*")) == "one <em>line</em>"
    assert writer.line(parse("one\n\ntwo")) == "<p>one</p>\n<p>two</p>"
    assert writer.line(parse("- one")) == "<ul>\n<li>one</li>\n</ul>"
    assert writer.line(parse("one\n\n- two")).startswith("<p>one</p>")


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("x = '''a\n\nb'''", "python"),
        ("\n\n  indented\n", "text"),
        ("<b>&amp;", "html"),
        ("x", ""),
        ("x", "no-such-language"),
        ("", "python"),
        ("\n", "python"),
        ("x\n\n", "PYTHON"),
        ("a\r\nb\x85c\u2028d", "python"),
        ("{{c1::x}} ::", "jinja"),
    ],
)
def test_highlighted_code_reads_as_written(code: str, language: str) -> None:
    pieces = highlight(code, language)
    assert "".join(piece.text for piece in pieces) == code
    assert {piece.kind for piece in pieces} <= KINDS


@steady
@given(st.text(max_size=60), st.sampled_from(["python", "html", "bash", "json", "yaml", "console", "pycon", "diff"]))
def test_any_code_reads_as_written(code: str, language: str) -> None:
    assert "".join(piece.text for piece in highlight(code, language)) == code


def test_each_line_of_a_piece_of_code_is_an_element_of_its_own() -> None:
    (block,) = parse("```python\nif x:\n  'a\n\n  b'\n```").blocks
    assert isinstance(block, CodeBlock)
    pieces = (Piece("k", "if"), Piece("", " x:\n  "), Piece("s", "'a\n\n  b'"))
    code = '<span class="k">if</span> x:\n  <span class="s">\'a</span>\n\n<span class="s">  b\'</span>'
    html = f'<pre><code class="language-python">{code}</code></pre>'
    assert CardWriter().block(replace(block, pieces=pieces)) == html


def test_code_without_colors_is_written_as_it_is() -> None:
    assert highlight("x < 1", "no-such-language") == (Piece("", "x < 1"),)
    document = colored(parse("```no-such-language\nx < 1\n```"))
    assert CardWriter().document(document) == '<pre><code class="language-no-such-language">x &lt; 1</code></pre>'


def test_the_language_of_a_file_comes_from_its_name() -> None:
    assert [guess_language(name) for name in ("a.py", "b.yaml", "c.unheard-of")] == ["python", "yaml", "text"]


def test_a_link_tells_no_page_where_it_was_and_an_address_stays_as_people_read_it() -> None:
    text = "[a](https://e.org/ä_(b)?c=d&e)"
    (link,) = [node for node in parse(text).walk() if isinstance(node, Link)]
    html = 'href="https://e.org/ä_(b)?c=d&amp;e"'
    assert CardWriter().link(link) == f'<a {html} rel="noopener noreferrer">a</a>'
    assert HtmlWriter().link(link) == f"<a {html.replace('ä', '%C3%A4')}>a</a>"


# --- what Anki would take for its own ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (r"\\(x\\)", r"<span>\</span>(x\)"),
        (r"`\(x\) \[y\]`", r"<code><span>\</span>(x\) <span>\</span>[y\]</code>"),
        ("[sound:a.mp3] [SOUND:b]", "<span>[</span>sound:a.mp3] <span>[</span>SOUND:b]"),
        ("[latex]x[/latex] [$]y[/$] [$$]z[/$$]", None),
        ("[anki:play]", "<span>[</span>anki:play]"),
        ("[a] [b:c]", "[a] [b:c]"),
        ("{{c1::a}} {{b}}", "<span>{</span>{c1::a}} {{b}}"),
        ("[[type:Text]] [[type", "<span>[</span>[type:Text]] [[type"),
        ("![a [sound:b]](c.png)", '<img alt="a &#91;sound:b]" src="c.png">'),
        (r'[a](/b "\\(c\\)")', r'<a href="/b" title="&#92;(c\)" rel="noopener noreferrer">a</a>'),
    ],
)
def test_signs_of_anki_that_an_author_shows_mean_nothing_in_a_field(markdown: str, html: str | None) -> None:
    found = FieldWriter().line(parse(markdown))
    assert html is None or found == html
    assert not re.search(r"(?<!>)\\[(\[]|(?<!>)\[(?:sound:|anki:|/?latex\]|/?\${1,2}\])", found, re.IGNORECASE)
    assert read_html(found) == to_plain_text(parse(markdown))
