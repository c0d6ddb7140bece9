"""Which files are sounds, by their names: those that Anki and browsers can play."""

from __future__ import annotations

# Endings → media types.
SOUNDS = {
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
}


def is_sound(name: str) -> bool:
    """Return whether a file is a sound, by the ending of its name."""
    return name[name.rfind(".") :].lower() in SOUNDS
