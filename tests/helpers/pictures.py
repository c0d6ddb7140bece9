"""Pictures for the decks of the tests."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int, packed: bytes | None = None, *more: tuple[bytes, bytes]) -> bytes:
    """Return a gray PNG picture of a size in pixels. `packed` replaces its pixels, and `more` has further chunks."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    if packed is None:
        packed = zlib.compress((b"\0" + b"\x80" * width) * height)
    parts = ((b"IHDR", header), *more, (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
