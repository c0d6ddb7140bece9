"""HTML as Anki's editor and other programs make it becomes Markdown that means the same."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.adopt.html_meaning import make_markdown, make_plain_markdown
from cardpress.markdown import parse, to_plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("the dog", "the dog"),
        ("a<div>b</div><div>c</div>", "a\\\nb\\\nc"),
        ("a<div><br></div><div>b</div>", "a\n\nb"),
        ("a<br><br>b", "a\n\nb"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<div>a<ul><li>b</li></ul>c</div>", "a\n\n- b\n\nc"),
        ("<b>Answer:</b>yes", "**Answer**:yes"),
        ("a<b> b </b>c", "a **b** c"),
        ("<b>a</b><b>b</b>", "**ab**"),
        ("<b>a<b>b</b></b>", "**ab**"),
        ("<b><br></b>a", "a"),
        ("<i>a<br></i>b", "*a*\\\nb"),
        ('<span style="color: rgb(32, 33, 36); font-family: arial; font-size: 16px">a</span>', "a"),
        ('<span style="font-weight: 700">a</span>', "**a**"),
        ('<span style="font-style: italic">a</span> b', "*a* b"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ("<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>", "|  |  |\n|---|---|\n| a | b |"),
        ("[sound:el-perro.mp3]", "![el perro](el-perro.mp3)"),
        ('<img src="el_perro.png">', "![el perro](el_perro.png)"),
        ("\\(x^2\\), [$]y[/$]", "\\(x^2\\), \\(y\\)"),
        ("a&nbsp; b", "a b"),
        ("5&nbsp;%", "5\N{NO-BREAK SPACE}%"),
        ("see https://example.org/a.", "see https://example.org/a."),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("", ""),
    ],
)
def test_html_becomes_markdown_that_means_the_same(html: str, text: str) -> None:
    assert make_markdown(html) == text


@pytest.mark.parametrize(
    "html",
    [
        '<span style="color: red">a</span>',
        '<font color="#ff0000">a</font>',
        "<u>a</u>",
        '<table><tr><td colspan="2">a</td></tr></table>',
        "<table><tr><td><ul><li>a</li></ul></td></tr></table>",
        '<div dir="rtl">a</div>',
        '<div style="text-align: center">a</div>',
    ],
)
def test_what_markdown_cannot_say_has_none(html: str) -> None:
    assert make_markdown(html) is None


def test_deletions_stay_deletions() -> None:
    assert make_markdown("{{c1::<b>a</b>::hint}} b", with_deletions=True) == "{{c1::**a**::hint}} b"


def test_script_is_no_meaning() -> None:
    assert make_markdown("<script>alert(1)</script>a") == "a"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("1. a\n2. b", "1\\. a\\\n2\\. b"),
        ("*a* <b> &lt;", "\\*a\\* \\<b> \\&lt;"),
        ("C:\\a\\b", "C:\\\\a\\\\b"),
        ("a\n\nb", "a\n\nb"),
        ("x = {y: 5}; z_1", "x = {y: 5}; z_1"),
    ],
)
def test_a_plain_text_stays_what_it_is(text: str, markdown: str) -> None:
    assert make_plain_markdown(text) == markdown


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F, categories=("L", "N", "P", "S", "Zs"))))
def test_any_plain_text_is_read_as_it_stands(text: str) -> None:
    markdown = make_plain_markdown(text)
    if markdown is not None and not any(sign in text for sign in ("://", "\\(", "\\[", "[$", "[sound:", "[latex]")):
        shown = to_plain_text(parse(markdown))
        assert shown.split() == text.split()
    assert markdown is not None or any(sign in text for sign in ("\\", "://"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "part", ["<b>", "<div>", "<ul><li>", "a<br>", "&nbsp; ", "https://a ", "<b>a:</b>b", "[sound:"]
)
def test_html_that_repeats_itself_is_read_in_time(part: str) -> None:
    begin = process_time()
    make_markdown(part * (20_000 // len(part)))
    assert process_time() - begin < 10
