"""Notes as a text has them, before anything is known of what they become: the fields of each, and where it stands."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from cardpress.anki.original import OriginalError
from cardpress.markdown.entities import find_endless_number

# Bytes. A text with all that somebody learns in years has a tenth of it.
MAX_TEXT_BYTES = 64 * 1024 * 1024
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins as UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Characters that no text shows, apart from tabs and line ends.
_UNSEEN = re.compile("[\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# What a text may have of them: they come with what is pasted. More is another kind of file.
_MOST_CONTROLS = 1_000


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note of a text: its fields, the line where it begins, and what else is said of it, "" for what is not.

    `deck` is the full name of its deck, `kind` the name of its note type, both as Anki has them. `number` is no other
    note's of the text: several may begin in one line.
    """

    line: int
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    guid: str = ""
    deck: str = ""
    kind: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class WrittenNotes:
    """The notes of a text. `form` says in words what it is, such as `a text that Anki wrote`.

    `columns` are the names of their fields, none where the text has none; `is_html` says whether fields are HTML.
    `remarks` has what is wrong with the text and was passed over, a sentence each; `advice`, what else could be done.
    """

    form: str
    notes: tuple[WrittenNote, ...]
    is_html: bool
    columns: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


def decode_text(data: bytes) -> str:
    """Return what a file says, with `\\n` for each line end and without characters that nobody sees.

    UTF-8, and UTF-16 and UTF-32 with a byte order mark or without one. Raises OriginalError for what is no text.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise OriginalError(f"a text of {len(data):,} bytes; {MAX_TEXT_BYTES:,} are allowed")
    encoding, mark = next(((name, mark) for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), ("", b""))
    try:
        text = data[len(mark) :].decode(encoding or _guess_encoding(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"no text in UTF-8 (line {line:,} has other bytes): save it as UTF-8, in Excel as `CSV UTF-8`"
        raise OriginalError(message) from None
    text = re.sub(r"\r\n?|[\x85\u2028\u2029]", "\n", text)
    if len(_CONTROLS.findall(text)) > min(_MOST_CONTROLS, len(text) // 20 + 1):
        raise OriginalError("no text: it has bytes that no text has")
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", _CONTROLS.sub("", text)))
    if not text.strip():
        raise OriginalError("an empty text")
    if (endless := find_endless_number(text)) is not None:
        line = text.count("\n", 0, endless) + 1
        raise OriginalError(f"a character whose number has more than 1,000 digits (line {line:,})")
    return text


def _guess_encoding(data: bytes) -> str:
    """Return the encoding of a text without a byte order mark: in UTF-16 every second byte of most texts is 0."""
    start = data[:2_000]
    if len(start) >= 4 and len(start) % 2 == 0:
        even, odd = start[::2].count(0), start[1::2].count(0)
        if odd > len(start) // 4 and even == 0:
            return "utf-16-le"
        if even > len(start) // 4 and odd == 0:
            return "utf-16-be"
    return "utf-8"
