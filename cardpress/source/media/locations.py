"""Whether a picture or a sound says where it was taken: in Exif, XMP or IPTC, or in the tags of a phone's recorder.

Only the parts that hold such facts are read, a bounded number of them; nothing is decoded.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from itertools import islice

from cardpress.source.media.jpeg import EXIF, list_segments
from cardpress.source.media.metadata import list_embedded

# Parts of a file, and entries of an Exif directory, that are looked at.
_MOST_PARTS = 10_000
_MOST_ENTRIES = 1_000
# Bytes that the packed texts of a PNG unpack to.
_LARGEST_TEXT = 1024 * 1024
# Tags of Exif (CIPA DC-008, 4.6.6): the directory on the place, and in it latitude, longitude and the area's name.
_PLACE = 0x8825
_LATITUDE, _LONGITUDE, _AREA = 2, 4, 28
# Bytes of an angle: three fractions, of which each has two numbers of four bytes.
_ANGLE = 24
# Places in XMP, as attributes or as elements that are not empty.
_XMP = re.compile(
    rb"(?:GPSLatitude|GPSLongitude|Iptc4xmpCore:Location|photoshop:City)\s{0,9}(?:=\s{0,9}[\"']\s{0,9}[^\"'\s]|>\s{0,9}[^<\s])"
    rb"|Iptc4xmpExt:LocationCreated\b"
)
# Of IPTC's second record: the city, and the place within it.
_IPTC = re.compile(rb"\x1c\x02[\x5a\x5c]\x00[\x01-\x40]")
# A place as ISO 6709 has it, in the files of phones; and comments of Ogg and FLAC.
_IN_SOUND = re.compile(
    rb"(?s)\xa9xyz.{0,24}?[+-][0-9]{2}|quicktime\.location\.ISO6709|(?i:\bGEO_?LOCATION=|[\x00-\x1f]LOCATION=)[^\x00]"
)
# How far from either end of a sound its tags are looked for.
_ENDS = 256 * 1024


def says_where(data: bytes) -> bool:
    """Return whether a picture has the place where it was taken, or one inside it or behind it has."""
    film = data.rfind(b"ftyp") if data.startswith(b"\xff\xd8") else -1  # phones put one behind a photograph
    return any(map(_names_place, _list_parts(data))) or (film > 0 and says_where_heard(data[film:]))


def says_where_heard(data: bytes) -> bool:
    """Return whether a sound has the place where it was recorded."""
    return any(_IN_SOUND.search(part) for part in (data[:_ENDS], data[_ENDS:][-_ENDS:]))


def _names_place(part: bytes) -> bool:
    exif = part.removeprefix(EXIF)
    if exif[:4] in (b"II*\x00", b"MM\x00*"):
        return _has_place(exif)
    return bool(_XMP.search(part)) or (part.startswith(b"Photoshop 3.0\x00") and bool(_IPTC.search(part)))


def _list_parts(data: bytes) -> Iterator[bytes]:
    """Yield the parts of a picture that hold facts about it."""
    if data.startswith(b"\xff\xd8"):
        yield from _list_segments(data)
    elif data.startswith(b"\x89PNG"):
        yield from _list_chunks(data)
    elif data[:4] == b"RIFF":
        yield from _list_riff(data)
    else:  # XMP stands in a GIF and an SVG as it is
        yield data
        for picture in list_embedded(data):
            if not picture.lstrip().startswith(b"<"):  # a drawing in a drawing is refused
                yield from _list_parts(picture)


def _list_segments(data: bytes) -> Iterator[bytes]:
    """Yield what programs wrote into a JPEG, and into the pictures behind it."""
    for segment in islice(list_segments(data), _MOST_PARTS):
        if segment.marker in (0xE1, 0xED):
            yield data[segment.start + 4 : segment.end]


def _list_chunks(data: bytes) -> Iterator[bytes]:
    place = 8
    room = _LARGEST_TEXT
    for _ in range(_MOST_PARTS):
        if place + 8 > len(data):
            return
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        if kind == b"eXIf":
            yield content
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            text = _unpack(kind, content, room)
            room -= len(text)
            yield _read_profile(text) or text
        place += 12 + length


def _unpack(kind: bytes, content: bytes, most: int) -> bytes:
    """Return the text of a chunk, or as much of it as there is room for."""
    _, _, rest = content.partition(b"\x00")
    if kind == b"tEXt":
        return rest[:most]
    packed = rest[1:]
    if kind == b"iTXt":
        packed = rest[2:].partition(b"\x00")[2].partition(b"\x00")[2]
        if rest[:1] != b"\x01":
            return packed[:most]
    try:
        return zlib.decompressobj().decompress(packed, max(most, 1))
    except zlib.error:
        return b""


def _read_profile(text: bytes) -> bytes:
    """Return the bytes of a profile that ImageMagick wrote as a text: its name, its length, and figures."""
    found = re.match(rb"\s*(?:exif|xmp|iptc|8bim|APP1)\s+[0-9]+\s", text, re.IGNORECASE)
    if not found:
        return b""
    try:
        return bytes.fromhex(text[found.end() :].decode("ascii"))
    except ValueError:
        return b""


def _list_riff(data: bytes) -> Iterator[bytes]:
    place = 12
    for _ in range(_MOST_PARTS):
        if place + 8 > len(data):
            return
        kind, length = struct.unpack("<4sI", data[place : place + 8])
        if kind in (b"EXIF", b"XMP "):
            yield data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def _has_place(exif: bytes) -> bool:
    """Return whether Exif has a latitude and a longitude, or the name of an area."""
    order = "<" if exif[:2] == b"II" else ">"
    try:
        (start,) = struct.unpack(f"{order}I", exif[4:8])
        places = [value for tag, value in _list_entries(exif, start, order) if tag == _PLACE]
        found = dict(_list_entries(exif, places[0], order)) if places else {}
        angles = [found[tag] for tag in (_LATITUDE, _LONGITUDE) if tag in found]
        known = [struct.unpack(f"{order}6I", exif[each : each + _ANGLE])[1] for each in angles]
    except struct.error:  # it is cut short
        return False
    # A camera that did not know writes 0/0.
    return (len(known) == 2 and all(known)) or _AREA in found


def _list_entries(exif: bytes, start: int, order: str) -> Iterator[tuple[int, int]]:
    """Yield the tags of a directory with their values, which are numbers or places in the file."""
    (count,) = struct.unpack(f"{order}H", exif[start : start + 2])
    for index in range(min(count, _MOST_ENTRIES)):
        entry = exif[start + 2 + 12 * index : start + 14 + 12 * index]
        tag, _, _, value = struct.unpack(f"{order}HHII", entry)
        yield tag, value
