"""The segments of a JPEG (ITU T.81, annex B). Nothing is decoded."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

BEGIN, END, SCAN, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
# Of a program's own: APP0 to APP15.
OWN = range(0xE0, 0xF0)
EXIF = b"Exif\x00\x00"
# A byte `FF` in a scan is followed by 00, or by a restart; more of them may stand before a marker.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_ALONE = (0x01, BEGIN, END)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment's marker, and where it stands in the file. A scan goes up to the next marker."""

    marker: int
    start: int
    end: int


def list_segments(data: bytes) -> Iterator[Segment]:
    """Yield the segments of a file, also of further pictures behind the first. What is between them is passed by."""
    found = _MARKER.search(data)
    while found:
        marker, start, end = found[0][1], found.start(), found.end()
        if marker not in _ALONE:
            (length,) = struct.unpack(">H", data[end : end + 2].rjust(2, b"\x00"))
            end += max(length, 2)
        found = _MARKER.search(data, end)
        if marker == SCAN:
            end = found.start() if found else len(data)
        yield Segment(marker, start, min(end, len(data)))
