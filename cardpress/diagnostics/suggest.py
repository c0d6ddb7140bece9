"""Suggests the word that somebody meant to type."""

from __future__ import annotations

from collections.abc import Collection

from cardpress.diagnostics.unusual import did_you_mean

# Similarity from 0 to 1. Below it, two words share a few letters and no more.
_ALIKE = 0.6
# Characters. A text this long is not a misspelled name, so the rest of it is not compared.
_LONGEST = 200
# Comparisons. They take about a second; who has mistyped more than this has another problem.
_MOST_COMPARED = 2_000_000


def find_closest(word: str, known: Collection[str]) -> str | None:
    """Return the known word that is most similar to `word`, None when none is similar enough.

    One that differs in upper and lower case alone is the most similar.
    """
    folded = word[:_LONGEST].casefold()
    same = min((each for each in known if each.casefold() == folded), default=None)
    if same is not None:
        return same
    from rapidfuzz.distance import Indel  # which only mistakes need
    from rapidfuzz.process import extractOne

    found = extractOne(word[:_LONGEST], tuple(known), scorer=Indel.normalized_similarity, score_cutoff=_ALIKE)
    return found[0] if found else None


def propose(word: str, known: Collection[str], otherwise: str) -> str:
    """Return the help line that asks for the known word most similar to `word`, `otherwise` when none is."""
    close = find_closest(word, known)
    return did_you_mean(word, close) if close else otherwise


class Suggestions:
    """Suggests words of one list, for as many mistyped words as is worth the time.

    Each mistake is compared with every known word. The first ones get a suggestion, whatever the machine; when there
    are thousands of mistakes in a deck of thousands of words, the others get none.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._known = tuple(sorted(known))
        self._left = _MOST_COMPARED
        self._found: dict[str, str | None] = {}

    def find(self, word: str) -> str | None:
        """Return the known word that is most similar to `word`, None when none is, or there is no time left."""
        word = word[:_LONGEST]
        if word in self._found:
            return self._found[word]
        if self._left <= 0:
            return None
        self._left -= len(self._known)
        self._found[word] = find_closest(word, self._known)
        return self._found[word]
