"""Lists come out as people write them: nested by 2, 3 or 4 spaces, right after a line of text, with code inside."""

from __future__ import annotations

import pytest
from cardpress.markdown.html_tree import to_plain_text

from cardpress.markdown.to_html import to_html


@pytest.mark.parametrize("spaces", [2, 3, 4])
def test_lists_nest_by_as_many_spaces_as_people_use(spaces: int) -> None:
    indent = " " * spaces
    text = f"- a\n{indent}- b\n{indent}{indent}- c\n{indent}- d\n- e"
    assert to_plain_text(to_html(text)) == "- a\n  - b\n    - c\n  - d\n- e"


@pytest.mark.parametrize("spaces", [3, 4])
def test_numbered_lists_nest(spaces: int) -> None:
    indent = " " * spaces
    text = f"1. a\n{indent}- b\n{indent}- c\n2. d\n{indent}1. e"
    assert to_plain_text(to_html(text)) == "1. a\n   - b\n   - c\n2. d\n   1. e"


@pytest.mark.parametrize("bullet", ["-", "*", "+", "1."])
def test_a_list_may_follow_a_line_of_text(bullet: str) -> None:
    html = to_html(f"Before:\n{bullet} a\n{bullet} b")
    assert html.startswith("<p>Before:</p>")
    assert html.count("<li>") == 2


@pytest.mark.parametrize("line", ["In\n2024. A year", "2 -\n3 is minus one", "x\n-y", "a\n*b*", "a\n+1"])
def test_a_line_that_only_looks_like_a_list_is_text(line: str) -> None:
    assert "<li>" not in to_html(line)


def test_a_list_that_starts_elsewhere_keeps_its_number() -> None:
    assert to_plain_text(to_html("3. a\n4. b")) == "3. a\n4. b"


@pytest.mark.parametrize("spaces", [2, 3, 4])
def test_a_fence_in_a_list_belongs_to_its_entry(spaces: int) -> None:
    indent = " " * spaces
    text = f"- a\n\n{indent}```python\n{indent}if x:\n{indent}    y\n{indent}```\n\n{indent}more\n- b"
    html = to_html(text)
    assert html.count("<li>") == 2
    assert html.index("<pre>") < html.index("more") < html.index("</li>")
    assert to_plain_text(html) == "- a\n  if x:\n      y\n  more\n- b"


def test_a_fence_right_below_its_entry_belongs_to_it() -> None:
    assert to_plain_text(to_html("1. a\n   ```text\n   x\n   ```\n2. b")) == "1. a\n   x\n2. b"


def test_two_paragraphs_in_an_entry_stay_together() -> None:
    html = to_html("- a\n\n  b\n\n- c")
    assert html.count("<li>") == 2
    assert to_plain_text(html) == "- a\n  b\n- c"


def test_an_indented_line_is_not_code() -> None:
    assert "<pre>" not in to_html("a\n\n    b")


def test_entries_hold_what_prose_holds() -> None:
    html = to_html("- `a` **b**\n- [c](https://e.org)\n- ![d](e.png)\n- > f")
    for tag in ("<code>a</code>", "<strong>b</strong>", 'href="https://e.org"', "<img", "<blockquote>"):
        assert tag in html


def test_lists_of_different_kinds_side_by_side_stay_apart() -> None:
    html = to_html("- a\n- b\n\n1. c\n2. d")
    assert (html.count("<ul>"), html.count("<ol>")) == (1, 1)
