"""Characters that do not look like what they are: their names, and what to type instead of them."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

# Spaces that are not the one on the keyboard, characters that show nothing, and ends of lines that editors do not know.
SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff"
)
LINE_ENDS = "\x85\u2028\u2029"
# What belongs into no name and no code: inside words, joiners and marks of direction have a use in some languages.
HIDDEN = f"\u00ad\u200b\u2060\ufeff{LINE_ENDS}"
_UNUSUAL = re.compile(f"[{SPACES}{INVISIBLE}{LINE_ENDS}]")
_SPACE = re.compile(f"[{SPACES}]")
# Characters. Normal forms of a long text take long, and it is no misspelled name.
_LONGEST = 200
_NAMES = {"\x85": "next line", "\ufeff": "byte order mark", "\u200e": "left-to-right mark"}


def name_character(character: str) -> str:
    """Return what a character is called, with its article and number: `a no-break space (U+00A0)`."""
    name = _NAMES.get(character) or unicodedata.name(character, "control character").lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name} (U+{ord(character):04X})"


def name_unusual(text: str) -> str | None:
    """Return the name of the first character in a text that shows nothing, or is another space than it seems."""
    found = _UNUSUAL.search(text)
    return name_character(found[0]) if found else None


def make_usual(text: str) -> str:
    """Return a text with plain spaces, and without characters that show nothing."""
    return text if text.isascii() else _UNUSUAL.sub("", _SPACE.sub(" ", text))


def did_you_mean(word: str, close: str) -> str:
    """Return the help line that suggests a known word, and says how it differs where the eye does not see it."""
    question = f"did you mean `{close}`?"
    unusual = _UNUSUAL.search(word)
    if unusual and make_usual(word).strip() == close:
        return f"did you mean `{close}`, without {name_character(unusual[0])}?"
    if len(word) <= _LONGEST and unicodedata.normalize("NFC", word) == unicodedata.normalize("NFC", close):
        return f"{question} It looks the same, but is in the Unicode form {_form(close)}, and this in {_form(word)}"
    if word.casefold() == close.casefold():
        return f"{question} Upper and lower case differ"
    if "\\" in word and word.replace("\\", "/").removeprefix("media/") == close:
        return f"{question} Between folders stands `/`"
    if "%" in word and unquote(word) == close:
        return f"did you mean `<{close}>`? A name in `<` and `>` may have spaces"
    return question


def _form(text: str) -> str:
    """Return the name of a text's normal form: composed (NFC), decomposed (NFD), or neither."""
    return next((form for form in ("NFC", "NFD") if unicodedata.is_normalized(form, text)), "neither NFC nor NFD")
