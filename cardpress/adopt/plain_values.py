"""Which values of Anki's fields our Markdown makes again to the byte, so that they can stand in a project as such."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from unicodedata import category, normalize

from cardpress.adopt.html_meaning import make_markdown
from cardpress.anki.fields import write_content
from cardpress.deck.notes import RichText
from cardpress.diagnostics import Span
from cardpress.markdown.card_html import guard
from cardpress.note_types import Field, Holds
from cardpress.source.bank import MarkdownText
from cardpress.source.yaml.reading import MAX_CHARACTERS

# Signs that mean nothing in Markdown, wherever they stand; and an apostrophe, which HTML keeps, too.
_SIGNS = frozenset(" ,;?()\"'/%°…–—’‘“”„«»¿¡·•†§€£¥©®²³½×÷、。，；？！「」『』（）・～！")
# Signs that mean something only at the start of a line, or before a space.
_INNER = frozenset(".:!-+=")
# What would be a list, a heading's line or a link.
_BEGINNING = re.compile(r"[-+=.:!]|\d+[.)](?:\s|\Z)")
_LINKED = re.compile(r"://|www\.|mailto:|[-+=]{2}|\[|  ", re.IGNORECASE)

# Values of a field that are tried one by one, and their characters: each takes a thousandth of a second and more.
_MOST_TRIED, _LONGEST = 2_000, 2_000
# Files keep their names in HTML alone, a backslash at the end gets an element of its own, and nobody sees in Markdown
# that a space does not break.
_NOT_TRIED = re.compile(r"<img|\[sound:|\[\[|\\[A-Za-z]{0,9}\Z|&nbsp;|\xa0", re.IGNORECASE)
# The part of a field's values that may need backslashes.
_FEW = 0.05
_LINE = Field("text", "Text", "Text", Holds.LINE)


@lru_cache(maxsize=4096)
def _is_plain_character(character: str) -> bool:
    if character in _SIGNS or character in _INNER:
        return True
    return category(character) in ("Lu", "Ll", "Lt", "Lo", "Nd", "Mn", "Mc")


def is_line(value: str) -> bool:
    """Return whether a value is the same text in Markdown as in HTML: letters, digits and signs without a meaning."""
    if value != value.strip() or _BEGINNING.match(value) or _LINKED.search(value):
        return False
    return all(map(_is_plain_character, frozenset(value)))


def find_markdown(values: Iterable[str], *, is_apart: bool = False) -> Mapping[str, str] | None:
    """Return the Markdown of those values that are not the same in it, by value; None where one does not come back.

    None, too, where one is too long for a line, or more than a few need backslashes before signs, which HTML reads
    better without. `is_apart` says that a card takes characters or readings from the field.
    """
    known = list(values)
    if any(len(value) > MAX_CHARACTERS for value in known):
        return None
    others = dict.fromkeys(value for value in known if not is_line(value))
    if len(others) > _MOST_TRIED:
        return None
    found: dict[str, str] = {}
    for value in others:
        markdown = _make_line(value, is_apart=is_apart)
        if markdown is None:
            return None
        found[value] = markdown
    escaped = sum(_count_escapes(markdown) > _count_escapes(value) for value, markdown in found.items())
    return found if escaped <= len(known) * _FEW else None


def _count_escapes(text: str) -> int:
    return text.count("\\") - text.count("\\\n")


def _make_line(value: str, *, is_apart: bool) -> str | None:
    """Return the Markdown that a field which holds a line makes this value of, None where there is none."""
    if len(value) > _LONGEST or not value.strip() or _NOT_TRIED.search(value):
        return None
    markdown = make_markdown(value)
    if not markdown or markdown != markdown.strip():
        return None
    text = MarkdownText(markdown, Span.of_file("source/deck.yaml"))
    if text.document.problems:
        return None
    line = RichText(markdown, guard(text.document, markdown), is_line=True)
    made = normalize("NFC", write_content(_LINE, line, is_apart=is_apart))
    return markdown if made == normalize("NFC", value) else None
