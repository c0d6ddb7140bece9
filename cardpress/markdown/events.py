"""What a parser finds in a text, one after the other: elements that open and close, texts, and signs of deletions.

An element opens before what it holds and closes after it, as in a well-formed document. The signs of cloze deletions do
not: a deletion may open in one paragraph and close in the next. `cloze.py` makes elements of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from cardpress.markdown.tree import Place


@dataclass(slots=True, eq=False)
class Open:
    """An element opens: its name, its facts, and whether it is the rest of one that a deletion has cut in two."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    is_cut: bool = False


class Close(NamedTuple):
    """The element that was opened last closes."""


class Leaf(NamedTuple):
    """An element that holds nothing."""

    name: str
    facts: Mapping[str, Any] = MappingProxyType({})


class Characters(NamedTuple):
    """Text without markup."""

    value: str


class Opening(NamedTuple):
    """The sign `{{c1::` that opens a cloze deletion."""

    number: int
    place: Place


class Braces(NamedTuple):
    """One or two opening braces, or any number of closing ones, which may close a deletion."""

    value: str
    place: Place


class Colons(NamedTuple):
    """Two colons, which may begin the hint of a deletion."""

    place: Place


Event = Open | Close | Leaf | Characters | Opening | Braces | Colons
