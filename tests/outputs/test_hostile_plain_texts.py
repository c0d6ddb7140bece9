"""Plain texts stay texts: whatever stands in them, no output has an element or an attribute more."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cardpress.anki.fields import write_description
from cardpress.pipeline import check_project
from cardpress.source.templates.template_html import read_html
from cardpress.writers import load_writer
from tests.conftest import WriteProject
from tests.helpers.decks import deck_from, package_of
from tests.helpers.diagnostics import codes

PIECES = (
    *('"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", "</script><script>alert(1)</script>", "</style>"),
    *(
        "</title>",
        "<!--",
        "-->",
        "]]>",
        "&lt;b&gt;",
        "a < b & c",
        "<b",
        "{{Answer}}",
        "{{text:Id}}",
        "{% raw %}",
        "{{ 7*7 }}",
    ),
    *("@@script@@", "@@report@@", "javascript:alert(1)", "\\", "`", "<iframe src=//example.org>", "x", "a\u2028b", "é"),
)
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map(" ".join)
KEYS = ("title", "description", "checked", "license", "author", "section", "about", "source", "reason", "label", "type")


def files(texts: dict[str, str]) -> dict[str, str | bytes]:
    """Return a project that has a text in each of its plain fields."""
    said = {key: json.dumps(text) for key, text in texts.items()}
    # What a note type says stands in a line, and `check` takes no other.
    said |= {key: json.dumps(" ".join(texts[key].split())) for key in ("type", "label")}
    return {
        "deck.yaml": f"""\
id: sample
title: {said["title"]}
version: 1.0.0
date: 2026-01-02
description: {said["description"]}
checked: {said["checked"]}
license: {said["license"]}
authors: [{said["author"]}, Ada]
homepage: https://example.org/?a=1&b=<c
report_url: https://example.org/@@script@@?{{id}}&{{version}}
note_type: word
sections:
  - {{id: first, title: {said["section"]}, description: {said["about"]}}}
""".replace("<c", "c"),
        "first.yaml": f"""\
- id: one
  word: One?
  meaning: The first number.
  parts: [{{a: b}}]
  level: easy
  links: [{{title: {said["source"]}, url: "https://example.org/'onclick='x"}}]
  out: {said["reason"]}
""",
        "../templates/note-types/word/note-type.yaml": f"""\
title: {said["type"]}
fields:
  - {{key: word, holds: line, required: true}}
  - {{key: meaning, holds: line, required: true, label: {said["label"]}}}
  - {{key: parts, holds: pairs, label: {said["label"]}, parts: [{{key: a, label: {said["label"]}}}]}}
  - {{key: level, holds: one-of, values: [easy], label: {said["label"]}}}
  - {{key: links, holds: links, label: {said["label"]}}}
  - {{key: out, holds: output, label: {said["label"]}}}
cards:
  - {{name: {said["type"]}, asks: [word], answers: [meaning, parts, links, out]}}
""",
    }


class Active(HTMLParser):
    """Collects what a text has of elements and attributes that could act."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag in ("img", "svg", "iframe", "script", "style") else []
        self.found += [name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript")]


def read_package(data: bytes) -> Iterator[str]:
    """Yield everything of a package that Anki may put into HTML."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        database = sqlite3.connect(":memory:")
        database.deserialize(archive.read("collection.anki2"))
    models, decks = map(json.loads, database.execute("select models, decks from col").fetchone())
    for deck in decks.values():
        yield from (deck["name"], deck["desc"])
    for model in models.values():
        yield model["name"]
        yield from (template["name"] for template in model["tmpls"])
    for flds, tags in database.execute("select flds, tags from notes"):
        yield from (*flds.split("\x1f"), tags)
    for model in models.values():
        yield f"<style>{model['css']}</style>"
        for template in model["tmpls"]:
            yield from (
                re.sub(r"<script>.*?</script>", "", template[side], flags=re.DOTALL) for side in ("qfmt", "afmt")
            )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.fixed_dictionaries(dict.fromkeys(KEYS, TEXTS)))
@example(dict.fromkeys(KEYS, '"><img src=x onerror=alert(1)>'))
@example(dict.fromkeys(KEYS, "</script><script>alert(1)</script> </style> </title>"))
@example(dict.fromkeys(KEYS, "@@script@@ {{Answer}} {{ 7*7 }} a < b & c"))
def test_nothing_plain_acts_in_any_output(tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str]) -> None:
    deck = deck_from(tmp_path_factory.mktemp("hostile"), files(texts))
    for text in read_package(package_of(deck)):
        assert [each for each in Active(text).found if each != "style" or not text.startswith("<style>")] == [], text
    page = load_writer("page")(deck).artifacts[0].data.decode()
    script = re.search(r'<script type="module">(.*?)</script>', page, re.DOTALL)
    policy = re.search(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n', page)
    assert script
    assert policy
    assert read_html(page.replace(policy[0], ""), allowed=(script[1],)).flaws == []
    assert page.count("<script") == 1
    bundle = json.loads(load_writer("json")(deck).artifacts[0].data)
    assert bundle["deck"]["description"] == texts["description"].strip()


def test_descriptions_read_as_they_were_written(tmp_path: Path) -> None:
    text = "a < b & c"
    deck = deck_from(tmp_path, files(dict.fromkeys(KEYS, text)))
    described = [each for each in read_package(package_of(deck)) if each.startswith("a &lt;")]
    assert described[:2] == [write_description(deck), "a &lt; b &amp; c"] or "a &lt; b &amp; c" in described


@pytest.mark.parametrize("key", ["homepage", "report_url"])
@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://example.org/{{Answer}}", "//x"]
)
def test_an_address_that_is_none_is_refused(write_project: WriteProject, key: str, address: str) -> None:
    deck = "id: sample\ntitle: T\nversion: 1.0.0\ndate: 2026-01-02\nsections: [{id: first, title: F}]\n"
    problems = check_project(write_project({"deck.yaml": f"{deck}{key}: {json.dumps(address)}\n"})).diagnostics
    assert set(codes(problems)) & {"unsafe-html", "bad-url"}


def test_a_tag_has_no_angle_brackets(write_project: WriteProject) -> None:
    tagged = "- {id: q, question: Q?, answer: A., sources: [https://example.org/], tags: ['<img/src=x/onerror=y>']}\n"
    assert codes(check_project(write_project({"first.yaml": tagged})).diagnostics) == ["bad-tag"]
