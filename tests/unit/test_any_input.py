"""Whatever the bytes, the YAML or the Markdown: problems are reported, nothing ends in a traceback, HTML stays safe."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from cardpress.formulas import read, to_mathml
from cardpress.formulas.commands import ACTS
from cardpress.markdown import to_plain_text
from cardpress.markdown.card_html import CardWriter
from cardpress.markdown.raw_html import read_html
from cardpress.markdown.safe_html import clean, scan
from cardpress.note_types import Holds
from cardpress.source.load import Loaded, load
from cardpress.source.templates.loading import Templates, load_templates
from cardpress.writers.pdf.formulas import measure, write_formula
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
    with tempfile.TemporaryDirectory() as home:
        # A folder below, since a name may lead out of source/: templates/ stands beside it.
        source = Path(home) / "project" / "source"
        (source / "media").mkdir(parents=True)
        (source / "media" / "one.svg").write_text(PICTURE, encoding="utf-8")
        for name, content in files.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        own = any(name.startswith("../templates/") for name in files)
        templates, found = load_templates(ROOT, source.parent) if own else (TEMPLATES, ())
        loaded = load(source, templates)
        problems = sort_diagnostics((*found, *loaded.diagnostics, *check(loaded.bank)))
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


_ACTIVE = set("script iframe object embed form base link input".split())
# What stays in Anki where it does nothing (`test_html_grammar.py`), and is in no other output.
_OF_ANKI = set("style svg meta".split())


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


spaces = st.sampled_from([" ", "\t", "\n", "\n\n", "\n    ", "\u202e"])


def _of(keys: Sequence[str], inner: st.SearchStrategy[Any], *, needed: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    """Return mappings that have the first of these keys, and any of the others."""
    return st.fixed_dictionaries(dict.fromkeys(keys[:needed], inner), optional=dict.fromkeys(keys[needed:], inner))


anything = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.text(max_size=3))
# What a declaration says, right in most places.
KEYS = ("word", "text", "flag", "many")
fields = st.builds(
    lambda key, holds, more: {"key": key, "holds": holds} | more,
    st.sampled_from(KEYS) | anything,
    st.sampled_from([*Holds]) | anything,
    st.fixed_dictionaries(
        {},
        optional={
            "name": st.sampled_from(["Word", "Spare1", "@@script@@", "Tags"]) | anything,
            "was": st.sampled_from(["Word", "Old"]) | anything,
            "label": st.sampled_from(["A label", "{{Word}}"]) | anything,
            "values": st.just(["a", "b"]) | anything,
            "parts": st.just([{"key": "a", "label": "A"}]) | anything,
            "language": st.sampled_from(["ja", "ar", "x-"]) | anything,
            **dict.fromkeys(("required", "folded", "unique", "personal", "one_fact"), st.booleans() | anything),
        },
    ),
)
named = st.sampled_from([*KEYS, "hint:word", "kanji:word", "furigana:text", "none", ":", "type:word"]) | anything
cards = st.fixed_dictionaries(
    {"asks": st.lists(named, max_size=3) | anything, "answers": st.lists(named, max_size=3) | anything},
    optional=dict.fromkeys(("name", "was", "when", "typed", "typed_when", "front", "back"), named),
)
facts = st.sampled_from([{"fact": "notice"}, {"fact": "id"}, {"of_question": "word"}, {"fact": "none"}])
declarations = st.builds(
    lambda title, fields, cards, more: {"title": title, "fields": fields, "cards": cards} | more,
    st.just("Word") | anything,
    st.lists(fields | facts, min_size=1, max_size=5) | anything,
    st.lists(cards, min_size=1, max_size=3) | anything,
    _of(("noun", "below", "none"), anything),
)
OWN = DECK.replace("sections:", "note_type: word\nsections:").encode()


@steady
@given(declarations, st.lists(_of((*KEYS, "retired", "tags"), st.just("a") | anything), max_size=3))
def test_no_declaration_of_a_note_type_makes_a_traceback(declared: Any, notes: list[dict[str, Any]]) -> None:
    written = json.dumps([{"id": f"n{number}"} | note for number, note in enumerate(notes)])
    files = {"../templates/note-types/word/note-type.yaml": json.dumps(declared).encode(), "deck.yaml": OWN}
    loaded, problems = checked(project(first=written.encode()) | files)
    if not has_errors(problems):
        assert list(list_shipped(stamp(assemble(loaded.bank, Colors()), None))) is not None


texts_in = st.sampled_from(["Key points", "{n} of {all}", "Search", "Retired.", "Mine"]) | st.text(max_size=8)


@steady
@given(st.dictionaries(texts_in, texts_in | anything, max_size=6) | anything)
def test_no_strings_file_makes_a_traceback(texts: Any) -> None:
    checked(project() | {"../templates/strings/en.yaml": json.dumps(texts).encode()})


cells = st.sampled_from(
    [
        *",;\t\n\r\"'|",
        '""',
        "\r\n",
        "id",
        "question",
        "answer",
        "tags",
        "number",
        "sources",
        "retired",
        "a",
        "=1",
        "\\(x\\)",
    ]
)
tables = st.lists(cells | st.text(max_size=3), max_size=40).map("".join)


@steady
@given(tables | st.builds("id,question,answer,number,tags,sources\n{}".format, tables), st.sampled_from(["csv", "tsv"]))
@example('\ufeffid,question,answer\na,"b', "csv")
def test_no_table_makes_a_traceback(table: str, ending: str) -> None:
    deck = DECK.replace("title: First section", f"title: First\n    table: first.{ending}").encode()
    files = {"deck.yaml": deck, f"first.{ending}": table.encode(errors="replace")}
    checked(files)


numbers = st.integers(-2, 10) | st.floats() | anything
masks = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["a", "b", "A"]) | anything,
        "rect": st.lists(numbers, min_size=4, max_size=4) | anything,
        "shape": st.sampled_from(["one", "two"]) | anything,
        "shapes": st.just(["one"]) | anything,
        "label": st.text(max_size=8) | anything,
    },
)


@steady
@given(
    st.fixed_dictionaries(
        {"image": st.just("one.svg") | anything},
        optional={
            "hide": st.sampled_from(["all", "one"]) | anything,
            "masks": st.lists(masks, max_size=4) | anything,
            "shapes": anything,
        },
    )
    | anything
)
def test_no_masks_make_a_traceback(occlusion: Any) -> None:
    written = json.dumps([{"id": "heart", "header": "What?", "occlude": occlusion}])
    loaded, problems = checked(project(first=written.encode()))
    if not has_errors(problems):
        (shipped,) = list_shipped(stamp(assemble(loaded.bank, Colors()), None))
        assert shipped.fields["Occlusion"].count("{{c") == len({card.number for card in shipped.note.cards()})


pieces_of_formulas = st.sampled_from(
    (
        "\\frac \\sqrt \\text{ \\begin{matrix} \\end{matrix} \\left( \\right) \\color{red} \\href{javascript:x} "
        "\\ce{ \\bbox[ \\style \\\\ \\, \\sum \\not \\ref \\over { } [ ] ( ) ^ _ & ' | ~ % # $ x 1 + = < > é 漢 "
        "\U0001d465 \\mathbb \\hat \\operatorname{ \\def"
    ).split()
)


@settings(steady, max_examples=600)
@given(st.lists(pieces_of_formulas | st.sampled_from(" \n") | st.text(max_size=2), max_size=20).map("".join))
def test_no_formula_makes_a_traceback_or_acts(source: str) -> None:
    reading = read(source)
    assert reading.tree is not None or reading.fault is not None
    if reading.tree is not None:
        assert _Acts(to_mathml(reading.tree, is_display=True, latex=source)).found in ([], ["math"])
        assert json.dumps(write_formula(reading.tree))
        assert min(measure(reading.tree)) >= 0
    if reading.fault is None or not reading.fault.is_error:
        assert not ACTS.search(source)


tags = st.sampled_from(
    (
        "<b> </b> <p> </p> <ul> <li> <table> <tr> <td colspan=2> <ruby> <rt> </ruby> <br> <wbr> <hr> <pre> <code> "
        "<a href= https://x.org javascript:x <img src=one.svg> <img src=x onerror=alert(1)> <script> </script> "
        "<style> <svg> <math> <!-- --> <details> [sound:a.mp3] [[type:Front]] {{c1:: }} \\( \\) "
        "\\href{javascript:x}{y} &lt; &#92; &amp; ' \" < > ="
    ).split()
)


@settings(steady, max_examples=600)
@given(st.lists(tags | spaces | st.text(max_size=3), max_size=20).map("".join))
@example("\\hr<wbr>ef{javascript:x}{y}")
@example("<b>" * 200 + "<ul>" * 200)
def test_no_html_makes_a_traceback_or_acts(html: str) -> None:
    kept = clean(html)
    assert _Acts(kept).found == []
    assert not ACTS.search(kept.replace("<wbr>", ""))
    assert "[[type:" not in kept
    scan(html)
    document = read_html(html)
    shown = CardWriter().document(document)
    assert _Acts(shown).found == []
    assert not any(f"<{tag}" in shown for tag in _OF_ANKI)
    assert to_plain_text(document) is not None


words = st.sampled_from(
    "[ ] ( ) ! ` `` ``` ~~~ < > & ; : \\ * _ # | {{c1:: }} { } :: \" ' / = - 1. one.svg javascript: data: //x.org "
    "../a.svg https://x.org/a.png <script> </script> <img onerror= <svg/onload= <a href= &#106; &colon; on click "
    "alert(1) [b]: ![one](one.svg) ![a][b] mailto:a@b.c <https://x.org> <br> \U00100000 \U00108000".split()
)
markdown = st.lists(words | spaces | st.text(max_size=4), max_size=14).map("".join)


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
