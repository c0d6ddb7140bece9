"""A line of words needs no grammar: what is made of it is what the grammar would make."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardpress.markdown import parse
from cardpress.markdown.parsing import _carrier, _CommonMarkParser, _read_blocks, parse_words
from cardpress.markdown.signs import is_words
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
