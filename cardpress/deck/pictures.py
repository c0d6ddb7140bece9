"""Pictures, as large as paper and screens show them: a camera's are larger than any output needs, and slow to print.

The same picture becomes the same bytes on every machine. Sizes are changed by Pillow with whole numbers and polynomials
alone; JPEGs are written by libjpeg-turbo, whose integer transform is the same on all processors; PNGs are compressed by
libdeflate, as the zlib of a Pillow may be any. All three are pinned.
"""

from __future__ import annotations

import io
import math
import struct
import zlib
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from cardpress.source.media.formats import sniff
from cardpress.source.media.metadata import drop_metadata
from cardpress.source.media.rasters import MAX_PIXELS, measure

if TYPE_CHECKING:
    from PIL.Image import Image

# In pixels: 282 dots an inch in the booklet, and two for each pixel of CSS on the page.
WIDEST = 1600
# Dots an inch on paper, and points in an inch.
_DOTS, _POINTS = 300, 72
# In meters.
_INCH = 0.0254
# A picture that has hardly more pixels than paper shows keeps them: to encode it again would save little and blur it.
_LEAST_CHANGE = 0.8
# For high pictures, such as a long infographic.
_MOST_PIXELS = 4_000_000
# A drawing may stay larger when it has fewer bytes than the smaller one, whose lines are blurred.
_MOST_DRAWN = 16_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# The Exif tag for the orientation, and its values for pictures that lie on a side.
_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)
_QUALITY = 85
# Bytes a pixel. A PNG that needs more after it was compressed is a photograph.
_PHOTOGRAPH = 0.8
# Bytes of a color profile that is kept.
_LONGEST_PROFILE = 20_000
# Of libdeflate.
_LEVEL = 6
# Pixels of a picture of which only one is decoded at a time.
_LARGE = 4_000_000
_ONE_LARGE = Lock()


class TooManyPixelsError(ValueError):
    """A picture has more pixels than are ever decoded. The message says how many."""


def shrink(data: bytes) -> bytes:
    """Return a picture that is not larger than outputs need, without what a camera wrote into it.

    An SVG and one that is small enough keep their pixels, and one that cannot be read stays as it is; of an animation
    that is too large, the first picture is left. Raises TooManyPixelsError.
    """
    return _shrinking(data).result()


def shrink_for_screen(data: bytes) -> bytes:
    """Return a picture as `shrink` does, but one that moves, or has too many pixels, in its own size."""
    picture = _open(data)
    if picture is None or getattr(picture, "is_animated", False):
        return drop_metadata(data)
    try:
        return shrink(data)
    except TooManyPixelsError:
        return drop_metadata(data)


@dataclass(frozen=True, slots=True)
class Room:
    """The room that a picture has on a sheet, in points: it is never wider, nor higher."""

    width: float
    height: float


def shrink_for_print(data: bytes, room: Room) -> bytes:
    """Return a picture that `shrink` returned with no more pixels than print shows in such a room, 300 dots an inch.

    Either stands in the same place, in the same size but for the last pixel. One that would have no fewer bytes stays
    as it is.
    """
    if measure(data) is None or (picture := _open(data)) is None:
        return data
    width, height = _upright(picture)
    dots = picture.info.get("dpi", (0, 0))[0]
    made_for = width * _POINTS / (dots if dots > 0 else _POINTS)
    shown = min(room.width, room.height * width / height, made_for)
    factor = shown / _POINTS * _DOTS / width
    if factor > _LEAST_CHANGE:
        return data
    # Without these dots it would be as large as there is room.
    made = _resized(picture, factor, dots=_DOTS if shown == made_for else None)
    return data if made is None or len(data) <= len(made.data) else made.data


@dataclass(frozen=True, slots=True)
class _Resized:
    """A picture in another size, and whether the one that it was made of has Exif."""

    data: bytes
    has_exif: bool


@dataclass(slots=True)
class _Shrinking:
    """A picture that is made smaller when it is first asked for, by one of those who ask at the same time."""

    data: bytes
    made: list[bytes] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def result(self) -> bytes:
        with self.lock:
            if not self.made:
                self.made.append(_shrink(self.data))
            return self.made[0]


# The page and the sheets of one build ask for the same pictures.
@lru_cache(maxsize=256)
def _shrinking(data: bytes) -> _Shrinking:
    return _Shrinking(data)


def _open(data: bytes) -> Image | None:
    """Return a picture that is not decoded yet, None for one that cannot be read, or is no raster."""
    if sniff(data) == "image/svg+xml":
        return None
    from PIL import Image  # for decks with such pictures alone
    from PIL.Image import open as read_head

    Image.MAX_IMAGE_PIXELS = None  # it would warn; the size is compared below
    try:
        return read_head(io.BytesIO(data), formats=_FORMATS)
    except (OSError, SyntaxError, ValueError):  # what Pillow says of damaged files
        return None


def _shrink(data: bytes) -> bytes:
    # `check` refuses such a picture. It is not decoded, whoever else asks.
    raster = measure(data)
    if raster is None:
        return drop_metadata(data)
    if raster.width * raster.height > MAX_PIXELS:
        raise TooManyPixelsError(f"{raster.width:,} × {raster.height:,} pixels")
    picture = _open(data)
    if picture is None:
        return drop_metadata(data)
    pixels = picture.width * picture.height
    factor = min(WIDEST / _upright(picture)[0], math.sqrt(_MOST_PIXELS / pixels))
    if factor >= 1:
        return drop_metadata(data)
    made = _resized(picture, factor)
    if made is None:
        return drop_metadata(data)
    is_drawing = picture.format != "JPEG" and pixels <= _MOST_DRAWN and not made.has_exif
    return drop_metadata(data) if is_drawing and len(data) <= len(made.data) else made.data


def _upright(picture: Image) -> tuple[int, int]:
    """Return the width and height of a picture, the right way up."""
    # Other formats name their orientation, if any, behind the picture.
    is_turned = picture.format == "JPEG" and picture.getexif().get(_ORIENTATION, 1) in _TURNED
    return (picture.height, picture.width) if is_turned else (picture.width, picture.height)


def _resized(picture: Image, factor: float, dots: int | None = None) -> _Resized | None:
    """Return a picture in another size, with its dots an inch if these are given, None for one that is damaged.

    The picture that is given is closed then.
    """
    size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    try:
        made = _decode(picture, size)
        # Asked for now, as some formats have it behind the picture, which is decoded.
        has_exif = bool(picture.getexif())
        picture.close()  # its pixels are not needed while the smaller one is written
        return _Resized(_encode(made, is_photograph=picture.format == "JPEG", dots=dots), has_exif)
    except (OSError, SyntaxError, ValueError):
        return None


def _decode(picture: Image, size: tuple[int, int]) -> Image:
    """Return a picture in this size, the right way up, in gray or RGB, with alpha where it is transparent."""
    from PIL import ImageOps
    from PIL.Image import Resampling

    profile = picture.info.get("icc_profile", b"") if picture.mode in ("L", "LA", "RGB", "RGBA", "P") else b""
    picture.draft(picture.mode, size)
    # All of a large picture's pixels take hundreds of megabytes, as long as it is neither a JPEG nor smaller.
    with _ONE_LARGE if picture.width * picture.height >= _LARGE else nullcontext():
        picture.load()
        plain = _flatten(picture).resize(size, Resampling.BICUBIC)
    turned = ImageOps.exif_transpose(_with_orientation(plain, picture))
    turned.info = {"icc_profile": profile} if 0 < len(profile) <= _LONGEST_PROFILE else {}
    return turned


def _with_orientation(plain: Image, picture: Image) -> Image:
    plain.getexif()[_ORIENTATION] = picture.getexif().get(_ORIENTATION, 1)
    return plain


def _flatten(picture: Image) -> Image:
    """Return a picture of 8 bits a channel, in the simplest mode that has all of it."""
    if picture.mode.startswith(("I", "F")):  # 16 bits of gray
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        with_alpha = picture.convert("RGBA")
        return with_alpha if with_alpha.getchannel("A").getextrema() != (255, 255) else with_alpha.convert("RGB")
    mode = "L" if picture.mode in ("1", "L") else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)  # which would make a copy of it


def _encode(picture: Image, *, is_photograph: bool, dots: int | None = None) -> bytes:
    has_alpha = picture.mode == "RGBA"
    if not is_photograph or has_alpha:
        made = _encode_png(picture, dots)
        if has_alpha or len(made) <= _PHOTOGRAPH * picture.width * picture.height:
            return made
    file = io.BytesIO()
    profile = picture.info.get("icc_profile")
    density = {"dpi": (dots, dots)} if dots else {}
    picture.save(file, "JPEG", quality=_QUALITY, subsampling="4:2:0", optimize=True, icc_profile=profile, **density)
    return file.getvalue()


def _encode_png(picture: Image, dots: int | None) -> bytes:
    """Return a picture as a PNG (https://www.w3.org/TR/png-3/), all rows in the filter that leaves the least."""
    import deflate
    from PIL import Image, ImageChops

    candidates = []
    for kind, offset in ((0, None), (1, (1, 0)), (2, (0, 1))):
        filtered = picture
        if offset:
            neighbors = Image.new(picture.mode, picture.size)
            neighbors.paste(picture, offset)
            filtered = ImageChops.subtract_modulo(picture, neighbors)
        left = sum(count * min(index % 256, 256 - index % 256) for index, count in enumerate(filtered.histogram()))
        candidates.append((left, kind, filtered))
    _, kind, filtered = min(candidates, key=lambda each: each[:2])
    raw = filtered.tobytes()
    length = len(raw) // picture.height
    rows = b"".join(bytes((kind,)) + raw[at : at + length] for at in range(0, len(raw), length))
    color = {"L": 0, "RGB": 2, "RGBA": 6}[picture.mode]
    header = struct.pack(">IIBBBBB", *picture.size, 8, color, 0, 0, 0)
    profile = picture.info.get("icc_profile")
    chunks = [
        _chunk(b"IHDR", header),
        _chunk(b"iCCP", b"profile\0\0" + bytes(deflate.zlib_compress(profile, _LEVEL))) if profile else b"",
        _chunk(b"pHYs", struct.pack(">IIB", round(dots / _INCH), round(dots / _INCH), 1)) if dots else b"",
        _chunk(b"IDAT", bytes(deflate.zlib_compress(rows, _LEVEL))),
        _chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
