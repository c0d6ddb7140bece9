"""YAML is read with the place of every node, and nothing that YAML allows grows past a bound."""

from __future__ import annotations

import pytest

from cardpress.diagnostics import Diagnostic, SourceFile
from cardpress.source.yaml.nodes import MAX_ALIASED, MAX_DEPTH, Mapping, Node, Scalar, Sequence, compose
from tests.helpers.diagnostics import codes


def read(text: str) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    return compose(SourceFile("deck.yaml", text))


def scalar(text: str) -> Scalar:
    root, problems = read(text)
    assert isinstance(root, Scalar)
    assert not problems
    return root


def first_place(text: str) -> tuple[str, int, int]:
    _, problems = read(text)
    return problems[0].code, problems[0].span.line, problems[0].span.column


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("no", "truth value"),
        ("On", "truth value"),
        ("3.10", "number"),
        (".inf", "number"),
        ("7", "whole number"),
        ("0x1F", "whole number"),
        ("12:30:00", "whole number"),
        ("2024-01-01", "date"),
        ("null", "null"),
        ("~", "null"),
        ("'no'", "text"),
        ('"3.10"', "text"),
        ("|\n  7", "text"),
        ("!!str 7", "text"),
        ("nothing", "text"),
        ("1.2.3", "text"),
        ("=", "text"),
    ],
)
def test_a_value_is_of_the_kind_that_yaml_takes_it_for(typed: str, kind: str) -> None:
    assert scalar(typed).kind == kind


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_count_lines_as_editors_do(end: str) -> None:
    root, _ = read(end.join(("- a: 1", "  b: [x, 日本, y]", "")))
    assert isinstance(root, Sequence)
    mapping = root.items[0]
    assert isinstance(mapping, Mapping)
    key, value = mapping.pairs[1]
    assert (key.span.line, key.span.column) == (2, 3)
    assert isinstance(value, Sequence)
    assert (value.items[2].span.line, value.items[2].span.column) == (2, 14)


def test_of_a_key_that_stands_twice_the_first_counts_and_both_places_are_named() -> None:
    root, problems = read("a: 1\nb: 2\na: 3\n")
    assert isinstance(root, Mapping)
    assert [(key.value, value.span.line) for key, value in root.pairs] == [("a", 1), ("b", 2)]
    assert codes(problems) == ["duplicate-key"]
    assert (problems[0].span.line, problems[0].related[0].span.line) == (3, 1)


def test_a_key_that_is_a_list_is_reported_and_left_out() -> None:
    root, problems = read("? [a]\n: b\nc: d\n")
    assert isinstance(root, Mapping)
    assert [key.value for key, _ in root.pairs] == ["c"]
    assert codes(problems) == ["wrong-type"]


def test_an_alias_gives_the_node_that_it_names() -> None:
    root, problems = read("- &one [x]\n- *one\n")
    assert isinstance(root, Sequence)
    assert root.items[0] is root.items[1]
    assert not problems


def test_an_anchor_may_be_used_again_for_another_node() -> None:
    root, problems = read("- &a x\n- &a y\n- *a\n")
    assert isinstance(root, Sequence)
    assert root.items[2] is root.items[1]
    assert not problems


@pytest.mark.parametrize("before", ["", "&a ", "!!str ", "&a !!str ", "!!str  &a\t", "&a\n  "])
@pytest.mark.parametrize("text", ["|\n  one\n  two\n", ">-\n  one\n  two\n", '"one"', "'one'"])
def test_an_anchor_and_a_tag_are_no_part_of_a_text(before: str, text: str) -> None:
    root, problems = read(f"key: {before}{text}")
    assert isinstance(root, Mapping)
    assert not problems
    assert root.pairs[0][1].span.start == len(f"key: {before}")


def test_aliases_may_repeat_what_a_deck_shares_and_no_more() -> None:
    assert read("- &a x\n" + "- *a\n" * MAX_ALIASED)[1] == ()
    code, line, _ = first_place("- &a x\n" + "- *a\n" * (MAX_ALIASED + 1))
    assert (code, line) == ("alias-bomb", MAX_ALIASED + 2)


def test_aliases_of_a_long_text_weigh_by_its_length() -> None:
    long = "x" * 64 * 100
    assert first_place(f"- &a {long}\n" + "- *a\n" * 300)[0] == "alias-bomb"


def test_what_stands_twice_does_not_count_against_aliases() -> None:
    """Nodes that a duplicate key drops must not lend their size to others."""
    many = "".join(f"a: [{', '.join(['x'] * 50)}]\n" for _ in range(200))
    root, problems = read(many + "b: &b y\nc: [*b]\n")
    assert root is not None
    assert set(codes(problems)) == {"duplicate-key"}


def test_an_alias_of_the_node_around_it_is_refused_where_it_stands() -> None:
    assert first_place("- &a\n  b: [*a]\n") == ("alias-bomb", 2, 7)


def test_nesting_is_read_to_a_depth_and_no_further() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == ()
    too_deep = MAX_DEPTH + 2
    assert first_place("[" * too_deep + "]" * too_deep) == ("too-deep", 1, MAX_DEPTH + 2)


def test_tags_are_refused_as_they_were_typed() -> None:
    _, problems = read("- !!python/object/apply:os.system [ls]\n- !env HOME\n- !!binary aGk=\n")
    assert codes(problems) == ["unsupported-tag"] * 3
    assert [problem.message.split("`")[1] for problem in problems] == [
        "!!python/object/apply:os.system",
        "!env",
        "!!binary",
    ]


def test_an_empty_file_has_no_root_and_no_problem() -> None:
    assert read("# nothing\n") == (None, ())


def test_a_second_document_is_refused_where_it_starts() -> None:
    assert first_place("---\na: b\n---\nc: d\n") == ("yaml-syntax", 3, 1)


@pytest.mark.parametrize(("text", "place"), [("a: b\nc: \x00\n", (2, 4)), ("日本: \x1b[31m\n", (1, 5))])
def test_a_control_character_is_named_and_placed(text: str, place: tuple[int, int]) -> None:
    assert first_place(text) == ("yaml-syntax", *place)


def test_problems_found_before_a_syntax_error_are_kept() -> None:
    root, problems = read("a: 1\na: 2\nb: [\n")
    assert root is None
    assert codes(problems) == ["duplicate-key", "yaml-syntax"]
