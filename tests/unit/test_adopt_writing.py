"""What a new project's files are written with is read back to the same values."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cardpress.adopt.writing import Ids, Value, can_be_cell, split_words, write_entries, write_table, write_yaml
from cardpress.diagnostics import SourceFile
from cardpress.diagnostics.unusual import make_usual
from cardpress.source.slugs import is_slug
from cardpress.source.tables.cells import parse_table
from cardpress.source.yaml.nodes import Mapping, Node, Scalar, compose
from cardpress.source.yaml.reading import Reader

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
SIGNS = st.sampled_from(
    [*" \t\n\r:#-'\"\\{}[],&*!|>%@`?=~<\x85\u2028\ufeff\U0001f600é日a1.", ": ", " #", "\n\n", "yes", "12", "{{c1::"]
)
TEXTS = st.lists(st.one_of(SIGNS, LETTERS), max_size=12).map("".join)
KEYS = st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True)
VALUES = st.recursive(
    st.one_of(TEXTS, st.integers(0, 10**18), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


def read(text: str) -> Value:
    root, problems = compose(SourceFile("source/a.yaml", text))
    assert not problems
    assert root is not None
    return to_value(root)


def to_value(node: Node) -> Value:
    if isinstance(node, Mapping):
        return {key.value: to_value(value) for key, value in node.pairs}
    if not isinstance(node, Scalar):
        return [to_value(each) for each in node.items]
    if node.kind == "whole number":
        return int(node.value)
    if node.kind == "truth value":
        return node.value == "true"
    assert node.kind == "text"
    if make_usual(node.value).strip():
        reader = Reader()
        reader.text(node, "key")
        assert not reader.diagnostics
    return node.value


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), st.lists(VALUES, min_size=1, max_size=4)))
@example({"a": "\rho"})
@example({"a": "\\alpha\ttimes"})
@example({"a": "  first\nsecond  \n"})
@example({"a": "\n\nfirst"})
@example({"a": ["no", "1e3", "<<", "2026-11-27", "~", ""]})
def test_yaml_is_read_back_to_the_same(value: dict[str, Value] | list[Value]) -> None:
    assert read(write_yaml(value)) == value


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), max_size=4))
def test_entries_are_read_back_to_the_same(entries: list[dict[str, Value]]) -> None:
    assert read(write_entries(entries)) == entries


def test_short_things_stand_in_a_line_and_long_texts_below_their_key() -> None:
    html = '<b style="color: red">a word</b> and what it means; ' * 4
    written = write_yaml(
        {"tags": ["a", "b c"], "anki": {"id": 7, "name": "A, B"}, "field": html.rstrip(), "css": "a\nb\n"}
    )

    assert written == (
        f'tags: [a, b c]\nanki: {{id: 7, name: "A, B"}}\nfield: |-\n  {html.rstrip()}\ncss: |\n  a\n  b\n'
    )


@given(st.lists(st.lists(TEXTS.filter(can_be_cell), min_size=2, max_size=2), min_size=1, max_size=5))
def test_a_table_is_read_back_to_the_same(rows: list[list[str]]) -> None:
    reader = Reader()
    rows = [["key", f"a{row[0].strip()}", row[1]] for row in rows]
    table = parse_table(SourceFile("source/a.csv", write_table([["id", "question", "answer"], *rows])), reader, {"id"})

    assert table is not None
    assert not reader.diagnostics
    assert [[cell.value for cell in record.cells] for record in table.rows] == rows


@given(st.lists(st.one_of(TEXTS, st.sampled_from(["a", "a-2", "note", "note-1", "x" * 99])), max_size=20))
def test_ids_are_ids_and_each_is_made_once(texts: list[str]) -> None:
    ids = Ids("note")
    made = [ids.make(text) for text in texts]

    assert all(map(is_slug, made))
    assert len(set(made)) == len(made)


def test_ids_say_what_they_are_of() -> None:
    ids = Ids("note", taken=["words"])
    texts = [
        "My Café!",
        "my cafe",
        "日本",
        "日本語",
        "words",
        "one two three four five six seven eight nine ten eleven",
    ]

    assert [ids.make(text) for text in texts] == [
        "my-cafe",
        "my-cafe-2",
        "note-1",
        "note-2",
        "words-2",
        "one-two-three-four-five-six-seven-eight-nine-ten",
    ]


def test_ids_are_made_of_the_first_text_with_letters() -> None:
    ids = Ids("note")
    assert ids.make("犬", ["いぬ", "inu", "dog"]) == "inu"
    assert ids.make("犬 (1)", ["2", "dog"]) == "dog"
    assert ids.make("1", ["犬", "2"]) == "1"
    assert ids.make("", ["犬"]) == "note-1"
    assert ids.make("cat", ["inu"]) == "cat"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ExpressionReading", "Expression Reading"),
        ("WordID", "Word ID"),
        ("IPATranscription", "IPA Transcription"),
        ("Example sentence", "Example sentence"),
        ("PoS", "PoS"),
        ("iPhone", "iPhone"),
        ("JLPT", "JLPT"),
        ("GUIDs", "GUIDs"),
        ("ÜberSetzung", "Über Setzung"),
    ],
)
def test_words_in_the_name_of_a_field_are_told_by_their_capitals(name: str, words: str) -> None:
    assert split_words(name) == words
