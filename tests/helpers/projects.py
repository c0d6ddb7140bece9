"""What writer tests share: a deck made from a few files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

from cardpress.deck.notes import Deck
from tests.conftest import DECK
from tests.helpers.learner import deck_of
from tests.helpers.sample_project import PNG, SNIPPET, SVG

_ALWAYS: dict[str, str | bytes] = {
    "deck.yaml": DECK,
    "snippets/one.py": SNIPPET,
    "media/dot.png": PNG,
    "media/lines.svg": SVG,
}


def deck_from(folder: Path, files: Mapping[str, str | bytes]) -> Deck:
    """Build the deck of a project with these files below source/; deck.yaml has one section unless it is given."""
    for name, content in (_ALWAYS | dict(files)).items():
        path = folder / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return deck_of(folder)


def indented(text: str, columns: int = 4) -> str:
    """Give a text as a YAML block, to stand after `key: `."""
    return "|\n" + "".join(f"{' ' * columns}{line}\n" for line in text.split("\n"))


def png(width: int, height: int) -> bytes:
    """Give a gray picture of so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
