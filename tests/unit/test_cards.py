"""A card starts at the largest size at which its texts may fit, gets smaller step by step, and goes on to others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cardpress.pdf.typesetting import Overflow
from cardpress.writers.pdf.cards import Cards
from cardpress.writers.pdf.data import make_print_data
from cardpress.writers.pdf.fitting import MOST_CARDS
from cardpress.writers.pdf.formats import get_format
from tests.helpers.decks import deck_from
from tests.helpers.yaml_text import indented

WORDS = "Because of one thing and another. "
ROW = f"| {WORDS * 30} | {WORDS * 30} |"


def cards_of(folder: Path, question: str, answer: str, points: str = "[]") -> Cards:
    file = f"- id: q\n  key_points: {points}\n  question: {indented(question)}  answer: {indented(answer)}"
    deck = deck_from(folder, {"first.yaml": file})
    return Cards(deck, make_print_data(deck), get_format(8))


def notes(cards: Cards) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cards.list_parts(1000)[0]["sections"][0]["notes"]
    return found


def sizes(cards: Cards) -> tuple[float, float, bool]:
    fit = notes(cards)[0]["fit"]
    return fit["front"]["size"], fit["back"]["size"], "'ticks'" in str(notes(cards)[0]["answer"])


def is_too_long(cards: Cards, side: str, need: float = 1.5, part: int = 1) -> bool:
    """Say that a side needs so many cards; return whether anything is left to try."""
    return bool(cards.refine([Overflow("q", part, side, need)]))


def test_short_texts_are_large_and_have_their_key_points(tmp_path: Path) -> None:
    assert sizes(cards_of(tmp_path, "Why?", "Because.", "[One., Two.]")) == (15, 10, True)


def test_long_texts_start_small_and_readable(tmp_path: Path) -> None:
    assert sizes(cards_of(tmp_path, "why " * 300, "because " * 300)) == (9, 8.5, False)


# On the back, a name may break after a sign; on the front, in a larger size, it must not.
@pytest.mark.parametrize(
    ("wide", "largest"),
    [
        ("response_model_exclude_unset_defaults", 10.5),
        ("W" * 30, 8.5),
        (f"|{'a|' * 6}\n|{'-|' * 6}\n|{'exclude_unset|' * 6}", 9),
    ],
)
def test_a_word_that_is_wider_than_the_card_starts_smaller(tmp_path: Path, wide: str, largest: float) -> None:
    front, back, _ = sizes(cards_of(tmp_path, wide, wide))
    assert front < 15
    assert back <= largest


def test_an_answer_gets_smaller_one_by_one_and_then_has_further_cards(tmp_path: Path) -> None:
    cards = cards_of(tmp_path, "Why?", WORDS * 6, "[One.]")
    seen = [sizes(cards)]
    while is_too_long(cards, "back") and len(notes(cards)) == 1:
        seen.append(sizes(cards))
    # Where the key points have no room below it, they stand on a card of their own.
    assert [size for _, size, points in seen if points] == [10, 9.5, 9, 8.5]
    first, *_, last = found = notes(cards)
    count = len(found)
    assert [(note["part"], note["parts"]) for note in found] == [(part, count) for part in range(1, count + 1)]
    assert sizes(cards)[1] >= 8.5
    assert first["question"] == ["Why?"]
    assert (last["question"], last["short"]) == ((), "Why?")


def test_a_question_goes_on_to_further_cards_with_the_answer_behind_the_first(tmp_path: Path) -> None:
    cards = cards_of(tmp_path, "why is it so " * 30, "Because.")
    while len(notes(cards)) == 1:
        assert is_too_long(cards, "front", 2.0)
    assert [bool(note["question"]) for note in notes(cards)] == [True] * len(notes(cards))
    assert [bool(note["answer"]) for note in notes(cards)] == [True] + [False] * (len(notes(cards)) - 1)


def test_what_did_not_fit_is_cut_anew_until_it_does(tmp_path: Path) -> None:
    cards = cards_of(tmp_path, "Why?", WORDS * 60)
    counts = []
    for _ in range(8):
        assert is_too_long(cards, "back", 1.1)
        counts.append(len(notes(cards)))
    assert counts == sorted(counts)
    assert counts[-1] > counts[4]


def test_a_row_that_no_card_has_room_for_is_replaced_by_its_words(tmp_path: Path) -> None:
    cards = cards_of(tmp_path, "Why?", f"Before.\n\n| a | b |\n|---|---|\n{ROW}\n\nAfter.")
    sizes_seen = set()
    while not list(cards.problems()):
        sizes_seen.add(sizes(cards)[1])
        part = next(note["part"] for note in notes(cards) if "table" in str(note["answer"]))
        assert is_too_long(cards, "back", 2.0, part)
    assert min(sizes_seen) == 7
    (problem,) = cards.problems()
    assert (problem.code, problem.span.line) == ("card-overflow", 5)
    printed = str([note["answer"] for note in notes(cards)])
    assert "table" not in printed
    assert "a · b" in printed
    assert printed.count("another") == 60


def test_an_answer_without_end_is_cut_with_a_warning(tmp_path: Path) -> None:
    cards = cards_of(tmp_path, "Why?", WORDS * 500)
    assert len(notes(cards)) == MOST_CARDS
    (problem,) = cards.problems()
    assert (problem.code, problem.span.line) == ("card-overflow", 5)
    assert "longer than 12 printed cards" in problem.message
    assert str(notes(cards)[-1]["answer"]).endswith("'…']}]")


def test_a_template_that_is_never_content_comes_to_an_end(tmp_path: Path) -> None:
    cards = cards_of(tmp_path, "Why?", WORDS * 40)
    for _ in range(60):
        if not is_too_long(cards, "back", 3.0):
            break
    assert not is_too_long(cards, "back", 3.0)
    assert [note["answer"] for note in notes(cards)] == [[{"t": "p", "c": ["…"]}]]
    assert [problem.code for problem in cards.problems()] == ["card-overflow"]
