"""English phrases that several reports share."""

from __future__ import annotations


def say_count(number: int, noun: str) -> str:
    """Return how many there are of something: `1 page`, `2 pages`, `1400 notes`, `14,000 notes`."""
    # Four digits are read at a glance; five are not.
    return f"{number:{',' if number > 9999 else ''}} {noun}{'' if number == 1 else 's'}"
