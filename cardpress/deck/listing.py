"""What a listing of the deck has room for: AnkiWeb's limits, and texts that are cut at a word."""

from __future__ import annotations

import unicodedata

# Characters that AnkiWeb's form for shared decks takes.
LONGEST_TITLE = 60
LONGEST_TAGS = 60
LONGEST_SUPPORT_PAGE = 180
LONGEST_DESCRIPTION = 65_000
_MORE = "…"


def cut(text: str, most: int) -> str:
    """Return a text in one line of at most `most` characters: cut at a word where it is longer, with `…` at its end.

    A word that fills the line, as in languages without spaces, is cut between two characters.
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    kept = line[: most - len(_MORE) + 1]
    words, _, _ = kept.rpartition(" ")
    # Marks belong to the character before them.
    end = most - len(_MORE)
    while end and unicodedata.combining(line[end]):
        end -= 1
    return (words if len(words) * 2 > most else line[:end]).rstrip(" ,;:–—-") + _MORE
