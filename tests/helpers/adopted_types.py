"""Projects whose note types learners had before cardpress, with notes that lack what ours always have."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from tests.conftest import DECK
from tests.helpers.own_note_types import Files, place_of
from tests.helpers.pictures import png
from tests.helpers.sounds import tone

# Each a front and a back, and what a card declares of them.
Card = tuple[str, str, str]
BASIC: tuple[Card, ...] = (
    ("{{Front}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}", "asks: [front], answers: [back]"),
)
CSS = ".card {\n    font-family: arial;\n    font-size: 20px;\n    text-align: center;\n}\n"


def declare(cards: Sequence[Card], fields: str) -> str:
    """Return the declaration of an adopted note type whose fields, by their keys, all hold HTML unless they say."""
    keys = [field.strip() for field in fields.split(",")]
    declared = "".join(
        f"  - {{key: {key.partition(' ')[0]}, holds: {key.partition(' ')[2] or 'html'}}}\n" for key in keys
    )
    made = "".join(
        f"  - {{name: Card {number}, {says}, front: front{number}.html, back: back{number}.html}}\n"
        for number, (_, _, says) in enumerate(cards, 1)
    )
    return f"title: Old\nanki: {{id: 1342697561419, name: Basic (old)}}\nfields:\n{declared}cards:\n{made}"


def with_adopted(
    *notes: Mapping[str, object],
    cards: Sequence[Card] = BASIC,
    fields: str = "front, back",
    css: str = CSS,
    deck: str = "",
) -> Files:
    """Return a project with an adopted note type, and these notes of it."""
    files: Files = {
        "deck.yaml": f"{deck}{DECK}    note_type: old\n",
        place_of("old"): declare(cards, fields),
        place_of("old", "style.css"): css,
        "first.yaml": "".join(f"- {json.dumps(note, ensure_ascii=False)}\n" for note in notes),
        "media/blue.png": png(64, 64),
        "media/tone.mp3": tone(),
    }
    for number, (front, back, _) in enumerate(cards, 1):
        files |= {place_of("old", f"front{number}.html"): front, place_of("old", f"back{number}.html"): back}
    return files


# What real decks have, and ours never: no text in front, a picture alone, nothing behind, nothing at all.
PICTURE = '<img src="blue.png">'
BARE_NOTES: tuple[Mapping[str, str], ...] = (
    {"id": "usual", "front": "the dog", "back": "el <b>perro</b>"},
    {"id": "same-again", "front": "the dog", "back": "el <b>perro</b>"},
    {"id": "picture", "front": PICTURE, "back": "a blue dot"},
    {"id": "two-pictures", "front": PICTURE, "back": PICTURE},
    {"id": "no-front", "back": "only a back"},
    {"id": "no-back", "front": "only a front"},
    {"id": "blank", "front": "<br>", "back": "<div><br></div>"},
    {"id": "blank-and-picture", "front": "&nbsp;", "back": PICTURE},
    {"id": "sound-alone", "front": "[sound:tone.mp3]", "back": "<div></div>"},
    {"id": "nothing"},
)
# Cards of which a note has any: of one field, of the other, of both, of a section, of what is not there, of nothing.
MANY_CARDS: tuple[Card, ...] = (
    ("{{Front}}", "{{FrontSide}}<hr>{{Back}}", "asks: [front], answers: [back]"),
    ("{{Back}}{{type:Front}}", "{{Back}}<hr>{{type:Front}}", "asks: [back], answers: [front]"),
    ("{{#Front}}{{#Back}}{{Front}}?{{/Back}}{{/Front}}", "{{FrontSide}}", "asks: [front], answers: []"),
    ("{{^Front}}What is it? {{Back}}{{/Front}}", "{{hint:Front}}{{Back}}", "asks: [back], answers: [front]"),
    ("Say something. {{Tags}}", "{{Front}}", "asks: [], answers: [front, back]"),
)
