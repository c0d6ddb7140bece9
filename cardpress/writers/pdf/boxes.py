"""Replaces characters that no print font has by a box: PDF/UA, for accessible PDFs, allows none without a glyph."""

from __future__ import annotations

import json
from typing import Any

from cardpress.source.bank import Media
from cardpress.source.glyphs import find_missing

BOX = "□"
# A byte order mark shows nothing, and PDF/UA forbids it.
_MARK = "\ufeff"
# Keys whose values programs read. They are not printed.
_ADDRESSES = frozenset(("href", "url", "src", "homepage"))


def box_missing(data: dict[str, Any], fonts: tuple[Media, ...]) -> dict[str, Any]:
    """Return the data to print, with a box in place of each character that no print font has."""
    text = json.dumps(data, ensure_ascii=False)
    printed = dict.fromkeys(find_missing(text, fonts), BOX) | ({_MARK: ""} if _MARK in text else {})
    replaced: dict[str, Any] = _boxed(data, str.maketrans(printed)) if printed else data
    return replaced


def _boxed(value: Any, boxes: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(boxes)
    if isinstance(value, list):
        return [_boxed(each, boxes) for each in value]
    if isinstance(value, dict):
        if "formula" in value:  # the font of formulas has their signs, and not their words
            return {**value, "alt": _boxed(value["alt"], boxes), "formula": _box_words(value["formula"], boxes)}
        return {key: each if key in _ADDRESSES else _boxed(each, boxes) for key, each in value.items()}
    return value


def _box_words(value: Any, boxes: dict[int, str]) -> Any:
    """Return a formula with boxes in its words."""
    if isinstance(value, dict):
        return _boxed(value, boxes)
    return [_box_words(each, boxes) for each in value] if isinstance(value, list) else value
