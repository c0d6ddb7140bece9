"""Rules on characters: no control characters, and print fonts with a glyph for all that is printed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.markdown.html_writer import CONTROL
from cardpress.source.bank import Bank
from cardpress.source.glyphs import find_missing
from cardpress.source.texts import list_markdown_texts, list_plain_texts


def check_control_characters(bank: Bank) -> Iterator[Diagnostic]:
    """No text has control characters: they cannot be printed, and Anki separates the fields of a note with one."""
    tags = [tag for note in bank.notes() for tag in note.tags]
    for text in (*list_plain_texts(bank), *list_markdown_texts(bank), *tags):
        for found in CONTROL.finditer(text.value):
            yield _control(found[0], text.place(found.start(), found.end()))
    for snippet in bank.snippets.values():
        for found in CONTROL.finditer(snippet.shown):
            start = snippet.file.text.index(found[0])
            yield _control(found[0], Span(snippet.file, start, start + 1))


def _control(character: str, span: Span) -> Diagnostic:
    name = f"U+{ord(character):04X}"
    return Diagnostic("control-character", span, f"a control character ({name}), which no card can show", "remove it")


def check_glyphs(bank: Bank) -> Iterator[Diagnostic]:
    """Every character has a glyph in a print font. One without is reported once, at its first place."""
    unusual = _unusual(bank)
    without = find_missing(unusual, bank.fonts)
    for character, span in unusual.items():
        if character in without:
            name = unicodedata.name(character, "a character without a name")
            message = f"no print font has {character} (U+{ord(character):04X}, {name.lower()}): the PDFs print a box"
            hint = "put a font that has it in source/fonts/, or write it in another way"
            yield Diagnostic("missing-glyph", span, message, hint)


def _unusual(bank: Bank) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for label, place in (each for note_type in bank.note_types.values() for each in note_type.labels()):
        for character in "" if label.isascii() else label:
            if not character.isascii():
                found.setdefault(character, place)
    for text in (*list_plain_texts(bank), *list_markdown_texts(bank)):
        if not text.value.isascii():
            for position, character in enumerate(text.value):
                if not character.isascii() and character not in found:
                    found[character] = text.place(position, position + 1)
    for snippet in bank.snippets.values():
        if not snippet.shown.isascii():
            for character in snippet.shown:
                if not character.isascii() and character not in found:
                    start = snippet.file.text.index(character)
                    found[character] = Span(snippet.file, start, start + 1)
    return found
