"""Projects with note types of their own: ours with a field more, and one that is not ours at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cardpress.engine import ROOT
from tests.conftest import DECK
from tests.helpers.yaml_text import question

Files = dict[str, str | bytes]

INTERVIEW = ROOT / "templates" / "note-types" / "interview"
# What an author writes to have a field more: a line among the fields, the key on the card, and its place there.
FIELD = "  - {key: follow_up, holds: text, label: Follow-up, meaning: What comes next (Markdown).}\n"
PLACE = "{{#FollowUp}}<section><h2>Follow-up</h2><div>{{FollowUp}}</div></section>{{/FollowUp}}\n"

WORD = """\
title: Word
noun: a word
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line, required: true}
  - {key: sentence, holds: text}
cards:
  - {name: Recognise, asks: [word], answers: [meaning, sentence]}
  - {name: Recall, asks: [meaning], answers: [word, sentence]}
"""
# With no key required but what its first card asks.
LOOSE_WORD = WORD.replace(", required: true", "")
# Its second card asks two keys, and a note need not have them.
ASKING_TWO = LOOSE_WORD.replace(
    "asks: [meaning], answers: [word, sentence]", "asks: [meaning, sentence], answers: [word]"
)
SENTENCE = "{key: sentence, holds: text}"
DECK_OF_WORDS = f"{DECK}    note_type: word\n"
DOG = {"id": "perro", "word": "el perro", "meaning": "the dog", "sentence": "*El perro* duerme."}
CAT = {"id": "gato", "word": "el gato", "meaning": "the cat"}

# A type whose notes can look as those of `recall` and `interview` do.
FACT = """\
title: Fact
fields:
  - {key: question, holds: line, required: true}
  - {key: answer, holds: text, required: true}
  - {key: others, holds: ids, label: Others}
cards:
  - {asks: [question], answers: [answer, others]}
"""


def place_of(kind: str, name: str = "note-type.yaml") -> str:
    """Return the path, below `source/`, of a file of a project's own note type."""
    return f"../templates/note-types/{kind}/{name}"


def with_follow_up(**keys: object) -> Files:
    """Return a project whose questions may have a `follow_up`, and its only question with these keys."""
    declared = (INTERVIEW / "note-type.yaml").read_text(encoding="utf-8")
    declared = declared.replace("  - fact: notice\n", f"{FIELD}  - fact: notice\n")
    declared = declared.replace("      - see_also\n", "      - see_also\n      - follow_up\n")
    back = (INTERVIEW / "back.html").read_text(encoding="utf-8").replace("<footer>", f"{PLACE}<footer>")
    return {
        place_of("interview"): declared,
        place_of("interview", "back.html"): back,
        "first.yaml": question(sources=["https://example.org/"], **keys),
    }


def with_words(*words: Mapping[str, Any], declared: str = WORD, deck: str = DECK_OF_WORDS) -> Files:
    """Return a project with a note type of its own, and these notes of it, the dog and the cat by default."""
    written = "".join(f"- {json.dumps(word)}\n" for word in words or (DOG, CAT))
    return {"deck.yaml": deck, place_of("word"): declared, "first.yaml": written}


def with_below(kinds: str, recall: Sequence[Mapping[str, Any]]) -> Files:
    """Return a project in which notes of these kinds may stand below a question, and these notes do.

    It declares the types `word` and `fact`, besides ours.
    """
    declared = (INTERVIEW / "note-type.yaml").read_text(encoding="utf-8")
    return {
        "deck.yaml": DECK,
        place_of("interview"): declared.replace("below: [recall, cloze]", f"below: [{kinds}]"),
        place_of("word"): WORD,
        place_of("fact"): FACT,
        "first.yaml": question(sources=["https://example.org/"], recall=recall),
    }


# Words with a second card where the author asks for it, which the learner types.
TYPED_WORD = """\
title: Word
noun: a word
fields:
  - {key: word, holds: line, required: true}
  - {key: meaning, holds: line, required: true}
  - {key: sentence, holds: text}
  - {key: reverse, holds: flag}
  - {key: spelled, holds: flag}
cards:
  - {name: Recognise, asks: [word], answers: [meaning, sentence]}
  - {name: Recall, asks: [meaning, "hint:sentence"], answers: [word], when: reverse, typed: word, typed_when: spelled}
"""
