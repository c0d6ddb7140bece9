"""The rule on characters: what a deck prints, its print fonts have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from cardpress.diagnostics import Diagnostic, Span
from cardpress.model import Bank
from cardpress.rules.texts import markdown_texts, plain_texts

# Line ends and joiners have no glyph of their own.
_INVISIBLE = frozenset("\n\r\t\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u2028\u2029")
# What every Latin font has; most decks need nothing else, and no font is opened for them.
_LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100)))) | _INVISIBLE


def glyphs(bank: Bank) -> Iterator[Diagnostic]:
    """Report each character that no print font has, once, at its first place."""
    unusual = _unusual(bank)
    if not unusual or not bank.fonts:
        return
    from cardpress.fonts import coverage  # opens the fonts, and only here

    have = coverage(bank.fonts)
    for character, span in unusual.items():
        if ord(character) not in have:
            name = unicodedata.name(character, "a character without a name")
            message = f"no print font has {character} (U+{ord(character):04X}, {name.lower()}): the PDFs print a box"
            hint = "put a font that has it in source/fonts/, or write it in another way"
            yield Diagnostic("missing-glyph", span, message, hint)


def _unusual(bank: Bank) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for text in (*plain_texts(bank), *markdown_texts(bank)):
        if not text.value.isascii():
            for position, character in enumerate(text.value):
                if character not in _LATIN and character not in found:
                    found[character] = text.place(position, position + 1)
    for snippet in bank.snippets.values():
        if not snippet.shown.isascii():
            for character in snippet.shown:
                if character not in _LATIN and character not in found:
                    start = snippet.file.text.index(character)
                    found[character] = Span(snippet.file, start, start + 1)
    return found
