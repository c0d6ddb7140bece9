"""Texts of very many small parts cost the sheets no more than other texts of their length."""

from __future__ import annotations

import io
import json
from itertools import count
from pathlib import Path

import pikepdf
import pytest

from cardpress.writers import pdf as writer
from cardpress.writers.pdf.crowding import thin_out
from cardpress.writers.pdf.data import make_print_data
from tests.conftest import DECK, ROOT
from tests.helpers.decks import deck_from, deck_of
from tests.helpers.pdf_pages import glyphs, words

PIECES = {
    "entries of a list": "- a\n",
    "entries of a numbered list": "1. a\n",
    "cells": f"|{'a|' * 12}\n|{'-|' * 12}\n" + f"|{'a|' * 12}\n",
    "paragraphs": "a\n\n",
    "code in a line": "`a` ",
    "emphasis": "*a* b ",
    "broken lines": "a\\\n",
    "quotations": "> a\n\n",
    "code": "```\na\n```\n",
    "lines of code": "```\n" + "a\n" * 3_000 + "```\n",
}


def question(number: int, **keys: object) -> dict[str, object]:
    return {"id": f"q{number}", "question": f"What is {number}?", "answer": "Zebra.", **keys}


def weigh(value: object) -> int:
    if isinstance(value, str):
        return value.count("\n")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, dict | list) + sum(map(weigh, inner))


def crowd(kind: str) -> list[dict[str, object]]:
    if kind in PIECES:
        piece = PIECES[kind]
        head = piece if kind == "cells" else ""
        row = f"|{'a|' * 12}\n" if head else piece
        text = (head + row * (18_000 // len(row))).strip()
        return [question(number, extra=text) for number in range(6)]
    lists: dict[str, object] = {
        "key points": {"key_points": ["a"] * 1_000},
        "pairs": {"pitfalls": [{"claim": "a", "truth": "b"}] * 1_000},
        "output": {"output": "a\n" * 9_000},
        "gist": {"gist": ["`a` " * 1_000]},
        "recall notes": {},
    }
    if kind == "recall notes":
        numbers = count()
        return [
            question(at, recall=[{"id": f"r{next(numbers)}", "cloze": "{{c1::a}} " * 1_000} for _ in range(4)])
            for at in range(6)
        ]
    keys = lists[kind]
    assert isinstance(keys, dict)
    return [question(number, **keys) for number in range(28)]


@pytest.mark.parametrize("kind", [*PIECES, "key points", "pairs", "output", "gist", "recall notes"])
def test_a_deck_of_very_many_small_parts_is_set_as_words(kind: str, tmp_path: Path) -> None:
    deck = deck_from(tmp_path, {"first.yaml": json.dumps(crowd(kind))})
    data = make_print_data(deck)
    thin, problems = thin_out(data, deck)
    assert weigh(data) > 22_000
    assert weigh(thin) < 20_000
    assert {(each.code, each.severity) for each in problems} == {("crowded-print", "warning")}


def test_tables_of_very_many_small_parts_are_set_as_words_on_the_cheat_sheet(tmp_path: Path) -> None:
    table = f"      |{'a|' * 12}\n      |{'-|' * 12}\n" + f"      |{'a|' * 12}\n" * 600
    crowded = f"  - title: Crowded\n    table: |\n{table}" * 3
    plain = "  - title: Plain\n    table: |\n      | b | c |\n      |---|---|\n      | d | e |\n"
    files = {"deck.yaml": f"{DECK}comparisons:\n{crowded}{plain}", "first.yaml": json.dumps([question(1)])}
    deck = deck_from(tmp_path, files)
    data = make_print_data(deck)
    thin, problems = thin_out(data, deck)
    assert weigh(data) > 40_000
    assert weigh(thin) < 25_000
    assert [(each.code, each.span.path, each.span.line) for each in problems] == [
        ("crowded-print", "source/deck.yaml", line) for line in (10, 614, 1218)
    ]
    assert thin["comparisons"][3:] == data["comparisons"][3:]


def test_what_is_repeated_of_a_question_counts_once(tmp_path: Path) -> None:
    # On a card its core stands apart, and contents and cheat sheet have its name.
    text = "*a* " * 2_400
    deck = deck_from(
        tmp_path, {"first.yaml": json.dumps([{**question(1, gist=["a"]), "question": text, "answer": text}])}
    )
    data = make_print_data(deck)
    assert thin_out(data, deck) == (data, ())


def test_the_words_of_a_crowded_question_are_on_the_sheets(tmp_path: Path) -> None:
    every = {
        "answer": "Zebra.\n\n- ant\n- lynx",
        "how_to_answer": "- a\n" * 4_000,
        "key_points": ["otter", *["b"] * 900],
        "pitfalls": [{"claim": "hare", "truth": "mole"}, {"claim": "wolf", "truth": "bear"}],
        "extra": "- c\n" * 4_000,
        "sources": ["https://e.org/one", "Two of a kind"],
        "gist": ["gnu\n\n- gull"],
        "recall": [{"id": "r", "question": "- newt\n- toad", "answer": "frog"}],
    }
    deck = deck_from(tmp_path, {"first.yaml": json.dumps([question(1, **every), question(2)])})
    written = writer.write(deck)
    (problem,) = written.diagnostics
    assert (problem.code, problem.span.path) == ("crowded-print", "source/first.yaml")
    texts = {
        artifact.name: "".join(words(glyphs(page)) for page in pikepdf.open(io.BytesIO(artifact.data)).pages)
        for artifact in written.artifacts
    }
    wanted = {
        "booklet": "Zebra.·ant·lynx a·a otter·b·b hare·wolf mole·bear c·c https://e.org/one·Twoofakind newt·toad frog",
        "study": "otter·b·b hare·wolf mole·bear",
        "flashcards": "Zebra.·ant·lynx",
        "recall": "newt·toad frog",
        "cheatsheet": "Whatis1? gnu·gull",
    }
    for name, text in texts.items():
        for piece in wanted[name.split("-")[1]].split():
            assert piece in text, (name, piece)


def test_a_crowded_question_among_others_is_printed_as_it_is_written(tmp_path: Path) -> None:
    deck = deck_from(tmp_path, {"first.yaml": json.dumps([question(1, extra="- a\n" * 4_000), question(2)])})
    data = make_print_data(deck)
    assert thin_out(data, deck) == (data, ())


def test_the_decks_that_people_write_are_not_crowded() -> None:
    deck = deck_of(ROOT)
    data = make_print_data(deck)
    assert thin_out(data, deck) == (data, ())
