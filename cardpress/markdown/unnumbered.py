"""Braces in a cloze text that delete nothing, since they have no `c1::`: `{{nine}}`, `{{1::nine}}`, `{{cloze nine}}`.

Anki shows them as typed, and so does every output. In another text they may be anything, such as a template of Jinja;
in a cloze text they are most likely a deletion whose number was forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from cardpress.markdown.cloze import OPENING
from cardpress.markdown.events import Braces, Colons, Event, Opening
from cardpress.markdown.tree import Place, Problem

UNNUMBERED = "looks-like-cloze"
# What is written in the place of `c1::`. The first group is the number.
_INSTEAD = re.compile(
    r"[cC][ \t]*([0-9]{1,4})(?:[ \t]*[:;|,\uff1a]{1,2}|[ \t]+|(?=\Z))|([0-9]{1,4})[ \t]*(?:::|;;|\uff1a\uff1a)"
    r"|(?:[cC]|cloze)[ \t]*(?:::?|;;|\|)|cloze[ \t]+"
)
_CONTENT = re.compile(r"[^\s{}]")
# Characters. Of what is longer, help lines show the start.
_QUOTABLE = 60


def find_unnumbered(events: Sequence[Event], text: str, reported: Collection[int]) -> Iterator[Problem]:
    """Yield a problem for each pair of double braces that deletes nothing, and is not `reported` at its start.

    `text` is what the places of the events count in.
    """
    taken = {int(found[1]) for found in OPENING.finditer(text)}
    free = 1
    end = 0  # of the last one: what stands in it is a part of it
    for place in sorted(_find_pairs(events)):
        inside = text[place.start + 2 : place.end - 2].strip("{} \t\n")
        if place.start < end or place.start in reported or not _CONTENT.search(inside):
            continue
        end = place.end
        number, answer = _part(inside)
        while free in taken:
            free += 1
        number = number or free
        taken.add(number)
        words = text[place.start : place.end]
        shown = words if len(words) <= _QUOTABLE and "\n" not in words else f"{words.partition(chr(10))[0][:20]}…"
        wanted = f"{{{{c{number}::{answer}}}}}" if shown == words else f"{{{{c{number}::…}}}}"
        message = f"`{shown}` deletes nothing, and is shown as typed"
        yield Problem(UNNUMBERED, place, message, f"write `{wanted}`; code stands in backticks")


def find_free_number(text: str) -> int:
    """Return the lowest number that no deletion of a cloze text has."""
    taken = {int(found[1]) for found in OPENING.finditer(text)}
    return next(each for each in range(1, len(taken) + 2) if each not in taken)


def _part(inside: str) -> tuple[int | None, str]:
    """Return the number that braces have, None when they have none, and what they are to delete."""
    found = _INSTEAD.match(inside)
    answer = inside[found.end() :].strip() if found else ""
    if found is None or not answer:
        return None, inside
    number = found[1] or found[2]
    return int(number) or None if number else None, answer


def _find_pairs(events: Sequence[Event]) -> Iterator[Place]:
    """Yield the places of double braces that open no deletion and stand in no hint, with all their braces."""
    opened: list[tuple[Event, int]] = []  # an opening sign, and how many braces it has
    hinted: list[int] = []  # how many were open where the hint of the last of them began
    for event in events:
        if isinstance(event, Opening):
            opened.append((event, 2))
        elif isinstance(event, Colons):
            if opened and isinstance(opened[-1][0], Opening) and hinted[-1:] != [len(opened)]:
                hinted.append(len(opened))
        elif isinstance(event, Braces) and event.value[0] == "{":
            opened.append((event, len(event.value)))
        elif isinstance(event, Braces):
            position = 0
            while opened and len(event.value) - position >= opened[-1][1]:
                sign, width = opened.pop()
                position += width
                if hinted and hinted[-1] > len(opened):
                    hinted.pop()
                elif not hinted and isinstance(sign, Braces) and width == 2:
                    yield Place(sign.place.start, event.place.start + position)
