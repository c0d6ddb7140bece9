"""Projects with a picture and its masks, for tests of all outputs."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import DECK
from tests.helpers.pictures import png

Files = dict[str, str | bytes]

# Two labels left and right of a line, one of which is moved by its group.
HEART = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200">
  <rect width="400" height="200" fill="#fff"/>
  <rect id="aorta" x="40" y="20" width="80" height="40" fill="#ccc"/>
  <g transform="translate(200 100)"><path id="vein" d="M40 20h80v40h-80z"/></g>
  <text id="words" x="10" y="190">heart</text>
</svg>
"""
AORTA = {"id": "aorta", "rect": [40, 20, 80, 40], "label": "the *aorta*"}
VEIN = {"id": "vein", "shape": "vein", "label": "the vein"}
APEX = {"id": "apex", "rect": [0.5, 0, 0.25, 0.5]}


def note(*masks: dict[str, Any], hide: str = "all", **keys: Any) -> dict[str, Any]:
    """Return a note with these masks over the heart, by default a rectangle and a shape with labels."""
    occlude = {"image": "heart.svg", "hide": hide, "masks": list(masks or (AORTA, VEIN))}
    return {"id": "heart", "occlude": occlude, "header": "What is *this*?", **keys}


def with_masks(*notes: dict[str, Any], deck: str = DECK) -> Files:
    """Return a project with these notes, by default one with two masks."""
    written = "".join(f"- {json.dumps(each)}\n" for each in notes or (note(),))
    return {"deck.yaml": deck, "first.yaml": written, "media/heart.svg": HEART, "media/photo.png": png(40, 20)}
