"""Projects of basic notes, and of words with card templates of an author's own, to study in Anki and on the page."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import DECK
from tests.helpers.own_note_types import Files, place_of

DECK_OF_BASICS = f"{DECK}    note_type: basic\n"
CAPITAL = {"id": "france", "question": "What is the capital of *France*?", "answer": "Paris"}
# Signs that HTML writes in another way.
TRICKY = {"id": "signs", "question": "How is *less* written?", "answer": "`a < b` & *so* on", "typed": True}
BOTH_WAYS = {"id": "dog", "question": "the dog", "answer": "el perro", "reverse": True, "extra": "A good one."}

# Two words, with every filter of Anki's that a template of an author's may have.
FILTERED = """\
title: Filtered
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line, required: true}
  - {key: sentence, holds: text}
  - {key: more, holds: flag}
cards:
  - {name: See, asks: [word], answers: [meaning, sentence], typed: meaning, front: see-front.html, back: see-back.html}
  - {name: More, when: more, asks: [meaning], answers: [word, sentence], front: more-front.html, back: more-back.html}
"""
SEE_FRONT = """\
<h1>{{kanji:Word}}</h1><p>{{tts ja_JP:kanji:Word}}
{{tts ja_JP voices=Apple_Kyoko,Microsoft_Haruka speed=0.8:kana:Word}}</p>
{{#Sentence}}<div>{{hint:furigana:Sentence}}</div>{{/Sentence}}{{^Sentence}}<p>no sentence</p>{{/Sentence}}
{{type:nc:Meaning}}
"""
SEE_BACK = "{{FrontSide}}<hr id=answer><p>{{kana:Word}} {{furigana:Word}}</p>{{type:nc:Meaning}}<b>{{Meaning}}</b>\n"
MORE_FRONT = "{{#More}}<h1>{{Meaning}}</h1>{{/More}}\n"
MORE_BACK = "{{FrontSide}}<hr id=answer>{{furigana:Word}}{{#Sentence}}{{furigana:Sentence}}{{/Sentence}}\n"
TYPED_CLOZE = """\
title: Gap
fields:
  - {key: text, holds: cloze, required: true}
  - {key: note, holds: text}
cards:
  - {asks: [text], answers: [note], typed: text}
"""


def with_basics(*notes: dict[str, Any]) -> Files:
    """Return a project with these basic notes."""
    return {"deck.yaml": DECK_OF_BASICS, "first.yaml": "".join(f"- {json.dumps(each)}\n" for each in notes)}


def with_filters(*notes: dict[str, Any], **files: str) -> Files:
    """Return a project with these notes, whose cards use Anki's filters; some files of its note type are others."""
    written = {"see_front": SEE_FRONT, "see_back": SEE_BACK, "more_front": MORE_FRONT, "more_back": MORE_BACK} | files
    return {
        "deck.yaml": f"{DECK}    note_type: filtered\n",
        place_of("filtered"): FILTERED,
        **{place_of("filtered", f"{name.replace('_', '-')}.html"): text for name, text in written.items()},
        "first.yaml": "".join(f"- {json.dumps(each)}\n" for each in notes),
    }


def with_gaps(*notes: dict[str, Any]) -> Files:
    """Return a project with these notes, whose learners type what is in the gaps."""
    return {
        "deck.yaml": f"{DECK}    note_type: gap\n",
        place_of("gap"): TYPED_CLOZE,
        "first.yaml": "".join(f"- {json.dumps(each)}\n" for each in notes),
    }


RUBY = """\
title: Ruby
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line, required: true}
cards:
  - {name: Read, asks: ["kanji:word"], answers: ["kana:word", meaning]}
  - {name: Write, asks: [meaning], answers: ["furigana:word"]}
"""


def with_readings(*notes: dict[str, Any]) -> Files:
    """Return a project with these notes, of a word in Japanese that one side has without its reading."""
    return {
        "deck.yaml": f"{DECK}    note_type: ruby\n",
        place_of("ruby"): RUBY,
        "first.yaml": "".join(f"- {json.dumps(each)}\n" for each in notes),
    }
