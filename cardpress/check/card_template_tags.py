"""The tags of an Anki card template: `{{Field}}` and what stands around it, as Anki reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

TAG = re.compile(r"\{\{([#^/]?)([^{}]*)\}\}")
# Of a template. Each is looked for many times.
MOST_TAGS = 500


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


def list_tags(text: str) -> Iterator[Tag]:
    """Yield the tags of a template in their order, up to `MOST_TAGS`. An open section goes on to the end."""
    opened: list[tuple[str, str]] = []
    for found in islice(TAG.finditer(text), MOST_TAGS):
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
