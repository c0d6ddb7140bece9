"""Whatever the bytes, the YAML or the Markdown: problems are reported, nothing ends in a traceback, HTML stays safe."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from cardpress.anki.stamps import list_shipped, stamp
from cardpress.check.rules import check
from cardpress.deck.assemble import assemble
from cardpress.deck.colors import Colors
from cardpress.deck.notes import RichText
from cardpress.diagnostics import Diagnostic, has_errors, sort_diagnostics
from cardpress.diagnostics.reports import REPORTS
from cardpress.markdown.card_html import CardWriter
from cardpress.source.load import Loaded, load
from cardpress.source.templates import Templates, load_templates
from tests.conftest import DECK, QUESTION, ROOT

pytestmark = pytest.mark.slow
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "cardpress-hypothesis")
# The same examples each time, on a machine of any speed, and nothing left behind.
steady = settings(
    derandomize=True, deadline=None, database=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)
TEMPLATES: Templates = load_templates(ROOT)[0]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M4 0v8"/></svg>\n'


def checked(files: Mapping[str, bytes]) -> tuple[Loaded, tuple[Diagnostic, ...]]:
    """Check a source in a folder of its own, and write the report in every format."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        (source / "media").mkdir(parents=True)
        (source / "media" / "one.svg").write_text(PICTURE, encoding="utf-8")
        for name, content in files.items():
            (source / name).write_bytes(content)
        loaded = load(source, TEMPLATES)
        problems = sort_diagnostics((*loaded.diagnostics, *check(loaded.bank)))
    for report in REPORTS.values():
        report(problems).encode()
    return loaded, problems


def project(**files: bytes) -> dict[str, bytes]:
    return {"deck.yaml": DECK.encode(), "first.yaml": QUESTION.encode()} | {
        f"{name}.yaml": content for name, content in files.items()
    }


# Bytes that mean something to YAML turn up more often than chance has it.
pieces = st.sampled_from(
    [*"-:?[]{}&*!|>'\"%@`,# \t\n\r", "- ", ": ", "\n  ", "id", "...", "---", "<<", "é", "日", "\ufeff"]
)
yaml_like = (
    st.lists(pieces | st.text(max_size=3), max_size=30).map("".join).map(lambda text: text.encode(errors="replace"))
)


@steady
@given(st.binary(max_size=200) | yaml_like)
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
@example(b"\xff\xfei\x00d\x00")
@example(b"- &a [*a]")
@example(b"? ? ? ?")
@example(b"\x85\x00")
def test_no_bytes_as_deck_or_section_make_a_traceback(content: bytes) -> None:
    for files in (project(deck=content), project(first=content)):
        _, problems = checked(files)
        assert has_errors(problems) or content.decode("utf-8-sig").strip()


keys = st.sampled_from("id question answer number level key_points snippet tags recall cloze url title retired".split())
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys | st.text(max_size=5), inner, max_size=6),
    max_leaves=20,
)


@steady
@given(values)
def test_no_shape_of_yaml_makes_a_traceback(value: Any) -> None:
    # JSON is YAML, and has every shape that YAML has without tags and aliases.
    text = json.dumps(value).encode()
    deck = DECK.encode()
    for files in ({"deck": text}, {"first": text}, {"first": b"- " + text}, {"deck": deck + b"authors: " + text}):
        checked(project(**files))


words = st.sampled_from(
    "[ ] ( ) ! ` `` ``` ~~~ < > & ; : \\ * _ # | {{c1:: }} { } :: \" ' / = - 1. one.svg javascript: data: //x.org "
    "../a.svg https://x.org/a.png <script> </script> <img onerror= <svg/onload= <a href= &#106; &colon; on click "
    "alert(1) [b]: ![one](one.svg) ![a][b] mailto:a@b.c <https://x.org> <br> \U00100000 \U00108000".split()
)
spaces = st.sampled_from([" ", "\t", "\n", "\n\n", "\n    ", "\u202e"])
markdown = st.lists(words | spaces | st.text(max_size=4), max_size=14).map("".join)


_ACTIVE = set("script style iframe object embed svg math form base meta link input".split())


class _Acts(HTMLParser):
    """Collects what could act in HTML: elements, attributes and addresses."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE:
            self.found.append(tag)
        for name, value in attrs:
            plain = "".join((value or "").split()).lower()
            if name.startswith("on") or plain.startswith(("javascript:", "vbscript:", "data:")):
                self.found.append(f"{name}={value}")
            if name == "src" and (":" in plain or plain.startswith("//")):
                self.found.append(f"{name}={value}")


def _fields(text: str, cloze: str) -> bytes:
    everywhere = dict.fromkeys(("question", "answer", "how_to_answer", "example_answer", "extra", "output"), text)
    question = {
        "id": "one",
        **everywhere,
        "key_points": [text],
        "pitfalls": [{"claim": text, "truth": text}],
        "recall": [
            {"id": "two", "question": text, "answer": text, "extra": text},
            {"id": "three", "cloze": cloze, "extra": text},
        ],
    }
    return json.dumps([question]).encode(errors="replace")


def _texts(contents: Iterable[object]) -> Iterator[RichText]:
    for content in contents:
        if isinstance(content, RichText):
            yield content
        elif isinstance(content, Mapping):
            yield from _texts(content.values())
        elif isinstance(content, tuple):
            yield from _texts(content)


def _written(files: Mapping[str, bytes]) -> list[str]:
    """Return the HTML of cards and fields when the files pass the check; what does not pass is never written."""
    loaded, problems = checked(files)
    if has_errors(problems):
        return []
    deck = stamp(assemble(loaded.bank, Colors()), None)
    shipped = list(list_shipped(deck))
    cards = [text.html(CardWriter()) for each in shipped for text in _texts(each.note.contents.values())]
    assert len(cards) == 13
    return cards + [value for each in shipped for value in each.fields.values()]


@settings(steady, max_examples=400)
@given(markdown, markdown)
@example("[![one](https://x.org/a.png)](https://x.org)", "x")
@example("![a][b]\n\n> [b]: https://x.org/a.png", "x")
@example("![a](https://x.org/(a(b)).png)", "x")
@example("![b]\n\n[b]:\n  https://x.org/a.png", "x")
@example("[a](\njavascript:alert(1))", "\U00100005")
@example("one `` ` ``![a](https://x.org/a.png)`", "{{c1::x")
@example("- a\n\n      b\n\n![one](one.svg) <mark>*c*</mark>", "{{c1::b\n\n- c}}")
@example("![one](one.svg)", "![a {{c2::b}}](one.svg)")
def test_any_markdown_that_passes_the_check_is_written_and_cannot_act(text: str, cloze: str) -> None:
    for html in _written(project(first=_fields(text, "{{c1::a}} " + cloze))):
        assert _Acts(html).found == []


@pytest.mark.parametrize(
    "act", ["<script>alert(1)</script>", '<img src="x" onerror="alert(1)">', '<a href=" java\nscript:x">a</a>']
)
def test_the_search_for_what_acts_finds_it(act: str) -> None:
    assert _Acts(act).found
