"""Characters by their numbers are those that a browser shows, however many digits they have."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.markdown.entities import shorten_numbers, unescape
from cardpress.markdown.html_elements import read_elements


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"a&#{'1' * 5_000};b", "a\ufffdb"),
        (f"a&#{'1' * 5_000} b", "a\ufffd b"),
        (f"a&#{'0' * 5_000}65;b", "aAb"),
        (f"&#{'0' * 5_000};", "\ufffd"),
        ("&#106;avascript:", "javascript:"),
        ("&#x6a;&amp;&eacute;", "j&\u00e9"),
    ],
)
def test_a_number_of_many_digits_is_read(written: str, shown: str) -> None:
    assert unescape(written) == shown
    assert read_elements(written, blocks=frozenset(), deepest=10) == [shown]


@given(st.text("&#x0123456789;aAlt ", max_size=12))
def test_short_numbers_are_read_as_python_reads_them(text: str) -> None:
    assert unescape(text) == html.unescape(text)
    assert shorten_numbers(shorten_numbers(text)) == shorten_numbers(text)
