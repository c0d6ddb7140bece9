"""Which values of Anki's fields our Markdown makes again to the byte, so that they can stand in a project as such."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import category

# Signs that mean nothing in Markdown, wherever they stand; and an apostrophe, which HTML keeps, too.
_SIGNS = frozenset(" ,;?()'/%°…–—’‘“”„«»¿¡·•†§€£¥©®²³½×÷、。，；？！「」『』（）・～！")
# Signs that mean something only at the start of a line, or before a space.
_INNER = frozenset(".:!-+=")
# What would be a list, a heading's line or a link.
_BEGINNING = re.compile(r"[-+=.:!]|\d+[.)](?:\s|\Z)")
_LINKED = re.compile(r"://|www\.|mailto:|[-+=]{2}|\[|  ", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _is_plain_character(character: str) -> bool:
    if character in _SIGNS or character in _INNER:
        return True
    return category(character) in ("Lu", "Ll", "Lt", "Lo", "Nd", "Mn", "Mc")


def is_line(value: str) -> bool:
    """Return whether a value is the same text in Markdown as in HTML: letters, digits and signs without a meaning."""
    if value != value.strip() or _BEGINNING.match(value) or _LINKED.search(value):
        return False
    return all(map(_is_plain_character, frozenset(value)))


def are_lines(values: Iterable[str]) -> bool:
    """Return whether all of these values are."""
    return all(map(is_line, values))
