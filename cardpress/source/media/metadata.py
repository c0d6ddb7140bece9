"""Pictures without what cameras and programs wrote into them. Nothing is decoded, so no pixel changes.

What is needed to show a picture stays: its colors, its profile, its orientation, its frames.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from cardpress.source.media.jpeg import BEGIN, COMMENT, END, EXIF, OWN, Segment, list_segments

_PNG = b"\x89PNG\r\n\x1a\n"
# What begins the segments of programs that decide how a JPEG is shown, by their markers.
_SHOWN_IN_JPEG = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
# Bytes of a JFIF segment up to its small picture, of which the last two are that one's width and height.
_JFIF = 14
# Chunks that decide how a PNG is shown, besides those that no PNG can lack, whose names begin with a capital.
_SHOWN_IN_PNG = frozenset(
    b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()  # PNG, third edition
)
_SHOWN_IN_WEBP = frozenset((b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"))
# What VP8X says of a WebP: that it has Exif, and XMP.
_HAS_EXIF, _HAS_XMP = 0x08, 0x04
# Programs whose part of a GIF decides how it is shown.
_SHOWN_IN_GIF = frozenset((b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"))
_GIF_PROGRAM, _GIF_COMMENT = 0xFF, 0xFE
# Segments of a JPEG. A photograph has a few hundred at most.
_MOST_SEGMENTS = 10_000
_ORIENTATION = 0x0112
# Entries of an Exif directory that are looked at.
_MOST_ENTRIES = 1_000
# A picture inside an SVG. White space in its figures may be escaped.
_EMBEDDED = re.compile(rb"(data:[^,\"'<>]{0,200};base64,)((?:[A-Za-z0-9+/=%\s]|&#(?:x[0-9A-Fa-f]{1,4}|[0-9]{1,4});)+)")
_ESCAPED = re.compile(rb"&#(?:x[0-9A-Fa-f]+|[0-9]+);|\s+")


class _TooManyError(Exception):
    """Raised when a file has more parts than any picture."""


def drop_metadata(data: bytes) -> bytes:
    """Return a picture without its metadata, and without what stands behind it; the same bytes when it has none.

    In an SVG, the pictures that it embeds are meant. What cannot be read stays as it is.
    """
    try:
        made = _drop(data)
    except (struct.error, IndexError, _TooManyError):
        return data
    return data if made == data else made


def list_embedded(svg: bytes) -> Iterator[bytes]:
    """Yield the pictures that an SVG embeds."""
    for found in _EMBEDDED.finditer(svg):
        if picture := _read_figures(found[2]):
            yield picture


def _drop(data: bytes) -> bytes:
    if data.startswith(b"\xff\xd8"):
        return b"".join(_list_of_jpeg(data))
    if data.startswith(_PNG):
        return _PNG + b"".join(_list_of_png(data))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return b"".join(_list_of_gif(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _write_webp(data)
    return _EMBEDDED.sub(_without_metadata, data)


def _without_metadata(found: re.Match[bytes]) -> bytes:
    picture = _read_figures(found[2])
    # An SVG in an SVG is refused, so that this does not go on.
    made = drop_metadata(picture) if not picture.lstrip().startswith(b"<") else picture
    return found[0] if made is picture else found[1] + base64.b64encode(made)


def _read_figures(figures: bytes) -> bytes:
    """Return the bytes that base64 stands for, none when it cannot be read."""
    bare = unquote_to_bytes(_ESCAPED.sub(b"", figures)).rstrip(b"=")
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4))
    except binascii.Error:
        return b""


# --- JPEG ---------------------------------------------------------------------------------------------------------


def _list_of_jpeg(data: bytes) -> Iterator[bytes]:
    is_turned = False
    yield data[:2]
    for number, segment in enumerate(list_segments(data)):
        if number > _MOST_SEGMENTS:
            raise _TooManyError
        if segment.marker == BEGIN:
            continue
        if segment.marker not in OWN and segment.marker != COMMENT:
            yield data[segment.start : segment.end]
        elif shown := _SHOWN_IN_JPEG.get(segment.marker):
            yield _write_shown(data, segment, shown)
        elif not is_turned and (exif := _turn(data[segment.start + 4 : segment.end])):
            is_turned = True
            yield struct.pack(">BBH", 0xFF, 0xE1, 2 + len(EXIF) + len(exif)) + EXIF + exif
        if segment.marker == END:
            return


def _write_shown(data: bytes, segment: Segment, shown: bytes) -> bytes:
    content = data[segment.start + 4 : segment.end]
    if not content.startswith(shown):
        return b""
    if shown.startswith(b"JFIF") and content[_JFIF - 2 :] != b"\x00\x00":
        return b"\xff\xe0\x00\x10" + content[: _JFIF - 2].ljust(_JFIF, b"\x00")
    return data[segment.start : segment.end]


def _turn(exif: bytes) -> bytes:
    """Return Exif that holds nothing but the orientation of another, nothing when that is upright or not said."""
    exif = exif.removeprefix(EXIF)
    if exif[:4] not in (b"II*\x00", b"MM\x00*"):
        return b""
    order = "<" if exif[:2] == b"II" else ">"
    try:
        (start,) = struct.unpack(f"{order}I", exif[4:8])
        (count,) = struct.unpack(f"{order}H", exif[start : start + 2])
        for place in range(start + 2, start + 2 + 12 * min(count, _MOST_ENTRIES), 12):
            tag, _, _, value = struct.unpack(f"{order}HHIH", exif[place : place + 10])
            if tag == _ORIENTATION:
                return _write_orientation(value) if value in range(2, 9) else b""
    except struct.error:  # it is cut short
        pass
    return b""


def _write_orientation(value: int) -> bytes:
    return b"MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, value, 0, 0)


# --- PNG, GIF and WebP ----------------------------------------------------------------------------------------------


def _list_of_png(data: bytes) -> Iterator[bytes]:
    place = len(_PNG)
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + length
        if kind == b"eXIf" and (exif := _turn(data[place + 8 : end - 4])):
            yield struct.pack(">I", len(exif)) + kind + exif + struct.pack(">I", zlib.crc32(kind + exif))
        elif kind[:1].isupper() or kind in _SHOWN_IN_PNG:
            yield data[place:end]
        if kind == b"IEND":
            return
        place = end


def _list_of_gif(data: bytes) -> Iterator[bytes]:
    place = 13 + _measure_colors(data[10])
    yield data[:place]
    while data[place] != 0x3B:
        start = place
        is_picture = data[place] == 0x2C
        place += 11 + _measure_colors(data[place + 9]) if is_picture else 2
        kind, program = data[start + 1], data[place + 1 : place + 1 + data[place]]
        while data[place]:
            place += 1 + data[place]
        place += 1
        is_shown = program in _SHOWN_IN_GIF if kind == _GIF_PROGRAM else kind != _GIF_COMMENT
        if is_picture or is_shown:
            yield data[start:place]
    yield b"\x3b"


def _measure_colors(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _list_of_webp(data: bytes) -> Iterator[bytes]:
    end = min(len(data), 8 + struct.unpack("<I", data[4:8])[0])
    place = 12
    exif = b""
    while place + 8 <= end:
        kind, length = struct.unpack("<4sI", data[place : place + 8])
        following = place + 8 + length + length % 2
        if kind == b"EXIF":
            exif = exif or _turn(data[place + 8 : place + 8 + length])
        elif kind in _SHOWN_IN_WEBP or kind == b"VP8X":
            yield data[place : min(following, end)]
        place = following
    if exif:
        yield b"EXIF" + struct.pack("<I", len(exif)) + exif


def _write_webp(data: bytes) -> bytes:
    parts = list(_list_of_webp(data))
    has_exif = any(part.startswith(b"EXIF") for part in parts)
    written = b"".join(_mark(part, has_exif=has_exif) for part in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(written)) + b"WEBP" + written


def _mark(part: bytes, *, has_exif: bool) -> bytes:
    """Return a part of a WebP; its head says what of Exif and XMP there is."""
    if not part.startswith(b"VP8X"):
        return part
    flags = part[8] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if has_exif else 0)
    return part[:8] + bytes((flags,)) + part[9:]
