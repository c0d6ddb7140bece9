"""Card templates and style, as a deck ships them: Anki's own mustache, with the deck's few facts filled in."""

from __future__ import annotations

from html import escape

from cardpress.deck import Deck
from cardpress.note_types import NoteType

_STYLES = ("anki/card.css", "anki/code.css")


def card_template(deck: Deck, note_type: NoteType) -> tuple[str, str]:
    """Give a note type's front and back."""
    front, back = (_filled(deck, deck.templates[name].text) for name in (note_type.front, note_type.back))
    return front, back


def css(deck: Deck) -> str:
    """Give the style of every card of a deck."""
    return "\n".join(deck.templates[name].text for name in _STYLES)


def _filled(deck: Deck, text: str) -> str:
    url = escape(deck.report_url).replace("{id}", "{{Id}}").replace("{version}", "{{Version}}")
    report = f'<a class="report" href="{url}">Report a mistake</a>' if url else ""
    return text.replace("@@language@@", deck.language).replace("@@report@@", report)
