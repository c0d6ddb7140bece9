"""Card templates and style, as a deck ships them: Anki's own mustache, with the deck's few facts filled in."""

from __future__ import annotations

from html import escape

from cardpress.deck.notes import Deck
from cardpress.note_types import NoteType
from cardpress.source.languages import is_right_to_left

# The card's own style last: it ends with the place for a learner's.
_STYLES = ("anki/code.css", "anki/card.css")
_SCRIPT = "anki/card.js"


def fill_card_template(deck: Deck, note_type: NoteType) -> tuple[str, str]:
    """Give a note type's front and back."""
    front, back = (_filled(deck, deck.templates[name].text) for name in (note_type.front, note_type.back))
    return front, back


def name_note_type(deck: Deck, note_type: NoteType) -> str:
    """Give a note type's name, which says whose it is."""
    return f"{deck.title} · {note_type.title}"


def join_css(deck: Deck) -> str:
    """Give the style of every card of a deck."""
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
    """Give a text's `dir`: an Arabic one that starts with a Latin name is Arabic still, which `auto` would not see."""
    return "rtl" if is_right_to_left(language) else "auto"
