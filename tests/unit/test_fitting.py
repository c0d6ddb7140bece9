"""Cards start at the largest size at which their texts may fit, and get smaller step by step to the smallest."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardpress.writers.pdf.fitting import Fitting
from tests.helpers.decks import deck_from
from tests.helpers.yaml_text import indented


def fitting_of(folder: Path, question: str, answer: str, points: str = "[]") -> Fitting:
    file = f"- id: q\n  key_points: {points}\n  question: {indented(question)}  answer: {indented(answer)}"
    return Fitting(deck_from(folder, {"first.yaml": file}))


def sizes(fitting: Fitting) -> tuple[float, float, bool]:
    fit = fitting.of("q")
    return fit["front"]["size"], fit["back"]["size"], fit["back"]["points"]


def test_short_texts_are_large_and_have_their_key_points(tmp_path: Path) -> None:
    assert sizes(fitting_of(tmp_path, "Why?", "Because.", "[One., Two.]")) == (15, 9, True)


def test_long_texts_start_small(tmp_path: Path) -> None:
    assert sizes(fitting_of(tmp_path, "why " * 300, "because " * 300)) == (7, 7, False)


# On the back, a name may break after a sign; on the front, in a larger size, it must not.
@pytest.mark.parametrize(
    ("wide", "largest"),
    [
        ("response_model_exclude_unset_defaults", 10.5),
        ("W" * 30, 9),
        (f"|{'a|' * 6}\n|{'-|' * 6}\n|{'exclude_unset|' * 6}", 9),
    ],
)
def test_a_word_that_is_wider_than_the_card_starts_smaller(tmp_path: Path, wide: str, largest: float) -> None:
    front, back, _ = sizes(fitting_of(tmp_path, wide, wide))
    assert front < 15
    assert back <= largest


def test_sides_shrink_one_by_one_to_the_smallest_and_no_further(tmp_path: Path) -> None:
    fitting = fitting_of(tmp_path, "Why?", "Because.", "[One.]")
    seen = [sizes(fitting)]
    while fitting.shrink("q", "back"):
        seen.append(sizes(fitting))
    # The key points go before the answer is set so small that it is hard to read.
    assert [size for _, size, points in seen if points] == [9, 8.5, 8, 7.5]
    assert [size for _, size, points in seen if not points] == [10.5, 10, 9.5, 9, 8.5, 8, 7.5, 7]
    assert {front for front, _, _ in seen} == {15}
    assert not fitting.shrink("q", "back")
    assert sizes(fitting)[1:] == (7, False)
    fronts = [sizes(fitting)[0]]
    while fitting.shrink("q", "front"):
        fronts.append(sizes(fitting)[0])
    assert fronts == [15, 13, 11, 9, 8, 7]
