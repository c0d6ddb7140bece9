"""Card templates and CSS as a deck ships them: with the deck's own facts filled in, and Anki's fields left open."""

from __future__ import annotations

from html import escape

from cardpress.deck.notes import Deck
from cardpress.note_types import NoteType
from cardpress.source.languages import is_right_to_left

# card.css comes last: it ends with the place where learners add their own style.
_STYLES = ("anki/code.css", "anki/card.css")
_SCRIPT = "anki/card.js"


def fill_card_template(deck: Deck, note_type: NoteType) -> tuple[str, str]:
    """Return the front and the back of a note type's card template."""
    front, back = (_filled(deck, deck.templates[name].text) for name in (note_type.front, note_type.back))
    return front, back


def name_note_type(deck: Deck, note_type: NoteType) -> str:
    """Return a note type's name in Anki, which begins with the deck's title."""
    return f"{deck.title} · {note_type.title}"


def join_css(deck: Deck) -> str:
    """Return the CSS that all cards of a deck share."""
    return "\n".join(deck.templates[name].text for name in _STYLES)


def _filled(deck: Deck, text: str) -> str:
    url = escape(deck.report_url).replace("{id}", "{{Id}}").replace("{version}", "{{Version}}")
    report = f'<a class="report" href="{url}">Report a mistake</a>' if url else ""
    script = f"<script>\n{deck.templates[_SCRIPT].text}</script>" if _SCRIPT in deck.templates else ""
    facts = {"language": deck.language, "direction": _direction(deck.language), "report": report, "script": script}
    for name, value in facts.items():
        text = text.replace(f"@@{name}@@", value)
    return text


def _direction(language: str) -> str:
    """Return the HTML `dir` for texts in a language.

    For an Arabic text that begins with a Latin name, `auto` would choose left to right.
    """
    return "rtl" if is_right_to_left(language) else "auto"
