"""Rules on ids: each is well formed and unique."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from cardpress.diagnostics import Diagnostic, Related
from cardpress.diagnostics.unusual import make_usual, name_unusual
from cardpress.source.bank import Bank, Text

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAX_ID = 64
# Windows reserves these names for devices, with any ending.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
# source/deck.yaml is not a section.
_NO_SECTIONS = _DEVICES | {"deck"}
# dist/manifest.json is not a bundle.
_NO_DECKS = _DEVICES | {"manifest"}
# Letters that are no plain letter with a mark.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "ı": "i"}
)


def make_slug(value: str) -> str:
    """Return an id made from a text, to suggest it: `My Café!` becomes `my-cafe`."""
    letters = unicodedata.normalize("NFKD", make_usual(value).lower().translate(_PLAIN_LETTERS))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_ID].strip("-") or "my-id"


def check_ids(bank: Bank) -> Iterator[Diagnostic]:
    """Ids are slugs. No two sections share one, nor two notes of the whole deck, so that a note can move freely."""
    notes = [note.id for note in bank.notes()]
    if bank.info:
        yield from _bad_id(bank.info.id, "deck", _NO_DECKS)
    yield from _namespace([section.id for section in bank.sections], "section", _NO_SECTIONS)
    yield from _namespace(notes)


def _namespace(
    texts: Iterable[Text], what: str = "note", reserved: frozenset[str] = frozenset()
) -> Iterator[Diagnostic]:
    """Yield a problem for each id that is malformed, reserved or repeats an earlier one."""
    first: dict[str, Text] = {}
    for text in texts:
        if text.is_written:
            yield from _bad_id(text, what, reserved)
        if text.value in first:
            other = first[text.value].span
            message = f"`{text.value}` is already an id"
            hint = f"ids are permanent: give the newer of the two another one, such as `{text.value}-2`"
            yield Diagnostic("duplicate-id", text.span, message, hint, (Related(other, "first here"),))
        else:
            first[text.value] = text


def _bad_id(text: Text, what: str, reserved: frozenset[str]) -> Iterator[Diagnostic]:
    if not _SLUG.fullmatch(text.value) or len(text.value) > _MAX_ID:
        message = f"`{text.value}` is not an id: lowercase letters, digits and single hyphens, at most {_MAX_ID}"
        unusual = name_unusual(text.value)
        without = f", without {unusual}" if unusual else ""
        yield Diagnostic("bad-id", text.span, message, f"write `{make_slug(text.value)}`{without}")
    elif text.value in reserved:
        message = f"`{text.value}` cannot name a {what}: its file could not be told from another, or made on Windows"
        yield Diagnostic("bad-id", text.span, message, f"write `{text.value}-{what}`")
