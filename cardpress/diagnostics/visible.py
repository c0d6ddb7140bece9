"""Makes control characters visible, for every message that quotes an author."""

from __future__ import annotations

import re

# Terminals act on these: C0 except the tab, DEL and C1, marks of the direction of writing, line separators.
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def make_visible(text: str) -> str:
    """Return a text with visible signs in place of control characters, which could move the cursor or reverse text."""
    return _CONTROL.sub(lambda found: chr(0x2400 + ord(found[0])) if found[0] < " " else "�", text)
