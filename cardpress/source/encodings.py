"""What bytes are that are no UTF-8 text, in words for their author."""

from __future__ import annotations

import codecs
import re

from cardpress.source.media.formats import sniff

# Git LFS keeps this in place of a file that was not downloaded.
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v[0-9]+\r?\n(?:ext-[^\n]*\n)*oid ")
# UTF-32 begins as UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# How XML and plain text begin in UTF-16 without a mark: each letter beside a zero.
_UTF16 = re.compile(rb"(?:[\x09\x0a\x0d\x20-\x7e]\x00){4}|(?:\x00[\x09\x0a\x0d\x20-\x7e]){4}")
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
# Encodings in which ASCII is ASCII, so that a file without other characters is UTF-8, too.
_LIKE_ASCII = re.compile(
    r"iso[-_]?8859[-_]?[0-9]+|windows[-_]?[0-9]+|cp[0-9]+|latin[-_]?[0-9]+|macintosh", re.IGNORECASE
)


def is_pointer(data: bytes) -> bool:
    """Return whether a file is what Git LFS keeps in its place until it is downloaded."""
    return _POINTER.match(data) is not None


def name_wide_encoding(data: bytes) -> str | None:
    """Return the name of an encoding with several bytes a character that a text is in, None when it is in none."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    return marked or ("UTF-16" if _UTF16.match(data) else None)


def name_declared_encoding(data: bytes) -> str | None:
    """Return the name of the encoding that an XML file says it is in, None when that is UTF-8, or it says none."""
    found = _DECLARED.search(data[:256])
    name = found[1].decode("ascii") if found else "UTF-8"
    return None if name.upper().replace("_", "-") in ("UTF-8", "UTF8", "US-ASCII", "ASCII") else name


def is_like_ascii(name: str) -> bool:
    """Return whether text in ASCII is the same bytes in an encoding."""
    return _LIKE_ASCII.fullmatch(name) is not None


def explain(data: bytes, place: int) -> tuple[str, str]:
    """Return a message and a help line for a text file that is not UTF-8 at a byte."""
    if wide := name_wide_encoding(data):
        return f"this file is in {wide}, not in UTF-8", "save it as UTF-8; editors offer that as `Save with encoding`"
    kind = sniff(data)
    if kind:
        return f"this file is a picture ({kind}), no text", "name a text file; a picture belongs into source/media/"
    if b"\x00" in data[:4096]:
        return "this file is no text", "name a text file"
    return explain_byte(data, place)


def explain_byte(data: bytes, place: int) -> tuple[str, str]:
    """Return a message and a help line for a byte that is not UTF-8."""
    character = data[place : place + 1].decode("cp1252", "replace")
    message = f"byte 0x{data[place]:02X} is not UTF-8"
    if character.isprintable() and character != "\ufffd":
        message += f"; in Windows-1252 or Latin-1 it is `{character}`"
    return message, "save the file as UTF-8"
