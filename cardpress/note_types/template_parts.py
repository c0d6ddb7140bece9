"""The parts of a card template as Anki reads them: text, places of fields, and sections in each other.

Anki leaves what stands in a comment as it is (its `rslib/src/template.rs`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Of a field that counts as empty: white space, and the lines that Anki's editor leaves.
_BLANK = re.compile(r"(?>(?:[\t\n\v\f\r ]++|</?(?:br|div) ?/?>)*)", re.IGNORECASE)
_BEGINS = re.compile(r"\{\{|<!--")
_ENDS = {"{{": "}}", "<!--": "-->"}
# Sections in each other. No rule lets more of them through.
_DEEPEST = 500
# What Rust's `trim` takes off.
SPACE = "".join(each for each in map(chr, range(0x3001)) if each.isspace() and each not in "\x1c\x1d\x1e\x1f")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field is shown: its name, and the filters in the order in which they are applied."""

    field: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What is shown when a field has any content, or has none where `is_negated`."""

    field: str
    is_negated: bool
    parts: tuple[Part, ...]


Part = str | Place | Section


class TemplateError(Exception):
    """A section is closed that is not open, or is never closed, or too many stand in each other."""


@lru_cache(maxsize=512)
def read_template(text: str) -> tuple[Part, ...]:
    """Return the parts of a card template. Raises TemplateError where sections do not fit."""
    found: list[Part] = []
    # The sections that are open, each with what was found before it.
    opened: list[tuple[str, bool, list[Part]]] = []
    position = 0
    for start, end in _find_tags(text):
        if start > position:
            found.append(text[position:start])
        position = end
        tag = text[start + 2 : end - 2].lstrip("{").strip(SPACE)
        sign, name = (tag[0], tag[1:].lstrip(SPACE)) if len(tag) > 1 and tag[0] in "#^/" else ("", tag)
        if sign == "/":
            if not opened or opened[-1][0] != name:
                raise TemplateError(f"{{{{/{name}}}}} closes what is not open")
            field, is_negated, before = opened.pop()
            before.append(Section(field, is_negated, tuple(found)))
            found = before
        elif sign:
            if len(opened) >= _DEEPEST:
                raise TemplateError(f"more than {_DEEPEST} sections stand in each other")
            opened.append((name, sign == "^", found))
            found = []
        else:
            *filters, field = tag.split(":")
            found.append(Place(field, tuple(reversed(filters))))
    if opened:
        raise TemplateError(f"{{{{#{opened[-1][0]}}}}} is not closed")
    if position < len(text):
        found.append(text[position:])
    return tuple(found)


def _find_tags(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each tag begins and ends, but for those in comments."""
    position = 0
    missing: set[str] = set()  # ends that are not looked for again
    while found := _BEGINS.search(text, position):
        position = found.end()
        end = -1 if found[0] in missing else text.find(_ENDS[found[0]], position)
        if end < 0:
            missing.add(found[0])
            position = found.start() + 1
            continue
        position = end + len(_ENDS[found[0]])
        if found[0] == "{{":
            yield found.start(), position


def shows_nothing(parts: tuple[Part, ...], filled: frozenset[str]) -> bool:
    """Return whether a template shows no field, when those of these names have any content: Anki makes no such card."""
    for part in parts:
        if isinstance(part, Place) and part.field in filled:
            return False
        is_shown = isinstance(part, Section) and (part.field in filled) is not part.is_negated
        if isinstance(part, Section) and is_shown and not shows_nothing(part.parts, filled):
            return False
    return True


def is_blank(html: str) -> bool:
    """Return whether a field's HTML is nothing in Anki's eyes, so that no card is made of it, and no section shown."""
    return _BLANK.fullmatch(html) is not None


def read_front(text: str) -> tuple[Part, ...]:
    """Return the parts of a front; none of one that Anki cannot read, of which it makes no card."""
    try:
        return read_template(text)
    except TemplateError:
        return ()
