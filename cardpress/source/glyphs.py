"""Which characters need a glyph to be printed, and which of them the print fonts have."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from contextlib import suppress

from cardpress.source.bank import Media
from cardpress.source.facts import Facts

# Unicode categories of characters that need no glyph: control characters, format characters such as joiners, and
# separators of lines and paragraphs.
_WITHOUT_GLYPH = frozenset(("Cc", "Cf", "Zl", "Zp"))
# Variation selectors need none either: they choose between glyphs of the character before them.
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# Characters that every Latin font has. Most decks use no others, and then no font has to be opened.
_LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))


def find_missing(characters: Iterable[str], fonts: tuple[Media, ...], facts: Facts | None = None) -> frozenset[str]:
    """Return the characters that need a glyph and have none in any of the fonts. Without fonts, return none.

    `facts` may know them from the time before.
    """
    unusual = {character for character in set(characters) - _LATIN if _needs_glyph(character)}
    if not unusual or not fonts:
        return frozenset()

    def list_missing() -> str:
        have = read_coverage(fonts)
        return "".join(character for character in sorted(unusual) if ord(character) not in have)

    asked = "".join(sorted(unusual)).encode("utf-8", "surrogatepass")
    known = facts or Facts()
    return frozenset(known.find("missing glyphs", (asked, *(font.data for font in fonts)), str, list_missing))


def _needs_glyph(character: str) -> bool:
    return unicodedata.category(character) not in _WITHOUT_GLYPH and character not in _SELECTORS


def read_coverage(fonts: Iterable[Media]) -> frozenset[int]:
    """Return the code points for which any of these fonts has a glyph."""
    from fontTools.ttLib import TTFont  # most decks never need it

    have: set[int] = set()
    for font in fonts:
        # A font that cannot be read has no glyphs. fontTools raises many kinds of exceptions for a damaged one.
        with suppress(Exception), TTFont(io.BytesIO(font.data), lazy=True) as opened:
            # The glyphs need no names here, which would take most of the time to make.
            opened.setGlyphOrder([""] * opened["maxp"].numGlyphs)
            have.update(opened.getBestCmap() or {})
    return frozenset(have)
