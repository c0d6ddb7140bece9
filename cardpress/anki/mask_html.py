"""What Anki makes of a mask on a picture: an empty element that its script draws (its `rslib/src/image_occlusion/`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardpress.anki.plain_html import write_attribute

_SHAPES = ("rect", "ellipse", "polygon", "text")
# A property and its value, in which a backslash takes the meaning from a colon.
_PROPERTY = re.compile(r":([^=]+)=((?:[^\\:]|\\[\\:])+)")
_ESCAPED = re.compile(r"\\([\\:])")
_NAMES = {
    **{name: f"data-{name}" for name in ("left", "top", "angle", "fill", "width", "height", "rx", "ry", "scale")},
    "oi": "data-occludeInactive",
    "fs": "data-font-size",
    "points": "data-points",
    "text": "data-text",
}
# Those that Anki leaves out when they are zero.
_SIZES = ("width", "height", "rx", "ry", "scale")


def write_mask(shape: str, numbers: tuple[int, ...], *, is_asked: bool, is_front: bool) -> str:
    """Return a mask's element: hidden in front, lit up behind, or one of those that the card does not ask for."""
    name = "cloze-highlight" if is_asked else "cloze-inactive"
    name = "cloze" if (is_front and is_asked) or 0 in numbers else name
    attributes = "".join(f'{key}="{value}" ' for key, value in _list_attributes(shape))
    return f'<div class="{name}" data-ordinal="{",".join(map(str, numbers))}" {attributes}></div>'


def _list_attributes(written: str) -> Iterator[tuple[str, str]]:
    shape, colon, _ = written.partition(":")
    if not colon:
        return
    if shape in _SHAPES:
        yield "data-shape", shape
    position = len(shape)
    while found := _PROPERTY.match(written, position):
        position = found.end()
        name, value = found[1], _ESCAPED.sub(r"\1", found[2])
        if name == "points":
            value = " ".join(pair for pair in value.split(" ") if "," in pair)
        if name in _NAMES and value and not (name in _SIZES and value == "0"):
            yield _NAMES[name], write_attribute(value) if name == "text" else value
