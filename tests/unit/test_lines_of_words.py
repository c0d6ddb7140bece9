"""A line of words needs no grammar: what is made of it is what the grammar would make."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardpress.markdown import parse
from cardpress.markdown.parsing import _carrier, _CommonMarkParser, _read_blocks
from cardpress.markdown.signs import is_words, list_gaps
from cardpress.markdown.texts import parse_words, parse_words_with_gaps
from cardpress.markdown.tree import Document

# Words of the signs that is_words lets pass, and some that it does not.
LETTERS = "abzABZ09 \u00e9\u65e5\u0627.,;?!'\"()/%-\u2013\u2019\u201c\u2026"
PIECES = [*LETTERS, "www.", "http", "mailto", "sound", "TODO", "Note"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def parse_by_grammar(text: str, *, with_deletions: bool, with_dollars: bool) -> Document:
    parser = cast(_CommonMarkParser, _carrier(with_deletions, with_dollars, with_breaks=False).parser)
    root = parser.parseDocument(text.split("\n")).getroot()
    return Document(tuple(_read_blocks(root)), tuple(parser.problems))


@settings(derandomize=True, deadline=None, database=None, max_examples=2_000)
@given(TEXTS, st.booleans(), st.booleans())
@example("www.example.org", False, False)
@example("a www.example.org", False, False)
@example("Ask wWw.example.org/a", False, False)
@example("example.org/a", False, False)
@example("a--b", False, False)
@example("a (c) b", False, False)
@example("a\u00a0b", False, False)
def test_it_is_what_the_grammar_makes(text: str, with_deletions: bool, with_dollars: bool) -> None:
    if is_words(text):
        by_grammar = parse_by_grammar(text, with_deletions=with_deletions, with_dollars=with_dollars)
        assert parse_words(text) == by_grammar
        assert parse(text, with_deletions=with_deletions, with_dollars=with_dollars) == by_grammar


GAPS = st.builds(
    lambda number, inside, hint: f"{{{{c{number}::{inside}{hint}}}}}",
    st.sampled_from(["1", "2", "12", "0", "01", "100", ""]),
    st.sampled_from(["a", "12", "1. a", "a b", " a", "a ", "", "a.", "(a)", "a?", "a-b", "www.a.org", "a:b"]),
    st.sampled_from(["", "", "::b", "::", "::what?", "::2", "::1. a", "::a b", ":: b", ":a"]),
)


@settings(derandomize=True, deadline=None, database=None, max_examples=4_000)
@given(st.lists(st.sampled_from(PIECES) | GAPS, max_size=12).map("".join), st.booleans())
@example("a {{c1::b::c}} d {{c2::e}}", False)
@example("a{{c1::b}}{{c2::c}}d", False)
@example("{{c1::a}}", False)
def test_with_gaps_it_is_what_the_grammar_makes(text: str, with_dollars: bool) -> None:
    if gaps := list_gaps(text):
        by_grammar = parse_by_grammar(text, with_deletions=True, with_dollars=with_dollars)
        assert parse_words_with_gaps(text, gaps) == by_grammar
        assert parse(text, with_deletions=True, with_dollars=with_dollars) == by_grammar


def test_gaps_between_words_are_found() -> None:
    gaps = list_gaps("Das {{c1::Haus::building}} hat {{c2::3}} {{c3::breite T\u00fcren}}.")
    assert gaps is not None
    assert [(each["number"], each["words"], each["hint"]) for each in gaps] == [
        ("1", "Haus", "building"),
        ("2", "3", None),
        ("3", "breite T\u00fcren", None),
    ]
    for text in ("{{c1::a}}", "a {{c1::*b*}}", "a {{c1::b}", "a {{c0::b}}", "a {{c1::b {{c2::c}}}}", "a {{c1::b:c}}"):
        assert list_gaps(text) is None


@pytest.mark.parametrize(
    "text", ["the dog", "What is 2 or 3?", "na\u00efve \u65e5\u672c", "(not) a link", "He said \u201cno\u201d."]
)
def test_prose_is_words(text: str) -> None:
    assert is_words(text.lstrip("("))


@pytest.mark.parametrize(
    "text",
    [
        *("", " a", "a ", "a  b", "a\nb", "a\tb", "1. a", "- a", "*a*", "a_b_", "`a`", "a <b>", "a & b", "a\\"),
        *("[a](b)", "a: b", "a | b", "$a$", "a~b~", "{{c1::a}}", "a@b.org", "www.a.org", "a#b", "a=b", "a+b", "a^b"),
    ],
)
def test_what_could_be_more_is_left_to_the_grammar(text: str) -> None:
    assert not is_words(text)
