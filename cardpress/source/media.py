"""The kinds of picture that every output can show, and the names that pictures go by."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


def guess_media_type(name: str) -> str | None:
    """Tell a picture's media type by its name, None when it is none that cards can show."""
    return _TYPES.get(PurePosixPath(name).suffix.lower())


def sniff(data: bytes) -> str | None:
    """Tell a picture's media type by its first bytes."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if re.search(rb"<svg[\s>]", data[:4096]) else None


def make_shipped_name(deck_id: str, name: str, data: bytes) -> str:
    """Name a picture for the learner's media folder, which all decks share.

    The name changes with the content: Anki keeps the old file where a name is taken, so a picture that was redrawn
    would else never arrive.
    """
    path = PurePosixPath(name)
    stem = re.sub(r"[^a-z0-9]+", "-", path.with_suffix("").as_posix().lower()).strip("-")
    return f"{deck_id}-{stem}-{hashlib.sha256(data).hexdigest()[:8]}{path.suffix.lower()}"
