"""Fences, code in backticks, tags and cloze deletions are found where the renderer finds them."""

from __future__ import annotations

import pytest
from cardpress.markdown.markup import blank_code, find_deletions, find_fences, find_tags


@pytest.mark.parametrize(
    ("text", "language", "code", "closed"),
    [
        ("```python\nx = 1\n```", "python", "x = 1\n", True),
        ("~~~ js\nx\n~~~", "js", "x\n", True),
        ("````\n```\n````", "", "```\n", True),
        ("```python\nx", "python", "x", False),
        ("```\nx\n``", "", "x\n``", False),
        ("```\nx\n~~~", "", "x\n~~~", False),
        ("- a\n  ```sh\n  ls\n   -l\n  ```", "sh", "ls\n -l\n", True),
        ("``` {.python}\nx\n```", "python", "x\n", True),
        ("```c++ linenos\nx\n```", "c++", "x\n", True),
        ("```", "", "", False),
    ],
)
def test_a_fence_is_read(text: str, language: str, code: str, closed: bool) -> None:
    (fence,) = find_fences(text)
    assert (fence.language, fence.text, fence.closed) == (language, code, closed)
    if language:
        assert text[fence.language_start :].startswith(language) or "{" in text


def test_backticks_in_a_line_are_no_fence() -> None:
    assert find_fences("```x``` is code") == ()
    assert find_fences("a ``` b\n``` c`\n") == ()


def test_fences_follow_each_other() -> None:
    found = find_fences("```\na\n```\ntext\n~~~\nb\n~~~\n")
    assert [fence.text for fence in found] == ["a\n", "b\n"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a `b` c", "a     c"),
        ("a ``b ` c`` d", "a           d"),
        ("a `b`` c` d", "a         d"),
        ("a `b", "a `b"),
        ("a \\`b` c `d`", "a \\`b     d`"),
        ("a `b\nc` d", "a   \n   d"),
        ("a `b\n\nc` d", "a `b\n\nc` d"),
        ("a `b\n \t\nc` d", "a `b\n \t\nc` d"),
        ("```\n`a\n```\nb` c `d", "   \n  \n   \nb     d"),
        ("no code", "no code"),
    ],
)
def test_code_is_blanked_and_all_else_stays_where_it_is(text: str, left: str) -> None:
    assert blank_code(text) == left
    assert len(blank_code(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<b>x</b>", [("b", True, False), ("b", True, True)]),
        ("<BR/>", [("br", True, False)]),
        ("<a href='x'", [("a", False, False)]),
        ("<script", [("script", False, False)]),
        ("1 < 2 > 0, <3, <-, <>, `<b>`", []),
        ("<x-y z>", [("x-y", True, False)]),
    ],
)
def test_tags_are_found_closed_or_not(text: str, found: list[tuple[str, bool, bool]]) -> None:
    assert [(tag.name, tag.closed, tag.closes) for tag in find_tags(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{c1::a}}", [(1, "a", "")]),
        ("{{c1::a::b}} {{c12::c}}", [(1, "a", "b"), (12, "c", "")]),
        ("{{c1::a::b::c}}", [(1, "a", "b::c")]),
        ("{{c1::{{ user }}}}", [(1, "{{ user }}", "")]),
        ("{{c1::{{ a::b }}::hint}}", [(1, "{{ a::b }}", "hint")]),
        ("{{c1::{}}}", [(1, "{}", "")]),
        ('{{c1::{"a": {"b": {}}}}}', [(1, '{"a": {"b": {}}}', "")]),
        ("{{c1::`a::b`}}", [(1, "`a::b`", "")]),
        ("{{c1::`a::b`::hint}}", [(1, "`a::b`", "hint")]),
        ("{{c1::a {{c2::b}}}}", [(1, "a {{c2::b}}", ""), (2, "b", "")]),
        ("{{c1::a {{c2::b::x}} c::y}}", [(1, "a {{c2::b::x}} c", "y"), (2, "b", "x")]),
        ("{{{c1::a}}}", [(1, "a", "")]),
        ("{{c1::{a}} and {{c2::b}}", [(1, "{a", ""), (2, "b", "")]),
        ("{{c1::a\n\nb}}", [(1, "a\n\nb", "")]),
        ("{{c1::}}", [(1, "", "")]),
        ("{{c1::a}", []),
        ("{{c1:a}} {{C1::a}} {{c::a}} { {c1::a}}", []),
        ("{{c1::a", []),
    ],
)
def test_deletions_are_read_with_their_hints(text: str, found: list[tuple[int, str, str]]) -> None:
    assert [(each.number, each.answer, each.hint) for each in find_deletions(text)] == found
    for each in find_deletions(text):
        assert text[each.start : each.start + 3] == "{{c"
        assert text[each.end - 2 : each.end] == "}}"
        assert text[each.answer_start :].startswith(each.answer)
