"""Rules on ids: each is well formed and unique."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cardpress.diagnostics import Diagnostic, Related
from cardpress.diagnostics.unusual import name_unusual
from cardpress.source.bank import Bank, Text
from cardpress.source.slugs import MAX_SLUG, NO_DECKS, NO_SECTIONS, is_slug, make_slug


def check_ids(bank: Bank) -> Iterator[Diagnostic]:
    """Ids are slugs. No two sections share one, nor two notes of the whole deck, so that a note can move freely."""
    notes = [note.id for note in bank.notes()]
    if bank.info:
        yield from _bad_id(bank.info.id, "deck", NO_DECKS)
    yield from _namespace([section.id for section in bank.sections], "section", NO_SECTIONS)
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
            if not text.is_literal:
                hint = "it is made from this cell; run `cardpress ids`, and change it in the column `id`"
            yield Diagnostic("duplicate-id", text.span, message, hint, (Related(other, "first here"),))
        else:
            first[text.value] = text


def _bad_id(text: Text, what: str, reserved: frozenset[str]) -> Iterator[Diagnostic]:
    if not is_slug(text.value):
        message = f"`{text.value}` is not an id: lowercase letters, digits and single hyphens, at most {MAX_SLUG}"
        unusual = name_unusual(text.value)
        without = f", without {unusual}" if unusual else ""
        yield Diagnostic("bad-id", text.span, message, f"write `{make_slug(text.value)}`{without}")
    elif text.value in reserved:
        message = f"`{text.value}` cannot name a {what}: its file could not be told from another, or made on Windows"
        yield Diagnostic("bad-id", text.span, message, f"write `{text.value}-{what}`")
