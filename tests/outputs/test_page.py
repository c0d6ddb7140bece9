"""The page is one valid HTML file whose own names clash with no question's, whatever a deck is called and holds."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import DECK
from tests.helpers.decks import page_of
from tests.helpers.sample_project import EVERYTHING
from tests.helpers.yaml_text import indented

_VOID = {"br", "hr", "img", "input", "link", "meta"}
_BLOCKS = set(
    "article blockquote details div dl footer h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul".split()
)
# What may hold words and what stands in a line, and nothing else.
_LINES = {"h1", "h2", "h3", "h4", "p", "summary", "dt", "span"}


class Outline(HTMLParser):
    """Reads a page strictly: every element is closed in order, and stands where HTML allows it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.targets: set[str] = set()
        self.root: dict[str, str | None] = {}
        self.mistakes: list[str] = []
        self.feed(html)
        self.close()
        self.mistakes += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if len(attributes) < len(attrs):
            self.mistakes.append(f"<{tag}> has an attribute twice")
        if tag == "html":
            self.root = attributes
        if tag == "a" and "a" in self.open:
            self.mistakes.append("a link in a link")
        if tag in _BLOCKS and (around := _LINES & set(self.open)):
            self.mistakes.append(f"<{tag}> in {around}")
        if "style" in attributes or any(name.startswith("on") for name in attributes):
            self.mistakes.append(f"<{tag}> carries style or script")
        self.ids.update(filter(None, [attributes.get("id")]))
        if (attributes.get("href") or "").startswith("#"):
            self.targets.add((attributes["href"] or "")[1:])
        self.targets.update(filter(None, [attributes.get("for"), attributes.get("aria-controls")]))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(f"</{tag}> closes something else")


def check(path: Path) -> Outline:
    outline = Outline(path.read_text(encoding="utf-8"))
    assert outline.mistakes == []
    assert [name for name, count in outline.ids.items() if count > 1] == []
    assert outline.targets <= set(outline.ids)
    return outline


def test_a_deck_with_everything_makes_a_valid_page(tmp_path: Path) -> None:
    outline = check(page_of(tmp_path, EVERYTHING))
    assert {"one", "one-successor", "one-gaps", "two", "three", "three-after-two", "four"} <= set(outline.ids)
    assert (outline.root["lang"], outline.root["dir"]) == ("en", "ltr")


SMALLEST = (
    "{id: d, title: D, version: 1.0.0, date: 2026-01-02, sections: [{id: first, title: F}, {id: none, title: N}]}"
)
QUESTION = "- {id: q, question: Q?, answer: A.}\n"


def test_a_deck_without_anything_optional_makes_a_valid_page(tmp_path: Path) -> None:
    check(page_of(tmp_path, {"deck.yaml": SMALLEST, "first.yaml": QUESTION, "none.yaml": "[]"}))


@pytest.mark.parametrize(
    "name", ["search", "hide", "found", "questions", "section-first", "page-search", "first", "answer"]
)
def test_a_question_may_be_called_as_parts_of_the_page_are(tmp_path: Path, name: str) -> None:
    text = f"- {{id: {name}, question: Q?, answer: A., recall: [{{id: {name}-2, question: Q?, answer: A.}}]}}\n"
    outline = check(page_of(tmp_path, EVERYTHING | {"second.yaml": text, "first.yaml": QUESTION}))
    assert outline.ids[name] == outline.ids[f"{name}-2"] == 1


BLOCKS = """\
Is [this](https://example.org/this) one question,

- a list ![of dots](dot.png)
- and `code`?

```python
print("Yes")
```"""


def test_a_question_may_hold_links_pictures_lists_and_code(tmp_path: Path) -> None:
    cloze = indented("{{c1::One}} paragraph.\n\nAnother.", 8)
    recall = f"  recall:\n    - id: r\n      cloze: {cloze}"
    many = f"- id: many\n  question: {indented(BLOCKS)}  answer: A.\n{recall}"
    path = page_of(tmp_path, {"first.yaml": many + "- {id: other, question: Q?, answer: A., see_also: [many]}\n"})
    check(path)
    html = path.read_text(encoding="utf-8")
    # In the contents and in `see also`, the question is its first paragraph, in words.
    assert unescape(html).count("Is this one question,</a>") == 2
    assert '<div class="heading" role="heading" aria-level="3">' in html


def test_gaps_in_code_leave_no_span_around_nothing(tmp_path: Path) -> None:
    code = "```python\n{{c1::async def}} read(x: {{c2::int}}):\n    return {{c1::1}}\n```"
    recall = f"  recall:\n    - id: r\n      cloze: {indented(code, 8)}"
    page = page_of(tmp_path, {"first.yaml": f"- id: q\n  question: Q?\n  answer: A.\n{recall}"})
    html = page.read_text(encoding="utf-8")
    assert '<mark class="cloze"><i class=k>async def</i></mark>' in html
    assert not re.findall(r'<span class="[a-z0-9]*"></span>', html)


@pytest.mark.parametrize(
    ("language", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("de", "ltr"), ("az-Arab", "rtl"), ("ar-Latn", "ltr")]
)
def test_a_page_is_written_the_way_its_language_is(tmp_path: Path, language: str, direction: str) -> None:
    outline = check(page_of(tmp_path, {"deck.yaml": f"language: {language}\n{DECK}", "first.yaml": QUESTION}))
    assert (outline.root["lang"], outline.root["dir"]) == (language, direction)


def test_output_without_a_snippet_is_shown(tmp_path: Path) -> None:
    path = page_of(tmp_path, {"first.yaml": "- {id: q, question: Q?, answer: A., output: it printed this}\n"})
    assert "it printed this</pre>" in path.read_text(encoding="utf-8")


def test_a_project_brings_a_page_template_of_its_own(tmp_path: Path) -> None:
    templates = tmp_path / "templates" / "web"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(
        '<title>{{ deck.title }}</title><img src="data:," alt="ours">', encoding="utf-8"
    )
    path = page_of(tmp_path, EVERYTHING)
    page = path.read_text(encoding="utf-8")
    assert page.startswith(
        '<!doctype html>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="'
    )
    assert page.endswith('">\n<title>Sample deck</title><img src="data:," alt="ours">')
