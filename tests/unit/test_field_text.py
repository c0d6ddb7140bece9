"""The text of a field's HTML has every word that a person sees, in order, with blocks on lines of their own."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.anki.field_html import FieldWriter
from cardpress.anki.field_text import parse_html, to_plain_text
from cardpress.markdown import parse, plain_text
from cardpress.markdown.html_elements import Element, read_first_number

LIST = "- one\n- two\n\n    ```text\n    code\n    ```\n\n    - deep\n\n- three"
TEXTS = {
    "One *line* of **words**,\nand more.": "One line of words, and more.",
    "First.\n\nSecond.": "First.\nSecond.",
    "a<br>b": "a\nb",
    "a\\\nb  \nc": "a\nb\nc",
    "```python\nif x:\n    y = '<b>'\n\nz\n```": "if x:\n    y = '<b>'\n\nz",
    "    if x:\n        y": "if x:\n    y",
    "| a | b |\n|---|--:|\n| `1\\|2` | **c** d |\n| | e |": "a\tb\n1|2\tc d\n\te",
    LIST: "- one\n- two\n  code\n  - deep\n- three",
    "9. nine\n10. ten": "9. nine\n10. ten",
    "> said\n>\n> - by *whom*": "said\n- by whom",
    "![a dot](dot.png) after": "a dot after",
    "[a link](https://example.org) and <https://example.org/x>": "a link and https://example.org/x",
    "# A heading\n\ntext": "A heading\ntext",
    "one\n\n---\n\ntwo": "one\ntwo",
    "&amp;lt; &lt;b&gt; &nbsp;x": "&lt; <b> \xa0x",
    "<kbd>Ctrl</kbd>+<sup>2</sup>": "Ctrl+2",
    r"so \(x\) and [sound:a.mp3]": r"so \(x\) and [sound:a.mp3]",
    "~~old~~ new": "old new",
    "": "",
}


def field(markdown: str) -> str:
    """Return a Markdown text as Anki gets it."""
    return FieldWriter().document(parse(markdown))


@pytest.mark.parametrize(("markdown", "text"), TEXTS.items(), ids=range(len(TEXTS)))
def test_a_text_reads_as_it_looks(markdown: str, text: str) -> None:
    assert to_plain_text(field(markdown)) == text


class _Words(HTMLParser):
    """Another reading of the same HTML: all its text, and what pictures show, in the order of the file."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(dict(attrs).get("alt") or "")

    def handle_data(self, data: str) -> None:
        self.seen.append(data)


PIECES = st.sampled_from(
    "word `code` **bold** *it* ~~~ ``` ```python\nx\n``` - 1. 2) > | --- |---|\n # ## ![alt](p.png) [a](/x) "
    "<br> <kbd> </kbd> <b> & &lt; \\ $5 {{c1::x}} <https://e.org> [x]: * _ é 中 😀".split(" ")
)
SPACES = st.sampled_from([" ", "\n", "\n\n", "\n    ", "\n  ", "", " | "])
MARKDOWN = st.lists(st.tuples(PIECES, SPACES), max_size=25).map(
    lambda pieces: "".join(piece + space for piece, space in pieces)
)
steady = settings(derandomize=True, deadline=None, database=None, max_examples=300)


@steady
@given(MARKDOWN)
def test_no_word_is_lost_and_none_changes_places(markdown: str) -> None:
    html = field(markdown)
    letters = [letter for letter in to_plain_text(html) if not letter.isspace()]
    wanted = iter(letter for text in _Words(html).seen for letter in text if not letter.isspace())
    # What the text has beyond the words are the signs of lists, which the HTML leaves to who shows it.
    extra, want = [], next(wanted, None)
    for letter in letters:
        if letter == want:
            want = next(wanted, None)
        else:
            extra.append(letter)
    assert want is None
    assert set(extra) <= set("-.0123456789")
    if "<li>" not in html:
        assert extra == []


@steady
@given(MARKDOWN)
def test_a_field_reads_as_the_text_that_it_was_made_of(markdown: str) -> None:
    assert to_plain_text(field(markdown)) == plain_text.to_plain_text(parse(markdown))


@steady
@given(st.text(max_size=200))
def test_any_text_that_is_code_comes_back(text: str) -> None:
    code = "".join(character for character in text if character.isprintable())
    assert to_plain_text(field(f"````text\n{code}\n````")) == code.rstrip()


@pytest.mark.parametrize("start", ["", "0", "7", "123456789"])
def test_a_list_counts_from_where_it_starts(start: str) -> None:
    (element,) = parse_html(f'<ol start="{start}"><li>x</li></ol>' if start else "<ol><li>x</li></ol>")
    assert isinstance(element, Element)
    assert read_first_number(element) == int(start or 1)


@pytest.mark.parametrize("start", ["٣", "²", "-4", "1e3", "9" * 10, "9" * 5000])
def test_a_list_starts_at_one_where_nobody_could_count(start: str) -> None:
    (element,) = parse_html(f'<ol start="{start}"><li>x</li></ol>')
    assert isinstance(element, Element)
    assert read_first_number(element) == 1
    assert to_plain_text(f'<ol start="{start}"><li>x</li></ol>') == "1. x"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<ul class="x">\n<li>\n<p>a</p>\n</li>\n</ul>', "- a"),
        (
            '<pre><code class="language-python"><span class="n">x</span>\n\n<span class="n">y</span></code></pre>',
            "x\n\ny",
        ),
        ("a</p>b<p>c", "ab\nc"),
        ("{{c1::a::b}}", "{{c1::a::b}}"),
    ],
)
def test_the_fields_of_any_package_can_be_read(html: str, text: str) -> None:
    assert to_plain_text(html) == text


@pytest.mark.parametrize("html", ["a<![x](b.png)> c", "a<![1]> c", "a<![if !IE]> c", "a<![CDATA[b> c", "a<!x> c"])
def test_a_declaration_that_is_none_is_nothing_as_in_browsers(html: str) -> None:
    assert to_plain_text(html) == "a c"


def test_one_that_never_ends_is_read_as_well() -> None:
    for html in ("a<![x", "a<![", "a<![x[", "a<![if", "<!DOCTYPE [ <!", "a<!ELEMENT", "a<!x["):
        assert to_plain_text(html) is not None
