"""Names of media in fields: an import gives files names that every system allows, and fields the same names."""

from __future__ import annotations

import html
import re

from cardpress.anki.packages.names import clean_file_name
from cardpress.markdown.entities import unescape

_ELEMENT = re.compile(r"<(?:img|audio|video|object|source)\b[^<>]+>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b(?:src|data)=(?:"([^"]+)"|'([^']+)'|([^ >]+))""", re.IGNORECASE)
_SOUND = re.compile(r"\[sound:([^]]+)]")
_SIGNS = re.compile(r"\[sound:|<(?:img|audio|video|object|source)\b", re.IGNORECASE)


def rename_media(text: str) -> str:
    """Return a field with the names of its media as Anki keeps them."""
    if not _SIGNS.search(text):
        return text
    text = _ELEMENT.sub(lambda element: _ADDRESS.sub(_rename, element[0], count=1), text)
    # Behind the last bracket, a text of many signs that do not end would be read to its end from each of them.
    end = text.rfind("]") + 1
    return _SOUND.sub(_rename, text[:end]) + text[end:]


def _rename(found: re.Match[str]) -> str:
    written = next(filter(None, found.groups()))
    name = unescape(written).replace("\N{NO-BREAK SPACE}", " ") if "&" in written else written
    clean = clean_file_name(name)
    if clean is None or clean == name:
        return found[0]
    return found[0].replace(written, html.escape(clean) if name != written else clean)
