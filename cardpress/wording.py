"""English phrases that several reports share."""

from __future__ import annotations

from collections.abc import Sequence


def say_count(number: int, noun: str) -> str:
    """Return how many there are of something: `1 page`, `2 pages`, `1400 notes`, `14,000 notes`."""
    # Four digits are read at a glance; five are not.
    return f"{number:{',' if number > 9999 else ''}} {noun}{'' if number == 1 else 's'}"


def join_words(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
