"""Markdown that an author types into fields of HTML is told, and what learners have is not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cardpress.check.markdown_in_html import _check_text
from cardpress.diagnostics import SourceFile, Span
from cardpress.pipeline import load_and_check
from cardpress.source.bank import HtmlText
from tests.helpers.adopting import adopt
from tests.helpers.originals import Hand, HandNote, by_hand

OLD = ["it <b>has</b> **two** stars", "- and\n- a list"]


def told(project: Path) -> list[tuple[str, str]]:
    found = load_and_check(project)[1].diagnostics
    return [
        (each.span.path, each.message.partition(" is Mark")[0]) for each in found if each.code == "markdown-in-html"
    ]


def test_what_learners_have_is_left_alone_and_what_an_author_types_is_told(tmp_path: Path) -> None:
    project = tmp_path / "project"
    made = adopt(by_hand(Hand([HandNote("old", OLD), HandNote("more", ["<i>x</i>", "<i>y</i>"])])), project)
    assert [each for each in made.diagnostics if each.code == "markdown-in-html"] == []
    assert told(project) == []
    (file,) = (project / "source").glob("by-hand.*")
    file.write_text(file.read_text(encoding="utf-8").replace("<i>y</i>", "a `new` word"), encoding="utf-8")
    assert told(project) == [(f"source/{file.name}", "“`new`”")]


def find(html: str) -> list[str]:
    file = SourceFile("source/first.yaml", html)
    text = HtmlText(html, Span(file, 0, len(html)))
    return [html[each.span.start : each.span.end] for each in _check_text(text)]


SIGNS = {
    "**bold**": ["**bold**"],
    "a __bold word__ and __init__ of a_b_c": ["__bold word__"],
    "an *emphasis*, 2 * 3 * 4, 2*3*4": ["*emphasis*"],
    "~~gone~~": ["~~gone~~"],
    "type `ls -l` or ``so''": ["`ls -l`"],
    "```python\nprint()\n```": ["```python"],
    "[x](https://y.org) and ![a](b.png)": ["[x](https://y.org)", "![a](b.png)"],
    "Parts:\n- one\n- two": ["- one"],
    "1. one\n2. two": ["1. one"],
    "- a minus alone": [],
    "# A heading": ["# A heading"],
    "#tag and C# are none": [],
    "A table:\n| a | b |\n|---|---|": ["| a | b |"],
    "> quoted": ["> quoted"],
    "<pre>- a\n- b **c** `d`</pre>": [],
    '<img alt="**x**" src="x.png">': [],
    r"\(a^{*}b^{*}c\) [$]`x`[/$] [sound:*a*.mp3]": [],
    "{{c1::**bold**::hint}}": ["**bold**"],
    "<b>yes: no</b>, 5 - 3, a-b; x_1 and x_2": [],
}


@pytest.mark.parametrize("html", SIGNS)
def test_signs_of_markdown_are_told_where_html_has_another_way(html: str) -> None:
    assert find(html) == SIGNS[html]


@pytest.mark.parametrize("part", ["__a a", "<code></pre>", "*", "[", "`", "![", "- a\n", "| a |\n", "\\(", "**a", "> "])
def test_a_long_text_of_signs_takes_no_time(part: str) -> None:
    start = time.perf_counter()
    find(part * (400_000 // len(part)))
    assert time.perf_counter() - start < 3
