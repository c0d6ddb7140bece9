"""Markdown becomes the HTML that authors mean, safe, whatever they type."""

from __future__ import annotations

import re

import pytest
from cardpress.markdown.html_tree import to_plain_text
from hypothesis import given
from hypothesis import strategies as st

from cardpress.markdown.to_html import guess_language, highlight, to_html, unwrap

KNOWN = set(
    "a blockquote br code em h1 h2 h3 h4 h5 h6 hr img kbd li mark ol p pre span strong sub sup table tbody td th thead "
    "tr ul".split()
)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("snake_case_name and 2*3*4", "<p>snake_case_name and 2<em>3</em>4</p>"),
        ("# Title\ntext", "<h1>Title</h1>\n<p>text</p>"),
        ("#include <x>\n#5 of 6", "<p>#include &lt;x&gt;\n#5 of 6</p>"),
        ("text\n## Title ##\nmore", "<p>text</p>\n<h2>Title</h2>\n<p>more</p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        (
            "H<sub>2</sub>O <kbd>Ctrl</kbd> <mark>x</mark><br>y",
            "<p>H<sub>2</sub>O <kbd>Ctrl</kbd> <mark>x</mark><br>y</p>",
        ),
        ("a < b > c & d <int>", "<p>a &lt; b &gt; c &amp; d &lt;int&gt;</p>"),
        (r"\*not\* \_this\_ \`code\`", "<p>*not* _this_ `code`</p>"),
        (r"\(x\) and \\(y\\)", r"<p>\(x\) and \(y\)</p>"),
        (r"C:\dir\new", r"<p>C:\dir\new</p>"),
        ("&amp; &copy;", "<p>&amp; ©</p>"),
        ("<https://e.org/a>", '<p><a href="https://e.org/a" rel="noopener noreferrer">https://e.org/a</a></p>'),
        ('[a](https://e.org "b")', '<p><a href="https://e.org" title="b" rel="noopener noreferrer">a</a></p>'),
        ("![a](p.svg)", '<p><img alt="a" src="p.svg"></p>'),
    ],
)
def test_prose(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


def test_a_table_keeps_its_columns_alignment_and_code() -> None:
    html = to_html("| a | b |\n|:--|--:|\n| `x|y` | 2 |\n| 3 |  |\n")
    assert to_plain_text(html) == "a\tb\nx|y\t2\n3"
    assert html.count('style="text-align: right;"') + html.count('style="text-align:right"') == 3


def test_a_table_may_follow_a_line_of_text_in_a_list_entry() -> None:
    assert "<table>" in to_html("- a\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n")


def test_fences_keep_every_character() -> None:
    code = "if x:\n\tpass  # <b> & \\(y\\) *z*\n\n\n    return `q`"
    for fence in ("```", "~~~~"):
        assert to_plain_text(to_html(f"{fence}python\n{code}\n{fence}")) == code
        assert to_plain_text(to_html(f"before\n{fence}\n{code}\n{fence}\nafter")) == f"before\n{code}\nafter"


@pytest.mark.parametrize("code", ["key:\n- a\n- b", "Text:\n1. x", "a\n\n  b\n- c", "x  \n  \ny", "\tx\n \t y"])
def test_code_that_looks_like_a_list_stays_as_it_is(code: str) -> None:
    assert to_html(f"```text\n{code}\n```") == f'<pre><code class="language-text">{code}</code></pre>'


def test_a_fence_in_a_fence_is_text() -> None:
    assert to_plain_text(to_html("````markdown\n```python\nx\n```\n````")) == "```python\nx\n```"


def test_code_in_backticks_keeps_every_character() -> None:
    assert to_plain_text(to_html("``a ` b``")) == "a ` b"
    assert to_plain_text(to_html(r"`\(x\) \\ <b> &amp; *y*`")) == r"\(x\) \\ <b> &amp; *y*"


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<iframe src='https://e.org'></iframe>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](data:text/html,y)",
        "<a href='javascript:x'>y</a>",
        '<kbd onclick="x">y</kbd>',
        "<style>p { display: none }</style>",
        '![x](y.png){onload="z"}',
        "<svg><script>x</script></svg>",
        "[x]: javascript:alert(1)\n\n[y][x]",
    ],
)
def test_nothing_that_acts_comes_through(markdown: str) -> None:
    html = to_html(markdown)
    assert not re.search(r"<(script|iframe|style|svg|object|form)\b", html, re.IGNORECASE)
    for tag in re.findall(r"<[^>]*>", html):
        assert not re.search(r"\son\w+=|(href|src)=\"\s*(javascript|data|vbscript):", tag, re.IGNORECASE)


@pytest.mark.parametrize("written", ["a&#31;b", "a&#x1f;b", "a&#1;b", "a\x02wzxhzdk:0\x03b", "![a&#31;](b.png)"])
def test_no_control_character_comes_through(written: str) -> None:
    # U+001F is what Anki puts between the fields of a note.
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", to_html(written))


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_makes_html_that_is_safe_to_set(text: str) -> None:
    html = to_html(text)
    assert not re.search(
        r"<(?!/?(a|blockquote|br|code|em|h[1-6]|hr|img|kbd|li|mark|ol|p|pre|span|strong|su[bp]|t\w+|ul)\b)", html
    )
    assert "\x1f" not in html


def test_one_paragraph_is_set_into_a_line_and_more_are_not() -> None:
    assert unwrap(to_html("one *line*")) == "one <em>line</em>"
    assert unwrap(to_html("one\n\ntwo")) == "<p>one</p>\n<p>two</p>"
    assert unwrap(to_html("- one")) == "<ul>\n<li>one</li>\n</ul>"
    assert unwrap(to_html("one\n\n- two")).startswith("<p>one</p>")


@pytest.mark.parametrize(
    ("code", "language"),
    [("x = '''a\n\nb'''", "python"), ("\n\n  indented\n", "text"), ("<b>&amp;", "html"), ("x", "")],
)
def test_highlighted_code_reads_as_written(code: str, language: str) -> None:
    assert to_plain_text(highlight(code, language)) == code.strip("\n").rstrip()


def test_the_language_of_a_file_comes_from_its_name() -> None:
    assert [guess_language(name) for name in ("a.py", "b.yaml", "c.unheard-of")] == ["python", "yaml", "text"]
