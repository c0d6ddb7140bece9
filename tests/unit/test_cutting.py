"""A text is cut where a reader would cut it, and nothing of it gets lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardpress.deck.notes import RichText
from cardpress.markdown import parse
from cardpress.writers.pdf.cutting import cut
from cardpress.writers.pdf.heights import Node, height_of, text_of_line
from cardpress.writers.pdf.nodes import make_nodes

WIDTH = 26.0


def nodes_of(text: str) -> list[Node]:
    return make_nodes(RichText(text, parse(text)))


def words_of(nodes: list[Node]) -> str:
    """Return all characters of nodes, without white space."""
    texts = []
    for node in nodes:
        if isinstance(node, str):
            texts.append(node)
        elif node["t"] == "pre":
            texts += map(text_of_line, node["lines"])
        else:
            texts.append(words_of(node.get("c", [])))
    return "".join("".join(texts).split()).replace("\u200b", "")


def pieces(text: str, room: float) -> list[list[Node]]:
    rest = nodes_of(text)
    found = []
    while rest:
        part, rest = cut(rest, room, WIDTH)
        found.append(part)
        assert len(found) < 200
    return found


SENTENCE = "One thing is **bold and long** and another has `code in it`. "
TEXTS = {
    "a paragraph": SENTENCE * 20,
    "paragraphs": f"{SENTENCE * 3}\n\n" * 8,
    "a list": f"- {SENTENCE * 2}\n" * 12,
    "a list in a list": f"- {SENTENCE}\n  - {SENTENCE * 6}\n  - {SENTENCE}\n" * 4,
    "numbers": "".join(f"{number}. {SENTENCE * 5}\n" for number in range(1, 9)),
    "a quotation": f"> {SENTENCE * 20}\n>\n> {SENTENCE}",
    "code": "```text\n" + "value = call(argument)\n\n" * 30 + "```",
    "one paragraph without spaces": "一二三四五六七八九十。" * 60,
    "one word": "x" * 3000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_parts_fit_and_have_every_word_once_and_in_order(text: str) -> None:
    parts = pieces(text, 12.0)
    assert len(parts) > 1
    assert all(height_of(part, WIDTH) <= 12.5 for part in parts)
    assert "".join(map(words_of, parts)) == words_of(nodes_of(text))


def test_a_table_goes_on_below_its_head() -> None:
    parts = pieces("| a | b |\n|---|---|\n" + "| one | two |\n" * 20, 12.0)
    assert len(parts) > 1
    assert all(words_of(part).startswith("ab") for part in parts)
    assert sum(words_of(part).count("onetwo") for part in parts) == 20


def test_numbers_go_on() -> None:
    _, second, *_ = pieces(TEXTS["numbers"], 20.0)
    lists = [node for node in second if not isinstance(node, str) and node["t"] == "ol"]
    assert lists[0]["start"] > 1


def test_it_is_cut_behind_a_sentence() -> None:
    for part in pieces(SENTENCE * 20, 12.0):
        assert words_of(part).endswith(".")


def test_code_that_has_room_on_a_card_stands_there_whole() -> None:
    code = "```text\n" + "value = call(argument)\n" * 8 + "```"
    first, second = pieces(f"{SENTENCE * 3}\n\n{code}", 12.0)
    assert "value" not in words_of(first)
    assert words_of(second).count("value") == 8


def test_what_cannot_be_cut_is_taken_whole() -> None:
    first, second = pieces("```text\n" + "x" * 2000 + "\n```\n\nAfter.", 5.0)
    assert "After" not in words_of(first)
    assert words_of(second) == "After."


@given(st.text(alphabet="ab .\n-*`|>1#_~é中", max_size=400), st.floats(1.0, 20.0))
def test_whatever_is_cut_comes_to_an_end_and_loses_nothing(text: str, room: float) -> None:
    if "|" not in text:  # a table's head is printed again
        assert "".join(map(words_of, pieces(text, room))) == words_of(nodes_of(text))
    else:
        pieces(text, room)
