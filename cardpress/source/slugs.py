"""What an id looks like, and the id that a text becomes."""

from __future__ import annotations

import re
import unicodedata

from cardpress.diagnostics.unusual import make_usual

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Characters.
MAX_SLUG = 64
# Letters that are no plain letter with a mark.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ı": "i"}
)


def is_slug(value: str) -> bool:
    """Return whether a text can be an id: lowercase letters, digits and single hyphens, and not too many."""
    return len(value) <= MAX_SLUG and _SLUG.fullmatch(value) is not None


def make_slug(value: str) -> str:
    """Return an id made from a text, to suggest it: `My Café!` becomes `my-cafe`."""
    letters = unicodedata.normalize("NFKD", make_usual(value).lower().translate(_PLAIN_LETTERS))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].strip("-") or "my-id"
