"""The kinds of picture that every output can show, of sound that it can play, and the file names that learners get."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container
from pathlib import PurePosixPath
from unicodedata import normalize
from urllib.parse import unquote

from cardpress.markdown.sounds import SOUNDS

_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    **SOUNDS,
}


def guess_media_type(name: str) -> str | None:
    """Return the media type of a picture or sound by the suffix of its name, None when cards cannot show that kind."""
    return _TYPES.get(PurePosixPath(name).suffix.lower())


def sniff(data: bytes) -> str | None:
    """Return a picture's media type by its first bytes, None when cards cannot show that kind."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/svg+xml" if re.search(rb"<svg[\s>]", data[:4096]) else None


def find_file(name: str, names: Container[str]) -> str:
    """Return the name of those known that a text means by one, as it stands or with `%20` for a space.

    A name that is not known is returned as it is.
    """
    for each in (name, normalize("NFC", name), unquote(name), normalize("NFC", unquote(name))):
        if each in names:
            return each
    return name


def make_shipped_name(deck_id: str, name: str, data: bytes) -> str:
    """Return the file name of a picture or sound in the learner's media folder, which all decks share.

    The name changes with the content. Anki keeps the old file where a name is taken, so a redrawn picture would
    never arrive under its old name.
    """
    path = PurePosixPath(name)
    stem = re.sub(r"[^a-z0-9]+", "-", path.with_suffix("").as_posix().lower()).strip("-")
    return f"{deck_id}-{stem}-{hashlib.sha256(data).hexdigest()[:8]}{path.suffix.lower()}"
