"""Which fields a card needs, as an Anki before 2.1.28 wants to be told; later ones find it out themselves.

genanki works it out by making each front with each field empty, which takes minutes for hundreds of cards. A front has
a few fields alone, and what all others hold makes the same difference to it, if any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import genanki

# A field that no front has.
_OTHER = "\0"


def find_required(fronts: Iterable[str], fields: Sequence[str]) -> list[list[Any]]:
    """Return for each front its number, `all` or `any`, and the numbers of fields, as genanki does."""
    return [[number, *_find(front, fields)] for number, front in enumerate(fronts)]


def _find(front: str, fields: Sequence[str]) -> tuple[str, list[int]]:
    named = [number for number, name in enumerate(fields) if name in front]
    model = genanki.Model(
        1,
        "",
        fields=[{"name": name} for name in (*(fields[number] for number in named), _OTHER)],
        templates=[{"name": "", "qfmt": front, "afmt": ""}],
    )
    try:
        ((_, how, found),) = model._req
    except (
        Exception
    ):  # which it raises itself, of this class, where a front shows something for each of two pairs alone
        return "any", named
    others = set(range(len(fields))).difference(named) if len(named) in found else set()
    return how, sorted({*(named[number] for number in found if number < len(named)), *others})
