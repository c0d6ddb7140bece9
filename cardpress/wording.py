"""English phrases that several reports share."""

from __future__ import annotations

import re
from collections.abc import Sequence


def say_count(number: int, noun: str) -> str:
    """Return how many there are of something: `1 page`, `2 pages`, `1400 notes`, `14,000 notes`."""
    # Four digits are read at a glance; five are not.
    return f"{number:{',' if number > 9999 else ''}} {noun}{'' if number == 1 else 's'}"


def say_noun(number: int, noun: str) -> str:
    """Return how many there are of what an author has named, such as `a word`: `1 word`, `2 words`, `3 countries`."""
    word = re.sub(r"^an? ", "", noun)
    if number == 1:
        return f"1 {word}"
    head, of, rest = word.partition(" of ")
    ending = re.search(r"(?:[^aeiou]y|s|x|ch|sh)$", head)
    plural = f"{head[:-1]}ies" if ending and head.endswith("y") else f"{head}{'es' if ending else 's'}"
    return f"{number:{',' if number > 9999 else ''}} {plural}{of}{rest}"


def join_words(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
