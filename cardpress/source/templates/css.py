"""How CSS is read: comments, escapes and tokens, as CSS Syntax Level 3 (its section 4) has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# Up to six hex digits and one white space; a line end, for nothing; or any other character, for itself.
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\n\r\f])?|(\r\n|[\n\r\f])|([^0-9a-fA-F\n\r\f]))")
_ESCAPED = r"\\(?:[0-9a-fA-F]{1,6}(?:\r\n|[ \t\n\r\f])?|[^0-9a-fA-F\n\r\f])"
TOKEN = re.compile(
    rf"""
    (?P<comment>{_COMMENT.pattern})
    |(?P<string>"(?>(?:[^"\\\n\r\f]++|\\(?:\r\n|.))*)(?:"|(?=[\n\r\f])|\Z)|'(?>(?:[^'\\\n\r\f]++|\\(?:\r\n|.))*)(?:'|(?=[\n\r\f])|\Z))
    |(?P<name>[@#]?(?>(?:[-0-9A-Za-z_\x00]++|[^\x00-\x7f]++|{_ESCAPED})+))(?P<call>\(?)
    |(?P<sign>.)
    """,
    re.DOTALL | re.VERBOSE,
)
# What stands in `url(…)` without quotes. A quote or `/*` further on in it begins nothing.
BARE_ADDRESS = re.compile(r"[ \t\n\r\f]*+(?![\"'])((?>(?:[^)\\]++|\\.)*))(?:\)|\Z)", re.DOTALL)
# A class in a selector.
CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")


def drop_comments(css: str) -> str:
    """Return CSS without what looks like comments, even in a text in quotes."""
    return _COMMENT.sub("", css)


def decode(css: str) -> str:
    """Return CSS, or a token of it, with escapes decoded, which can hide what it says."""

    def character(escape: re.Match[str]) -> str:
        if escape[1]:
            code = int(escape[1], 16)
            return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return escape[3] or ""

    return _ESCAPE.sub(character, css) if "\\" in css else css


def list_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before the braces of each rule, and in them. Of rules in rules, the innermost are there.

    It looks at each character a few times, however many braces are missing.
    """
    for part in css.split("}")[:-1]:
        before, brace, inside = part.rpartition("{")
        if brace:
            yield before.rpartition("{")[2], inside


def list_readings(css: str) -> tuple[str, ...]:
    """Return CSS as it is written and, if that differs, without comments and escapes. A rule judges both.

    A program that knows no escapes, or keeps comments, reads the first.
    """
    if "\\" not in css and "/*" not in css:
        return (css,)
    return css, decode(drop_comments(css))
