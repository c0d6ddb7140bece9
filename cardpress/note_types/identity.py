"""What makes a note, note type or deck the same one in every release: numbers and GUIDs made from permanent ids."""

from __future__ import annotations

import base64
import hashlib


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\n".join(("cardpress", *parts)).encode()).digest()


def make_guid(deck_id: str, note_id: str) -> str:
    """Give a note's GUID: 16 letters, from the deck's id and the note's and nothing else."""
    return base64.urlsafe_b64encode(_digest(deck_id, "note", note_id)[:12]).decode()


def make_number(deck_id: str, *parts: str) -> int:
    """Give a number that Anki and JavaScript both hold exactly (2^40 … 2^53), from permanent ids."""
    return 2**40 + int.from_bytes(_digest(deck_id, *parts)[:8], "big") % (2**53 - 2**40)
