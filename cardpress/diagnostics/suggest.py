"""Guesses what somebody meant to type."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance import Indel
from rapidfuzz.process import extractOne

# Below it two words share letters and little else.
_ALIKE = 0.6
# A text this long is no slip of the pen in a name.
_LONGEST = 200


def find_closest(word: str, known: Collection[str]) -> str | None:
    """Give the one of the known words that is most like what was typed, None when none is."""
    found = extractOne(word[:_LONGEST], tuple(known), scorer=Indel.normalized_similarity, score_cutoff=_ALIKE)
    return found[0] if found else None
