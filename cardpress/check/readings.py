"""Rules on fields from which cards take characters and readings apart: these have Anki's notation, `漢字[かんじ]`."""

from __future__ import annotations

from collections.abc import Iterator

from cardpress.check.card_template_tags import TAG
from cardpress.diagnostics import Diagnostic, SourceFile, Span
from cardpress.note_types import OF_READINGS, NoteType
from cardpress.source.bank import Bank


def check_readings(bank: Bank) -> Iterator[Diagnostic]:
    """A field that a card takes apart is shown through one of these filters everywhere, and is nowhere typed."""
    for note_type in bank.note_types.values():
        if note_type.apart:
            yield from _typed(note_type)
            files = {file.path: file for card in note_type.cards for file in (card.front, card.back) if file}
            for file in files.values():
                yield from _shown(file, note_type)


def _typed(note_type: NoteType) -> Iterator[Diagnostic]:
    typed = dict.fromkeys(card.typed for card in note_type.cards if card.typed)
    for field in map(note_type.field, typed):
        if field.name in note_type.apart and field.place is not None:
            message = f"Anki would want the readings of `{field.key}` to be typed, with their brackets"
            hint = "put what is typed into a field of its own, without readings"
            yield Diagnostic("bad-note-type", field.place, message, hint)


def _shown(file: SourceFile, note_type: NoteType) -> Iterator[Diagnostic]:
    for token in TAG.finditer(file.text):
        *filters, name = token[2].strip().split(":")
        # What is typed is what a card says that it is.
        if token[1] or name not in note_type.apart or not set(filters).isdisjoint((*OF_READINGS, "type")):
            continue
        span = Span(file, token.start(), token.end())
        message = f"this shows `{name}` as Anki's notation, `漢字[かんじ]`, as another place takes it apart"
        hint = f"write `{{{{{':'.join((*filters, 'furigana', name))}}}}}`"
        yield Diagnostic("template-field", span, message, hint)
