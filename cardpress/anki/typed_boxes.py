"""Where a learner types: the box on a front, and on the back what was right, of nothing typed (`aqt/reviewer.py`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from cardpress.anki.card_sounds import strip_sounds
from cardpress.anki.cloze_html import find_typed
from cardpress.anki.plain_html import strip_html
from cardpress.note_types.template_parts import SPACE

# A place, or else the rest of a line that has none, so that none is looked for there again.
_PLACE = re.compile(r"\[\[type:(?:(.+?)\]\]|.*)")
_LINE_ENDS = re.compile(r"(?:\n|<br ?/?>|</?div>)+", re.IGNORECASE)
_ANSWER = "<hr id=answer>"
# Of the fields in a package.
_FONT = "font-family: 'Arial'; font-size: 20px"


@dataclass(frozen=True, slots=True)
class Typed:
    """What is to be typed on a card, as HTML; empty where a note has none, so that there is no box."""

    expected: str


def find_expected(front: str, fields: Mapping[str, str], number: int) -> Typed | None:
    """Return what a front asks to type, None where it asks for nothing."""
    place = _find_place(front)
    if not place:
        return None
    *kinds, name = place.split(":")
    text = fields.get(name, "")
    return Typed(find_typed(text, number) if "cloze" in kinds else text)


def write_box(front: str, typed: Typed | None) -> str:
    """Return a front with the box to type in."""
    if typed is None:
        return front
    box = f'<input type=text id=typeans style="{_FONT};">'
    return _fill_places(front, f"\n<center>\n{box}\n</center>\n" if typed.expected else "")


def write_comparison(back: str, typed: Typed | None) -> str:
    """Return a back with what is right. Where the back begins with the front, it stands behind the line."""
    if typed is None or not typed.expected:
        return _fill_places(back, "")
    if not _find_place(back):
        return back
    line = _ANSWER if _ANSWER in back else ""
    shown = f'{line}\n<div style="{_FONT}">{compare_nothing(typed.expected)}</div>'
    return _fill_places(back.replace(_ANSWER, ""), shown)


def _find_place(html: str) -> str:
    """Return what the first place says, empty where there is none."""
    return next((found[1] for found in _PLACE.finditer(html) if found[1]), "")


def _fill_places(html: str, filling: str) -> str:
    return _PLACE.sub(lambda found: filling if found[1] else found[0], html)


def compare_nothing(expected: str) -> str:
    """Return how Anki shows what is right to who typed nothing."""
    text = strip_html(_LINE_ENDS.sub(" ", strip_sounds(expected))).strip(SPACE)
    return f"<code id=typeans>{escape(text)}</code>"
