"""Counts read as English has them, also of what an author has named."""

from __future__ import annotations

import pytest

from cardpress.wording import say_noun


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (1, "a word", "1 word"),
        (2, "a word", "2 words"),
        (1, "an organ", "1 organ"),
        (3, "a country", "3 countries"),
        (2, "a day", "2 days"),
        (2, "a class", "2 classes"),
        (2, "a match", "2 matches"),
        (12_000, "a question", "12,000 questions"),
        (2, "a note of the type word", "2 notes of the type word"),
        (2, "Vokabel", "2 Vokabels"),
    ],
)
def test_an_authors_noun_is_counted(number: int, noun: str, said: str) -> None:
    assert say_noun(number, noun) == said
