"""GUIDs of notes, numbers of note types and decks, and what CrowdAnki knows these by.

They are the same in every release, made from permanent ids.
"""

from __future__ import annotations

import base64
import hashlib


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(("cardpress", *parts)).encode()).digest()


def make_guid(deck_id: str, note_id: str) -> str:
    """Return a note's GUID: 16 characters that depend only on the deck's id and the note's id."""
    return base64.urlsafe_b64encode(_digest(deck_id, "note", note_id)[:12]).decode()


def make_number(deck_id: str, *parts: str) -> int:
    """Return a number made from permanent ids. It is between 2^40 and 2^53, which JavaScript still holds exactly."""
    return 2**40 + int.from_bytes(_digest(deck_id, *parts)[:8], "big") % (2**53 - 2**40)


def make_uuid(deck_id: str, *parts: str) -> str:
    """Return an id for CrowdAnki, made from permanent ids: a UUID of version 8 (RFC 9562, section 5.8)."""
    digits = bytearray(_digest(deck_id, "uuid", *parts)[:16])
    digits[6], digits[8] = digits[6] & 0x0F | 0x80, digits[8] & 0x3F | 0x80
    text = digits.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
