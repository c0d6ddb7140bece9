"""A deck whose notes have sounds, pictures and readings, in texts and in fields of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.conftest import DECK
from tests.helpers.own_note_types import Files, place_of
from tests.helpers.sounds import tone

LISTEN = """\
title: Listen
fields:
  - {key: word, holds: line, required: true, language: ja}
  - {key: meaning, holds: line}
  - {key: sound, holds: audio}
  - {key: flag, holds: picture, label: Flag}
  - {key: remark, holds: text}
cards:
  - {name: Hear, asks: ["kanji:word", sound], answers: [meaning, "furigana:word", flag, remark]}
  - {name: Read, asks: [meaning], answers: ["kana:word"]}
  - {name: Which, asks: [flag], answers: [word]}
"""
LINES = LISTEN[: LISTEN.index("cards:")] + "cards:\n  - {asks: [word, sound], answers: [meaning, remark, flag]}\n"
GAPS = """\
title: Gaps
fields: [{key: text, holds: cloze, required: true}]
cards: [{asks: [text], answers: []}]
"""
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='4'><path d='M0 0h8v4H0z' fill='#b71234'/></svg>"
WORD: dict[str, Any] = {
    "id": "dog",
    "word": "この 犬[いぬ]と お茶[おちゃ]",
    "meaning": "this dog and tea",
    "sound": "animals/inu.mp3",
    "flag": {"file": "flag.svg", "description": "a red flag"},
    "remark": "![a bark](bark.ogg) 東京[とうきょう] a\\[b]",
}
MEDIA: Files = {"media/animals/inu.mp3": tone("mp3"), "media/bark.ogg": tone("ogg"), "media/flag.svg": SVG}


def with_media(*notes: Mapping[str, Any], declared: str = LISTEN, kind: str = "listen") -> Files:
    """Return a project of notes of this type, by default of one that has everything."""
    text = "".join(f"- {json.dumps(note, ensure_ascii=False)}\n" for note in notes or (WORD,))
    return {"deck.yaml": f"{DECK}    note_type: {kind}\n", "first.yaml": text, place_of(kind): declared, **MEDIA}
