"""Which characters need a glyph to be printed, and which of them the print fonts have."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from contextlib import suppress

from cardpress.source.bank import Media

# Line ends, joiners and the like have no glyph of their own, nor have the signs that choose between two of another's.
_WITHOUT_GLYPH = frozenset(("Cc", "Cf", "Zl", "Zp"))
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# What every Latin font has; most decks need nothing else, and no font is opened for them.
_LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))


def find_missing(characters: Iterable[str], fonts: tuple[Media, ...]) -> frozenset[str]:
    """Return those of the characters that need a glyph and have none in any of the fonts."""
    unusual = {character for character in set(characters) - _LATIN if _needs_glyph(character)}
    if not unusual or not fonts:
        return frozenset()
    have = read_coverage(fonts)
    return frozenset(character for character in unusual if ord(character) not in have)


def _needs_glyph(character: str) -> bool:
    return unicodedata.category(character) not in _WITHOUT_GLYPH and character not in _SELECTORS


def read_coverage(fonts: Iterable[Media]) -> frozenset[int]:
    """Return the code points for which any of these fonts has a glyph."""
    from fontTools.ttLib import TTFont  # most decks never need it

    have: set[int] = set()
    for font in fonts:
        # A font that cannot be read prints nothing; its parser fails in many ways on what only begins like a font.
        with suppress(Exception), TTFont(io.BytesIO(font.data), lazy=True) as opened:
            have.update(opened.getBestCmap() or {})
    return frozenset(have)
