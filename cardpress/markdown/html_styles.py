"""Styles that ship as they stand: what stands in `style`, and style sheets that dictionaries put into fields.

None of them loads anything, ends elsewhere for other programs, or stays over what is around it.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Functions of styles that load nothing. Whatever else has a parenthesis behind it is taken out.
_FUNCTIONS = frozenset(
    "blur brightness calc circle clamp color color-mix conic-gradient contrast cubic-bezier drop-shadow ellipse "
    "fit-content grayscale hsl hsla hue-rotate hwb inset invert lab lch linear-gradient matrix matrix3d max min minmax "
    "oklab oklch opacity perspective polygon radial-gradient rect repeat repeating-conic-gradient "
    "repeating-linear-gradient repeating-radial-gradient rgb rgba rotate rotate3d rotatex rotatey rotatez saturate "
    "scale scale3d scalex scaley scalez sepia skew skewx skewy steps translate translate3d translatex translatey "
    "translatez var".split()
)
_FUNCTION = re.compile(r"(?<![\w-])([\w-]++)\(")
# In a style sheet, those of selectors and counters, too, and a condition with a parenthesis right behind it.
SELECTING = _FUNCTIONS | frozenset(
    "and any any-link container counter counters dir has host host-context is lang matches media not nth-child "
    "nth-last-child nth-last-of-type nth-of-type or part slotted supports where".split()
)
# Functions that load something, or ran a script in old browsers. None of the others ends one of these names.
LOADING = frozenset(
    "url src image image-set -webkit-image-set cross-fade -webkit-cross-fade element -moz-element paint attr env "
    "expression url-prefix domain".split()
)
_PARTS = frozenset(name[start:] for name in LOADING for start in range(len(name)))
_AT = re.compile(r"@(?!(?:media|supports|container|layer|(?:-webkit-)?keyframes)(?![\w-]))", re.IGNORECASE)
# An escape can spell anything, and a rule reach other things than its element.
_UNCLEAR = re.compile(r"[\\@<{}]|/\*")
# Where a style sheet stands in a drawing, browsers read entities in it: an `&` that begins one is no selector.
_ODD_IN_SHEET = re.compile(r"[\\<]|&[A-Za-z0-9#]")
# An escape that stands for a sign, such as the arrow of `content: "\\2192"`, and for no letter of any name.
_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{2,6})")
_FIRST_SIGN, _ANY_SIGN = 0x80, "\N{LATIN SMALL LETTER E WITH ACUTE}"
# What would stay over a card, and over the tools around it, wherever one scrolls.
_POSITION = re.compile(r"(?<![\w-])position\s*+:\s*+(?!static\b|relative\b|absolute\b)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# `{{kana:…}}` leaves what stands in brackets of each word with brackets behind it, `{{kanji:…}}` the word, both without
# the space before it. So nothing that could become the name of a function stands right before or behind a bracket.
_READING = re.compile(r"(?: |(?<![^ >\]]))([^ >\[]++)\[([^\]\n]+)\]")
# And each bracket ends on its line, so that none reaches out of the sheet.
_ODD_BRACKET = re.compile(r"[\[\]]\s*+\(|\[(?:\]|[^\[\]\n]*+(?:\n|\Z))")
_CALL = re.compile(r"(?<![\w-])([\w-]++)(\s*+)\(")


def is_safe_style(style: str) -> bool:
    """Return whether what stands in `style` loads nothing, and does not lie over what is around it."""
    return not (
        _UNCLEAR.search(style)
        or _POSITION.search(style)
        or any(name.lower() not in _FUNCTIONS for name in _FUNCTION.findall(style))
    )


def keep_safe_style(style: str) -> str:
    """Return those parts of a style that are safe."""
    parts = (part.strip() for part in style.split(";"))
    kept = [part for part in parts if part and is_safe_style(part)]
    return ";".join(kept) if is_safe_style(";".join(kept)) else ""


@lru_cache(maxsize=256)  # all notes of a dictionary have the same one
def is_safe_sheet(sheet: str) -> bool:
    """Return whether a style sheet in a text loads nothing and stays over nothing, whatever Anki's filters leave of it.

    Where these end a part of a text is at a bracket, before a space or behind a `>`: so the name before a parenthesis
    is never cut, nor an `@` parted from its rule, and each bracket of the sheet ends in it.
    """
    sheet = _ESCAPE.sub(lambda each: _ANY_SIGN if int(each[1], 16) >= _FIRST_SIGN else each[0], sheet)
    if _ODD_IN_SHEET.search(sheet) or _AT.search(sheet) or _ODD_BRACKET.search(sheet):
        return False
    if not all(_may_stand(*call.groups()) for call in _CALL.finditer(sheet)):
        return False
    left = {sheet} if "[" not in sheet else {sheet, _READING.sub(r"\1", sheet), _READING.sub(r"\2", sheet)}
    return not any(_POSITION.search(each) or _POSITION.search(_COMMENT.sub("", each)) for each in left)


def _may_stand(name: str, space: str) -> bool:
    """Return whether a name may have a parenthesis behind it: with a space between, it calls nothing as it stands."""
    return name.lower() in SELECTING or (bool(space) and name.lower() not in _PARTS)
