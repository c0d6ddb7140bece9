"""Suggests the word that somebody meant to type."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz.distance import Indel
from rapidfuzz.process import extractOne

# Similarity from 0 to 1. Below it, two words share a few letters and no more.
_ALIKE = 0.6
# Characters. A text this long is not a misspelled name, so the rest of it is not compared.
_LONGEST = 200


def find_closest(word: str, known: Collection[str]) -> str | None:
    """Return the known word that is most similar to `word`, None when none is similar enough."""
    found = extractOne(word[:_LONGEST], tuple(known), scorer=Indel.normalized_similarity, score_cutoff=_ALIKE)
    return found[0] if found else None
