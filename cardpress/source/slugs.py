"""What an id looks like, and the id that a text becomes."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from cardpress.diagnostics.unusual import make_usual

SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_SLUG = re.compile(SLUG)
# Characters.
MAX_SLUG = 64
# Of an id that is made for a row, without the digest behind it.
_LONGEST_OF_ROW = 48
# Windows reserves these names for devices, with any ending.
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
# source/deck.yaml is not a section, and dist/manifest.json no bundle.
NO_SECTIONS, NO_DECKS = DEVICES | {"deck"}, DEVICES | {"manifest"}
# Letters that are no plain letter with a mark.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ı": "i"}
)


def is_slug(value: str) -> bool:
    """Return whether a text can be an id: lowercase letters, digits and single hyphens, and not too many."""
    return len(value) <= MAX_SLUG and _SLUG.fullmatch(value) is not None


def make_slug(value: str, otherwise: str = "my-id") -> str:
    """Return an id made from a text, to suggest it: `My Café!` becomes `my-cafe`.

    A text without a letter that ids have becomes `otherwise`.
    """
    return _hyphenate(_spell(value))[:MAX_SLUG].strip("-") or otherwise


def make_row_id(text: str) -> str:
    """Return the id of a row, made from one of its texts.

    It is permanent, so this function never changes. A text that is long, or has letters that no id can have, gets a
    digest, so that two such texts hardly ever have the same id.
    """
    letters = _spell(text)
    slug = _hyphenate(letters)
    if slug and len(slug) <= _LONGEST_OF_ROW and not any(letter.isalnum() and letter > "z" for letter in letters):
        return slug
    code = hashlib.sha256(unicodedata.normalize("NFC", text.strip()).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    stem = slug if len(slug) <= _LONGEST_OF_ROW else slug[: _LONGEST_OF_ROW + 1].rpartition("-")[0]
    return f"{stem or slug[:_LONGEST_OF_ROW] or 'row'}-{code}"


def _spell(value: str) -> str:
    """Return a text in small letters without marks, as far as it can be written so."""
    letters = unicodedata.normalize("NFKD", make_usual(value).lower().translate(_PLAIN_LETTERS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _hyphenate(letters: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
