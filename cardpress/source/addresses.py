"""Tells a web address, and what was meant as one, from the title of a book."""

from __future__ import annotations

import re

from cardpress.diagnostics.suggest import find_closest

_SCHEMES = ("http", "https")
_SCHEME = re.compile(r"(?:https?|mailto|ftp|file|javascript|vbscript|data|tel):", re.IGNORECASE)
# `htp://example.org`, `http:/example.org`, `https//example.org`
_MISTYPED = re.compile(r"([A-Za-z]{2,8})(?::/{1,3}|//)(\S*\.\S*)")
_PATH = re.compile(r"(?:\.{0,2}/|#)\S*|www\.\S+|\S+\.html?(?:#\S*)?", re.IGNORECASE)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
# A host alone must end like most; with a path behind it, like any.
HOST = re.compile(
    r"(?:[\w-]+\.)+(?:(?:com|dev|edu|gov|info|io|net|org)(?:[:/?#]\S*)?|[a-z]{2,24}(?::\d+)?[/?#]\S*)", re.ASCII
)


def is_meant_as_address(text: str) -> bool:
    """Return whether a text is an address, or looks like a mistyped one. All else is a title."""
    if "://" in text or _SCHEME.match(text) or cut_mistyped_scheme(text):
        return True
    return any(pattern.fullmatch(text) for pattern in (_PATH, MAIL, HOST))


def cut_mistyped_scheme(text: str) -> str | None:
    """Return what follows a mistyped `http://` or `https://`; None for a text that does not begin with one."""
    found = _MISTYPED.fullmatch(text)
    return found[2] if found and find_closest(found[1].lower(), _SCHEMES) else None
