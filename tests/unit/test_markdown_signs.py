"""A text that lacks a sign lacks what the sign stands for, so that rules may pass over it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.check.advice import count_words
from cardpress.markdown import parse, signs
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.tree import CodeBlock, Link, List, Picture, RawTag, Text

PIECES = st.sampled_from(
    [
        *"[]()!<>*_~`#|=:{}\\&-+.1 \n\t",
        *("a", "word", "](x)", "![", "]: /x", "\n\n", "\n- ", "\n  1. ", "\n> ", "```", "~~~", "\n```py\n", "    "),
        *("https://e.org", "<b>", "<kbd>", "</kbd>", "==a==", "[^1]", "&amp;", "&#32;", "<br>", "401. ", "日本"),
        *("$x^2$", "$$", r"\(x\)", r"\[", "[sound:a]", "[[a]]", "![[a.mp3]]", "[!a]", "{{c1::", "}}", "{{type:a}}"),
        *("\n:::a", "\n!!! a", "\n: a", "\n#a\n", "x^2^", "H~2~", "](x){a=b}", "字[か]", "---\na: b\n---\n"),
    ]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(TEXTS)
@settings(derandomize=True, deadline=None, database=None, max_examples=1_500)
def test_what_a_text_holds_has_its_sign(text: str) -> None:
    document = parse(text)
    nodes = tuple(document.walk())
    kinds = {type(node) for node in nodes}
    assert signs.may_hold_links(text) or Link not in kinds
    assert signs.may_hold_pictures(text) or Picture not in kinds
    assert signs.may_hold_tags(text) or RawTag not in kinds
    fenced = any(isinstance(node, CodeBlock) and (node.language or not node.is_closed) for node in nodes)
    assert signs.may_hold_fences(text) or not fenced
    first = next(iter(document.blocks), None)
    assert signs.may_begin_with_number(text) or not (isinstance(first, List) and first.first is not None)
    assert signs.may_have_problems(text) or not any(problem.code for problem in document.problems)
    if signs.is_plain(text) and text:
        assert [node.value for node in nodes if isinstance(node, Text)] == [text]


@given(TEXTS)
@settings(derandomize=True, deadline=None, database=None, max_examples=500)
def test_a_text_shows_no_more_words_than_are_written(text: str) -> None:
    parts = text
    for sign in "|&<\\":
        parts = parts.replace(sign, " ")
    assert count_words(to_plain_text(parse(text))) <= count_words(parts)


def test_deep_nesting_has_its_sign() -> None:
    for text in ("[" * 200, "> " * 60 + "a", "- " * 60 + "a", "1. " * 60 + "a", "**a *b " * 60 + "*c **" * 60):
        deep = any(problem.code == "too-deep" for problem in parse(text).problems)
        assert signs.may_have_problems(text) or not deep
