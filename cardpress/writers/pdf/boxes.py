"""Puts a box for each character that no print font has: a PDF that everybody can read allows none without a glyph."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import Any

from cardpress.model import Media

BOX = "□"
# Line ends, joiners and the like have no glyph of their own, nor have the signs that choose between two of another's.
_WITHOUT_GLYPH = frozenset(("Cc", "Cf", "Zl", "Zp"))
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# What every Latin font has; most decks need nothing else, and no font is opened for them.
_LATIN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))))
# A byte order mark shows nothing, and PDF/UA forbids it.
_MARK = "\ufeff"
# Values that are read by programs and not printed.
_ADDRESSES = frozenset(("href", "url", "src", "homepage"))


def missing(characters: Iterable[str], fonts: tuple[Media, ...]) -> frozenset[str]:
    """Give those of the characters that need a glyph and have none in any of the fonts."""
    unusual = {character for character in set(characters) - _LATIN if _needs_glyph(character)}
    if not unusual or not fonts:
        return frozenset()
    from cardpress.fonts import coverage  # opens the fonts, and only here

    have = coverage(fonts)
    return frozenset(character for character in unusual if ord(character) not in have)


def _needs_glyph(character: str) -> bool:
    return unicodedata.category(character) not in _WITHOUT_GLYPH and character not in _SELECTORS


def boxed(data: dict[str, Any], fonts: tuple[Media, ...]) -> dict[str, Any]:
    """Give what is to be printed with boxes in the place of characters that cannot be."""
    text = json.dumps(data, ensure_ascii=False)
    printed = dict.fromkeys(missing(text, fonts), BOX) | ({_MARK: ""} if _MARK in text else {})
    replaced: dict[str, Any] = _boxed(data, str.maketrans(printed)) if printed else data
    return replaced


def _boxed(value: Any, boxes: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(boxes)
    if isinstance(value, list):
        return [_boxed(each, boxes) for each in value]
    if isinstance(value, dict):
        return {key: each if key in _ADDRESSES else _boxed(each, boxes) for key, each in value.items()}
    return value
