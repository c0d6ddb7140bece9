"""Which characters the print fonts have."""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import suppress

from fontTools.ttLib import TTFont

from cardpress.model import Media


def coverage(fonts: Iterable[Media]) -> frozenset[int]:
    """Give the code points for which any of these fonts has a glyph."""
    have: set[int] = set()
    for font in fonts:
        # A font that cannot be read prints nothing; its parser fails in many ways on what only begins like a font.
        with suppress(Exception), TTFont(io.BytesIO(font.data), lazy=True) as opened:
            have.update(opened.getBestCmap() or {})
    return frozenset(have)
