"""Decks of a cloze note type that learners had before cardpress: fields of HTML with deletions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.conftest import DECK
from tests.helpers.media_deck import MEDIA
from tests.helpers.own_note_types import Files, place_of

GAPS = """\
title: Gaps
anki: {id: 1500000000001, name: Cloze from elsewhere}
fields:
  - {key: text, name: Text, holds: html-cloze}
  - {key: extra, name: Back Extra, holds: html-cloze}
  - {key: remark, name: Remark, holds: html}
cards: [{name: Cloze, asks: [text, extra], answers: [remark], front: front.html, back: back.html}]
"""
FRONT = "{{cloze:Text}}\n<hr>\n{{#Back Extra}}{{cloze:Back Extra}}{{/Back Extra}}\n"
BACK = f"{FRONT}<hr>{{{{Remark}}}}\n"
STYLE = ".card { font-family: arial; }\n.cloze { font-weight: bold; color: blue; }\n"


def with_gaps(*notes: Mapping[str, Any], declared: str = GAPS, front: str = FRONT, back: str = BACK) -> Files:
    """Return a project of notes of the cloze type of an adopted deck."""
    return {
        "deck.yaml": f"{DECK}    note_type: gaps\n",
        place_of("gaps"): declared,
        place_of("gaps", "front.html"): front,
        place_of("gaps", "back.html"): back,
        place_of("gaps", "style.css"): STYLE,
        "first.yaml": "".join(f"- {json.dumps(note, ensure_ascii=False)}\n" for note in notes),
        **MEDIA,
    }


def number_notes(rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """Return notes with these values of their fields, and ids by their order."""
    keys = ("text", "extra", "remark")
    return [
        {"id": f"note-{number}"} | {key: value for key, value in zip(keys, row, strict=False) if value}
        for number, row in enumerate(rows, 1)
    ]
