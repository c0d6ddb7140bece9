"""HTML ships to the byte where nothing in it has to go, and what ships is always of the strict grammar."""

from __future__ import annotations

import time
from unicodedata import normalize

import pytest

from cardpress.markdown.html_grammar import read
from cardpress.markdown.safe_html import clean, make_safe, scan
from tests.helpers.odd_html import HARMFUL, HARMLESS, list_odd_html


@pytest.mark.parametrize("html", HARMLESS)
def test_what_does_no_harm_ships_to_the_byte(html: str) -> None:
    assert clean(html) == html
    assert make_safe(html) == (html, ())
    assert scan(html)[0] == ()


@pytest.mark.parametrize("html", HARMFUL)
def test_what_would_do_harm_never_ships_as_it_stands(html: str) -> None:
    kept, what = make_safe(html)
    assert kept != normalize("NFC", html)
    assert what
    assert read(kept).is_strict
    assert clean(kept) == kept


def test_whatever_is_written_what_ships_is_of_the_grammar_and_ships_again_as_it_is() -> None:
    for html in list_odd_html(seed=1, count=3000):
        kept = clean(html)
        assert read(kept).is_strict, html
        assert clean(kept) == kept, html
        assert normalize("NFC", kept) == kept, html


def test_what_was_scanned_ships_as_what_was_not() -> None:
    for html in (*HARMLESS, *HARMFUL, *list_odd_html(seed=2, count=500)):
        assert clean(html, str.upper, scan(html)) == clean(html, str.upper), html


def test_what_looks_like_a_value_in_a_text_stays_text() -> None:
    html = '<script></script><pre>cout &lt;&lt; "a=" &lt;&lt; a;\nstd::cout;</pre><b class="c">x</b>'
    assert clean(html) == html.removeprefix("<script></script>")


def test_composed_letters_ship_as_anki_stores_them() -> None:
    assert clean("<b>e\u0301</b>") == "<b>\u00e9</b>"
    assert clean("\u212b; a\u037e") == "\u00c5; a;"


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<b onclick="x()">a</b>', "<b>a</b>"),
        ("<script>x</script>a", "a"),
        ('<img src="https://example.org/x.png" alt="a tree">', '<a href="https://example.org/x.png">a tree</a>'),
        ('<img src="file:///C:/x.png">', "<img>"),
        ('<div style="color:red;position:fixed;width:9px">a</div>', '<div style="color:red;width:9px">a</div>'),
        ('<svg viewBox="0 0 9 9"><script>x</script><g></g></svg>', '<svg viewBox="0 0 9 9"><g></g></svg>'),
        ("a\x1fb", "ab"),
        ('<a title="x[1]">a</a>', '<a title="x&#91;1&#93;" rel="noopener noreferrer">a</a>'),
        ("1 < 2 [a]", "1 &lt; 2 [a]"),
        ("<a href='di&#9;ct:x'>x</a>", '<a rel="noopener noreferrer">x</a>'),
        (
            '<a href="dict://dog" onclick="x()">a</a><a href="dict:javascript:x">b</a>',
            '<a href="dict://dog" rel="noopener noreferrer">a</a><a rel="noopener noreferrer">b</a>',
        ),
    ],
)
def test_what_is_left_where_something_has_to_go(html: str, kept: str) -> None:
    assert clean(html) == kept


def test_files_get_their_new_names_and_all_else_stays() -> None:
    html = (
        "<IMG  SRC='a.png' width=3><img src=b.png>[sound:c &amp; d.mp3]<img src='e.png'/><video src=\"f.mp4\"></video>"
    )
    names = {"a.png": "x-a.png", "b.png": 'y"b.png', "c & d.mp3": "z&d.mp3", "f.mp4": "f-1.mp4"}
    assert clean(html, lambda name: names.get(name, name)) == (
        "<IMG  SRC='x-a.png' width=3><img src=\"y&quot;b.png\">[sound:z&amp;d.mp3]<img src='e.png'/>"
        '<video src="f-1.mp4"></video>'
    )


def test_a_change_says_what_was_changed_even_where_nothing_is_lost() -> None:
    assert make_safe('<a title="x[1]">a</a>')[1] == ("signs that could be read in another way",)
    assert make_safe("<img src='https://example.org/x'>")[1] == (
        "the picture `https://example.org/x` of another place, which is a link now,",
    )


@pytest.mark.parametrize(
    "part",
    [
        *(
            "<",
            "<b",
            "<b ",
            "<!--",
            "<!-- -->",
            "</",
            "<b a='",
            '<b a="x" ',
            "<a href=x ",
            "[sound:",
            "\\",
            "\\h<b>",
            "\\[",
        ),
        *(
            "<style>",
            "<style>a[",
            "<b style='a:(",
            "{{c1::\\",
            "\\::",
            "&",
            "&#92;h",
            "<svg>",
            "<math>",
            "<table>",
            "<b>",
        ),
    ],
)
def test_it_takes_time_that_grows_with_the_length(part: str) -> None:
    start = time.process_time()
    clean(part * (100_000 // len(part)))
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "html",
    [
        r"\(a \le{{c1::b}}\)",
        r"\(\frac{{c1::a}}{b}\) \(\text{{c1::b}}\)",
        r"\(\begin{matrix}a\\{{c1::b}}\end{matrix}\)",
        r"\(x \in {{c1::A}}\)",
        r"\(\require{mhchem}\ce{H2O}\) \(\require{cancel}\cancel{x}\)",
        "it ends in \\in",
    ],
)
def test_commands_that_do_nothing_stay(html: str) -> None:
    assert make_safe(html) == (html, ())


@pytest.mark.parametrize(
    "html",
    [
        r"\(\h{{c1::ref}}{javascript:alert(1)}{x}\)",
        r"\(\h{{c1::r}}ef{javascript:alert(1)}{x}\)",
        r"\(\h{{c1::<b></b>}}ref{javascript:alert(1)}{x}\)",
        r"\(\{{c1::h::x}}ref{javascript:alert(1)}{x}\)",
        r"\(x\\\{{c1::href}}{javascript:alert(1)}{x}\)",
        r"\(\require{html}\)",
        r"\(\require{mhchem}\href{javascript:alert(1)}{x}\)",
        r"\(\h[\require{mhchem}]ref{javascript:alert(1)}{x}\)",
        "C:\\",
    ],
)
def test_commands_that_could_act_do_not_stay(html: str) -> None:
    kept, what = make_safe(html)
    assert kept != html
    assert what
    assert make_safe(kept) == (kept, ())
