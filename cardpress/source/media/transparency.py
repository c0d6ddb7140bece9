"""Whether a picture lets what is behind it be seen: a dark screen would swallow its dark lines.

What a file says is believed: nothing is decoded. A picture that says it can be transparent is taken for one that is.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from xml.parsers import expat

from cardpress.source.media.formats import sniff
from cardpress.source.media.svg_shapes import read_shapes

# An SVG's ground is as large as the picture, but for its stroke and rounded corners.
_GROUND = 0.95
# What stands before the ground and draws nothing.
_UNDRAWN = frozenset(("defs", "style", "title", "desc", "metadata", "symbol", "marker", "clippath", "mask"))
_MAY_BE_SEEN_THROUGH = frozenset(
    ("opacity", "fill-opacity", "style", "transform", "class", "clip-path", "mask", "filter")
)

# A style sheet in an SVG with colors for dark screens.
_DARK = re.compile(rb"@media[^{};]{0,200}?\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)


def has_dark_scheme(data: bytes) -> bool:
    """Return whether a picture is an SVG that has colors for light and for dark screens in itself."""
    return sniff(data) == "image/svg+xml" and _DARK.search(data) is not None


def needs_light_ground(data: bytes) -> bool:
    """Return whether a picture has to lie on light paper at night, too: it may be black on nothing."""
    return may_be_seen_through(data) and not has_dark_scheme(data)


@lru_cache(maxsize=256)
def may_be_seen_through(data: bytes) -> bool:
    """Return whether a picture may have transparent parts."""
    try:
        match sniff(data):
            case "image/png":
                return _png(data)
            case "image/gif":
                return b"\x21\xf9\x04" in data and any(_list_gif_flags(data))
            case "image/webp":
                return _webp(data)
            case "image/svg+xml":
                return not _has_ground(data)
            case _:
                return False
    except (struct.error, IndexError):
        return False


def _png(data: bytes) -> bool:
    """Return whether its pixels have alpha (https://www.w3.org/TR/png-3/#6Colour-values), or a chunk `tRNS` says so."""
    if data[25] in (4, 6):
        return True
    place = 8
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        if kind in (b"tRNS", b"IDAT"):
            return bool(kind == b"tRNS")
        place += 12 + length
    return False


def _list_gif_flags(data: bytes) -> list[int]:
    """Return whether each of its frames' extensions names a color that is transparent."""
    flags, place = [], data.find(b"\x21\xf9\x04")
    while 0 <= place < len(data) - 3:
        flags.append(data[place + 3] & 1)
        place = data.find(b"\x21\xf9\x04", place + 3)
    return flags


def _webp(data: bytes) -> bool:
    kind = data[12:16]
    if kind == b"VP8X":
        return bool(data[20] & 0x10)
    return kind == b"VP8L" and bool(struct.unpack("<I", data[21:25])[0] >> 28 & 1)


class _StopError(Exception):
    """Raised where it is known what an SVG draws first."""


def _has_ground(data: bytes) -> bool:
    """Return whether an SVG first draws a rectangle of one color that is as large as the picture."""
    shapes = read_shapes(data)
    view = shapes.view if shapes else None
    found: list[tuple[str, Mapping[str, str]]] = []
    depth = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        local = name.rpartition(" ")[2].lower()
        if depth == 2 and local not in _UNDRAWN:
            found.append((local, attributes))
            raise _StopError

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    with suppress(_StopError, expat.ExpatError, UnicodeError):
        parser.Parse(data, True)
    if view is None or not found or found[0][0] != "rect":
        return False
    attributes = found[0][1]
    if not _MAY_BE_SEEN_THROUGH.isdisjoint(attributes) or attributes.get("fill", "") in ("none", "transparent"):
        return False
    across, down = view.shown.right - view.shown.left, view.shown.bottom - view.shown.top
    wide, high = _length(attributes.get("width", ""), across), _length(attributes.get("height", ""), down)
    return wide >= _GROUND * across and high >= _GROUND * down


def _length(text: str, whole: float) -> float:
    """Return a length in the picture's units, 0 when it is none."""
    try:
        return float(text.removesuffix("%")) * whole / 100 if text.endswith("%") else float(text)
    except ValueError:
        return 0.0
