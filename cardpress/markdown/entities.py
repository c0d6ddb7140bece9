"""Characters that HTML writes by a name or a number."""

from __future__ import annotations

import html
import re

_ZEROS = re.compile(r"&#0+(?=[0-9])")
# More digits than the number of any character has.
_NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")
# More than Python reads at all, so that what gets such a text from elsewhere may fail with it.
_ENDLESS = re.compile("&#[0-9]{1001}")


def unescape(text: str) -> str:
    """Return a text with all such characters as they are shown, whatever their numbers."""
    return html.unescape(shorten_numbers(text))


def shorten_numbers(text: str) -> str:
    """Return HTML that browsers show as this, without numbers of thousands of digits, which Python refuses to read.

    What is no character's number is U+FFFD (https://html.spec.whatwg.org/multipage/parsing.html, "numeric character
    reference end state").
    """
    return _NO_CHARACTER.sub("\ufffd", _ZEROS.sub("&#", text)) if "&#" in text else text


def find_endless_number(text: str) -> int | None:
    """Return where a character stands whose number has more than 1,000 digits; None where there is none."""
    found = _ENDLESS.search(text)
    return found.start() if found else None
