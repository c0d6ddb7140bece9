"""Decks whose card templates have everything that our checks let through, and the odder the better."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.conftest import DECK
from tests.helpers.own_note_types import Files, place_of
from tests.helpers.sounds import tone

_TITLE = "'Odd \"type\" <b>& more'"
_TYPE = f"""\
title: {_TITLE}
fields:
  - {{key: word, holds: line, required: true}}
  - {{key: meaning, holds: line}}
  - {{key: sentence, holds: text}}
  - {{key: body, holds: html}}
  - {{key: sound, holds: audio}}
  - {{key: level, holds: one-of, values: [easy, hard]}}
  - {{key: mine, holds: text, personal: true}}
  - fact: section
  - fact: id
cards:
  - name: "See & 'say'"
    asks: [word]
    answers: [meaning, sentence, body, sound, level, mine]
    front: front.html
    back: back.html
"""
_ALL = "{{Meaning}}{{Sentence}}{{Body}}{{Sound}}{{Level}}{{Mine}}"
# Each a front and a back.
TEMPLATES: dict[str, tuple[str, str]] = {
    "all fields": ("{{Word}}", f"{{{{FrontSide}}}}<hr id=answer>{_ALL}"),
    "what Anki knows": (
        "{{Word}}|{{Tags}}|{{Type}}|{{Deck}}|{{Subdeck}}|{{Card}}|{{CardFlag}}|{{CardID}}",
        f"{{{{FrontSide}}}}|{{{{text:Tags}}}}|{{{{text:Type}}}}|{{{{hint:Deck}}}}|{{{{text:Section}}}}|{_ALL}",
    ),
    "sections": (
        "{{Word}}{{#Meaning}}{{^Sentence}}m{{Meaning}}{{/Sentence}}{{#Sentence}}both{{/Sentence}}{{/Meaning}}",
        f"{{{{#Tags}}}}t{{{{/Tags}}}}{{{{^Tags}}}}none{{{{/Tags}}}}{{{{#Card}}}}c{{{{/Card}}}}"
        f"{{{{^Body}}}}no body{{{{/Body}}}}{{{{#Mine}}}}mine{{{{/Mine}}}}"
        f"{{{{^Level}}}}{{{{FrontSide}}}}{{{{/Level}}}}{_ALL}",
    ),
    "spaces": ("{{ Word }}{{# Meaning }}m{{/ Meaning}}{{^\tLevel}}l{{/Level\n}}", f"{{{{ FrontSide }}}}{_ALL}"),
    "comments": (
        "{{Word}}<!-- {{Word}} {{#Meaning}} -->",
        f"<!--\n{{{{/Meaning}}}}-->{{{{FrontSide}}}}<!---->{_ALL}<!-- -- {{{{Level}}}} -->",
    ),
    "readings": (
        "{{furigana:Word}} {{kana:Word}} {{kanji:Word}}{{hint:kanji:Word}}",
        "{{FrontSide}}{{furigana:hint:Sentence}}{{kana:furigana:Word}}{{Meaning}}{{Body}}{{Sound}}{{Level}}{{Mine}}",
    ),
    "sounds": (
        "{{furigana:Word}}{{tts de_DE speed=1.5 voices=A,B:furigana:Word}}{{tts ja_JP:kana:Word}}"
        "{{tts en_US:hint:Meaning}}",
        "{{FrontSide}}{{tts en_US:Section}}[anki:tts lang=de_DE]x<br>y[sound:a.mp3][/anki:tts][sound:b.mp3]"
        f"[anki:odd a=1]{{{{Sound}}}}[/anki:odd]{_ALL}",
    ),
    "braces": ("{{Word}} { } }} }{ {", f"}}}}{{{{FrontSide}}}}{_ALL}" + "}"),
    "nothing on the back": ("{{Word}}" + _ALL, "back"),
}
NOTES: tuple[Mapping[str, Any], ...] = (
    {"id": "signs", "word": "a & b < c", "meaning": "x", "tags": ["z::y", "B", "a&b", "é"], "level": "hard"},
    {"id": "ruby", "word": "漢字[かんじ]を 書[か]く", "sentence": "one\n\n- two [three]", "sound": "tone.mp3"},
    {
        "id": "html",
        "word": "*w*",
        "body": "<div>漢[か]&nbsp;<br>[sound:tone.mp3] &lt;b&gt;</div>",
        "meaning": "`{{Word}}`",
    },
    {
        "id": "shown-as-typed",
        "word": "[[type:Word]] \\\\(x\\\\) {{c1::y}}",
        "sentence": "[anki:tts lang=de]z[/anki:tts]",
    },
)


def with_odd_templates(front: str, back: str, title: str = "Sample deck") -> Files:
    """Return a project with these templates, which its author trusts."""
    deck = DECK.replace("title: Sample deck", f"title: {json.dumps(title)}")
    return {
        "deck.yaml": f"trusted_templates: true\n{deck}    note_type: odd\n",
        place_of("odd"): _TYPE,
        place_of("odd", "front.html"): front,
        place_of("odd", "back.html"): back,
        "first.yaml": "".join(f"- {json.dumps(each, ensure_ascii=False)}\n" for each in NOTES),
        "media/tone.mp3": tone(),
    }


_CLOZE = """\
title: Odd gap
fields:
  - {key: text, holds: cloze, required: true}
  - {key: body, holds: html}
  - {key: note, holds: text}
cards:
  - {asks: [text], answers: [note, body], front: front.html, back: back.html}
"""
CLOZE_TEMPLATES: dict[str, tuple[str, str]] = {
    "typed": ("{{cloze:Text}}{{type:cloze:Text}}", "{{cloze:Text}}<hr id=answer>{{type:cloze:Text}}{{Note}}{{Body}}"),
    "with a hint": (
        "{{cloze:Text}}{{hint:cloze:Text}}{{tts en_US:cloze:Text}}",
        "{{cloze:Text}}{{cloze:hint:Text}}{{tts en_US:cloze-only:Text}}{{text:Section}}{{Note}}{{Body}}",
    ),
    "raw": ("{{cloze:Text}}", "{{FrontSide}}{{Text}}{{cloze:Text}}{{Note}}{{Body}}"),
    "readings": ("{{furigana:cloze:Text}}", "{{kana:cloze:Text}}{{cloze:furigana:Text}}{{Note}}{{Body}}"),
    "alone": ("{{cloze-only:Text}}|{{cloze:Text}}", "{{cloze-only:Text}}|{{cloze:Text}}{{Note}}{{Body}}"),
}
GAPS: tuple[Mapping[str, Any], ...] = (
    {"id": "plain", "text": "{{c1::Paris::a *city*}} is the {{c2::capital}} of {{c1::France}}."},
    {"id": "nested", "text": "{{c1::a {{c2::b {{c3::c}} d}} e}} {{c2::`f`}}", "note": "**n**"},
    {"id": "formula", "text": "\\(x^{ {{c1::2}} } + {{c2::y_{ {c} }}} = {{c1::z}}\\) and {{c3::\\[a < b\\]}}"},
    {
        "id": "blocks",
        "text": "{{c1::- one\n- two}}\n\n```\n{{c2::x}} = {}\n```\n\n> {{c3::q}}",
        "body": "<i>x</i>{c1::no}",
    },
    {"id": "signs", "text": '{{c1::a::b & "c" <d>}} {{c2::{e}}} {{c3::f}}: é {{c3::漢字[かんじ]}}'},
)


def with_odd_gaps(front: str, back: str) -> Files:
    """Return a project with these templates, whose notes have cloze deletions."""
    is_alone = "type:" in front or "cloze-only:" in front + back  # which no formula and no reading can be
    gaps = [each for each in GAPS if not (is_alone and each["id"] in ("formula", "blocks", "signs"))]
    return {
        "deck.yaml": f"{DECK}    note_type: gaps\n",
        place_of("gaps"): _CLOZE.replace("front:", "typed: text, front:") if "type:" in front else _CLOZE,
        place_of("gaps", "front.html"): front,
        place_of("gaps", "back.html"): back,
        "first.yaml": "".join(f"- {json.dumps(each, ensure_ascii=False)}\n" for each in gaps),
    }
