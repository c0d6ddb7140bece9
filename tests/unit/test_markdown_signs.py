"""A text that lacks a sign lacks what the sign stands for, so that rules may pass over it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.check.advice import count_words
from cardpress.markdown import parse, signs
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.tree import CodeBlock, CodeSpan, Link, List, Picture, RawTag, Text, read_code

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
    blocks = [node for node in nodes if isinstance(node, CodeBlock)]
    assert signs.may_hold_code_blocks(text) or not blocks
    fences = signs.list_plain_fences(text)
    if fences is not None:
        fenced_blocks = [node for node in blocks if text[node.place.start : node.place.start + 3] == "```"]
        assert [(node.language, read_code(node.content)) for node in fenced_blocks] == [
            (language, code.removesuffix("\n")) for language, code in fences
        ]
        assert all(node.is_closed for node in blocks)
    plain = signs.list_plain_code(text)
    if plain is not None:
        assert [read_code(node.content) for node in blocks] == [code.removesuffix("\n") for code in plain]
    assert signs.may_begin_with_number(text) or not (isinstance(first, List) and first.first is not None)
    assert signs.may_have_problems(text) or not any(problem.code for problem in document.problems)
    if signs.is_plain(text) and text:
        assert [node.value for node in nodes if isinstance(node, Text)] == [text]


SIMPLE = st.sampled_from(
    [
        *(
            "a",
            "b ",
            " ",
            "1",
            ".",
            ",",
            "(",
            ")",
            "-",
            "'",
            "`",
            "*",
            "**",
            "_",
            "x y",
            "`a == b`",
            "`*a*`",
            "`|`",
            "~",
        ),
        *("*a*", "**a b**", " *a* ", "`a`", " `a b` ", "\u65e5", "<", "`<b>`", "`#`", "\n", "\n\n", "\n- ", "a|b"),
        *("```\n", "\n```\n", "\n```py\n", "x == y\n", "    ", "\n> ", "\n|---|---|\n", "|", "]", "[", ":", "$"),
    ]
)


@given(st.lists(SIMPLE, max_size=16).map("".join))
@settings(derandomize=True, deadline=None, database=None, max_examples=3_000)
def test_what_stands_between_backticks_and_stars_is_told_as_the_grammar_tells_it(text: str) -> None:
    document = parse(text)
    nodes = tuple(document.walk())
    assert signs.may_have_problems(text) or not any(problem.code for problem in document.problems)
    fences = signs.list_plain_fences(text)
    if fences is not None:
        found = [each for each in nodes if isinstance(each, CodeBlock) and text.startswith("```", each.place.start)]
        assert [read_code(each.content) for each in found] == [code.removesuffix("\n") for _, code in fences]
    read = signs.read_prose(text)
    if read is not None and text:
        codes = [read_code(each.content) for each in nodes if isinstance(each, CodeSpan)]
        inside = {id(part) for each in nodes if isinstance(each, CodeSpan) for part in each.content}
        shown = "".join(
            " " if isinstance(each, CodeSpan) else each.value
            for each in nodes
            if isinstance(each, Text | CodeSpan) and id(each) not in inside
        )
        assert read == (shown, codes)


def test_plain_fences_are_told_without_a_tree() -> None:
    assert signs.list_plain_fences("a\n```py\nx = 1\n```\nb\n\n```\n```\n") == [("py", "x = 1\n"), ("", "")]
    assert signs.list_plain_code("- a\n  - b\n\n```py\n\tx = 1\n```\n") == ["\tx = 1\n"]
    for text in ("- a\n  ```py\n  x\n  ```", "```py", "~~~\n```\n~~~", "````\n```\n````", "```\n``` a\n```"):
        assert signs.list_plain_fences(text) is None


def test_signs_in_code_and_bold_words_side_by_side_are_no_sign_of_a_problem() -> None:
    for text in ("`note: str | None`, or `id < :last`", "a\n```py\n# x == y\n```", "**a** and **b**, " * 7):
        assert not signs.may_have_problems(text)


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
