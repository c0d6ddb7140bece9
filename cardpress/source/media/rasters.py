"""The size of a picture made of pixels, as its header says: PNG, JPEG, GIF and WebP. Nothing is decoded.

Whoever shows or prints such a picture makes room for all of its pixels, however few bytes the file has.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

# Pixels of one picture, all its frames together: more than a camera of 2026 takes.
MAX_PIXELS = 60_000_000
_LONGEST_SIDE = 30_000
_MAX_FRAMES = 1_000
# Bytes of the color profiles and texts inside a PNG, once they are unpacked. Profiles of cameras have up to 1 MB.
_LARGEST_EXTRA = 8 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
# Markers of a JPEG that begin a frame, and so say its size: SOF0 to SOF15 without DHT, JPG and DAC (ITU T.81, B.1).
_FRAMES_OF_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE_IN_JPEG = frozenset((0x01, *range(0xD0, 0xD8)))
_DATA = re.compile(r"data:[^,]{0,200},")


@dataclass(frozen=True, slots=True)
class Raster:
    """The width and height of a picture in pixels, and how many frames it has."""

    width: int
    height: int
    frames: int = 1

    @property
    def pixels(self) -> int:
        """How many pixels all of its frames have."""
        return self.width * self.height * self.frames


class _BrokenError(Exception):
    """Raised when a header cannot be read; the message says why."""


def measure(data: bytes) -> Raster | None:
    """Return the size that a picture's header says, None when it has no header that can be read."""
    try:
        return _measure(data)
    except (_BrokenError, struct.error, IndexError):
        return None


def is_raster(data: bytes) -> bool:
    """Return whether bytes begin as such a picture does."""
    return data.startswith((_PNG, b"\xff\xd8", b"GIF87a", b"GIF89a")) or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")


def find_fault(data: bytes) -> str | None:
    """Return what is wrong with a picture, to go on with after its name; None when it can be shown."""
    try:
        raster = _measure(data)
    except _BrokenError as error:
        return str(error)
    except (struct.error, IndexError):
        return "is cut short"
    return _find_too_many(raster)


def _find_too_many(raster: Raster) -> str | None:
    if not raster.width or not raster.height:
        return "has no pixels"
    size = f"has {raster.width:,} × {raster.height:,} pixels"
    if max(raster.width, raster.height) > _LONGEST_SIDE:
        return f"{size}; a side of {_LONGEST_SIDE:,} is allowed"
    if raster.frames > _MAX_FRAMES:
        return f"has {raster.frames:,} frames; {_MAX_FRAMES:,} are allowed"
    if raster.pixels > MAX_PIXELS:
        frames = f" in {raster.frames:,} frames" if raster.frames > 1 else ""
        return f"{size}{frames}; {MAX_PIXELS:,} in all are allowed"
    return None


def read_embedded(address: str) -> bytes:
    """Return the bytes that an address `data:…` carries, empty when it carries none that can be read."""
    bare = "".join(address.split())
    head = _DATA.match(bare)
    if head is None:
        return b""
    data = unquote_to_bytes(bare[head.end() :])
    if not head[0].lower().endswith(";base64,"):
        return data
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return b""


def _measure(data: bytes) -> Raster:
    if data.startswith(_PNG):
        return _png(data)
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _gif(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    raise _BrokenError("is not a PNG, JPEG, GIF or WebP picture")


def _png(data: bytes) -> Raster:
    """Return the size of a PNG. Its chunks are read, since some of them are packed, and what an animation says."""
    if data[12:16] != b"IHDR":
        raise _BrokenError("is a PNG without a header")
    width, height, frames, place = *struct.unpack(">II", data[16:24]), 1, 8
    has_pixels = False
    unpacked = 0
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = memoryview(data)[place + 8 : place + 8 + length]
        if len(content) < length:
            raise _BrokenError("is cut short")
        if kind == b"acTL":
            frames = max(struct.unpack(">I", content[:4])[0], 1)
        elif kind in (b"iCCP", b"zTXt", b"iTXt"):
            unpacked += _unpack(kind, bytes(content), _LARGEST_EXTRA - unpacked)
            if unpacked > _LARGEST_EXTRA:
                name = kind.decode("ascii")
                raise _BrokenError(f"has a chunk `{name}` that unpacks to more than {_LARGEST_EXTRA:,} bytes")
        elif kind == b"IDAT":
            has_pixels = True
        elif kind == b"IEND":
            break
        place += 12 + length
    if not has_pixels:
        raise _BrokenError("has a header and no pixels")
    return Raster(width, height, frames)


def _unpack(kind: bytes, content: bytes, most: int) -> int:
    """Return how many bytes a packed chunk of a PNG unpacks to, or more than `most` when it is more."""
    _, _, rest = content.partition(b"\x00")
    if kind != b"iTXt":
        packed = rest[1:]
    elif rest[:1] == b"\x01":
        packed = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]
    else:
        return len(content)
    try:
        return len(zlib.decompressobj().decompress(packed, most + 1))
    except zlib.error:
        return 0  # programs that show the picture pass by what they cannot unpack


def _jpeg(data: bytes) -> Raster:
    place = 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise _BrokenError("is a JPEG that cannot be read")
        marker = data[place + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            place += 1
        elif marker in _ALONE_IN_JPEG:
            place += 2
        elif marker in _FRAMES_OF_JPEG:
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return Raster(width, height)
        else:
            place += 2 + max(struct.unpack(">H", data[place + 2 : place + 4])[0], 2)
    raise _BrokenError("is cut short")


def _gif(data: bytes) -> Raster:
    width, height, flags = struct.unpack("<HHB", data[6:11])
    place = 13 + _color_table(flags)
    frames = 0
    while place < len(data):
        block = data[place]
        if block == 0x3B:
            break
        if block == 0x2C:
            frames += 1
            _, _, wide, high, flags = struct.unpack("<HHHHB", data[place + 1 : place + 10])
            width, height = max(width, wide), max(height, high)
            place += 11 + _color_table(flags)
        elif block == 0x21:
            place += 2
        else:
            raise _BrokenError("is a GIF that cannot be read")
        while data[place]:
            place += 1 + data[place]
        place += 1
    if not frames:
        raise _BrokenError("has a header and no pixels")
    return Raster(width, height, frames)


def _color_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(data: bytes) -> Raster:
    """Return the size of a WebP: of its canvas, or of a picture in it that is larger."""
    width = height = frames = 0
    place = 12
    while place + 8 <= len(data):
        kind, length = struct.unpack("<4sI", data[place : place + 8])
        content = data[place + 8 : place + 8 + min(length, 32)]
        if kind == b"VP8X":
            size = _number(content[4:7]) + 1, _number(content[7:10]) + 1
        elif kind == b"VP8 ":
            if content[3:6] != b"\x9d\x01\x2a":
                raise _BrokenError("is a WebP that cannot be read")
            wide, high = struct.unpack("<HH", content[6:10])
            size = wide & 0x3FFF, high & 0x3FFF
        elif kind == b"VP8L":
            if content[:1] != b"\x2f":
                raise _BrokenError("is a WebP that cannot be read")
            bits = struct.unpack("<I", content[1:5])[0]
            size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif kind == b"ANMF":
            frames += 1
            size = _number(content[6:9]) + 1, _number(content[9:12]) + 1
        else:
            size = 0, 0
        width, height = max(width, size[0]), max(height, size[1])
        place += 8 + length + length % 2
    if not width or not height:
        raise _BrokenError("has a header and no pixels")
    return Raster(width, height, max(frames, 1))


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")
