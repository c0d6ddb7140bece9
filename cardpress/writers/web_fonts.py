"""Fonts in what a browser shows: in the file itself, since it loads nothing."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable

from cardpress.source.bank import Media

# A font for several weights and styles has so many places; each of them takes all of its bytes.
_MOST_PLACES = 10
_FONT = re.compile(r"""url\(\s*["']?fonts/([^"')]+)["']?\s*\)""")


def embed_fonts(style: str, fonts: Iterable[Media]) -> str:
    """Return a style sheet with a `data:` address in place of each `url("fonts/…")`, if that font is there.

    A font that a style sheet names more than `_MOST_PLACES` times is there in the first of them.
    """
    data = {font.name: font.data for font in fonts}
    places: Counter[str] = Counter()

    def address(found: re.Match[str]) -> str:
        places[found[1]] += 1
        is_embedded = found[1] in data and places[found[1]] <= _MOST_PLACES
        return f'url("{make_data_address("font/woff2", data[found[1]])}")' if is_embedded else found[0]

    return _FONT.sub(address, style)


def make_data_address(kind: str, data: bytes) -> str:
    """Return the `data:` address of a file of this media type."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
