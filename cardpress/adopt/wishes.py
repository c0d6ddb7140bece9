"""What is wanted of a new project."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a new project: its id, its title where the source has none, a language tag, and the day.

    `language` is "" where nobody has said one.
    """

    id: str
    title: str
    language: str
    date: str
