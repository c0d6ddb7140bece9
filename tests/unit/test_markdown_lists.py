"""Lists come out as people write them: nested by the indentation of the text above, with code inside, with boxes."""

from __future__ import annotations

import pytest

from cardpress.markdown import parse
from cardpress.markdown.html_writer import to_html
from cardpress.markdown.plain_text import to_plain_text


def html(text: str) -> str:
    return to_html(parse(text))


def plain(text: str) -> str:
    return to_plain_text(parse(text))


@pytest.mark.parametrize("spaces", [2, 3, 4, 5])
def test_lists_nest_by_as_many_spaces_as_people_use(spaces: int) -> None:
    indent = " " * spaces
    text = f"- a\n{indent}- b\n{indent}- c\n- d"
    assert plain(text) == "- a\n  - b\n  - c\n- d"
    assert parse(text).problems == ()


@pytest.mark.parametrize("spaces", [2, 3])
def test_lists_nest_as_deep_as_people_go(spaces: int) -> None:
    indent = " " * spaces
    text = f"- a\n{indent}- b\n{indent}{indent}- c\n{indent}- d\n- e"
    assert plain(text) == "- a\n  - b\n    - c\n  - d\n- e"


@pytest.mark.parametrize("spaces", [3, 4])
def test_numbered_lists_nest(spaces: int) -> None:
    indent = " " * spaces
    text = f"1. a\n{indent}- b\n{indent}- c\n2. d\n{indent}1. e"
    assert plain(text) == "1. a\n   - b\n   - c\n2. d\n   1. e"


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("1. a\n  - b\n2. c", "-", "indent it by 3 spaces"),
        ("10. a\n   - b", "-", "indent it by 4 spaces"),
        ("1. a\n  2. b", "2.", "indent it by 3 spaces"),
        ("> 1. a\n>   - b", "-", "indent it by 3 spaces"),
        ("- a\n\n  1. b\n    - c", "-", "indent it by 3 spaces"),
        ("- a\n - b", "-", "indent it by 2 spaces"),
        ("1. a\n - b", "-", "indent it by 3 spaces"),
        ("> * a\n>  * b", "*", "indent it by 2 spaces"),
        ("- a\n  - b\n   - c", "-", "indent it by 2 spaces"),
    ],
)
def test_an_entry_that_only_looks_nested_is_reported(text: str, words: str, hint: str) -> None:
    (found,) = parse(text).problems
    assert found.code == "list-not-nested"
    assert text[found.place.start : found.place.end] == words
    assert hint in found.help


@pytest.mark.parametrize(
    "text", ["1. a\n2. b\n   - c", "- a\n\n      code", " - a\n - b", "1. a\n\n- b", " 9. a\n10. b"]
)
def test_an_entry_that_is_where_it_seems_to_be_is_not_reported(text: str) -> None:
    assert parse(text).problems == ()


@pytest.mark.parametrize("bullet", ["-", "*", "+", "1.", "1)"])
def test_a_list_may_follow_a_line_of_text(bullet: str) -> None:
    found = html(f"Before:\n{bullet} a\n{bullet} b")
    assert found.startswith("<p>Before:</p>")
    assert found.count("<li>") == 2


@pytest.mark.parametrize(
    "line", ["In\n2024. A year", "2 -\n3 is minus one", "x\n-y", "a\n*b*", "a\n+1", "a\n-\nb", "#1."]
)
def test_a_line_that_only_looks_like_a_list_is_text(line: str) -> None:
    assert "<li>" not in html(line)


@pytest.mark.parametrize("first", ["0", "3", "007", "123456789"])
def test_a_list_that_starts_elsewhere_keeps_its_number(first: str) -> None:
    number = int(first)
    assert plain(f"{first}. a\n1. b") == f"{number}. a\n{number + 1}. b"
    assert html(f"{first}. a").startswith(f'<ol start="{number}">')


@pytest.mark.parametrize("spaces", [2, 3, 4])
def test_a_fence_in_a_list_belongs_to_its_entry(spaces: int) -> None:
    indent = " " * spaces
    text = f"- a\n\n{indent}```python\n{indent}if x:\n{indent}    y\n{indent}```\n\n{indent}more\n- b"
    found = html(text)
    assert found.count("<li>") == 2
    assert found.index("<pre>") < found.index("more") < found.index("</li>")
    assert plain(text) == "- a\n  if x:\n      y\n  more\n- b"


def test_a_fence_right_below_its_entry_belongs_to_it() -> None:
    assert plain("1. a\n   ```text\n   x\n   ```\n2. b") == "1. a\n   x\n2. b"


def test_two_paragraphs_in_an_entry_stay_together() -> None:
    text = "- a\n\n  b\n\n- c"
    assert html(text).count("<li>") == 2
    assert plain(text) == "- a\n  b\n- c"


def test_a_line_that_is_indented_by_four_spaces_is_code_and_below_an_entry_by_four_more() -> None:
    assert "<pre>" in html("a\n\n    b")
    assert "<pre>" not in html("a\n    b")
    assert "<pre>" not in html("- a\n\n    b")
    assert "<pre>" in html("- a\n\n      b")


def test_entries_hold_what_prose_holds() -> None:
    found = html("- `a` **b**\n- [c](https://e.org)\n- ![d](e.png)\n- > f\n- # g\n- | h |\n  |---|")
    for tag in (
        "<code>a</code>",
        "<strong>b</strong>",
        'href="https://e.org"',
        "<img",
        "<blockquote>",
        "<h1>",
        "<table>",
    ):
        assert tag in found


def test_lists_of_different_kinds_side_by_side_stay_apart() -> None:
    found = html("- a\n- b\n\n1. c\n2. d")
    assert (found.count("<ul>"), found.count("<ol>")) == (1, 1)
    assert html("- a\n- b\n* c\n+ d").count("<ul>") == 3


def test_a_loose_list_has_paragraphs_and_a_tight_one_has_none() -> None:
    assert html("- a\n- b") == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert html("- a\n\n- b") == "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"
    assert html("- a\n  - b\n\n    c\n- d").count("<p>") == 2


def test_tasks_have_boxes() -> None:
    text = "- [ ] a\n- [x] b\n  1. [X] c\n- d"
    assert plain(text) == "- [ ] a\n- [x] b\n  1. [x] c\n- d"
    assert html(text).count("<li>☐ ") == 1
    assert html(text).count("<li>☑ ") == 2


@pytest.mark.parametrize("text", ["- []a", "- [y] a", "- [x]a", "- \\[x] a", "- a [x]", "[x] a", "- `[x]` a"])
def test_brackets_elsewhere_make_no_box(text: str) -> None:
    assert "☐" not in html(text)
    assert "☑" not in html(text)


def test_an_empty_entry_is_an_entry() -> None:
    assert plain("- a\n-\n- b") == "- a\n-\n- b"
    assert html("-\n- [ ] ").count("<li>") == 2
