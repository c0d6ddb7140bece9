"""Where the masks of a picture lie: in parts of the whole, as Anki and all outputs have them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cardpress.deck.notes import Box
from cardpress.diagnostics import Span
from cardpress.diagnostics.suggest import propose
from cardpress.source.bank import MaskedPicture, Rect, WrittenMask
from cardpress.source.media import svg_shapes
from cardpress.source.media.formats import sniff
from cardpress.source.media.rasters import measure
from cardpress.source.media.svg_shapes import NoBoxError, Shapes, View, read_shapes

# Anki keeps four digits: pixels of pictures up to 10,000 across.
_DIGITS = 4
_SMALLEST = 10**-_DIGITS
# How much of a picture a rectangle may stand over its edge without a word, as a hand that draws does.
_GRACE = 0.005
# Less than this much of a picture is nothing that anybody would hide: a part of the whole among units.
_SLIVER = 0.005
# The Exif tag for the orientation, and its values for pictures that lie on a side.
_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)


class Fault(NamedTuple):
    """A mask that hides nothing of the picture: where that is written, why, and what to do."""

    span: Span
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as masks see it: its size, and for an SVG its shapes and units."""

    width: float
    height: float
    shapes: Shapes | None = None
    view: View | None = None

    @property
    def units(self) -> tuple[float, float, float, float]:
        """The left and upper edge, width and height of what is shown, in the picture's own units."""
        if self.view is None:
            return 0.0, 0.0, self.width, self.height
        shown = self.view.shown
        return shown.left, shown.top, shown.right - shown.left, shown.bottom - shown.top

    @property
    def said(self) -> str:
        """The size in words, in the picture's own units."""
        left, top, width, height = self.units
        size = f"{_write(width)} × {_write(height)}"
        return f"{size}, from {_write(left)}, {_write(top)}" if abs(left) > _GRACE or abs(top) > _GRACE else size


@lru_cache(maxsize=256)
def read_picture(data: bytes) -> Picture | None:
    """Return what is known of a picture's size, None when that cannot be said."""
    if sniff(data) == "image/svg+xml":
        shapes = read_shapes(data)
        view = shapes.view if shapes else None
        return Picture(view.width, view.height, shapes, view) if view else None
    raster = measure(data)
    if raster is None or not raster.width or not raster.height:
        return None
    if data.startswith(b"\xff\xd8") and _lies_on_a_side(data):
        return Picture(raster.height, raster.width)
    return Picture(raster.width, raster.height)


def _lies_on_a_side(data: bytes) -> bool:
    """Return whether a JPEG is shown turned, as its camera was held."""
    from PIL.Image import open as read_head  # for decks with such pictures alone

    try:
        return read_head(io.BytesIO(data), formats=("JPEG",)).getexif().get(_ORIENTATION, 1) in _TURNED
    except (OSError, SyntaxError, ValueError):  # what Pillow says of damaged files
        return False


def place_masks(occlusion: MaskedPicture, picture: Picture) -> tuple[Mapping[str, tuple[Box, ...]], tuple[Fault, ...]]:
    """Return the boxes of each mask by its id, and what is wrong with masks that have none."""
    boxes: dict[str, tuple[Box, ...]] = {}
    faults: list[Fault] = []
    for mask in occlusion.masks:
        placed = tuple(_place(mask, picture))
        faults += (each for each in placed if isinstance(each, Fault))
        boxes[mask.id.value] = tuple(each for each in placed if isinstance(each, Box))
    return boxes, tuple(faults)


def _place(mask: WrittenMask, picture: Picture) -> Iterator[Box | Fault]:
    if mask.rect is not None:
        yield _place_rect(mask, mask.rect, picture)
    for shape in mask.shapes:
        name = shape.value[:60]
        if picture.shapes is None:
            message = "this picture is no SVG, so it has no shapes"
            yield Fault(shape.span, message, "write `rect: [x, y, width, height]` instead, in pixels")
            continue
        try:
            found = picture.shapes.find(shape.value)
        except NoBoxError as error:
            yield Fault(shape.span, f"the shape `{name}` {error}", _advise(shape.value, picture.shapes.ids))
            continue
        yield _cut(found) or _explain(found, f"the shape `{name}`", shape.span)


def _place_rect(mask: WrittenMask, rect: Rect, picture: Picture) -> Box | Fault:
    left, top, width, height = rect
    if max(left, top, width, height) <= 1:
        found = svg_shapes.Box(left, top, left + width, top + height)
    else:
        x, y, whole_width, whole_height = picture.units
        found = svg_shapes.Box(
            (left - x) / whole_width,
            (top - y) / whole_height,
            (left + width - x) / whole_width,
            (top + height - y) / whole_height,
        )
    box = _cut(found)
    if max(rect) > 1 and any(
        0 < side < 1 and side < _SLIVER * picture.units[at] for at, side in ((2, width), (3, height))
    ):
        message = "this mask mixes parts of the whole with the picture's own units, so it hides next to nothing"
        hint = f"write all four numbers in units of {picture.said}, or all as parts, none above 1"
        return Fault(mask.span, message, hint)
    if box is None:
        return _explain(found, "this mask", mask.span, picture)
    if min(found.left, found.top) < -_GRACE or max(found.right, found.bottom) > 1 + _GRACE:
        message = f"this mask stands over the edge of the picture, whose size is {picture.said}"
        return Fault(mask.span, message, f"keep it inside, as in `rect: [{', '.join(_cut_back(rect, picture))}]`")
    return box


def _explain(found: svg_shapes.Box, what: str, span: Span, picture: Picture | None = None) -> Fault:
    if found.left >= 1 or found.top >= 1 or found.right <= 0 or found.bottom <= 0:
        size = f", whose size is {picture.said}" if picture else ""
        return Fault(span, f"{what} lies outside the picture{size}", "write where it is in the picture's own units")
    return Fault(span, f"{what} hides nothing: it is smaller than anybody can see", "make it larger")


def _cut_back(rect: Rect, picture: Picture) -> Iterable[str]:
    """Return a rectangle without what stands over the edge, in the units that it is written in."""
    left, top, width, height = rect
    x, y, whole_width, whole_height = (0.0, 0.0, 1.0, 1.0) if max(rect) <= 1 else picture.units
    first = max(left, x), max(top, y)
    last = min(left + width, x + whole_width), min(top + height, y + whole_height)
    return map(_write, (*first, last[0] - first[0], last[1] - first[1]))


def _advise(shape: str, ids: Mapping[str, object]) -> str:
    if shape in ids:
        return "name another, or write `rect: [x, y, width, height]` instead"
    named = sorted(each for each in ids if len(each) <= 60)
    few = ", ".join(f"`{each}`" for each in named[:8])
    otherwise = f"its ids: {few}{', …' if len(named) > 8 else ''}" if named else "give the shape an `id` in the SVG"
    return propose(shape, named[:1_000], otherwise)


def _cut(found: svg_shapes.Box) -> Box | None:
    """Return what of a box is in the picture, to as many digits as Anki keeps; None when that is nothing to be seen."""
    left, top = (round(min(max(edge, 0.0), 1.0), _DIGITS) for edge in (found.left, found.top))
    right, bottom = (round(min(max(edge, 0.0), 1.0), _DIGITS) for edge in (found.right, found.bottom))
    width, height = round(right - left, _DIGITS), round(bottom - top, _DIGITS)
    return Box(left, top, width, height) if min(width, height) >= _SMALLEST else None


def _write(number: float) -> str:
    number += 0.0  # zero has no sign
    return f"{number:.4g}" if abs(number) < 1 else f"{number:.1f}".removesuffix(".0")
