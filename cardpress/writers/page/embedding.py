"""Pictures and sounds → `data:` addresses that contain them, so that the page loads nothing."""

from __future__ import annotations

from urllib.parse import quote

from cardpress.deck.pictures import shrink_for_screen
from cardpress.markdown.sounds import is_sound
from cardpress.source.bank import Media
from cardpress.source.media.formats import sniff
from cardpress.source.media.sounds import sniff_sound
from cardpress.writers.page.shrinking import shrink_drawing
from cardpress.writers.web_fonts import make_data_address

# Characters that need no escape in a `data:` address. An SVG consists mostly of them.
_PLAIN = " !$&'()*+,-./:;<=>?@[]^_`{|}~"


def make_address(media: Media) -> str:
    """Return the `data:` address of a picture or sound."""
    kind = sniff_sound(media.data) if is_sound(media.name) else None
    return make_data_address(kind, media.data) if kind else _make_picture_address(media)


def _make_picture_address(picture: Media) -> str:
    """Return a picture's `data:` address: in base64, or for an SVG as text where that is shorter."""
    data = shrink_for_screen(picture.data)
    kind = sniff(data) or "application/octet-stream"
    coded = make_data_address(kind, data)
    if kind != "image/svg+xml":
        return coded
    text = f"data:{kind},{quote(shrink_drawing(data), safe=_PLAIN)}"
    return min(text, coded, key=lambda address: len(escape_address(address)))


def escape_address(address: str) -> str:
    """Return a `data:` address for an attribute in double quotes. It has no double quotes itself."""
    return address.replace("&", "&amp;")
