"""Names as Anki has them once it has imported a package: it drops what it does not allow in them.

What is in a package by another program may have such names; what learners have never does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_CONTROL = re.compile("[\x00-\x1f\x7f]")
# In fields, line breaks and tabs stay. The sign that parts fields is among those that go.
_CONTROL_IN_FIELD = re.compile("[\x00-\x08\x0b-\x1e\x7f]")
_IN_FIELD_NAME = re.compile('[:{}"]')
_BEFORE_FIELD_NAME = re.compile(r"[#/^\s]+")
_IN_FILE_NAME = re.compile('[][<>:"/?*^\\\\|\x00-\x1f\x7f]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|\Z)", re.IGNORECASE)
# Bytes that a file's name may have, and its ending when the name is too long.
_LONGEST_FILE_NAME, _LONGEST_ENDING = 120, 10
# Accents on one letter. No writing has more than a few.
_MOST_MARKS = 1_000
# What parts tags: the space, and the wide one of East Asian writing.
_BETWEEN_TAGS = re.compile("[ \u3000]+")


def clean_text(text: str) -> str:
    """Return fields as Anki stores them: letters with their accents composed, no control characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _CONTROL_IN_FIELD.sub("", text)


def has_endless_marks(text: str) -> bool:
    """Return whether a text has over a thousand accents on one letter: to put these in order takes hours."""
    if text.isascii() or len(text) <= _MOST_MARKS:
        return False
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _MOST_MARKS:
            return True
    return False


def clean_deck_name(name: str) -> str:
    """Return a deck's full name as Anki keeps it, its levels joined by `::`."""
    return "::".join(map(_clean_level, name.split("::")))


def clean_type_name(name: str) -> str:
    """Return the name of a note type or a card template as Anki keeps it, which has no straight double quotes."""
    return unicodedata.normalize("NFC", name).replace('"', "")


def clean_field_name(name: str) -> str:
    """Return a field's name as Anki keeps it, without what card templates give a meaning."""
    kept = _IN_FIELD_NAME.sub("", unicodedata.normalize("NFC", name)).strip()
    return _BEFORE_FIELD_NAME.sub("", kept, count=1) if _BEFORE_FIELD_NAME.match(kept) else kept


def make_unique(names: Iterable[str], sign: str = "+") -> list[str]:
    """Return names with the sign behind those that are there before, apart from capitals."""
    made: list[str] = []
    seen: set[str] = set()
    signs: dict[str, int] = {}
    for name in names:
        # With fewer signs it is there already: of a thousand same names, each is looked at once.
        folded = name.casefold()
        count = signs.get(folded, 0)
        while folded + sign * count in seen:
            count += 1
        signs[folded] = count + 1
        seen.add(folded + sign * count)
        made.append(name + sign * count)
    return made


def split_tags(tags: str) -> list[str]:
    """Return a note's tags as Anki reads them, in their order, each once."""
    found: dict[str, str] = {}
    for tag in filter(None, _BETWEEN_TAGS.split(tags)):
        clean = "::".join(map(_clean_level_of_tag, tag.split("::")))
        found.setdefault(clean.casefold(), clean)
    return list(found.values())


def clean_file_name(name: str) -> str | None:
    """Return the name of a media file as Anki keeps it, None where it is none: it leads out of the folder."""
    if name in ("", ".", "..") or "/" in name:
        return None
    kept = _IN_FILE_NAME.sub("", unicodedata.normalize("NFC", name)).replace("\N{NO-BREAK SPACE}", " ")
    kept = _DEVICE.sub(r"\1_\2", kept) if _DEVICE.match(kept) else kept
    return _shorten(_end_well(kept)) or None


def _clean_level(name: str) -> str:
    return _CONTROL.sub("", unicodedata.normalize("NFC", name)).strip(f"{_SPACES}:") or "blank"


def _clean_level_of_tag(name: str) -> str:
    return _CONTROL.sub("", unicodedata.normalize("NFC", name)).strip(_SPACES) or "blank"


def _shorten(name: str) -> str:
    """Return a file's name in as many bytes as Anki allows, with its ending."""
    if len(name.encode()) <= _LONGEST_FILE_NAME:
        return name
    stem, _, ending = name.rpartition(".") if "." in name else (name, "", "")
    ending = ending.encode()[:_LONGEST_ENDING].decode(errors="ignore")
    stem = stem.encode()[: _LONGEST_FILE_NAME - len(ending.encode()) - 2].decode(errors="ignore")
    return _end_well(f"{stem}.{ending}" if ending else stem)


def _end_well(name: str) -> str:
    """Return a file's name that does not end in what Windows drops."""
    return f"{name}_" if name.endswith((" ", ".")) else name
