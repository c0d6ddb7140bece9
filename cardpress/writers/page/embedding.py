"""Pictures and fonts → addresses that hold all of them, so that a page asks for nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote

from cardpress.source.bank import Media
from cardpress.source.media import guess_media_type

# What need not be escaped in a data address; a picture drawn in text is mostly that.
_PLAIN = " !$&'()*+,-./:;<=>?@[]^_`{|}~"
_TAG = re.compile(r"<[^<>]*>")
_FONT = re.compile(r"""url\(\s*["']?fonts/([^"')]+)["']?\s*\)""")
_IMAGE = re.compile(r'(<img\b[^>]*?\bsrc=")([^"]*)(")')


def embed_pictures(html: str, pictures: Iterable[Media]) -> str:
    """Put pictures into the page wherever it shows them."""
    addresses = {picture.name: _in_quotes(make_picture_address(picture)) for picture in pictures}
    if not addresses:
        return html
    return _IMAGE.sub(lambda image: image[1] + addresses.get(image[2], image[2]) + image[3], html)


def embed_fonts(style: str, fonts: Iterable[Media]) -> str:
    """Put fonts into a style sheet that names them as `url("fonts/…")`; one that is not there is left as it is."""
    data = {font.name: font.data for font in fonts}

    def address(found: re.Match[str]) -> str:
        return f'url("{_base64("font/woff2", data[found[1]])}")' if found[1] in data else found[0]

    return _FONT.sub(address, style)


def make_picture_address(picture: Media) -> str:
    """Give the address that holds a picture: as text where that is shorter, which it is for drawings."""
    kind = guess_media_type(picture.name) or "application/octet-stream"
    coded = _base64(kind, picture.data)
    if kind != "image/svg+xml":
        return coded
    text = f"data:{kind},{quote(_smaller(picture.data), safe=_PLAIN)}"
    return min(text, coded, key=lambda address: len(_in_quotes(address)))


def _smaller(svg: bytes) -> bytes:
    """Leave out what nobody sees in a drawing: comments, indentation, and quotes that an address would escape."""
    try:
        text = svg.decode("utf-8-sig")
    except UnicodeDecodeError:
        return svg
    if "<![CDATA[" in text or "xml:space" in text or "<style" in text:  # where white space or quotes may have a meaning
        return svg
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return _TAG.sub(_requoted, re.sub(r"\s+", " ", text)).strip().encode()


def _requoted(tag: re.Match[str]) -> str:
    """Quote a tag's attributes with what an address holds as it is; a `>` in one leaves an odd quote before it."""
    return tag[0] if "'" in tag[0] or tag[0].count('"') % 2 else tag[0].replace('"', "'")


def _in_quotes(address: str) -> str:
    """Write a data address, which has no quotes of that kind, for an attribute in double quotes."""
    return address.replace("&", "&amp;")


def _base64(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
