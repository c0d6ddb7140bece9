"""A deck in Greek that uses everything, with labels in Cyrillic: what is Latin in its outputs is a label in English.

Who adds a label writes the English text where it is shown, and adds it to all files of templates/strings/. Who adds a
kind of content gives this deck some of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import yaml

from cardpress.engine import ROOT
from tests.helpers.sample_project import PNG, SVG
from tests.helpers.sounds import silence

STRINGS = ROOT / "templates" / "strings"
ENGLISH: dict[str, str] = yaml.safe_load((STRINGS / "en.yaml").read_text(encoding="utf-8"))

# Latin words that are no labels, each with the reason.
NO_LABELS = {
    "PDF": "a format",
    "JSON": "a format",
    "Letter": "a size of paper",
    "Esc": "a key",
    "https": "an address of the author's",
}
_PLACEHOLDER = re.compile(r"(\{[a-z]+\})")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_CYRILLIC = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувшжыз", strict=True))
_SHOWN = ("aria-label", "title", "placeholder", "alt", "data-enlarge", "aria-description", "aria-valuetext")


def in_cyrillic(english: str) -> str:
    """Return an English text in letters that are none of Greek or Latin. Placeholders stay."""
    letters = str.maketrans(_CYRILLIC | {key.upper(): value.upper() for key, value in _CYRILLIC.items()})
    parts = _PLACEHOLDER.split(english)
    return "".join(part if _PLACEHOLDER.fullmatch(part) else part.translate(letters) for part in parts)


def list_english(text: str) -> list[str]:
    """Return the Latin words of a text that are no author's: ids of the deck are a letter and a digit."""
    return [word for word in _LATIN.findall(text) if word not in NO_LABELS]


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script")
        self.texts += [value or "" for name, value in attrs if name in _SHOWN]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)


def list_shown(html: str) -> Iterator[str]:
    """Yield what people see or hear of HTML: its texts, and attributes that are shown or read out."""
    reader = _Shown()
    reader.feed(html)
    reader.close()
    yield from (text for text in reader.texts if text.strip())


_DECK = """\
id: d1
title: Τίτλος
version: 1.0.0
date: 2026-01-02
language: el
description: Μια περιγραφή.
introduction: Η αρχή.
checked: Κάτι
authors: [Άδα]
license: Ά
homepage: https://a.a
report_url: https://a.a/{id}
sections:
  - {id: a1, title: Πρώτο, description: Λόγια.}
  - {id: a2, title: Δεύτερο, note_type: own}
  - {id: a3, title: Τρίτο, note_type: basic}
  - {id: a4, title: Τέταρτο, note_type: occlusion}
"""
_FIRST = """\
- id: q1
  question: Τι;
  answer: Αυτό.
  key_points: [Ένα., Δύο.]
  snippet: a.py
  output: "1"
  pitfalls: [{claim: Λόγια., truth: Αλήθεια.}]
  how_to_answer: Έτσι.
  example_answer: Λέω.
  sources: [{title: Πηγή, url: "https://a.a/1"}, Βιβλίο]
  see_also: [q2]
  extra: "![Εικόνα](a.png) ![Ήχος](a.wav)"
  number: 1
  level: beginner
  tags: [α, α::β]
  recall:
    - {id: r1, question: Πόσα;, answer: Δύο., extra: Ακόμα.}
    - {id: r2, note_type: cloze, cloze: "Η {{c1::πρώτη::ποια}} και η {{c2::δεύτερη}}.", snippet: a.py, extra: Ακόμα.}
- {id: q2, question: Ποιο;, answer: Εκείνο., level: intermediate, sources: [Βιβλίο]}
- {id: q3, question: Ποιος;, answer: Εκείνος., level: advanced, sources: [Βιβλίο]}
- {id: q4, question: Παλιό;, answer: Ναι., sources: [Βιβλίο], retired: {reason: Δεν ισχύει, replaced_by: q2}}
"""
# Its templates are written by the engine.
_OWN = """\
title: Δικό
fields:
  - {key: a, holds: line, required: true}
  - {key: b, holds: text, label: Sources}
  - {key: c, holds: lines, label: Key points}
  - {key: d, holds: pairs, label: Pitfalls, parts: [{key: d1, label: Often said}, {key: d2, label: In fact}]}
  - {key: e, holds: output}
  - {key: f, holds: links}
  - {key: g, holds: ids}
  - {key: h, holds: number, label: Version}
  - {key: i, holds: one-of, values: [beginner, advanced], label: Level}
  - {key: j, holds: text, label: How to answer, folded: true}
  - {key: k, holds: snippet, label: Output}
  - {key: l, holds: flag}
  - {key: m, holds: picture, label: Sources}
  - {key: n, holds: audio, label: Sources}
  - {key: o, holds: html, label: Sources}
cards:
  - {name: Ένα, asks: [a], answers: [b, c, d, e, f, g, h, i, j, k, m, n, o]}
  - {name: Δύο, asks: [b], answers: [a], typed: a, typed_when: l}
"""
_SECOND = """\
- id: w1
  a: Λέξη
  b: Νόημα
  c: [Ένα]
  d: [{d1: Λόγια, d2: Αλήθεια}]
  e: "1"
  f: ["https://a.a/1"]
  g: [q1]
  h: 2
  i: beginner
  j: Έτσι
  k: a.py
  l: true
  m: a.png
  n: a.wav
  o: <b>Λόγια</b>
- {id: w2, a: Άλλη, b: Άλλο}
"""
_THIRD = """\
- {id: b1, question: Γιατί;, answer: Διότι, reverse: true, typed: true, sources: [Βιβλίο], snippet: a.py, extra: Κι}
"""

_FOURTH = """\
- id: o1
  header: Τι είναι;
  occlude: {image: h.svg, hide: one, masks: [{id: m1, rect: [1, 1, 2, 2], label: Ένα}, {id: m2, rect: [4, 4, 2, 2]}]}
  extra: Ακόμα.
"""

FILES: dict[str, str | bytes] = {
    "deck.yaml": _DECK,
    "a1.yaml": _FIRST,
    "a2.yaml": _SECOND,
    "a3.yaml": _THIRD,
    "a4.yaml": _FOURTH,
    "snippets/a.py": "# card:\n1 + 1\n# end\n",
    "media/a.png": PNG,
    "media/a.wav": silence(8),
    "media/h.svg": SVG,
    "../templates/note-types/own/note-type.yaml": _OWN,
    "../templates/strings/el.yaml": json.dumps({key: in_cyrillic(key) for key in ENGLISH}, ensure_ascii=False),
}
