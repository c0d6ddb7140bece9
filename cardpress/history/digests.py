"""Digests: SHA-256 hashes, in hexadecimal, that show whether a content has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest(parts: Iterable[bytes]) -> str:
    """Return one digest of a series of byte strings, which also depends on where one ends and the next begins."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def digest_file(data: bytes) -> str:
    """Return the digest of a file's bytes, as `sha256sum` writes it."""
    return hashlib.sha256(data).hexdigest()


def digest_parts(parts: Iterable[bytes]) -> str:
    """Return the digest of a file's bytes that come in parts, as `digest_file` does of all of them."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()


def digest_short(*parts: str) -> str:
    """Return the first 64 bits of a digest of texts: enough to tell the versions of one note apart."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def digest_asked(markdown: str) -> str:
    """Return a digest of what a note asks, whatever its spacing and case, to recognize it under another id."""
    return digest_short(" ".join(markdown.lower().split()))
