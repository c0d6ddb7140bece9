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


# Anki's own image occlusion, as its notes are in a deck that was taken over.
MASKED = """\
title: Image Occlusion
anki: {id: 1500000000002, name: Image Occlusion, stock_kind: 6}
fields:
  - {key: occlusion, name: Occlusion, holds: html-cloze}
  - {key: image, name: Image, holds: html}
  - {key: header, name: Header, holds: html}
  - {key: extra, name: Back Extra, holds: html}
  - {key: comments, name: Comments, holds: html}
cards: [{name: Image Occlusion, asks: [header, occlusion, image], answers: [extra], front: front.html, back: back.html}]
"""
MASKED_FRONT = """\
{{#Header}}<div>{{Header}}</div>{{/Header}}
<div style="display: none">{{cloze:Occlusion}}</div>
<div id="err"></div>
<div id="image-occlusion-container">
    {{Image}}
    <canvas id="image-occlusion-canvas"></canvas>
</div>
<script>
try {
    anki.imageOcclusion.setup();
} catch (exc) {
    document.getElementById("err").innerHTML = `No masks.<br><br>${exc}`;
}
</script>
"""
MASKED_BACK = MASKED_FRONT + "{{#Back Extra}}<div>{{Back Extra}}</div>{{/Back Extra}}\n"
RECT = "{{{{c{0}::image-occlusion:rect:left={1}:top={2}:width=.25:height=.2:oi=1}}}}<br>"
SHAPES = (
    "{{c2::image-occlusion:ellipse:left=.5:top=.15:rx=.14:ry=.1}}<br>"
    "{{c3::image-occlusion:polygon:left=.1:top=.6:points=.1,.62 .3,.6 .37,.8 .1,.8}}<br>"
    "{{c0::image-occlusion:text:left=.5:top=.9:text=note:scale=1:fs=.05}}"
)


def with_masks(*notes: Mapping[str, Any]) -> Files:
    """Return a project of notes of Anki's image occlusion; `flag.svg` is a picture of it."""
    return with_gaps(*notes, declared=MASKED, front=MASKED_FRONT, back=MASKED_BACK)
