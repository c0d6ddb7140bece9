"""Pictures, sounds and fonts → `data:` addresses that contain them, so that the page loads nothing."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from cardpress.deck.pictures import shrink_for_screen
from cardpress.markdown.sounds import is_sound
from cardpress.source.bank import Media
from cardpress.source.media.formats import sniff
from cardpress.source.media.sounds import sniff_sound
from cardpress.writers.page.shrinking import shrink_drawing

# Characters that need no escape in a `data:` address. An SVG consists mostly of them.
_PLAIN = " !$&'()*+,-./:;<=>?@[]^_`{|}~"
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
        return f'url("{_base64("font/woff2", data[found[1]])}")' if is_embedded else found[0]

    return _FONT.sub(address, style)


def make_address(media: Media) -> str:
    """Return the `data:` address of a picture or sound."""
    kind = sniff_sound(media.data) if is_sound(media.name) else None
    return _base64(kind, media.data) if kind else _make_picture_address(media)


def _make_picture_address(picture: Media) -> str:
    """Return a picture's `data:` address: in base64, or for an SVG as text where that is shorter."""
    data = shrink_for_screen(picture.data)
    kind = sniff(data) or "application/octet-stream"
    coded = _base64(kind, data)
    if kind != "image/svg+xml":
        return coded
    text = f"data:{kind},{quote(shrink_drawing(data), safe=_PLAIN)}"
    return min(text, coded, key=lambda address: len(escape_address(address)))


def escape_address(address: str) -> str:
    """Return a `data:` address for an attribute in double quotes. It has no double quotes itself."""
    return address.replace("&", "&amp;")


def _base64(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
