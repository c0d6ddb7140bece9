"""Sounds for the decks of the tests: a tone of 0.08 seconds in each format, and silence."""

from __future__ import annotations

import struct

from tests.conftest import ROOT

_FOLDER = ROOT / "tests" / "fixtures" / "sounds"
# Each format's ending.
ENDINGS = ("mp3", "ogg", "opus", "m4a", "wav", "flac")


def tone(ending: str = "mp3") -> bytes:
    """Return the tone in a format."""
    return (_FOLDER / f"tone.{ending}").read_bytes()


def silence(samples: int, codec: int = 1) -> bytes:
    """Return a WAV without a sound: 8,000 samples a second, of 8 bits."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, codec, 1, 8000, 8000, 1, 8)
    data = struct.pack("<4sI", b"data", samples) + b"\x80" * samples
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data
