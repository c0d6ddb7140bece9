"""Values that stand in a project as Markdown come back to the byte."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cardpress.adopt.plain_values import find_markdown, is_line
from cardpress.anki.fields import write_content
from cardpress.deck.notes import RichText
from cardpress.diagnostics import Span
from cardpress.markdown.card_html import guard
from cardpress.note_types import Field, Holds
from cardpress.source.bank import MarkdownText

FIELD = Field("text", "Text", "Text", Holds.LINE)
PIECES = st.one_of(
    st.characters(exclude_categories=["Cs"]), st.sampled_from([*" .:-+=*_'\"()/1a#", "the ", "1. ", "www."])
)
VALUES = st.lists(PIECES, max_size=12).map("".join)


def render(markdown: str) -> str:
    """Return what Anki gets of a line of Markdown."""
    text = MarkdownText(markdown, Span.of_file("source/a.yaml"))
    return normalize("NFC", write_content(FIELD, RichText(markdown, guard(text.document, markdown), is_line=True)))


@given(VALUES.filter(is_line))
@example("1.5 kg")
@example("e.g. this: 'that'")
@example('say "no"')
def test_a_plain_value_is_the_same_in_markdown(value: str) -> None:
    assert render(value) == normalize("NFC", value)


@given(VALUES)
def test_what_is_written_as_markdown_comes_back(value: str) -> None:
    markdown = find_markdown([value])

    assert markdown is None or render(markdown.get(value, value)) == normalize("NFC", value)


@pytest.mark.parametrize(
    ("value", "markdown"),
    [
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        (r"where \(x^2\) is", r"where \(x^2\) is"),
        ("<strong>a</strong> b", "**a** b"),
        ("2 * 3 * 4", r"2 \* 3 \* 4"),
        ("one<br>two", "one\\\ntwo"),
    ],
)
def test_signs_of_html_and_of_markdown_are_written_as_people_type_them(value: str, markdown: str) -> None:
    assert find_markdown([value, *["plain"] * 20]) == {value: markdown}


def test_a_field_of_signs_that_mean_something_in_markdown_stays_html() -> None:
    assert find_markdown(["2 * 3 * 4", "5 * 6 * 7", "plain"]) is None


@pytest.mark.parametrize(
    "value", ["<b>a</b>", "<div>a</div>", "a&nbsp;b", '<img src="a.png">', "[sound:a.mp3]", " a", "\n"]
)
def test_a_field_with_other_html_stays_html(value: str) -> None:
    assert find_markdown(["plain", value]) is None
