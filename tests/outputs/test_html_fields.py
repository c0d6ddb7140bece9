"""A field of HTML is in Anki as its editor made it, made safe, and in all other outputs from its tree."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import jsonschema
import pytest

from cardpress.anki.fields import get_fields
from cardpress.markdown.html_writer import to_html
from cardpress.markdown.plain_text import to_plain_text
from cardpress.markdown.raw_html import read_html
from cardpress.markdown.safe_html import clean, scan
from cardpress.markdown.tree import Picture
from cardpress.pipeline import check_project
from cardpress.writers import load_writer
from cardpress.writers.json import make_bundle, make_schema
from cardpress.writers.pdf.nodes import make_nodes
from tests.conftest import WriteProject
from tests.helpers.decks import deck_from, page_of
from tests.helpers.media_deck import with_media

OLD = """\
title: Old
fields: [{key: front, holds: html, required: true}, {key: back, holds: html}]
cards: [{asks: [front], answers: [back]}]
"""
FRONT = '<div>What is <font color="#c00">this</font>?<br></div>[sound:bark.ogg]'
BACK = (
    '<img src="flag.svg" alt="a flag"><u>under</u> \\(x^2\\) <ruby>犬<rt>いぬ</rt></ruby> {{c1::gap}}'
    '<table><tbody><tr><td>a</td><td style="text-align:right">b</td></tr></tbody></table>'
    "<ul><li>one</li><li>two<ul><li>three</li></ul></li></ul><hr><pre>x &lt; y</pre>"
)
NOTE = {"id": "dog", "front": FRONT, "back": BACK}


def bare(text: str) -> str:
    """Return a text without the digests in names of files."""
    return re.sub("-[0-9a-f]{8}(?=[.])", "", text)


def test_anki_gets_it_as_it_is_with_the_names_that_files_ship_under(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, with_media(NOTE, declared=OLD, kind="old"))
    note = next(deck.notes())
    values = get_fields(deck.sections[0], note, note)
    assert bare(values["Front"]) == FRONT.replace("bark.ogg", "sample-bark.ogg")
    assert bare(values["Back"]) == BACK.replace("flag.svg", "sample-flag.svg")
    assert {each.origin for each in deck.media} == {"bark.ogg", "flag.svg"}


def test_the_page_and_the_bundle_have_its_tree(tmp_path: Path) -> None:
    files = with_media(NOTE, declared=OLD, kind="old")
    page = page_of(tmp_path / "page", files).read_text(encoding="utf-8")
    assert '<audio controls preload="none" aria-label="" src="data:audio/ogg;base64,' in page
    assert "</math> <ruby>犬<rp>(</rp><rt>いぬ</rt><rp>)</rp></ruby> {{c1::gap}}" in page
    assert "\\(x^2\\)" not in page
    assert '<td class="right">b</td>' in page
    assert "<font" not in page
    deck = deck_from(tmp_path / "deck", files)
    bundle = json.loads(json.dumps(make_bundle(deck)))
    jsonschema.validate(bundle, make_schema(deck))
    (question,) = bundle["questions"]
    content = question.get("fields", question)["back"]
    assert content["text"].startswith("a flagunder \\(x^2\\) 犬(いぬ) {{c1::gap}}\na\tb\n- one\n- two\n  - three")


def test_paper_has_its_tree(tmp_path: Path) -> None:
    (note,) = deck_from(tmp_path, with_media(NOTE, declared=OLD, kind="old")).notes()
    nodes = make_nodes(note.contents["back"])
    assert [each["t"] for each in nodes if isinstance(each, dict)] == ["p", "table", "ul", "hr", "pre"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b", "a\nb"),
        ("<div>a</div><div><br></div><div>b</div>", "a\nb"),
        ("<b>a</b> \n <i>b</i>", "a b"),
        ("<div><div><div>deep</div></div></div>", "deep"),
        ("<span style='font-weight:bold'>a</span>&nbsp;b &amp; c", "a\u00a0b & c"),
        ("<h2>a</h2>b", "a\nb"),
        ("<ol start=3><li>a<li>b</ol>", "3. a\n4. b"),
        ("<dl><dt>a<dd>b</dl>", "a\nb"),
        ("<blockquote>a<p>b</blockquote>", "a\nb"),
        ("<table><tr><td colspan=2>a<tr><td>b<td>c</table>", "a\nb\nc"),
        ("<table><tr><td><p>a<td>b</table>", "a\nb"),
        ("<table><thead><tr><td>a<td>b</thead><tr><td>c</table>", "a\tb\nc\t"),
        ("<ruby>a<rp>(</rp><rt>b</rt><rp>)</rp>c</ruby>", "a(b)c"),
        ("<details><summary>a</summary>b</details>", "a\nb"),
        ("<code>a  b</code><kbd>c</kbd>", "a bc"),
        ("<a href='https://example.org'>a</a> <a>b</a>", "a b"),
        ("<script>x</script><style>y</style>a", "a"),
        ("<" + "b>" * 3, "b>b>"),
        ("1 < 2", "1 < 2"),
        ("<b>" * 100 + "a", "a"),
        ("", ""),
    ],
)
def test_its_words(html: str, text: str) -> None:
    assert to_plain_text(read_html(html)) == text.rstrip()


@pytest.mark.parametrize(
    "html",
    [
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<a href='java\tscript:alert(1)'>x</a>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<div style='background:url(https://example.org/x)'>x</div>",
        "<iframe srcdoc='<script>x</script>'></iframe>",
        "<object data=x></object><embed src=x><link rel=stylesheet href=x><base href=x><meta http-equiv=refresh>",
        "<form action=x><input autofocus onfocus=x></form>",
        "[sound:&lt;script&gt;alert(1)&lt;/script&gt;]",
        "<audio src=x></audio><video poster=x></video>",
    ],
)
def test_nothing_in_it_runs_or_loads(html: str) -> None:
    safe = clean(html)
    assert clean(safe) == safe
    assert not re.search(r"<(script|style|iframe|object|embed|link|base|form|input|mglyph)", safe)
    assert not re.search(r"<[^>]*\s(on\w+|srcdoc|poster|background|http-equiv)\s*=|url\(|script:", safe)
    assert "<script" not in to_html(read_html(html))


def test_what_is_dropped_is_said_at_its_place() -> None:
    dropped, files, _ = scan("<div CLASS=x ID='y' onclick=z>a</div><img src='a b.png' width=3 srcset=x><o:q></o:q>")
    assert [(each.what, each.place) for each in dropped] == [
        ("the attribute `onclick`", (20, 27)),
        ("the attribute `srcset`", (64, 70)),
        ("`<o:q>`", (73, 78)),
    ]
    assert [(each.name, each.place) for each in files] == [("a b.png", (47, 54))]


def test_names_of_files_are_checked(write_project: WriteProject) -> None:
    note = {
        "id": "dog",
        "front": "a [sound:barks.ogg]",
        "back": '<img src="https://example.org/a.png"><img src="flag.sv">',
    }
    found = check_project(write_project(with_media(note, declared=OLD, kind="old"))).diagnostics
    assert [each.code for each in found] == ["missing-media", "remote-media", "missing-media"]
    assert {each.span.file.path for each in found} == {"source/first.yaml"}


def test_a_picture_without_words_has_those_of_its_name(tmp_path: Path) -> None:
    front = '<img src="flag.svg"> <img src="flag.svg" alt=" " title="the flag">'
    deck = deck_from(tmp_path, with_media(NOTE | {"front": f"What? {front}"}, declared=OLD, kind="old"))
    (note,) = deck.notes()
    found = [each.description for each in note.contents["front"].document.walk() if isinstance(each, Picture)]
    assert [*map(bare, found)] == ["flag", "the flag"]
    # Typst makes no accessible PDF of a picture without words: all sheets would have words alone.
    assert load_writer("pdf")(deck).diagnostics == ()


def test_many_scripts_are_dropped_in_time_that_grows_with_the_text() -> None:
    start = time.process_time()
    dropped, *_ = scan("<script>1</SCRIPT>" * 40_000)
    assert time.process_time() - start < 3
    assert len(dropped) == 40_000
