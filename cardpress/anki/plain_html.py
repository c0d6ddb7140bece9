"""HTML as Anki takes it apart and writes it: without tags, with entities as characters, and texts for attributes."""

from __future__ import annotations

import re
from html.entities import name2codepoint

_BEGINS = re.compile(r"<(?:!--|style|script)?", re.IGNORECASE)
# What ends an element or a comment that goes with its content, and what ends its opening.
_ENDS = {
    "!--": ("", re.compile(r"-->")),
    "style": (">", re.compile(r"</style>", re.IGNORECASE)),
    "script": (">", re.compile(r"</script>", re.IGNORECASE)),
}
_ENTITY = re.compile(r"&(?:#([0-9]+)|#x([0-9A-Fa-f]+)|([^;#][^;]*));")
# What stands for itself in an attribute.
_UNSAFE = re.compile(r"[^0-9A-Za-z\u0100-\U0010ffff]")
_NAMED = {'"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
# The names of HTML 4, which are all that Anki knows.
_CHARACTERS = {name: chr(number) for name, number in name2codepoint.items()}
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_LONGEST = 8


def strip_tags(html: str) -> str:
    """Return HTML without tags and comments, and without style and script; its entities stay."""
    if "<" not in html:
        return html
    pieces: list[str] = []
    position = 0
    over: set[str] = set()
    while found := _BEGINS.search(html, position):
        name = found[0][1:].lower()
        end = -1
        if name and name not in over:
            opening, closing = _ENDS[name]
            inside = html.find(opening, found.end())
            whole = closing.search(html, inside + len(opening)) if inside >= 0 else None
            end = whole.end() if whole else -1
            over |= {name} if whole is None else set()  # so that it is not looked for again
        if end < 0:
            end = html.find(">", found.start()) + 1
            if not end:
                break
        pieces.append(html[position : found.start()])
        position = end
    return "".join((*pieces, html[position:]))


def decode_entities(html: str) -> str:
    """Return HTML with its entities as characters, and spaces that do not break as spaces.

    Where one of them is none, all stay as they are.
    """
    if "&" not in html:
        return html
    pieces: list[str] = []
    position = 0
    while (start := html.find("&", position)) >= 0:
        found = _ENTITY.match(html, start)
        character = _decode(found) if found else None
        if found is None or character is None:
            return html
        pieces += [html[position:start], character]
        position = found.end()
    return "".join((*pieces, html[position:])).replace("\xa0", " ")


def _decode(found: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = found.groups()
    if name is not None:
        return _CHARACTERS.get(name)
    digits = (decimal or hexadecimal).lstrip("0") or "0"
    number = int(digits, 10 if decimal else 16) if len(digits) <= _LONGEST else _LAST + 1
    return None if number > _LAST or number in _SURROGATES else chr(number)


def strip_html(html: str) -> str:
    """Return the text of HTML."""
    return decode_entities(strip_tags(html))


def write_attribute(text: str) -> str:
    """Return a text for an attribute, in which Anki escapes all but letters and digits of what is in Latin-1."""
    return _UNSAFE.sub(lambda found: _NAMED.get(found[0], f"&#x{ord(found[0]):02X};"), text)
