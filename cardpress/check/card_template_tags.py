"""The tags of an Anki card template: `{{Field}}` and what stands around it, as Anki reads them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_TAG = re.compile(r"\{\{([#^/]?)([^{}]*)\}\}")
# Behind everything.
_NO_COMMENT = (sys.maxsize, sys.maxsize)
# Of a template. Each is looked for many times.
MOST_TAGS = 500
# Characters of a template.
LONGEST_TEMPLATE = 500_000


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: its sign (`#`, `^` or `/`, or none), the filters from left to right, the field, and where it stands.

    `inside` and `outside` are the fields without which, and with which, nothing of it is shown.
    """

    sign: str
    filters: tuple[str, ...]
    field: str
    start: int
    end: int
    inside: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()


def find_tags(text: str) -> Iterator[re.Match[str]]:
    """Yield each tag of a template: its sign, and what stands behind it. Anki leaves those in comments as they are."""
    comments = _find_comments(text)
    start, end = next(comments, _NO_COMMENT)
    for tag in _TAG.finditer(text):
        while end <= tag.start():
            start, end = next(comments, _NO_COMMENT)
        if tag.start() < start:
            yield tag


def _find_comments(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (end := text.find("-->", start + 4) + 3) > start:
        yield start, end


def list_tags(text: str) -> Iterator[Tag]:
    """Yield the tags of a template in their order, up to `MOST_TAGS`. An open section goes on to the end."""
    opened: list[tuple[str, str]] = []
    for found in islice(find_tags(text), MOST_TAGS):
        sign, whole = found[1], found[2].strip()
        if sign == "/" and opened:
            opened.pop()
        # Anki trims the whole, and nothing in it.
        *filters, field = (whole,) if sign else whole.split(":")
        inside = frozenset(name for each, name in opened if each == "#")
        outside = frozenset(name for each, name in opened if each == "^")
        yield Tag(sign, tuple(filters), field, found.start(), found.end(), inside, outside)
        if sign in ("#", "^"):
            opened.append((sign, whole))
