"""Prose needs no grammar: what is made of it is what the grammar would make, to the last place."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardpress.markdown import parse
from cardpress.markdown.prose import read_prose
from tests.unit.test_lines_of_words import parse_by_grammar

# What prose is made of, and what it may be mistaken for.
SIGNS = [*"`*_ \n:=&#+-~|<>[](){}!$\\^\"'.,;?@/%\t\r\x00\u00a0\u2028\u2019\u201c\u2026\u2014\ufdd0\u0301"]
WORDS = ["a", "B", "word", "\u00e9t\u00e9", "\u65e5\u672c", "\u0627", "7", "10. ", "\n\n", "\n- ", "- ", "1. ", "\n2. "]
SPANS = ["`code`", "` a `", "`a b`", "``", "**bold**", "*it is*", "**", "*a*", "***", "so.*", "a: b", "a = b", "a & b"]
FENCES = ["\n\n```py\nx = 1\n```\n\n", "```\n", "\n```", "```", "~~~\n", "\n\n    code", "---", "\n===", "www.", "://"]
OTHERS = ["http://a.org", "&amp;", "\\(x\\)", "$x$", "{{c1::a}}", "::", "[^1]", "!!! a", "\n: a", "[ ] ", "!["]
TEXTS = st.lists(st.sampled_from([*SIGNS, *WORDS * 3, *SPANS * 4, *FENCES, *OTHERS]), max_size=24).map("".join)
# These are prose more often than not, so that much of it is compared.
LINES = st.lists(st.sampled_from(["word", "Word,", "it's", "`a b`", "**b c**", "*d e.*", "(f)", "g:", "7"]), min_size=1)
PARAGRAPHS = st.lists(LINES.map(" ".join), min_size=1, max_size=4).flatmap(
    lambda lines: st.sampled_from(["\n", "\n- ", "\n\n", "\n1. "]).map(lambda joint: joint.join(lines))
)
PROSE = st.lists(
    st.one_of(PARAGRAPHS, PARAGRAPHS.map("- {}".format), PARAGRAPHS.map("1. {}".format), st.sampled_from(FENCES)),
    min_size=1,
    max_size=4,
).flatmap(lambda blocks: st.sampled_from(["\n\n", "\n", "\n\n\n"]).map(lambda joint: joint.join(blocks)))


@settings(derandomize=True, deadline=None, database=None, max_examples=2_000)
@given(st.one_of(TEXTS, PROSE), st.booleans())
@example("a *b* c", False)
@example("*b*c d", False)
@example("a*b*", False)
@example("(*b*)", False)
@example("\u65e5**\u672c**", False)
@example("a *b*\u2019s", False)
@example("a `b", False)
@example("a `b`` c` d", False)
@example("`` a ` b", False)
@example("a `$` b `$`", True)
@example("a\n- b\nc", False)
@example("- a\n\n- b", False)
@example("a\n\n- b\n\n1. c", False)
@example("a\n2. b", False)
@example("10. a\n11. b", False)
@example("1. a\n\n   b", False)
@example("- `a`\n- **b** c", False)
@example("a \nb", False)
@example("a\n\n```\n```", False)
@example("a\n\n```py\n\n\n```", False)
@example("a\n\n```py\n\tb  \n```\nc", False)
@example("a\n\n```py\nb\n````", False)
@example("a\n===", False)
@example("a\n-", False)
@example("a:\n: b", False)
@example("a :b: http://c", False)
@example("a =b= ==c==", False)
@example("`a`\n`b`", False)
@example("- a\n- 1. b", False)
@example("- - a", False)
def test_it_is_what_the_grammar_makes(text: str, with_dollars: bool) -> None:
    made = read_prose(text, with_dollars=with_dollars)
    if made is not None:
        by_grammar = parse_by_grammar(text, with_deletions=False, with_dollars=with_dollars)
        assert made == by_grammar
        assert parse(text, with_dollars=with_dollars) == by_grammar


@pytest.mark.parametrize(
    "text",
    [
        *("Use `a` and **b**.", "What: *it is.*", "One\ntwo", "One.\n\nTwo.\n", "- a\n- `b`", "So:\n- a\n- b\n"),
        *("1. a\n2. b", "First.\n\n```python\nx = 1\n\ny = 2\n```\n", "`a` is\n`b`"),
    ],
)
def test_most_texts_of_a_deck_are_prose(text: str) -> None:
    assert read_prose(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "\n",
            "a  \nb",
            "a\n  b",
            "# a",
            "> a",
            "a<br>b",
            "a_b_",
            "a [b](c)",
            "| a |",
            "- [ ] a",
            "a\n===",
            "***a***",
        ),
        *(
            "`a\nb`",
            "``a``",
            "a\\*b",
            "\\(a\\) b",
            "www.a.org `b`",
            "http://a.org `b`",
            "- a\n\n- b",
            "- a\n  b",
            "~~~\na\n~~~",
        ),
    ],
)
def test_what_could_be_more_is_left_to_the_grammar(text: str) -> None:
    assert read_prose(text) is None


def test_line_ends_of_a_cell_and_deletions_are_left_to_the_grammar() -> None:
    assert parse("a `b`\nc", with_breaks=True) != parse("a `b`\nc")
    assert parse("`a` {{c1::b}}", with_deletions=True).deletions()


@pytest.mark.parametrize("piece", ["`", "*a", "a*", "**a ", "a. ", "- a\n", "a\n\n", "```\n", "`a` ", " ", "a:", "("])
def test_time_grows_with_the_length_alone(piece: str) -> None:
    start = process_time()
    read_prose("a " + piece * (60_000 // len(piece)))
    assert process_time() - start < 2
