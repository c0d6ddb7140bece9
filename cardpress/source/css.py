"""CSS as browsers read it: without comments, and with escapes decoded, which can hide what it says."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# CSS Syntax 3, 4.3.7: up to six hex digits and one white space; or any other character, for itself.
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|([^\r\n\f]))")


def drop_comments(css: str) -> str:
    """Return CSS without its comments."""
    return _COMMENT.sub("", css)


def list_readings(css: str) -> tuple[str, ...]:
    """Return CSS as it is written and, if that differs, as a browser reads it. A rule judges both.

    A program that knows no escapes, or keeps comments, reads the first.
    """
    if "\\" not in css and "/*" not in css:
        return (css,)
    return css, _ESCAPE.sub(_decode, drop_comments(css))


def _decode(escape: re.Match[str]) -> str:
    return chr(min(int(escape[1], 16), 0x10FFFF)) if escape[1] else str(escape[2])
