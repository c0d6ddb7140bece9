"""What the sheets are fed is plain data that Typst can read, with places to break what has no space."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cardpress.deck.notes import RichText
from cardpress.markdown import parse
from cardpress.markdown.highlighting import highlight
from cardpress.markdown.tree import CodeBlock, Node, map_nodes
from cardpress.source.print_limits import MOST_COLUMNS
from cardpress.writers.pdf.breaking import LONGEST_CODE, break_word, break_words, make_words, mend_words
from cardpress.writers.pdf.data import make_print_data
from cardpress.writers.pdf.heights import advance, advance_in_code
from cardpress.writers.pdf.nodes import make_nodes
from tests.conftest import DECK
from tests.helpers.decks import deck_from
from tests.helpers.sample_project import EVERYTHING


def nodes_of(markdown: str) -> list[Any]:
    return make_nodes(RichText(markdown, map_nodes(parse(markdown), colored)))


def colored(node: Node) -> Node:
    return replace(node, pieces=highlight(node.text, node.language)) if isinstance(node, CodeBlock) else node


def depth_of(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth_of, children), default=0)


def test_elements_become_nodes_and_white_space_between_blocks_nothing() -> None:
    assert nodes_of("A *b*\nc.\n\n- d\n- e") == [
        {"t": "p", "c": ["A ", {"t": "em", "c": ["b"]}, " c."]},
        {"t": "ul", "c": [{"t": "li", "c": ["d"]}, {"t": "li", "c": ["e"]}]},
    ]


@pytest.mark.parametrize(("start", "number"), [("3", 3), ("0", 0), ("9" * 9, 999_999_999)])
def test_a_list_starts_at_a_number_that_typst_can_count_from(start: str, number: int) -> None:
    assert nodes_of(f"{start}. x")[0]["start"] == number


@pytest.mark.parametrize("start", ["٣", "9" * 10])
def test_a_number_that_typst_cannot_count_from_begins_no_list(start: str) -> None:
    assert nodes_of(f"{start}. x") == [{"t": "p", "c": [f"{start}. x"]}]


def test_code_is_lines_of_pieces_in_five_colors() -> None:
    (pre,) = nodes_of('```python\nif x:\n\treturn "y"  # z\n```')
    assert pre["lines"] == [
        [["keyword", "if "], "x:"],
        ["    ", ["keyword", "return "], ["string", '"y"  '], ["comment", "# z"]],
    ]


@pytest.mark.parametrize("code", ["x" * 100, "a.b(" * 30, "'" + "s" * 50 + "'+" + "f(x)+" * 20])
def test_code_without_a_space_can_break_and_loses_nothing(code: str) -> None:
    (pre,) = nodes_of(f"```python\n{code}\n```")
    shown = "".join(piece if isinstance(piece, str) else piece[1] for piece in pre["lines"][0])
    assert shown.replace("\u200b", "") == code
    assert max(map(len, shown.split("\u200b"))) <= LONGEST_CODE


@pytest.mark.parametrize(
    "name",
    ["current_default_thread_limiter()", "app.dependency_overrides[original_name]", "internationalization"],
)
def test_a_name_that_a_line_has_room_for_never_breaks(name: str) -> None:
    assert nodes_of(f"`{name}` and {name}") == [{"t": "p", "c": [{"t": "code", "c": [name]}, f" and {name}"]}]


def test_what_typst_would_break_stays_whole() -> None:
    (paragraph,) = nodes_of("Of I/O, `GET /double/four`, `a-b`, pre-built.")
    keep = [{"t": "keep", "c": [word]} for word in ("I/O,", "/double/four", "a-b")]
    assert paragraph["c"] == [
        "Of ",
        keep[0],
        " ",
        {"t": "code", "c": ["GET ", keep[1]]},
        ", ",
        {"t": "code", "c": [keep[2]]},
        ", pre-built.",
    ]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        (
            "app.dependency_overrides[get_current_user]",
            ["app.", "dependency_", "overrides[", "get_", "current_", "user]"],
        ),
        (
            "https://example.org/a_path/to?an=answer",
            ["https://", "example.", "org/", "a_", "path/", "to?", "an=", "answer"],
        ),
        ("RequestValidationErrorResponseModel", ["Request", "Validation", "Error", "Response", "Model"]),
        ("v" * 60, ["v" * 34, "v" * 26]),
        ("一二三四五六七八九十" * 2 + "。二", ["一二三四五六七八九十" * 2 + "。", "二"]),
    ],
)
def test_a_word_that_is_too_long_breaks_at_good_places(word: str, parts: list[str]) -> None:
    assert break_word(word, 20.0).split("\u200b") == parts


def test_where_a_line_has_more_room_a_word_breaks_no_more() -> None:
    nodes = nodes_of("`" + "a_name." * 10 + "`\n\n> " + "b_name." * 10)

    def count(made: object) -> int:
        return json.dumps(made, ensure_ascii=False).count("\u200b")

    assert count(nodes[0])
    assert count(nodes[1])
    assert count(mend_words(nodes, 60.0)) == 0
    assert count(mend_words(nodes, 42.5)) == count(nodes[1])  # in a quotation, a line has less room


def test_words_break_the_sooner_the_more_cells_a_row_has_so_that_the_table_fits_a_card() -> None:
    longest = []
    for cells in (1, 2, 6, MOST_COLUMNS):
        row = f"|{'a|' * cells}\n|{'-|' * cells}\n|{'response_model_exclude_unset_defaults|' * cells}"
        (table,) = nodes_of(row)
        cell = next(child for child in table["c"][1]["c"][0]["c"] if child != " ")
        words = cell["c"][0].split("\u200b")
        assert "".join(words) == "response_model_exclude_unset_defaults"
        assert sum(table["least"]) <= 33
        longest.append(max(map(len, words)))
    assert longest == sorted(set(longest), reverse=True)


@pytest.mark.parametrize("text", ["> " * 38 + "deep", "\n".join("  " * depth + "- deep" for depth in range(19))])
def test_what_is_nested_deeper_than_typst_follows_keeps_its_words(text: str) -> None:
    found = nodes_of(text)
    assert depth_of(found) < 60
    assert json.dumps(found).count("deep") == text.count("deep")


def test_a_question_without_words_has_a_name(tmp_path: Path) -> None:
    texts = ("'![a dot](dot.png)'", "'---'", "'***'", "Why?")
    file = "".join(
        f"- {{id: {name}, question: {text}, answer: A.}}\n" for name, text in zip("abcd", texts, strict=True)
    )
    data = make_print_data(deck_from(tmp_path, {"first.yaml": file}))
    assert [note["name"] for note in data["sections"][0]["notes"]] == ["a dot", "b", "c", None]


def test_a_deck_with_everything_is_data(tmp_path: Path) -> None:
    data = make_print_data(deck_from(tmp_path, EVERYTHING))
    assert json.loads(json.dumps(data)) == data
    assert {picture["format"] for picture in data["media"].values()} == {"png", "svg"}
    fields = {field["holds"]: field for field in data["sections"][0]["notes"][0]["fields"]}
    assert fields["ids"]["value"] == [{"id": "two", "number": None, "name": "What is two?"}]


@pytest.mark.parametrize(
    ("language", "lang", "region"),
    [("en", "en", None), ("pt-BR", "pt", "BR"), ("zh-Hant", "zh", None), ("DE-at", "de", "AT")],
)
def test_a_language_tag_is_told_to_typst_in_parts(tmp_path: Path, language: str, lang: str, region: str | None) -> None:
    files = {"deck.yaml": f"language: {language}\n{DECK}", "first.yaml": "- {id: q, question: Q?, answer: A.}"}
    data = make_print_data(deck_from(tmp_path, files))
    assert (data["lang"], data["region"]) == (lang, region)


def test_words_of_few_plain_letters_need_not_be_measured() -> None:
    assert max(advance(chr(code)) for code in range(128)) <= 1
    assert max(advance_in_code(chr(code)) for code in range(128)) <= 1


@pytest.mark.parametrize("longest", [0.5, 4.0, 22.0])
@pytest.mark.parametrize("letter", ["W", "i", "/"])
def test_a_word_breaks_only_where_a_line_has_no_room_for_it(longest: float, letter: str) -> None:
    for count in range(1, 60):
        text = f"Some words {letter * count} go on"
        made = "".join(
            each if isinstance(each, str) else "".join(each["c"]) for each in make_words(text, longest, is_code=False)
        )
        assert made == break_words(text, longest)
